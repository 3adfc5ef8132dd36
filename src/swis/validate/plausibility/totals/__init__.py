"""Plausibility checks of counts."""
