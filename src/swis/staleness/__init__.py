"""What each stage was made from, what it would be made from now, and so whether it is stale and why; see README.md.

Nothing is imported here: each job of a run reads `record` alone.
"""
