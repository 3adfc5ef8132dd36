"""Plausibility rules about single rows."""
