"""Pupils whose attainment at 11 is not known: those who came from abroad sat no tests in England."""

from __future__ import annotations

import numpy as np
import pandas as pd

from swis.simulate.calibration import numbers
from swis.simulate.days import day
from swis.simulate.exposure import Exposure
from swis.simulate.population import Population

MADE_OF_PRIORS = ["KS2_READ_SCALED", "KS2_MATH_SCALED", "KS4_P8SCORE"]
"""Progress 8 compares pupils of the same prior attainment, so there is none without it."""
USUAL = "WBRI"


def without_some_priors(
    results: pd.DataFrame,
    population: Population,
    exposure: Exposure,
    rows: np.ndarray,
    start_year: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Key stage 4 results of spells `rows` with prior attainment and Progress 8 blank for a few pupils.

    Whose is missing hangs on the entry date and the ethnic group alone, both of which the rolls show.
    """
    said = numbers()["ks2_prior_missing"]
    spells = exposure.spells
    is_late = spells.first[rows] > day(start_year - 4, 10, 31)
    is_other = population.ethnicity[spells.child[rows]] != USUAL
    weight = np.where(is_late, said["weight_late"], 1.0) * np.where(is_other, said["weight_other_ethnic_groups"], 1.0)
    missing = rng.random(len(rows)) < said["percent"] / 100 * weight / weight.mean()
    blanked = results.copy()
    blanked.loc[missing, MADE_OF_PRIORS] = ""
    return blanked
