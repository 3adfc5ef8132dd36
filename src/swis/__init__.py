"""Reproducible evaluation of Social Workers in Schools and Designated Safeguarding Lead Supervision."""

__version__ = "0.1.0"
