"""The three sets of stored fits: our own tables, the simulated trials, and the well-known data sets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from . import dataset_cases, own_cases, trial_cases
from . import tolerances as within
from .comparison import Case, Comparison, compare, quantities_of
from .ledger import NotClaimed, all_not_claimed, unaccounted
from .tables import Tables

OWN_FOLDER = Path(__file__).resolve().parents[1] / "reference"


@dataclass(frozen=True)
class Reference:
    """Stored fits by name, the cases that make them again, the fits not claimed with reasons, and what made them."""

    name: str
    stored: Mapping[str, Mapping[str, Any]]
    cases: list[Case]
    not_claimed: Mapping[str, str]
    made_by: str

    def unaccounted(self) -> list[str]:
        """What is stored but neither compared nor listed, one sentence each."""
        return unaccounted(self.stored, self.cases, self.not_claimed)

    def all_not_claimed(self) -> list[NotClaimed]:
        """Fits and quantities for which agreement is not claimed."""
        return all_not_claimed(self.cases, self.not_claimed)

    def comparisons(self) -> list[Comparison]:
        """Every claimed quantity of every compared fit."""
        return [one for case in self.cases for one in compare(case, self.stored[case.fit], self.name)]

    def against(self, other: Mapping[str, Mapping[str, Any]], name: str) -> list[Comparison]:
        """The stored fits beside another run of the same software: its numbers in the place of ours.

        A fit that the other run has and the store lacks agrees with nothing.
        """
        found = [
            Comparison("R, run again", name, fit, "every quantity", float("inf"), within.EXACT)
            for fit in sorted(set(other) - set(self.stored))
        ]
        for case in self.cases:
            quantities = quantities_of(other.get(case.fit, {}))
            again = replace(case, estimator="R, run again", compute=lambda quantities=quantities: quantities)
            found += compare(again, self.stored[case.fit], name)
        return found


def own_reference(folder: Path = OWN_FOLDER) -> Reference:
    """The fits kept with the repository."""
    held = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    cases = own_cases.own_cases(Tables(folder), held["fits"])
    return Reference("own tables", held["fits"], cases, own_cases.NOT_CLAIMED, _versions(held))


def trial_reference(folder: Path) -> Reference:
    """The fits on the simulated trials of the folder SWIS_REFERENCE."""
    stored = json.loads((folder / "swis_sim" / "reference.json").read_text(encoding="utf-8"))
    cases = trial_cases.trial_cases(Tables(folder / "swis_sim"))
    return Reference("simulated trials", stored, cases, trial_cases.NOT_CLAIMED, _software(stored))


def dataset_reference(folder: Path) -> Reference:
    """The fits on the well-known data sets of the folder SWIS_REFERENCE."""
    stored = json.loads((folder / "datasets_reference.json").read_text(encoding="utf-8"))
    cases = dataset_cases.dataset_cases(Tables(folder / "data"))
    return Reference("well-known data sets", stored, cases, dataset_cases.NOT_CLAIMED, _software(stored))


def references(folder: Path | None) -> list[Reference]:
    """Our own, and the two of SWIS_REFERENCE where that folder is there."""
    given = [trial_reference(folder), dataset_reference(folder)] if folder else []
    return [own_reference(), *given]


def _versions(held: Mapping[str, Any]) -> str:
    packages = ", ".join(f"{name} {version}" for name, version in held["packages"].items())
    return f"R {held['r']} with {packages}"


def _software(stored: Mapping[str, Mapping[str, Any]]) -> str:
    return ", ".join(sorted({str(fit["software"]) for fit in stored.values() if "software" in fit}))
