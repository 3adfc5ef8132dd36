"""Rules of the children in need census."""
