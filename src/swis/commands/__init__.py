"""The work behind each `swis` command."""
