"""How a school changes the chance of an event: its own level, and the programme's effect where and when it runs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from swis.simulate.calibration import numbers
from swis.simulate.days import academic_start
from swis.simulate.enrolment import Spells
from swis.simulate.schools import FIRST_ACADEMIC_YEAR, LAST_ACADEMIC_YEAR, Schools


@dataclass(frozen=True)
class Exposure:
    """Schools, who is on their rolls, and from which day each trial's programme works."""

    schools: Schools
    spells: Spells
    effect_from: dict[str, int]

    def of(self, trials: Collection[str]) -> Exposure:
        """The same schools and rolls, with the programmes of some trials only."""
        return replace(self, effect_from={name: day for name, day in self.effect_from.items() if name in trials})

    def level(self, school: np.ndarray, days: np.ndarray, power: float) -> np.ndarray:
        """Relative rate of each school in the academic year of each day, to a power (1 for enquiries); 1 elsewhere."""
        year = np.clip(academic_start(days), FIRST_ACADEMIC_YEAR, LAST_ACADEMIC_YEAR) - FIRST_ACADEMIC_YEAR
        at_school = np.maximum(school, 0)
        return np.where(school >= 0, np.exp(power * self.schools.log_rate[at_school, year]), 1.0)

    def effect(self, school: np.ndarray, days: np.ndarray, outcome: str) -> np.ndarray:
        """Rate ratio of the programme for an outcome at each school and day; 1 in control schools and before."""
        if not len(school):
            return np.ones(0)
        ratio = np.ones(self.schools.number)
        begins = np.full(self.schools.number, 0)
        for trial, first_day in self.effect_from.items():
            members = (self.schools.trial == trial) & self.schools.is_treated
            ratio[members] = numbers()["effects"][trial][outcome]
            begins[members] = first_day
        at_school = np.maximum(school, 0)
        works = (school >= 0) & (days >= begins[at_school])
        return np.where(works, ratio[at_school], 1.0)
