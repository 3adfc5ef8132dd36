"""From the tables of a run to one system of cells, and back; see README.md."""

from swis.disclosure.book.book import Book
from swis.disclosure.book.outcome_frames import protected_outcomes
from swis.disclosure.book.outcomes import outcome_book, outcome_names
from swis.disclosure.book.shown import Shown
from swis.disclosure.book.system import cells_of, summary

__all__ = ["Book", "Shown", "cells_of", "outcome_book", "outcome_names", "protected_outcomes", "summary"]
