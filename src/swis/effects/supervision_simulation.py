"""Simulated trials of supervision with a known effect: contacts of schools, what came of them, and leads' answers.

Of a school, the log rate of contacts and the log odds that a contact leads to no further action are

    log rate = base + authority + u_window + log(rate ratio) * arm,     log odds = base + authority + v_window + effect,

each with a normal term of the school before and during the window that correlates by `baseline_correlation`; the effect
on the odds is of the arm, or of every ten sessions held. A lead's answer at follow-up is the school's level, the lead's
own, which it shares with the answer before, the effect and an error; leads are lost at random. No public source has
such numbers for schools: everything here is assumed (sizes: half of the schools of each authority are supervised).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, logit

# Authorities of the trials with a share as primary outcome, and schools of each arm in an authority of theirs.
SCHOOLS_PER_ARM = {4: 7, 5: 30, 10: 8}
# And where a trial of another size is asked for.
SCHOOLS_PER_ARM_ELSE = 8


@dataclass(frozen=True)
class SupervisionTrial:
    """What a trial of supervision is simulated from; standard deviations are of logs, of log odds, and of points."""

    authorities: int = 5
    contacts_per_school: float = 15.0
    contacts_school_sd: float = 0.4
    contacts_authority_sd: float = 0.3
    share: float = 0.6
    share_school_sd: float = 0.4
    share_authority_sd: float = 0.3
    about_sexual_abuse: float = 0.06
    baseline_correlation: float = 0.6
    rate_ratio: float = 1.0
    odds_ratio: float = 1.0
    odds_ratio_of_ten_sessions: float = 1.0
    score_difference: float = 0.0
    sessions_planned: int = 11
    share_of_sessions_held: float = 0.8
    score_mean: float = 3.3
    score_school_sd: float = 0.2
    score_lead_sd: float = 0.45
    score_error_sd: float = 0.35
    leads: tuple[float, float, float] = (0.5, 0.35, 0.15)
    answers_before: float = 0.88
    answers_after: float = 0.7


def simulate_supervised(trial: SupervisionTrial, rng: np.random.Generator) -> pd.DataFrame:
    """One row a school.

    Columns: school, authority (0…), arm (1 supervised), sessions_held; contacts, no_further_action (under the odds
    ratio of the arm), no_further_action_by_dose (under that of ten sessions), sexual_abuse; the baseline of each as
    baseline_contacts, baseline_no_further_action, baseline_sexual_abuse; and the truth log_odds, without an effect.
    """
    per_arm = SCHOOLS_PER_ARM.get(trial.authorities, SCHOOLS_PER_ARM_ELSE)
    authority = np.repeat(np.arange(trial.authorities), 2 * per_arm)
    arm = np.tile(np.repeat([1, 0], per_arm), trial.authorities)
    before, during = _correlated(trial.contacts_school_sd, trial.baseline_correlation, arm.size, rng)
    base = np.log(trial.contacts_per_school) + rng.normal(0, trial.contacts_authority_sd, trial.authorities)[authority]
    contacts = rng.poisson(np.exp(base + during))
    earlier = rng.poisson(np.exp(base + before))
    odds_before, odds = _correlated(trial.share_school_sd, trial.baseline_correlation, arm.size, rng)
    level = logit(trial.share) + rng.normal(0, trial.share_authority_sd, trial.authorities)[authority]
    held = arm * rng.binomial(trial.sessions_planned, trial.share_of_sessions_held, arm.size)
    by_dose = np.log(trial.odds_ratio_of_ten_sessions) * held / 10
    rate = trial.about_sexual_abuse * np.exp(base)
    return pd.DataFrame(
        {
            "school": np.arange(arm.size), "authority": authority, "arm": arm, "sessions_held": held,
            "contacts": contacts,
            "no_further_action": rng.binomial(contacts, expit(level + odds + np.log(trial.odds_ratio) * arm)),
            "no_further_action_by_dose": rng.binomial(contacts, expit(level + odds + by_dose)),
            "sexual_abuse": rng.poisson(rate * np.exp(during + np.log(trial.rate_ratio) * arm)),
            "baseline_contacts": earlier,
            "baseline_no_further_action": rng.binomial(earlier, expit(level + odds_before)),
            "baseline_sexual_abuse": rng.poisson(rate * np.exp(before)),
            "log_odds": level + odds,
        }
    )  # fmt: skip


def simulate_leads(schools: pd.DataFrame, trial: SupervisionTrial, rng: np.random.Generator) -> pd.DataFrame:
    """Leads of a trial's schools, one row a lead: school, authority, arm, baseline_score and score, missing if lost."""
    number = rng.choice(np.arange(1, len(trial.leads) + 1), len(schools), p=np.array(trial.leads))
    table = schools.loc[schools.index.repeat(number), ["school", "authority", "arm"]].reset_index(drop=True)
    size = len(table)
    own = rng.normal(0, trial.score_school_sd, len(schools))[table["school"]] + rng.normal(0, trial.score_lead_sd, size)
    before = trial.score_mean + own + rng.normal(0, trial.score_error_sd, size)
    after = trial.score_mean + own + trial.score_difference * table["arm"] + rng.normal(0, trial.score_error_sd, size)
    return table.assign(
        baseline_score=np.where(rng.random(size) < trial.answers_before, before, np.nan),
        score=np.where(rng.random(size) < trial.answers_after, after, np.nan),
    )


def _correlated(sd: float, correlation: float, size: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A school's terms before and during the window."""
    before, other = rng.normal(0, sd, size), rng.normal(0, sd, size)
    return before, correlation * before + np.sqrt(1 - correlation**2) * other
