"""The tables that the estimators are timed on: of the trial's size, simulated with a fixed seed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

SEED = 20260902
AUTHORITIES, SCHOOLS_PER_ARM, PUPILS = 21, 7, 160


def school_years(rng: np.random.Generator) -> Any:
    """Two rows a school of 294 schools in 21 authorities: enquiries with both random effects and overdispersion."""
    schools = AUTHORITIES * SCHOOLS_PER_ARM * 2
    authority = np.repeat(np.arange(AUTHORITIES), SCHOOLS_PER_ARM * 2)
    arm = np.tile(np.arange(SCHOOLS_PER_ARM * 2) % 2, AUTHORITIES)
    size, baseline, fsm = rng.integers(500, 1600, schools), rng.normal(1.6, 0.5, schools), rng.beta(3, 9, schools)
    own = rng.normal(0, 0.35, schools) + rng.normal(0, 0.4, AUTHORITIES)[authority]
    rows = [
        pd.DataFrame(
            {
                "school": np.arange(schools),
                "authority": authority,
                "arm": arm,
                "year2": year,
                "pupils": size,
                "log_baseline": baseline,
                "fsm": fsm,
                "count": rng.poisson(
                    size * np.exp(-5.4 + 0.4 * baseline + fsm + own + 0.1 * year) * rng.gamma(6, 1 / 6, schools)
                ),
            }
        )
        for year in (0, 1)
    ]
    return pd.concat(rows, ignore_index=True)


def pupils(schools: Any, rng: np.random.Generator) -> Any:
    """A year group of 160 pupils a school: prior, attainment and persistent absence."""
    one_each = schools.loc[schools["year2"] == 0, ["school", "authority", "arm"]]
    frame = one_each.loc[one_each.index.repeat(PUPILS)].reset_index(drop=True)
    prior = rng.normal(0, 1, len(frame))
    school, authority = frame["school"].to_numpy(), frame["authority"].to_numpy()
    score = 46 + 8 * prior + rng.normal(0, 4, school.max() + 1)[school] + rng.normal(0, 2, AUTHORITIES)[authority]
    log_odds = -1.4 - 0.3 * prior + rng.normal(0, 0.4, school.max() + 1)[school]
    absent = rng.random(len(frame)) < 1 / (1 + np.exp(-log_odds))
    return frame.assign(prior=prior, attainment=score + rng.normal(0, 11, len(frame)), absent=absent.astype(int))


def tables() -> dict[str, Any]:
    """Both tables, from one seeded stream."""
    rng = np.random.default_rng(SEED)
    years = school_years(rng)
    return {"school_years": years, "pupils": pupils(years, rng)}
