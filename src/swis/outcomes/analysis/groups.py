"""Counts and pupil-years by school and group of pupils, for comparing effects between groups."""

from __future__ import annotations

import numpy as np
import pandas as pd

from swis.derive.derived import Derived
from swis.derive.observed import CARE, CIN
from swis.derive.periods import Period
from swis.derive.person_time import DAYS_A_YEAR, SCHOOL
from swis.derive.traits import LEVELS
from swis.outcomes.analysis.roster import Roster
from swis.outcomes.measures import assessments, care, referrals, section47
from swis.params import Definitions

MEASURES = {
    "section47_enquiries": (section47, CIN),
    "referrals": (referrals, CIN),
    "section17_assessments_started": (assessments, CIN),
    "children_entering_care": (care, CARE),
}
"""Measure → the family that counts it and the return that observes it."""
GROUP_COLUMNS = [*SCHOOL, "window", "measure", "trait", "level", "count", "pupil_years"]


def group_counts(roster: Roster, derived: Derived, window: Period, definitions: Definitions) -> pd.DataFrame:
    """Count and pupil-years by school, measure, trait and level in one window (GROUP_COLUMNS), zeros included.

    Over the levels of a trait the counts add up to the school's outcome and the pupil-years to its person-time over the
    days its return covers. Both are missing where no day of the window was returned.
    """
    families = {family for family, _ in MEASURES.values()}
    counted = {name: rows for family in families for name, rows in family.count(derived, window, definitions).items()}
    observed = {source: derived.calendar(source).within(window.start, window.end) for source in (CIN, CARE)}
    spells = dict(zip((CIN, CARE), roster.attributed, strict=True))
    days = {source: spells[source].days(observed[source].running()) for source in (CIN, CARE)}
    parts = []
    for name, (_, source) in MEASURES.items():
        rows, school = roster.in_scope(counted[name])
        pupil, amount = roster.pupils.numbers(rows["upn"]), rows["amount"].to_numpy(float)
        at = spells[source]
        for trait in LEVELS:
            counts = _by_level(roster, trait, school, pupil, amount)
            years = _by_level(roster, trait, at.school, at.pupil, days[source]) / DAYS_A_YEAR
            numbers = np.stack([counts, years])
            parts.append((name, trait, numbers if observed[source].observed.any() else np.full_like(numbers, np.nan)))
    return _stacked(roster, window, parts)


def _by_level(roster: Roster, trait: str, school: np.ndarray, pupil: np.ndarray, amount: np.ndarray) -> np.ndarray:
    """Sums by school and level, the level quickest."""
    levels = len(LEVELS[trait])
    # A number of -1 takes the last level: a pupil nobody describes is 'unknown'.
    level = np.append(roster.pupils.levels[trait], levels - 1)[pupil]
    return np.bincount(school * levels + level, weights=amount, minlength=roster.size * levels)


def _stacked(roster: Roster, window: Period, parts: list[tuple[str, str, np.ndarray]]) -> pd.DataFrame:
    sizes = [numbers.shape[1] for _, _, numbers in parts]
    place = np.concatenate([np.repeat(np.arange(roster.size), len(LEVELS[trait])) for _, trait, _ in parts])
    words = {
        "measure": np.repeat([name for name, _, _ in parts], sizes),
        "trait": np.repeat([trait for _, trait, _ in parts], sizes),
        "level": np.concatenate([np.tile(LEVELS[trait], roster.size) for _, trait, _ in parts]),
    }
    schools = roster.schools[SCHOOL].take(place).reset_index(drop=True)
    values = np.concatenate([numbers for _, _, numbers in parts], axis=1)
    frame = schools.assign(window=window.name, **words, count=values[0], pupil_years=values[1])
    return frame.astype(dict.fromkeys(["window", *words], "string"))[GROUP_COLUMNS]
