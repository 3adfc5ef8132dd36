"""What the scanner looks for, one thing a file."""
