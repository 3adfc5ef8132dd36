"""Nothing passes in silence: each stored fit, and each quantity of it, is compared or listed with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .comparison import Case, quantities_of


@dataclass(frozen=True)
class NotClaimed:
    """A stored fit, or one quantity of it, for which agreement is not claimed, and why."""

    fit: str
    quantity: str
    reason: str


def unaccounted(
    stored: Mapping[str, Mapping[str, Any]], cases: Sequence[Case], not_claimed: Mapping[str, str]
) -> list[str]:
    """One sentence for each stored fit or quantity in neither list, in both, or listed without being stored."""
    by_fit = {case.fit: case for case in cases}
    problems = []
    for fit, held in stored.items():
        if fit in by_fit and fit in not_claimed:
            problems.append(f"{fit} is both compared and listed as not claimed")
        elif fit in by_fit:
            problems += _unaccounted_quantities(by_fit[fit], held)
        elif fit not in not_claimed:
            problems.append(f"{fit} is stored, but neither compared nor listed as not claimed")
    problems += [f"{fit} is compared or listed, but not stored" for fit in {*by_fit, *not_claimed} - set(stored)]
    return sorted(problems)


def all_not_claimed(cases: Sequence[Case], not_claimed: Mapping[str, str]) -> list[NotClaimed]:
    """What is printed as not claimed: whole fits first, then single quantities of fits that are compared."""
    whole = [NotClaimed(fit, "every quantity", reason) for fit, reason in not_claimed.items()]
    parts = [NotClaimed(case.fit, path, reason) for case in cases for path, reason in case.not_claimed.items()]
    return whole + parts


def _unaccounted_quantities(case: Case, held: Mapping[str, Any]) -> list[str]:
    """Quantities of one stored fit that its case forgets, and quantities it lists that are not stored."""
    there = set(quantities_of(held))
    listed = {*case.claims, *case.not_claimed}
    forgotten = [f"{case.fit}: {path} is stored, but neither compared nor not claimed" for path in there - listed]
    return forgotten + [f"{case.fit}: {path} is listed, but not stored" for path in listed - there]
