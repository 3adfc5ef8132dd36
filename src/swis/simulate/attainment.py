"""Key stage 4 and key stage 2 results that go with prior attainment, absence, poverty and social care."""

from __future__ import annotations

import numpy as np
import pandas as pd

from swis.simulate.attendance import Sessions
from swis.simulate.calibration import Targets, numbers
from swis.simulate.days import day
from swis.simulate.enrolment import year_group
from swis.simulate.exposure import Exposure
from swis.simulate.population import Population
from swis.simulate.priors import without_some_priors

FIRST_YEAR, LAST_YEAR = 2018, 2022
TEACHER_YEARS = (2019, 2020)
FIRST_SCALED_COHORT = 2020
COLUMNS = [
    "upn",
    "urn",
    "academic_year",
    "KS4_ATT8",
    "KS4_P8SCORE",
    "KS4_L2BASICS_95",
    "KS2_READ_SCALED",
    "KS2_MATH_SCALED",
    "KS2_RWM_EXPECTED",
    "graded_by",
]


def simulate_attainment(
    population: Population,
    exposure: Exposure,
    targets: Targets,
    sessions: dict[str, Sessions],
    known_to_care: np.ndarray,
    rng: np.random.Generator,
    prior_rng: np.random.Generator,
    school_rng: np.random.Generator,
) -> pd.DataFrame:
    """Rows of our own attainment file, as text; blank where a score does not exist for a year.

    `prior_rng` decides whose prior attainment is not known, `school_rng` how far schools add more or less than others.
    """
    added = numbers()["between_schools"]["attainment8_points"] * school_rng.normal(size=exposure.schools.number)
    prior = _ability(population, known_to_care, rng)
    parts = []
    for start_year in range(FIRST_YEAR, LAST_YEAR + 1):
        rows = _finishers(population, exposure, start_year, 11)
        if len(rows):
            made = _key_stage_4(population, exposure, targets, sessions, prior, added, rows, start_year, rng)
            parts.append(without_some_priors(made, population, exposure, rows, start_year, prior_rng))
        rows = _finishers(population, exposure, start_year, 6)
        if len(rows) and start_year not in TEACHER_YEARS:
            parts.append(_key_stage_2(population, exposure, prior, rows, start_year, rng))
    return pd.concat(parts, ignore_index=True)[COLUMNS]


def _ability(population: Population, known: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Standard normal attainment at 11, lower for poor children and those known to social care."""
    value = -0.30 * population.need - 0.8 * known + rng.normal(size=population.number) * 0.9
    return np.asarray((value - value.mean()) / value.std())


def _finishers(population: Population, exposure: Exposure, start_year: int, group: int) -> np.ndarray:
    """Spells on roll in the summer of the last year of a key stage, main registration only."""
    spells = exposure.spells
    on_roll = (spells.first <= day(start_year + 1, 5, 1)) & (spells.last >= day(start_year + 1, 5, 15)) & spells.is_main
    return np.flatnonzero(on_roll & (year_group(population.year_of_birth[spells.child], start_year) == group))


def _scaled(prior: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return np.clip(np.round(104 + 7 * (0.85 * prior + 0.5 * rng.normal(size=len(prior)))), 80, 120).astype(int)


def _key_stage_4(
    population: Population,
    exposure: Exposure,
    targets: Targets,
    sessions: dict[str, Sessions],
    prior: np.ndarray,
    added: np.ndarray,
    rows: np.ndarray,
    start_year: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    spells, table, place = exposure.spells, numbers()["education"], start_year - 2017
    child = spells.child[rows]
    mean = table["attainment8"][place] + targets.attainment8_shift[0 if start_year < 2020 else 1]
    expected = 13.2 * prior[child]
    absent = _absence(sessions, rows, start_year)
    exams = np.full(len(rows), day(start_year + 1, 6, 1))
    treated = exposure.effect(spells.school[rows], exams, "absence") != 1
    gain = (
        numbers()["effects"]["swis"]["attainment8_points"]
        * treated
        * (exposure.schools.trial[spells.school[rows]] == "swis")
    )
    of_school = added[spells.school[rows]]
    residual = -28 * (absent - absent.mean()) + 9.5 * rng.normal(size=len(rows)) + gain + of_school - of_school.mean()
    attainment8 = np.clip(mean + 0.3 + expected + residual, 0, 90).round(2)
    basics = _passed(attainment8, float(table["english_maths_grade5"][place]), float(table["attainment8"][place]), rng)
    has_progress = start_year not in TEACHER_YEARS
    progress = (
        (residual - residual.mean()) / 10 + table["progress8"][place] + targets.attainment8_shift[1] * 0.04
    ).round(3)
    frame = _frame(population, exposure, rows, start_year)
    frame["KS4_ATT8"] = [f"{value:.2f}" for value in attainment8]
    frame["KS4_P8SCORE"] = [f"{value:.3f}" for value in progress] if has_progress else ""
    frame["KS4_L2BASICS_95"] = basics.astype(int).astype(str)
    for name in ("KS2_READ_SCALED", "KS2_MATH_SCALED"):
        frame[name] = _scaled(prior[child], rng).astype(str) if start_year >= FIRST_SCALED_COHORT else ""
    frame["KS2_RWM_EXPECTED"] = ""
    frame["graded_by"] = "exam" if has_progress else "teacher"
    return frame


def _passed(attainment8: np.ndarray, percent: float, england: float, rng: np.random.Generator) -> np.ndarray:
    """Grade 5 or above in both subjects: likelier with the score, and at England's share where scores are England's."""
    odds = (attainment8 - england) / 5.2 + np.log(percent / (100 - percent)) * 1.9
    return np.asarray(rng.random(len(attainment8)) < 1 / (1 + np.exp(-odds)))


def _absence(sessions: dict[str, Sessions], rows: np.ndarray, start_year: int) -> np.ndarray:
    found = sessions.get(f"{start_year}/{(start_year + 1) % 100:02d} autumn")
    if found is None:
        return np.zeros(len(rows))
    missed = (found.authorised + found.unauthorised)[rows]
    return np.asarray(missed / np.maximum(found.possible[rows], 1))


def _key_stage_2(
    population: Population,
    exposure: Exposure,
    prior: np.ndarray,
    rows: np.ndarray,
    start_year: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    child = exposure.spells.child[rows]
    percent = float(numbers()["education"]["ks2_expected"][start_year - 2017])
    cut = np.quantile(prior[child], 1 - percent / 100 - 0.022)
    frame = _frame(population, exposure, rows, start_year)
    for name in ("KS4_ATT8", "KS4_P8SCORE", "KS4_L2BASICS_95"):
        frame[name] = ""
    frame["KS2_READ_SCALED"] = _scaled(prior[child], rng).astype(str)
    frame["KS2_MATH_SCALED"] = _scaled(prior[child], rng).astype(str)
    reached = rng.random(len(rows)) < 1 / (1 + np.exp(-(prior[child] - cut) / 0.35))
    frame["KS2_RWM_EXPECTED"] = reached.astype(int).astype(str)
    frame["graded_by"] = "exam"
    return frame


def _frame(population: Population, exposure: Exposure, rows: np.ndarray, start_year: int) -> pd.DataFrame:
    spells = exposure.spells
    year = f"{start_year}/{(start_year + 1) % 100:02d}"
    columns = {"upn": population.upn[spells.child[rows]], "urn": exposure.schools.urn[spells.school[rows]]}
    return pd.DataFrame(columns, dtype=object).assign(academic_year=year)
