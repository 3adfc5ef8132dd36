"""Readers of the kinds of files that a release may hold."""
