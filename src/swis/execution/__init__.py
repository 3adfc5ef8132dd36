"""Where the jobs of a run are carried out, what they say of themselves, and how that is shown."""
