"""Who was on which roll when: spells of enrolment, with joiners, leavers, movers, a merger and dual registration."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from swis.simulate.calibration import numbers
from swis.simulate.days import day
from swis.simulate.plan import COHORTS
from swis.simulate.population import Population
from swis.simulate.schools import Schools

FIRST_YEAR, LAST_YEAR = 2017, 2023
LOWEST = {"secondary": 7, "primary": 0}


@dataclass(frozen=True)
class Spells:
    """One place a spell: who, which school, first and last day on roll, main or subsidiary.

    Sorted by child and first day.
    """

    child: np.ndarray
    school: np.ndarray
    first: np.ndarray
    last: np.ndarray
    is_main: np.ndarray

    @property
    def number(self) -> int:
        """How many spells."""
        return len(self.child)

    def school_on(self, child: np.ndarray, days: np.ndarray) -> np.ndarray:
        """School of main registration of each child on each day; -1 where none."""
        if not self.number or not len(child):
            return np.full(len(child), -1)
        main = np.flatnonzero(self.is_main)
        keys = self.child[main].astype("int64") * 200_000 + self.first[main]
        place = np.searchsorted(keys, np.asarray(child, dtype="int64") * 200_000 + days, side="right") - 1
        found = main[np.maximum(place, 0)]
        fits = (place >= 0) & (self.child[found] == child) & (self.last[found] >= days)
        return np.where(fits, self.school[found], -1)


def year_group(year_of_birth: np.ndarray, academic_start: np.ndarray | int) -> np.ndarray:
    """National curriculum year of a child in the academic year that begins in a calendar year (Reception 0)."""
    return np.asarray(academic_start - year_of_birth - 5)


def simulate_enrolment(population: Population, schools: Schools, rng: np.random.Generator) -> Spells:
    """All spells at the allocated schools of one authority from September 2017 to July 2024."""
    parts = [_phase(population, schools, phase, rng) for phase in COHORTS if (schools.phase == phase).any()]
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    spells = _merged(_sorted([*columns, np.ones(len(columns[0]), bool)]), schools)
    return _with_dual_registration(spells, schools, rng)


def _sorted(columns: list[np.ndarray]) -> Spells:
    """Spells from child, school, first day, last day and whether main, without those that end before they begin."""
    child, school, first, last, is_main = columns
    order = np.lexsort((school, first, child))
    kept = order[last[order] >= first[order]]
    return Spells(child[kept], school[kept], first[kept], last[kept], is_main[kept])


Columns = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def _phase(population: Population, schools: Schools, phase: str, rng: np.random.Generator) -> Columns:
    places = np.flatnonzero((schools.phase == phase) & (schools.arm != ""))
    births = range(FIRST_YEAR - LOWEST[phase] - COHORTS[phase] - 4, LAST_YEAR - LOWEST[phase] - 4)
    parts = [_cohort(population, schools, places, phase, birth, rng) for birth in births]
    return tuple(np.concatenate(column) for column in zip(*parts, strict=True))  # type: ignore[return-value]


def _cohort(
    population: Population, schools: Schools, places: np.ndarray, phase: str, birth: int, rng: np.random.Generator
) -> Columns:
    """Spells of the children born in one school year: those who begin together, and those who join later."""
    here = population.year_of_birth == birth
    pool = rng.permutation(np.flatnonzero(here & population.lives_here & ~population.is_border))
    visitors = np.flatnonzero(here & ~population.lives_here) if phase == "secondary" else np.array([], dtype="int64")
    quota = np.round(schools.pupils[places] / COHORTS[phase] * rng.uniform(0.95, 1.05, len(places))).astype(int)
    quota = np.minimum(quota, np.floor(quota * min(1.0, 0.96 * len(pool) / max(quota.sum(), 1))).astype(int))
    school = np.concatenate([np.repeat(places, quota), rng.choice(places, len(visitors))])
    child = np.concatenate([pool[: quota.sum()], visitors])
    begins = birth + 5 + LOWEST[phase]
    first = day(begins, 9, 3) + schools.number_in_authority[school] % 4
    last = _natural_end(schools, school, begins + COHORTS[phase])
    return _with_changes(child, school, first, last, pool[quota.sum() :], places, rng)


def _natural_end(schools: Schools, school: np.ndarray, end_year: int) -> np.ndarray:
    """Last day after the top year: some schools write the end of term, some 31 August."""
    return np.where(schools.leaves_in_july[school], day(end_year, 7, 20), day(end_year, 8, 31))


def _with_changes(
    child: np.ndarray,
    school: np.ndarray,
    first: np.ndarray,
    last: np.ndarray,
    unused: np.ndarray,
    places: np.ndarray,
    rng: np.random.Generator,
) -> Columns:
    """Leavers during a year, some of whom move to another trial school, and late joiners in their place."""
    leaving = float(numbers()["roll_in_year_leaving"])
    stays_days = rng.exponential(365.25 / leaving, len(child))
    leaves = first + stays_days.astype("int64")
    left = np.flatnonzero(leaves < last - 20)
    ends = last.copy()
    ends[left] = leaves[left]
    movers = left[rng.random(len(left)) < numbers()["roll_moves_to_trial_school"]] if len(places) > 1 else left[:0]
    to = rng.choice(places, len(movers))
    to = np.where(to == school[movers], places[(np.searchsorted(places, to) + 1) % len(places)], to)
    again = ends[movers] + rng.integers(1, 15, len(movers))
    joiners = unused[: int(0.6 * len(left))]
    joined = rng.choice(left, len(joiners)) if len(left) else left[:0]
    entry = ends[joined] + rng.integers(1, 60, len(joiners))
    return (
        np.concatenate([child, child[movers], joiners]),
        np.concatenate([school, to, school[joined]]),
        np.concatenate([first, again, entry]),
        np.concatenate([ends, last[movers], last[joined]]),
    )


def _merged(spells: Spells, schools: Schools) -> Spells:
    """Pupils of a school that merges go on to its successor the next day; it takes nobody in afterwards."""
    child, school, first, last = spells.child, spells.school, spells.first, spells.last.copy()
    extra: list[Columns] = []
    for place in np.flatnonzero(schools.merged_into != ""):
        closes = int(schools.withdrawn_on[place])
        successor = int(np.flatnonzero(schools.urn == schools.merged_into[place])[0])
        moves = np.flatnonzero((school == place) & (last > closes))
        begins = np.maximum(closes + 3, first[moves])
        extra.append((child[moves], np.full(len(moves), successor), begins, last[moves].copy()))
        last[moves] = np.where(first[moves] > closes, 0, closes)
    columns = [np.concatenate(parts) for parts in zip((child, school, first, last), *extra, strict=True)]
    return _sorted([*columns, np.ones(len(columns[0]), bool)])


def _with_dual_registration(spells: Spells, schools: Schools, rng: np.random.Generator) -> Spells:
    """A few pupils also stand on a second roll for a term, as subsidiary registration."""
    chosen = np.flatnonzero(rng.random(spells.number) < numbers()["share_dual_registered"])
    phase = schools.phase[spells.school[chosen]]
    other = np.array(
        [
            _other_school(schools, int(spells.school[place]), str(kind))
            for place, kind in zip(chosen, phase, strict=True)
        ],
        dtype="int64",
    )
    first = spells.first[chosen] + rng.integers(30, 500, len(chosen))
    last = np.minimum(first + 90, spells.last[chosen])
    kept = last > first
    columns = zip(
        (spells.child, spells.school, spells.first, spells.last, spells.is_main),
        (spells.child[chosen][kept], other[kept], first[kept], last[kept], np.zeros(int(kept.sum()), bool)),
        strict=True,
    )
    return _sorted([np.concatenate(pair) for pair in columns])


def _other_school(schools: Schools, school: int, phase: str) -> int:
    same = np.flatnonzero((schools.phase == phase) & (schools.arm != "") & (schools.merged_into == ""))
    return int(same[(np.searchsorted(same, school) + 1) % len(same)])


def shortened(spells: Spells, places: np.ndarray, last: np.ndarray) -> Spells:
    """Spells that end earlier, as after a permanent exclusion."""
    ends = spells.last.copy()
    ends[places] = np.minimum(ends[places], last)
    return Spells(spells.child, spells.school, spells.first, ends, spells.is_main)
