"""The front page of a run: authorities and stages with their status, links to every file, what changed."""
