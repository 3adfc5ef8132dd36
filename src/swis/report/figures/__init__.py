"""Figures: each takes a protected frame and gives a picture with the words that stand for it."""
