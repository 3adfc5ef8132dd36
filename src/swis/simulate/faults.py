"""Planting faults: what kinds there are, which authority and return gets which, and what was planted where.

Nothing here knows how validation works: the kinds and what should find them are written down in `faults.yml`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from swis.io import read_yaml

FILE = Path(__file__).parent / "faults.yml"
# Planted where a return wants a code: no code set of the DfE has it, and it is as long as the codes of ethnic groups.
NO_SUCH_CODE = "X" * 4
FAULT_FIELDS = [
    "fault_id",
    "kind",
    "layer",
    "severity",
    "rules",
    "authority",
    "table",
    "source_file",
    "source_record",
    "detectable",
    "why",
]


@dataclass(frozen=True)
class Kind:
    """One kind of fault: where it goes, and what should find it (rule codes or names, any of them).

    `why` says why a kind cannot or need not be found, `when_missed` why some of a kind that can be found are not.
    `note` is the kind of reading note that speaks of it.
    """

    name: str
    returns: str
    table: str
    layer: str
    severity: str
    rules: str
    detectable: str = "yes"
    why: str = ""
    note: str = ""
    when_missed: str = ""


@dataclass(frozen=True)
class Fault:
    """One planted fault: its kind, and the record of the file that carries it (from 1; 0 for the file as a whole)."""

    kind: str
    authority: str
    source_file: str
    source_record: int


@cache
def kinds() -> dict[str, Kind]:
    """All kinds of fault by name."""
    described = read_yaml(FILE)
    return {
        name: Kind(name=name, returns=returns, **content)
        for returns, members in described.items()
        for name, content in members.items()
    }


def kinds_of(returns: str) -> list[str]:
    """Names of the kinds that go into one sort of return."""
    return [name for name, kind in kinds().items() if kind.returns == returns]


def planned_faults(returns: str, periods: list[str], share: float, rng: np.random.Generator) -> dict[str, list[str]]:
    """For each period the kinds planted in it: every kind once, in a period by chance; `share` of the kinds at all."""
    plan: dict[str, list[str]] = {period: [] for period in periods}
    for name in kinds_of(returns):
        chosen, luck = periods[int(rng.integers(len(periods)))], rng.random()
        if luck < share:
            plan[chosen].append(name)
    return plan


def as_rows(faults: list[Fault]) -> list[dict[str, object]]:
    """Rows of truth/faults.csv, numbered in a fixed order."""
    ordered = sorted(faults, key=lambda fault: (fault.kind, fault.authority, fault.source_file, fault.source_record))
    rows = []
    for number, fault in enumerate(ordered, start=1):
        kind = kinds()[fault.kind]
        values = (
            f"F{number:05d}",
            kind.name,
            kind.layer,
            kind.severity,
            kind.rules,
            fault.authority,
            kind.table,
            fault.source_file,
            fault.source_record,
            kind.detectable,
            kind.why,
        )
        rows.append(dict(zip(FAULT_FIELDS, values, strict=True)))
    return rows
