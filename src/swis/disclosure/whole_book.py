"""The book of a whole run: every table that is published, one after the other, into one system."""

from __future__ import annotations

from collections.abc import Mapping

from swis.disclosure.book import Book, outcome_book
from swis.disclosure.book.borders import borders_book
from swis.disclosure.book.effects import effects_book
from swis.disclosure.book.flow import flow_book
from swis.disclosure.book.linkage import linkage_book
from swis.disclosure.book.participants import participants_book
from swis.disclosure.book.records import records_book
from swis.disclosure.book.returns import returns_book
from swis.disclosure.book.rootogram import rootogram_book
from swis.disclosure.further import further_book
from swis.disclosure.material import Material
from swis.disclosure.policy import Policy
from swis.effects.analysis import january_of
from swis.params import Definitions, Trial


def book_of(material: Material, trials: Mapping[str, Trial], definitions: Definitions, policy: Policy) -> Book:
    """Cells and relations of everything in the material; DisclosureError where two tables disagree or a sum fails."""
    book = Book()
    outcome_book(book, material.outcomes, material.pooled, trials, definitions, policy)
    participants_book(book, material.participants, material.pooled_participants)
    linkage_book(book, material.linkage)
    returns_book(book, material.returns)
    records_book(book, material.results, material.records)
    borders_book(book, material.borders)
    for name, held in material.effects.items():
        effects_book(book, held.results, trials[name])
        flow_book(book, held.flow, name, january_of(trials[name]))
        rootogram_book(book, held.rootogram, name)
    further_book(book, material.further, trials)
    return book
