"""Episodes of care: periods cut into placements and legal statuses that fit one another, and short breaks."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from swis.simulate.cases import EIGHTEEN_YEARS, Cases
from swis.simulate.days import OPEN, day
from swis.simulate.population import Population
from swis.simulate.randomness import choose

LAST_KNOWN = day(2024, 3, 31)
FOSTER, RESIDENTIAL, PARENTS, KINSHIP, ALONE = "U6", "K2", "P1", "U3", "P2"
PLACEMENTS = ["U6", "U5", "U4", "U3", "U1", "K2", "P1", "R1"]
PLACEMENT_WEIGHTS = np.array([0.34, 0.10, 0.14, 0.10, 0.07, 0.14, 0.08, 0.03])
OWN_PROVIDER = {
    "U6": "PR4",
    "U5": "PR1",
    "U4": "PR1",
    "U3": "PR1",
    "U1": "PR1",
    "K2": "PR4",
    "R1": "PR4",
    "A6": "PR1",
    "P2": "PR4",
}
REASONS_FOR_CHANGE = ["CARPL", "STAND", "CREQB", "CHILD", "PLACE", "OTHER"]
CHANGE_WEIGHTS = np.array([0.45, 0.08, 0.15, 0.12, 0.1, 0.1])
MEAN_EPISODE_DAYS = 330
SHORT_BREAK_SHARE = 0.02


@dataclass(frozen=True)
class Episodes:
    """One place an episode: child, first and last day (`OPEN` when in care beyond March 2024), codes of the 903."""

    child: np.ndarray
    first: np.ndarray
    last: np.ndarray
    reason_new: np.ndarray
    legal_status: np.ndarray
    need: np.ndarray
    placement: np.ndarray
    provider: np.ndarray
    reason_ceased: np.ndarray
    reason_change: np.ndarray

    @property
    def is_short_break(self) -> np.ndarray:
        """Episodes under an agreed series of short breaks, which the statistics leave out."""
        return np.isin(self.legal_status, ["V3", "V4"])


def simulate_care(cases: Cases, population: Population, rng: np.random.Generator) -> Episodes:
    """Episodes of every period of care, and short breaks of a few other children."""
    places = np.flatnonzero(cases.care_first < OPEN)
    rows = [
        _period(population, int(cases.child[place]), int(cases.care_first[place]), int(cases.care_last[place]), rng)
        for place in places
    ]
    rows += _short_breaks(cases, population, rng)
    flat = [row for period in rows for row in period]
    columns = list(zip(*flat, strict=True)) if flat else [()] * 10
    types: list[Any] = ["int64", "int64", "int64", *[object] * 7]
    arrays = [np.array(column, dtype=kind) for column, kind in zip(columns, types, strict=True)]
    order = np.lexsort((arrays[1], arrays[0]))
    return Episodes(**{column.name: values[order] for column, values in zip(fields(Episodes), arrays, strict=True)})


Row = tuple[int, int, int, str, str, str, str, str, str, str]


def _period(population: Population, child: int, first: int, last: int, rng: np.random.Generator) -> list[Row]:
    """One period of care as episodes that follow on each other the same day (reason X1)."""
    is_open = last > LAST_KNOWN
    born = int(population.born[child])
    starts = [first]
    while True:
        following = starts[-1] + 8 + int(rng.exponential(MEAN_EPISODE_DAYS))
        if following >= min(last, LAST_KNOWN) - 8 or len(starts) >= 12:
            break
        starts.append(following)
    need = str(rng.choice(["N1", "N2", "N4", "N5", "N8"], p=[0.64, 0.04, 0.08, 0.14, 0.10]))
    status = str(rng.choice(["V2", "C1", "E1"], p=[0.44, 0.46, 0.10])) if last - first > 60 else "V2"
    placement = _placement("", status, (first - born) / 365.25, rng)
    rows: list[Row] = []
    reason_new = "S"
    for place, begin in enumerate(starts):
        ends = starts[place + 1] if place + 1 < len(starts) else last
        is_final = place + 1 == len(starts)
        next_kind = "" if is_final else ("L" if status == "C1" and rng.random() < 0.6 else "P")
        ceased = ("" if is_open else _ceased(placement, status, (last - born), rng)) if is_final else "X1"
        change = str(choose(REASONS_FOR_CHANGE, CHANGE_WEIGHTS, 1, rng)[0]) if next_kind == "P" else ""
        rows.append(
            (
                child,
                begin,
                OPEN if is_final and is_open else ends,
                reason_new,
                status,
                need,
                placement,
                _provider(placement),
                ceased,
                change,
            )
        )
        if next_kind == "L":
            status = "C2"
        elif next_kind == "P":
            placement = _placement(placement, status, (ends - born) / 365.25, rng)
        reason_new = next_kind
    return _adoption_or_not(rows, born, last, is_open)


def _placement(before: str, status: str, age: float, rng: np.random.Generator) -> str:
    """A placement other than the last; parents only under an order, independence from 16, homes from 8 years."""
    weights = PLACEMENT_WEIGHTS.copy()
    weights[PLACEMENTS.index("K2")] *= 0.0 if age < 8 else 2.2 if age > 13 else 1.0
    weights[PLACEMENTS.index("R1")] *= 0.3 if age < 8 else 1.0
    weights[PLACEMENTS.index("P1")] *= 0.0 if status == "V2" else 1.0
    options = [*PLACEMENTS, ALONE]
    weights = np.array([*weights, 0.25 if age >= 16 else 0.0])
    if before in options:
        weights[options.index(before)] = 0
    return str(choose(options, weights / weights.sum(), 1, rng)[0])


def _provider(placement: str) -> str:
    return "PR0" if placement == PARENTS else OWN_PROVIDER.get(placement, "PR1")


def _ceased(placement: str, status: str, age_days: int, rng: np.random.Generator) -> str:
    """Why care ended, as the child's age and placement allow (903 rules 386 to 390, 407, 460, 516)."""
    if age_days >= EIGHTEEN_YEARS - 3:
        return str(rng.choice(["E5", "E6", "E7"], p=[0.45, 0.3, 0.25]))
    if age_days >= 16.2 * 365.25 and rng.random() < 0.3:
        return "E5"
    if placement.startswith("U") and status in {"C1", "C2"} and rng.random() < 0.3:
        return "E45"
    return str(rng.choice(["E4A", "E4B", "E41", "E3", "E8"], p=[0.52, 0.12, 0.08, 0.06, 0.22]))


def _adoption_or_not(rows: list[Row], born: int, last: int, is_open: bool) -> list[Row]:
    """Some young children in foster care for a year or more are adopted from an adoptive placement (A6, order E1)."""
    final = rows[-1]
    months = (last - born) / 30.4
    if is_open or months > 72 or last - final[1] < 300 or not final[6].startswith("U") or (born + last) % 3:
        return rows
    middle = final[1] + (last - final[1]) // 2
    before: Row = (*final[:2], middle, *final[3:8], "X1", "CARPL")
    adopted: Row = (final[0], middle, last, "B", "E1", final[5], "A6", "PR1", "E11", "")
    return [*rows[:-1], before, adopted if final[4] != "E1" else (*adopted[:3], "P", *adopted[4:])]


def _short_breaks(cases: Cases, population: Population, rng: np.random.Generator) -> list[list[Row]]:
    """Series of short breaks (V4) of children in long cases who are not looked after otherwise."""
    never = ~np.isin(cases.child, np.unique(cases.child[cases.care_first < OPEN]))
    long = np.flatnonzero(never & (cases.closure - cases.referral > 400) & (cases.closure < OPEN))
    chosen = long[rng.random(len(long)) < SHORT_BREAK_SHARE]
    chosen = chosen[np.unique(cases.child[chosen], return_index=True)[1]]
    rows: list[list[Row]] = []
    for place in chosen.tolist():
        first = int(cases.referral[place]) + 60
        last = min(first + 200, int(cases.closure[place]), LAST_KNOWN)
        child = int(cases.child[place])
        if last - first > 20 and first > int(population.born[child]) + 800:
            rows.append([(child, first, last, "S", "V4", "N2", FOSTER, "PR1", "E4A", "")])
    return rows
