"""One row a school: what the models adjust for, weigh by or leave schools out by."""

from __future__ import annotations

import numpy as np
import pandas as pd

from swis.derive.calendar import day_numbers
from swis.derive.derived import Derived
from swis.derive.observed import CIN, ROLL
from swis.derive.periods import BASELINE, WINDOW, trial_periods
from swis.derive.person_time import SCHOOL
from swis.derive.terms import january_before, january_census_day
from swis.derive.traits import fsm_in_january
from swis.outcomes.analysis.roster import Roster
from swis.outcomes.analysis.sessions import received_column, sessions_by_window
from swis.outcomes.measures import section47
from swis.params import Authority, Definitions, Trial

LEFT = ("withdrew", "no return", "merged", "closed")
"""Reasons of the allocation that keep a school out of the main analysis; any other school took part to the end."""
DAYS_A_MONTH = 365.25 / 12
COVARIATES = [
    *SCHOOL, "phase", "stratum", "reason", "withdrawn_on", "is_analysed", "pupils_january", "fsm_percent_january",
    "is_london", "baseline_pupil_years", "baseline_section47_enquiries",
]  # fmt: skip


def school_covariates(
    roster: Roster, derived: Derived, authority: Authority, trial: Trial, definitions: Definitions
) -> pd.DataFrame:
    """Every allocated school of one trial (COVARIATES), and what it received in each window:
    worker_months_<window> in the SWIS trial, sessions_planned_<window> and sessions_held_<window> in the others.

    Pupils and free school meals: main registrations in the trial's year groups on the last January census day before
    the trial, and the percentage of those whose eligibility that census says. Baseline counts and pupil-years are over
    observed days, missing where there are none.
    """
    schools = roster.schools
    pupils, percent = _on_census_day(roster, january_before(trial.first_day))
    count, years = _baseline(roster, derived, trial, definitions)
    frame = schools.assign(
        is_analysed=~schools["reason"].isin(LEFT).fillna(False).astype(bool),
        pupils_january=pupils,
        fsm_percent_january=percent,
        is_london=authority.region.endswith("London"),
        baseline_pupil_years=years,
        baseline_section47_enquiries=count,
    )[COVARIATES]
    return frame.assign(**(worker_months if trial.programme == "SWIS" else sessions_by_window)(roster, trial))


def _on_census_day(roster: Roster, year: int) -> tuple[np.ndarray, np.ndarray]:
    """Pupils on roll by school on the census day of a January, and the percentage eligible for free school meals."""
    spells = roster.registered
    day = day_numbers(pd.Series([january_census_day(year - 1)]))[0]
    there = (spells.start <= day) & (day < spells.end)
    held = roster.derived.pupil_traits[fsm_in_january(year)].to_numpy(float, na_value=np.nan)
    # Pupils that only results or care name follow those of the rolls and have no census.
    eligible = np.append(held, np.full(len(roster.pupils.index) - len(held), np.nan))[spells.pupil[there]]
    school, size = spells.school[there], roster.size
    known = ~np.isnan(eligible)
    asked = np.bincount(school[known], minlength=size)
    yes = np.bincount(school[known], weights=eligible[known], minlength=size)
    return np.bincount(school, minlength=size), 100 * yes / np.where(asked > 0, asked, np.nan)


def _baseline(
    roster: Roster, derived: Derived, trial: Trial, definitions: Definitions
) -> tuple[np.ndarray, np.ndarray]:
    """Section 47 enquiries in the baseline, and pupil-years over the same observed days."""
    period = next(one for one in trial_periods(trial) if one.name == BASELINE)
    rows, school = roster.in_scope(section47.count(derived, period, definitions)["section47_enquiries"])
    count = np.bincount(school, weights=rows["amount"].to_numpy(float), minlength=roster.size)
    held = derived.pupil_years
    own = held[
        (held["trial"] == trial.name)
        & (held["period_kind"] == WINDOW)
        & (held["period"] == BASELINE)
        & (held["source"] == CIN)
    ]
    years = own.set_index("urn")["pupil_years"].reindex(roster.schools["urn"]).to_numpy(float)
    seen = derived.calendar(CIN).within(period.start, period.end).observed.any()
    return (count, years) if seen else (np.full(roster.size, np.nan), np.full(roster.size, np.nan))


def worker_months(roster: Roster, trial: Trial) -> dict[str, np.ndarray]:
    """Full-time months of social workers by school in each window, up to the cut: column name → numbers.

    A spell counts its share of full time on every day from its first to its last. A school without any spell has 0;
    where the authority sent no record of delivery, all are missing. A spell without a share of full time makes its
    school's months missing.
    """
    found = {}
    for window in (one for one in trial_periods(trial) if one.name != BASELINE):
        months = months_at_schools(roster, window.start, window.end)
        found[received_column("worker_months", window.name)] = months
    return found


def months_at_schools(roster: Roster, start: pd.Timestamp, end: pd.Timestamp) -> np.ndarray:
    """Full-time months of social workers by school in a half-open span of days (see `worker_months`)."""
    spells = roster.derived.deliveries
    own = workers_at_schools(roster)
    school = pd.Index(roster.schools["urn"]).get_indexer(pd.Index(own["urn"]))
    days = days_worked(roster, own, start, end)
    worked = (own["fte"].to_numpy(float) * days)[days > 0]
    months = np.bincount(school[days > 0], weights=worked, minlength=roster.size) / DAYS_A_MONTH
    return months if len(spells) else np.full(roster.size, np.nan)


def workers_at_schools(roster: Roster) -> pd.DataFrame:
    """Spells of social workers at the schools of the roster."""
    spells = roster.derived.deliveries
    return spells[(spells["role"] == "social worker").fillna(False) & spells["urn"].isin(roster.schools["urn"])]


def days_worked(roster: Roster, spells: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> np.ndarray:
    """Days of each spell, its first and last day included, within a half-open span and up to the cut."""
    observed = roster.derived.calendar(ROLL).within(start, end)
    return observed.days_in(spells["from_date"], spells["to_date"] + pd.Timedelta(days=1))
