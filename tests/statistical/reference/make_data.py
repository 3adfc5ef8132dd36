"""Simulate the small tables that R and this package are compared on: seeded, invented, far from any real school.

    python tests/statistical/reference/make_data.py

Writes `school_years.csv`, `schools.csv`, `pupils.csv` and `supervision.csv` beside this script. The shapes are those of
the two trials; the values are chosen to catch what easy data hide: authorities are words that do not sort in the order
they appear in, school numbers are neither consecutive nor ordered within authorities, authorities differ in size, some
priors are missing, some schools have no contact at all, and not every school that was offered a worker had one.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
SEED = 20260901
AUTHORITIES = ("wold", "fen", "tarn", "moor", "dale", "weir", "heath", "combe", "ness", "brook")
SCHOOLS_OF = (18, 6, 10, 16, 8, 14, 12, 8, 16, 12)  # 120 schools, unequal on purpose
PUPILS_A_SCHOOL = 25


def simulate_schools(rng: np.random.Generator) -> pd.DataFrame:
    """One row a school: authority, arm (half of each authority), whether a worker came, baseline and share on FSM."""
    authority = np.repeat(AUTHORITIES, SCHOOLS_OF)
    arm = np.concatenate([rng.permutation(np.arange(size) % 2) for size in SCHOOLS_OF])
    schools = pd.DataFrame({"school": rng.choice(np.arange(100, 999), authority.size, replace=False)})
    schools["authority"] = authority
    schools["arm"] = arm
    schools["received"] = np.where(arm == 1, rng.random(arm.size) < 0.85, rng.random(arm.size) < 0.04).astype(int)
    schools["fsm"] = np.round(rng.beta(3, 9, arm.size), 4)
    schools["log_baseline_rate"] = np.round(rng.normal(1.6, 0.5, arm.size), 6)
    return schools


def simulate_school_years(schools: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Two rows a school: pupils, Section 47 enquiries (gamma-Poisson with both random effects), days in care."""
    of_authority = dict(zip(AUTHORITIES, rng.normal(0, 0.25, len(AUTHORITIES)), strict=True))
    of_school = rng.normal(0, 0.3, len(schools))
    size = rng.integers(450, 1500, len(schools))
    years = []
    for second_year in (0, 1):
        frame = schools.assign(second_year=second_year, pupils=size + rng.integers(-25, 26, len(schools)))
        log_rate = (
            -6.0
            + 0.35 * frame["log_baseline_rate"]
            + 1.2 * frame["fsm"]
            + 0.1 * second_year
            - 0.08 * frame["arm"]
            + frame["authority"].map(of_authority)
            + of_school
        )
        mean = frame["pupils"] * np.exp(log_rate)
        frame["enquiries"] = rng.poisson(mean * rng.gamma(8, 1 / 8, len(frame)))
        in_care = rng.poisson(0.0012 * frame["pupils"])
        frame["care_days"] = [int(rng.integers(5, 366, children).sum()) for children in in_care]
        years.append(frame)
    return pd.concat(years).sort_values(["school", "second_year"], kind="stable", ignore_index=True)


def simulate_pupils(schools: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """One row a pupil: prior (missing more often for FSM pupils), attainment, persistent absence, days in care."""
    pupils = schools.loc[schools.index.repeat(PUPILS_A_SCHOOL), ["school", "authority", "arm", "received"]]
    pupils = pupils.reset_index(drop=True)
    count = len(pupils)
    of_school = np.repeat(rng.normal(0, 4, len(schools)), PUPILS_A_SCHOOL)
    of_authority = pupils["authority"].map(dict(zip(AUTHORITIES, rng.normal(0, 2, len(AUTHORITIES)), strict=True)))
    pupils["fsm"] = (rng.random(count) < 0.28).astype(int)
    pupils["girl"] = rng.integers(0, 2, count)
    prior = rng.normal(0, 1, count) - 0.2 * pupils["fsm"]
    pupils["attainment"] = np.round(
        46
        + 8 * prior
        - 4 * pupils["fsm"]
        + 1.2 * pupils["received"]
        + of_school
        + of_authority
        + rng.normal(0, 11, count),
        3,
    )
    log_odds = -1.4 + 0.8 * pupils["fsm"] - 0.3 * prior - 0.1 * pupils["arm"]
    log_odds += np.repeat(rng.normal(0, 0.45, len(schools)), PUPILS_A_SCHOOL)
    pupils["persistently_absent"] = (rng.random(count) < 1 / (1 + np.exp(-log_odds))).astype(int)
    in_care = rng.random(count) < 0.05 + 0.03 * pupils["fsm"]
    pupils["care_days"] = np.where(in_care, np.minimum(365, np.ceil(np.exp(rng.normal(4.4, 1.0, count)))), 0).astype(
        int
    )
    pupils["prior"] = np.round(np.where(rng.random(count) < 0.06 + 0.12 * pupils["fsm"], np.nan, prior), 4)
    return pupils


def simulate_supervision(rng: np.random.Generator) -> pd.DataFrame:
    """A smaller trial of supervision: contacts, those that ended in no further action, and a wellbeing score twice."""
    authority = np.repeat(AUTHORITIES[:8], 13)
    arm = np.concatenate([rng.permutation(np.arange(13) % 2) for _ in range(8)])
    frame = pd.DataFrame(
        {"school": rng.permutation(np.arange(501, 501 + arm.size)), "authority": authority, "arm": arm}
    )
    contacts = rng.poisson(rng.gamma(2.0, 8.0, arm.size))
    frame["contacts"] = np.where(rng.random(arm.size) < 0.04, 0, contacts)
    log_odds = 0.2 - 0.35 * arm + rng.normal(0, 0.5, arm.size) + np.repeat(rng.normal(0, 0.2, 8), 13)
    frame["no_further_action"] = rng.binomial(frame["contacts"], 1 / (1 + np.exp(-log_odds)))
    before = rng.normal(48, 8, arm.size)
    frame["wellbeing_before"] = np.round(before, 2)
    of_authority = np.repeat(rng.normal(0, 1.5, 8), 13)
    frame["wellbeing_after"] = np.round(18 + 0.6 * before + 1.5 * arm + of_authority + rng.normal(0, 6, arm.size), 2)
    return frame


def simulate() -> dict[str, pd.DataFrame]:
    """All tables by the name of their file, from one seeded stream."""
    rng = np.random.default_rng(SEED)
    schools = simulate_schools(rng)
    school_years = simulate_school_years(schools, rng)
    totals = school_years.groupby("school", sort=False, as_index=False).agg(
        pupil_years=("pupils", "sum"), enquiries=("enquiries", "sum"), care_days=("care_days", "sum")
    )
    return {
        "school_years": school_years,
        "schools": schools.merge(totals, on="school", validate="one_to_one"),
        "pupils": simulate_pupils(schools, rng),
        "supervision": simulate_supervision(rng),
    }


def write_tables(folder: Path) -> None:
    """Write each table as CSV; a missing cell is NA, as R reads it."""
    for name, table in simulate().items():
        table.to_csv(folder / f"{name}.csv", index=False, na_rep="NA", lineterminator="\n")


if __name__ == "__main__":
    write_tables(HERE)
