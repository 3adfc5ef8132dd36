"""Pupils by plain number with their groups, and the spells of one trial's schools as arrays, made once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from swis.derive.calendar import day_numbers
from swis.derive.cohort import attributed_spells
from swis.derive.derived import Derived
from swis.derive.lookup import positions_in
from swis.derive.traits import LEVELS
from swis.outcomes.parts import Entitled, places_in_scope
from swis.params import Definitions


@dataclass(frozen=True)
class Pupils:
    """The pupils of one authority: a number each, which is no identifier, and the place of their level by trait."""

    index: pd.Index
    levels: dict[str, np.ndarray]

    def numbers(self, upn: pd.Series) -> np.ndarray:
        """The number of each pupil."""
        return positions_in(upn, self.index)

    def words(self, trait: str, numbers: np.ndarray) -> pd.Series:
        """The level of each numbered pupil, in words."""
        return pd.Series(pd.array(LEVELS[trait], dtype="string").take(self.levels[trait][numbers]))


def pupils_of(derived: Derived) -> Pupils:
    """Every pupil of the rolls, and after them those that only results or periods of care name (of unknown traits)."""
    traits = derived.pupil_traits
    others = pd.concat([derived.attainment["upn"], derived.care_periods["upn"]]).dropna().drop_duplicates()
    index = pd.Index(traits["upn"]).append(pd.Index(others[positions_in(others, pd.Index(traits["upn"])) < 0]))
    levels = {}
    for name, known in LEVELS.items():
        places = pd.Index(known).get_indexer(pd.Index(traits[name]))
        levels[name] = np.append(places, np.full(len(index) - len(places), len(known) - 1)).astype(np.int64)
    return Pupils(index, levels)


@dataclass(frozen=True)
class Spells:
    """Main registrations in scope: place of the school in the trial, number of the pupil, first day and end day."""

    school: np.ndarray
    pupil: np.ndarray
    start: np.ndarray
    end: np.ndarray

    def days(self, running: np.ndarray) -> np.ndarray:
        """Observed days of each spell, `running` being the count of observed days before each day."""
        return running[self.end] - running[self.start]


@dataclass(frozen=True)
class Roster:
    """The schools of one trial in one authority, and who was on roll there in the year groups of the trial."""

    schools: pd.DataFrame
    pupils: Pupils
    derived: Derived
    definitions: Definitions

    @property
    def size(self) -> int:
        """How many schools there are."""
        return len(self.schools)

    @cached_property
    def registered(self) -> Spells:
        """Spells as the rolls have them."""
        return self._spells(self.derived.enrolments)

    @cached_property
    def attributed(self) -> tuple[Spells, Spells]:
        """Spells that give events and those that give care their school, as in `derive.denominators`."""
        for_events, for_care = attributed_spells(self.derived.enrolments, self.definitions)
        events = self.registered if for_events is self.derived.enrolments else self._spells(for_events)
        if for_care is for_events:
            return events, events
        return events, self.registered if for_care is self.derived.enrolments else self._spells(for_care)

    def _spells(self, spells: pd.DataFrame) -> Spells:
        main = spells[spells["is_main"] & spells["year_group"].notna()]
        rows, place = self.in_scope(main)
        return Spells(place, self.pupils.numbers(rows["upn"]), day_numbers(rows["start"]), day_numbers(rows["end"]))

    def in_scope(self, rows: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
        """Rows of these schools and year groups, and the place of each row's school."""
        held, place = places_in_scope(rows, Entitled.of(self.schools, np.arange(self.size)))
        return rows.take(held), place


def rosters(derived: Derived, definitions: Definitions) -> dict[str, Roster]:
    """One roster a trial of the authority."""
    pupils = pupils_of(derived)
    by_trial = derived.trial_schools.groupby("trial", sort=True)
    return {str(name): Roster(own.reset_index(drop=True), pupils, derived, definitions) for name, own in by_trial}
