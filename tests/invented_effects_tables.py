"""Tables of an invented trial as the outcomes stage would leave them, from simulated schools with a known effect."""

from __future__ import annotations

import numpy as np
import pandas as pd

from swis.effects.analysis import TrialTables
from swis.effects.trial_simulation import RateTrial, simulate_schools

WINDOWS = {"23 months": 23 / 12, "35 months": 35 / 12}
MEASURES = (
    "section47_enquiries", "referrals", "section17_assessments_started", "children_entering_care", "days_in_care",
    "overall_absence", "persistent_absence", "suspensions", "permanent_exclusions", "referrals_from_schools",
    "assessments_within_45_working_days", "conferences_within_15_working_days", "attainment8", "progress8",
    "english_maths_grade5",
)  # fmt: skip
SHARES = frozenset({"overall_absence", "persistent_absence", "assessments_within_45_working_days",
                    "conferences_within_15_working_days"})  # fmt: skip
YEARS = ("2020/21", "2021/22", "2022/23")


def invented_tables(seed: int, *, authorities: int = 6, rate_ratio: float = 1.0, pupils: int = 12) -> TrialTables:
    """A whole trial: every measure of the plan at both windows and the baseline, pupils' results, days in care."""
    rng = np.random.default_rng(seed)
    drawn = simulate_schools(RateTrial(authorities=authorities, rate_ratio=rate_ratio), rng)
    schools = _schools(drawn)
    return TrialTables(
        outcomes=_outcomes(schools, rng),
        school_covariates=_covariates(schools, rng),
        group_counts=_groups(schools, rng),
        pupil_results=_results(schools, rng, pupils),
        care_days_by_pupil=_care_days(schools, rng),
        pupils_in_window=_in_window(schools),
        survey_scores=pd.DataFrame(columns=["authority", "trial", "urn", "arm"]),
    )


def _schools(drawn: pd.DataFrame) -> pd.DataFrame:
    """The simulated columns under the names this project uses."""
    return pd.DataFrame(
        {
            "authority": [f"authority-{code:02d}" for code in drawn["authority"]],
            "trial": "swis",
            "urn": [str(100_000 + place) for place in range(len(drawn))],
            "arm": np.where(drawn["arm"] == 1, "intervention", "control"),
            "years": drawn["pupil_years"].to_numpy(),
            "count": drawn["count"].to_numpy(dtype=float),
            "baseline": drawn["baseline_count"].to_numpy(dtype=float),
            "baseline_years": drawn["baseline_pupil_years"].to_numpy(),
            "fsm": drawn["fsm_percent"].to_numpy(),
        }
    )


def _outcomes(schools: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    parts = []
    for measure in MEASURES:
        for period in (*WINDOWS, "baseline", *YEARS):
            is_main = measure == "section47_enquiries" and period == "23 months"
            is_baseline = measure == "section47_enquiries" and period == "baseline"
            years = schools["baseline_years"] if period == "baseline" else schools["years"]
            count = schools["count"] if is_main else schools["baseline"] if is_baseline else rng.poisson(20 + 0 * years)
            base = 40.0 + 0 * years if measure in SHARES else years
            row = schools[["authority", "trial", "urn", "arm"]].assign(
                measure=measure, period=period, count=np.minimum(count, base), denominator=base, observed_share=1.0
            )
            parts.append(row.assign(value=100 * row["count"] / row["denominator"]))
    return pd.concat(parts, ignore_index=True)


def _covariates(schools: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    is_intervention = schools["arm"] == "intervention"
    months = np.where(is_intervention, rng.uniform(10, 22, len(schools)), 0.0)
    return schools[["authority", "trial", "urn", "arm"]].assign(
        stratum=schools["authority"],
        reason=pd.Series(pd.NA, index=schools.index, dtype="string"),
        withdrawn_on=pd.NaT,
        is_analysed=True,
        pupils_january=(schools["years"] * 12 / 23).round(),
        fsm_percent_january=schools["fsm"],
        phase="secondary",
        is_london=schools["authority"].isin(sorted(schools["authority"].unique())[::2]),
        worker_months_23_months=months,
        worker_months_35_months=months * 35 / 23,
    )


def _groups(schools: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    traits = {
        "sex": ["female", "male"], "free_school_meals": ["eligible", "not eligible"], "sen": ["no SEN", "SEN support"],
        "ethnic_group": ["Asian", "Black", "White"],
    }  # fmt: skip
    parts = []
    for trait, levels in traits.items():
        share = 1 / len(levels)
        for level in levels:
            count = rng.binomial(schools["count"].astype(int), share)
            parts.append(
                schools[["authority", "trial", "urn", "arm"]].assign(
                    window="23 months", measure="section47_enquiries", trait=trait, level=level, count=count,
                    pupil_years=schools["years"] * share,
                )
            )  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def _results(schools: pd.DataFrame, rng: np.random.Generator, pupils: int) -> pd.DataFrame:
    rows = schools.loc[schools.index.repeat(pupils), ["authority", "trial", "urn", "arm"]].reset_index(drop=True)
    number = len(rows)
    prior = rng.normal(104, 7, number)
    school = np.repeat(rng.normal(0, 3, len(schools)), pupils)
    score = np.clip(46 + 1.3 * (prior - 104) + school + rng.normal(0, 9, number), 0, 90)
    return rows.assign(
        academic_year=rng.choice(YEARS, number),
        pupil=np.arange(number),
        attainment8=score,
        progress8=(school + rng.normal(0, 9, number)) / 10,
        english_maths_grade5=(score > 48).astype(float),
        ks2_prior=np.where(rng.random(number) < 0.06, np.nan, prior),
        sex=rng.choice(["female", "male"], number),
        free_school_meals=rng.choice(["eligible", "not eligible"], number),
        sen=rng.choice(["no SEN", "SEN support"], number),
        ethnic_group=rng.choice(["Asian", "Black", "White"], number),
        years_on_roll=rng.uniform(1, 5, number),
        graded_by="exam",
    )


def _care_days(schools: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    parts = []
    for window in WINDOWS:
        rows = schools.loc[schools.index.repeat(rng.integers(2, 8, len(schools))), ["authority", "trial", "urn", "arm"]]
        days = rng.integers(1, 600, len(rows)).astype(float)
        parts.append(rows.assign(window=window, pupil=range(len(rows)), days=days))
    return pd.concat(parts, ignore_index=True)


def _in_window(schools: pd.DataFrame) -> pd.DataFrame:
    keys = schools[["authority", "trial", "urn", "arm"]]
    return pd.concat([keys.assign(window=window, pupils=900) for window in WINDOWS], ignore_index=True)
