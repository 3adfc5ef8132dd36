"""The steps of the door, one call each for notebook 5: collect, one system, protect, audit, let through, save."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from IPython.display import Markdown

from swis.disclosure.book import Book, Shown, cells_of, release_of, summary
from swis.disclosure.costs import Costs
from swis.disclosure.engine.audit import Audit
from swis.disclosure.engine.audit import audit as audit_cells
from swis.disclosure.engine.cells import NEVER, Cells
from swis.disclosure.engine.protect import Pattern
from swis.disclosure.engine.protect import protect as protect_cells
from swis.disclosure.further import further_rows
from swis.disclosure.letting_through import areas_let_through
from swis.disclosure.material import ALL, Material, collect
from swis.disclosure.policy import Policy
from swis.disclosure.protected import DisclosureError
from swis.disclosure.record import earlier_releases
from swis.disclosure.released import Released
from swis.disclosure.rules import policy_words
from swis.disclosure.whole_book import book_of
from swis.io import write_csv, write_json
from swis.notebook.run import Run

RECORD, AUDIT = "cells.csv", "audit.json"


@dataclass(frozen=True)
class System:
    """The book of a run, the cells made of it under a policy."""

    book: Book
    cells: Cells
    policy: Policy

    def preview(self) -> pd.DataFrame:
        """How many cells and relations of which sort, for display."""
        return pd.DataFrame(summary(self.cells).items(), columns=["what", "number"])


def rules(policy: Policy) -> Markdown:
    """The policy's rules in words, for display."""
    return Markdown("\n".join([f"**{policy.title}**", "", *(f"- {words}" for words in policy_words(policy))]))


def rows(material: Material) -> pd.DataFrame:
    """How many rows each table of the material has, for display."""
    own = {name: frame for name, frame in vars(material).items() if isinstance(frame, pd.DataFrame)}
    tables = own | further_rows(material.further)
    return pd.DataFrame({"table": list(tables), "rows": [len(frame) for frame in tables.values()]})


def one_system(material: Material, run: Run) -> System:
    """Every number of the material as one system of cells and relations; DisclosureError where a sum does not hold."""
    policy = run.policy
    book = book_of(material, run.params.trials, run.definitions, policy)
    earlier = earlier_releases(run.workspace.root, run.params.release.earlier_releases)
    return System(book, cells_of(book, policy, earlier), policy)


def protect(system: System) -> Pattern:
    """Which cells are hidden; UnprotectableError where no pattern protects."""
    return protect_cells(system.cells)


def methods(pattern: Pattern) -> pd.DataFrame:
    """By which method how many parts of the system were decided, for display."""
    found = Counter(pattern.methods)
    return pd.DataFrame({"method": list(found), "parts": list(found.values())})


def audit(system: System, pattern: Pattern) -> Audit:
    """Bounds of every sensitive cell by the audit's own programmes, for a reader who knows that counts are whole.

    DisclosureError where one is pinned down.
    """
    found = audit_cells(system.cells, pattern.hidden, integer=True)
    if not found.is_safe:
        statistics = Counter(name.split("|", 1)[0] for name in found.failures)
        said = ", ".join(f"{number} of {name}" for name, number in sorted(statistics.items()))
        raise DisclosureError(f"the audit found numbers that could be worked out: {said}")
    return found


def proof(audited: Audit) -> pd.DataFrame:
    """The audit in a line, for display."""
    return pd.DataFrame({"safe": [audited.is_safe], "failures": [len(audited.failures)]})


def let_through(
    material: Material, system: System, pattern: Pattern, audited: Audit, run: Run
) -> Mapping[str, Released]:
    """The protected tables of every area; DisclosureError without a safe audit."""
    if not audited.is_safe:
        raise DisclosureError("nothing is released without a safe audit")
    shown = Shown.of(system.cells, pattern.hidden, system.policy)
    costs = Costs.of_pattern(system.cells, pattern)
    return areas_let_through(material, shown, costs, run.params.trials, run.definitions)


def cost(released: Mapping[str, Released]) -> pd.DataFrame:
    """Numbers shown and hidden over all areas, by what is told, for display."""
    return released[ALL]["protection"].frame.drop(columns="symbol")


def save(
    released: Mapping[str, Released], system: System, pattern: Pattern, audited: Audit, folder: Path
) -> pd.DataFrame:
    """Write the tables of each area and the record of what was shown and hidden; returns areas, for display."""
    for area, held in released.items():
        held.save(folder / "areas" / area)
    hidden = Shown.of(system.cells, pattern.hidden, system.policy).hidden
    write_csv(folder / RECORD, release_of(system.book.entries(), hidden, system.policy))
    printed = system.cells.state != NEVER
    write_json(
        folder / AUDIT,
        {
            "policy": system.policy.name,
            "title": system.policy.title,
            "cells": int(printed.sum()),
            "hidden_for_their_own_sake": int((pattern.primary & printed).sum()),
            "hidden_for_others": int((pattern.secondary & printed).sum()),
            "relations": int(system.cells.relations.shape[0]),
            "is_safe": audited.is_safe,
        },
    )
    return pd.DataFrame({"area": list(released), "tables": [len(held.tables) for held in released.values()]})


__all__ = [
    "Material",
    "System",
    "audit",
    "collect",
    "cost",
    "let_through",
    "methods",
    "one_system",
    "proof",
    "protect",
    "rows",
    "rules",
    "save",
]
