"""From the tables of a run to one system of cells, and back; see README.md."""

from swis.disclosure.book.book import Book
from swis.disclosure.book.borders import borders_book, protected_borders
from swis.disclosure.book.earlier import release_of
from swis.disclosure.book.effect_frames import few_digits, protected_balance, protected_results
from swis.disclosure.book.effects import effects_book
from swis.disclosure.book.flow import flow_book, protected_flow, protected_trial_flow
from swis.disclosure.book.linkage import (
    linkage_book,
    linkage_by_status,
    pooled,
    protected_linkage,
    protected_reasons,
    unlinked_by_reason,
)
from swis.disclosure.book.outcome_frames import protected_outcomes
from swis.disclosure.book.outcomes import outcome_book, outcome_names
from swis.disclosure.book.participants import participants_book, protected_participants
from swis.disclosure.book.records import failing_by_rule, protected_rules, protected_totals, records_book
from swis.disclosure.book.returns import protected_returns, returns_book
from swis.disclosure.book.rootogram import protected_rootogram, rootogram_book
from swis.disclosure.book.shown import Shown
from swis.disclosure.book.system import cells_of, summary

__all__ = [
    "Book",
    "Shown",
    "borders_book",
    "cells_of",
    "effects_book",
    "failing_by_rule",
    "few_digits",
    "flow_book",
    "linkage_book",
    "linkage_by_status",
    "outcome_book",
    "outcome_names",
    "participants_book",
    "pooled",
    "protected_balance",
    "protected_borders",
    "protected_flow",
    "protected_linkage",
    "protected_outcomes",
    "protected_participants",
    "protected_reasons",
    "protected_results",
    "protected_returns",
    "protected_rootogram",
    "protected_rules",
    "protected_totals",
    "protected_trial_flow",
    "records_book",
    "release_of",
    "returns_book",
    "rootogram_book",
    "summary",
    "unlinked_by_reason",
]
