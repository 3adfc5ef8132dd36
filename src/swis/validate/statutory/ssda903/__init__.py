"""Rules of the SSDA903 return."""
