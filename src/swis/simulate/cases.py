"""Referrals and the cases they open: families, ages, months, schools, re-referral, length, and entry to care."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from swis.simulate.calibration import Targets, numbers
from swis.simulate.days import OPEN, add_working_days, day, month_of, next_working_day, reporting_year
from swis.simulate.exposure import Exposure
from swis.simulate.population import Population

NO_FURTHER_ACTION, NOT_IN_NEED, IN_NEED = 0, 1, 2
START = day(2014, 4, 1)
END = day(2024, 3, 31)
EIGHTEEN_YEARS = 6574
HIGHEST_LEVEL = 2.3
CHAIN_SHARE, CHAIN_MARGIN = 0.20, 1.12
OVERSUPPLY = 1.30
UNBORN_DAYS = 140
CUT_AT_EIGHTEEN = 1.55  # care is drawn longer than it lasts, because the 18th birthday cuts it (measured on the stock)


@dataclass(frozen=True)
class Cases:
    """One place a referral: child, days, kind, days of the first assessment, closing day, period of care (or `OPEN`).

    `school` is the school of main registration on the referral day, -1 where none.
    """

    child: np.ndarray
    referral: np.ndarray
    kind: np.ndarray
    assessment_start: np.ndarray
    assessment_end: np.ndarray
    closure: np.ndarray
    care_first: np.ndarray
    care_last: np.ndarray
    school: np.ndarray

    @property
    def number(self) -> int:
        """How many cases."""
        return len(self.child)

    def take(self, places: np.ndarray) -> Cases:
        """Some of the cases, in the order given."""
        return Cases(**{column.name: getattr(self, column.name)[places] for column in fields(self)})


def stacked(parts: list[Cases]) -> Cases:
    """Cases one after the other."""
    return Cases(
        **{column.name: np.concatenate([getattr(part, column.name) for part in parts]) for column in fields(Cases)}
    )


def age_weight(ages_in_days: np.ndarray, name: str) -> np.ndarray:
    """Relative rate at an age, from the bands of the calibration; nought outside childhood and before pregnancy."""
    bands = np.array(numbers()["age_bands"], dtype=float) * 365.25
    weights = np.array([0.0, *numbers()[name], 0.0])
    found = weights[np.searchsorted(bands, ages_in_days, side="right")]
    unborn = numbers()["share_unborn"] * 18 * 365.25 / UNBORN_DAYS
    inside = (ages_in_days >= -UNBORN_DAYS) & (ages_in_days < EIGHTEEN_YEARS - 30)
    return np.where(inside, np.where(ages_in_days < 0, unborn, found), 0.0)


def simulate_cases(
    population: Population, exposure: Exposure, targets: Targets, children: float, rng: np.random.Generator
) -> Cases:
    """All cases, April 2014 to March 2024, of an authority with so many children (times a demonstration's factor)."""
    drawer = _Drawer(population, exposure, targets, children, rng)
    rounds = [drawer.outcomes(*drawer.first_referrals())]
    for _ in range(3):
        rounds.append(drawer.outcomes(*drawer.again(rounds[-1])))
    together = stacked([drawer.in_care_at_start(), *rounds])
    kept = _without_overlap(together)
    return _sorted(drawer.thinned(kept))


@dataclass(frozen=True)
class _Drawer:
    population: Population
    exposure: Exposure
    targets: Targets
    children: float
    rng: np.random.Generator

    def wanted(self, name: str) -> np.ndarray:
        """Events by reporting year."""
        return self.targets.rates[name] * self.children / 10_000

    def first_referrals(self) -> tuple[np.ndarray, np.ndarray]:
        """Children and days of referrals that no earlier case brings about."""
        wanted = self.wanted("referrals") * (1 - CHAIN_SHARE) * OVERSUPPLY
        risk = np.where(self.population.lives_here, self.population.risk, 0.0)
        reach = np.cumsum(risk) / risk.sum()
        found = [self._year(year, number, reach) for year, number in zip(self.targets.years, wanted, strict=True)]
        return np.concatenate([child for child, _ in found]), np.concatenate([days for _, days in found])

    def _year(self, year: int, number: float, reach: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        children: list[np.ndarray] = []
        days: list[np.ndarray] = []
        got = 0
        while got < number:
            child, when = self._accepted(*self._candidates(year, int((number - got) * 4) + 60, reach))
            children.append(child)
            days.append(when)
            got += len(child)
        excess = self.rng.permutation(got)[: round(number)]
        return np.concatenate(children)[excess], np.concatenate(days)[excess]

    def _candidates(self, year: int, number: int, reach: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """A child by the family's risk, a day by month, and brothers and sisters on the same day with the same luck."""
        index = np.minimum(np.searchsorted(reach, self.rng.random(number)), len(reach) - 1)
        days = _days_by_month(year, number, self.rng)
        luck = self.rng.random(number)
        rows, others = _siblings(index, self.population.family)
        shared = self.rng.random(len(rows)) < numbers()["sibling_share"]
        return (
            np.concatenate([index, others[shared]]),
            np.concatenate([days, days[rows[shared]]]),
            np.concatenate([luck, luck[rows[shared]]]),
        )

    def _accepted(self, child: np.ndarray, days: np.ndarray, luck: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        ages = days - self.population.born[child]
        highest = 1.3
        school = self.exposure.spells.school_on(child, days)
        level = self.exposure.level(school, days, numbers()["between_schools"]["referral_share_of_log"])
        chance = age_weight(ages, "referral_weight_by_band") / highest * level / HIGHEST_LEVEL
        kept = luck < chance * self.exposure.effect(school, days, "referrals")
        return child[kept], days[kept]

    def outcomes(self, child: np.ndarray, referral: np.ndarray) -> Cases:
        """What becomes of referrals: no further action, not in need, or a case with its length and perhaps care."""
        rng, number = self.rng, len(child)
        year = self.targets.index(reporting_year(referral))
        school = self.exposure.spells.school_on(child, referral)
        luck = rng.random(number) * 100
        none = self.targets.percent_no_further_action[year]
        kind = np.where(
            luck < none,
            NO_FURTHER_ACTION,
            np.where(luck < none + self.targets.percent_not_in_need[year], NOT_IN_NEED, IN_NEED),
        )
        end = add_working_days(referral, assessment_days(self.targets.within_45[year], rng))
        start = np.minimum(add_working_days(referral, rng.integers(0, 3, number)), end)
        adult = self.population.born[child] + EIGHTEEN_YEARS
        length = numbers()["case_duration_years"]
        long = 365.25 * np.minimum(
            length["median"] * np.exp(length["sigma"] * rng.normal(size=number)), length["longest"]
        )
        closure = np.where(
            kind == IN_NEED, np.maximum(referral + long.astype("int64"), end + rng.integers(1, 30, number)), end
        )
        closure = np.where(kind == NO_FURTHER_ACTION, referral, np.maximum(np.minimum(closure, adult), end))
        care = rng.exponential(120, number).astype("int64") + 2
        first = next_working_day(np.maximum(referral + care, self.population.born[child] + 1))
        first = np.where(
            (kind == IN_NEED) & self._enters_care(child, referral, first, school) & (first < adult - 10), first, OPEN
        )
        last = np.minimum(first + self._days_in_care(number), adult)
        closure = np.where(
            first < OPEN, np.maximum(closure, np.minimum(last + rng.integers(0, 40, number), adult)), closure
        )
        return Cases(child, referral, kind, start, end, closure, first, np.where(first < OPEN, last, OPEN), school)

    def _enters_care(
        self, child: np.ndarray, referral: np.ndarray, first: np.ndarray, school: np.ndarray
    ) -> np.ndarray:
        year = self.targets.index(reporting_year(first))
        in_need = 1 - (self.targets.percent_no_further_action + self.targets.percent_not_in_need)[year] / 100
        chance = self.targets.rates["entering_care"][year] / self.targets.rates["referrals"][year] / in_need
        ages = first - self.population.born[child]
        usual = np.maximum(age_weight(referral - self.population.born[child], "referral_weight_by_band"), 0.2)
        weight = age_weight(ages, "care_weight_by_band") / usual
        at = self.exposure.spells.school_on(child, first)
        ratio = self.exposure.effect(at, first, "children_entering_care") / self.exposure.effect(
            school, referral, "referrals"
        )
        return np.asarray(self.rng.random(len(child)) < chance * weight * ratio * 1.03)

    def _days_in_care(self, number: int) -> np.ndarray:
        mean = float(numbers()["mean_years_in_care"]) * 365.25
        short = self.rng.exponential(45, number) + 2
        long = np.exp(self.rng.normal(np.log(mean * CUT_AT_EIGHTEEN), 0.85, number))
        return np.where(self.rng.random(number) < 0.22, short, long).astype("int64") + 1

    def again(self, earlier: Cases) -> tuple[np.ndarray, np.ndarray]:
        """Referrals that follow the closing of an earlier case within a year."""
        share = CHAIN_SHARE * 1.05
        chosen = np.flatnonzero(self.rng.random(earlier.number) < share * CHAIN_MARGIN)
        child = earlier.child[chosen]
        days = next_working_day(earlier.closure[chosen] + 3 + self.rng.exponential(110, len(chosen)).astype("int64"))
        school = self.exposure.spells.school_on(child, days)
        now = self.exposure.effect(school, days, "referrals")
        before = self.exposure.effect(earlier.school[chosen], earlier.referral[chosen], "referrals")
        kept = self.rng.random(len(chosen)) < now / before / CHAIN_MARGIN
        kept &= (
            (days <= END)
            & (days - self.population.born[child] < EIGHTEEN_YEARS - 30)
            & (days > self.population.born[child])
        )
        return child[kept], days[kept]

    def in_care_at_start(self) -> Cases:
        """Children who already were in care in April 2014, with open cases, so that the stock of 2017 is whole."""
        rng = self.rng
        ages = START - self.population.born
        weight = np.where(self.population.lives_here & (ages > 60) & (ages < EIGHTEEN_YEARS - 200), 1.0, 0.0)
        weight *= 0.4 + ages.clip(0) / EIGHTEEN_YEARS
        number = min(
            round(self.targets.looked_after * 0.95 * self.children / 10_000 * 15 / 18), int((weight > 0).sum())
        )
        child = np.sort(rng.choice(self.population.number, size=number, replace=False, p=weight / weight.sum()))
        first = next_working_day(
            np.maximum(START - rng.exponential(800, number), self.population.born[child] + 30).astype("int64")
        )
        referral = next_working_day(np.maximum(first - 40, self.population.born[child] + 1))
        last = np.minimum(
            START + 30 + rng.exponential(1000, number).astype("int64"), self.population.born[child] + EIGHTEEN_YEARS
        )
        end = np.minimum(add_working_days(referral, 25), last)
        return Cases(
            child,
            referral,
            np.full(number, IN_NEED),
            referral,
            end,
            np.maximum(last, end),
            first,
            last,
            np.full(number, -1),
        )

    def thinned(self, cases: Cases) -> Cases:
        """As many referrals a reporting year as published, where more were drawn."""
        years = reporting_year(cases.referral)
        luck = self.rng.random(cases.number)
        kept = cases.referral < START
        for year, wanted in zip(self.targets.years, self.wanted("referrals"), strict=True):
            members = np.flatnonzero((years == year) & ~kept)
            kept[members[np.argsort(luck[members])[: round(wanted)]]] = True
        return cases.take(np.flatnonzero(kept))


def _days_by_month(year: int, number: int, rng: np.random.Generator) -> np.ndarray:
    """Working days of a reporting year, months as in the published referrals of England."""
    table = numbers()["referrals_by_month"]
    weights = np.array(table.get(year, table[2019] if year < 2019 else table[2023]))
    month = rng.choice(12, size=number, p=weights / weights.sum())
    firsts = np.array([day(year - 1 + (place >= 9), (place + 3) % 12 + 1, 1) for place in range(12)])
    lengths = np.diff([*firsts, day(year, 4, 1)])
    days = firsts[month] + (rng.random(number) * lengths[month]).astype("int64")
    moved = next_working_day(days)
    return np.where(month_of(moved) == month_of(days), moved, days)


def _siblings(index: np.ndarray, family: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each drawn child the others of its family: row in the draw, and place of the brother or sister."""
    rows, others = [], []
    for step in (-3, -2, -1, 1, 2, 3):
        other = index + step
        inside = (other >= 0) & (other < len(family))
        same = np.flatnonzero(inside)[family[other[inside]] == family[index[inside]]]
        rows.append(same)
        others.append(other[same])
    return np.concatenate(rows), np.concatenate(others)


def assessment_days(percent_within: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Working days an assessment takes, within 45 of them in so many per cent of places."""
    return banded_days(percent_within, numbers()["assessment_days_within"], numbers()["assessment_days_beyond"], rng)


def banded_days(
    percent_within: np.ndarray, within: dict[str, float], beyond: dict[str, float], rng: np.random.Generator
) -> np.ndarray:
    """Whole days drawn from published bands: within the limit in so many per cent of places, else beyond it."""
    inside = rng.random(len(percent_within)) * 100 < percent_within
    return np.where(inside, _from_bands(within, len(inside), rng), _from_bands(beyond, len(inside), rng))


def _from_bands(bands: dict[str, float], number: int, rng: np.random.Generator) -> np.ndarray:
    edges = np.array([[int(part) for part in (text.split("-") * 2)[:2]] for text in bands])
    weights = np.array(list(bands.values()))
    chosen = rng.choice(len(edges), size=number, p=weights / weights.sum())
    low, high = edges[chosen].T
    return low + (rng.random(number) * (high - low + 1)).astype("int64")


def _sorted(cases: Cases) -> Cases:
    return cases.take(np.lexsort((cases.referral, cases.child)))


def _without_overlap(cases: Cases) -> Cases:
    """Cases of one child never overlap: a referral while another is open is none (DfE children in need guide)."""
    cases = _sorted(cases)
    rank = np.arange(cases.number) - np.searchsorted(cases.child, cases.child, side="left")
    latest = np.full(cases.number, -1)
    kept = np.zeros(cases.number, bool)
    begin = np.searchsorted(cases.child, cases.child, side="left")
    for step in range(int(rank.max()) + 1 if cases.number else 0):
        now = np.flatnonzero(rank == step)
        fits = cases.referral[now] > latest[begin[now]]
        kept[now] = fits
        latest[begin[now[fits]]] = cases.closure[now[fits]]
    return cases.take(np.flatnonzero(kept))


def closing_limit(cases: Cases, population: Population) -> np.ndarray:
    """Last day a case may stay open: before the child's next referral, and not past the 18th birthday."""
    limit = population.born[cases.child] + EIGHTEEN_YEARS
    same = np.flatnonzero(cases.child[1:] == cases.child[:-1])
    limit[same] = np.minimum(limit[same], cases.referral[same + 1] - 1)
    return np.maximum(limit, cases.closure)


def with_closure(cases: Cases, closure: np.ndarray) -> Cases:
    """The same cases with other closing days."""
    return replace(cases, closure=closure)
