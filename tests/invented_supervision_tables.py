"""Tables of an invented trial of supervision as the outcomes stage would leave them, with a known effect."""

from __future__ import annotations

import numpy as np
import pandas as pd

from swis.effects.analysis import TrialTables
from swis.effects.supervision_simulation import SupervisionTrial, simulate_leads, simulate_supervised
from swis.params import Trial

KEYS = ["authority", "trial", "urn", "arm"]
RATES = ("referrals", "early_help_assessments", "cin_plans_started", "section47_enquiries", "children_entering_care")
SCALES = ("dsl_wellbeing", "dsl_anxiety", "dsl_confidence", "dsl_workload_pressure", "dsl_knowledge")


def invented_supervision(trial: Trial, seed: int, supervised: SupervisionTrial | None = None) -> TrialTables:
    """A whole trial: every measure of the plan at every window and the baseline, sessions, and leads' answers."""
    rng = np.random.default_rng(seed)
    known = supervised or SupervisionTrial()
    drawn = simulate_supervised(known, rng)
    schools = _schools(drawn, trial)
    nothing = pd.DataFrame(columns=KEYS)
    return TrialTables(
        outcomes=_outcomes(schools, trial, rng),
        school_covariates=_covariates(schools, trial, known),
        group_counts=nothing,
        pupil_results=nothing,
        care_days_by_pupil=nothing,
        pupils_in_window=nothing,
        survey_scores=_answers(drawn, schools, known, rng),
    )


def _schools(drawn: pd.DataFrame, trial: Trial) -> pd.DataFrame:
    """The simulated columns and the names this project uses."""
    return drawn.rename(columns={"arm": "is_supervised", "authority": "code"}).assign(
        authority=[f"authority-{code:02d}" for code in drawn["authority"]],
        trial=trial.name,
        urn=[str(100_000 + place) for place in range(len(drawn))],
        arm=np.where(drawn["arm"] == 1, "intervention", "control"),
        years=300.0,
        phase=[trial.phases[place % len(trial.phases)] for place in drawn["school"]],
    )


def _outcomes(schools: pd.DataFrame, trial: Trial, rng: np.random.Generator) -> pd.DataFrame:
    parts = []
    for period in (*trial.windows, "baseline"):
        before = "baseline_" if period == "baseline" else ""
        contacts, done = schools[f"{before}contacts"], schools[f"{before}no_further_action"]
        parts += [
            _rows(schools, "contacts_from_schools", period, contacts, schools["years"]),
            _rows(schools, "contacts_no_further_action_rate", period, done, schools["years"]),
            _rows(schools, "contacts_sexual_abuse", period, schools[f"{before}sexual_abuse"], schools["years"]),
            _rows(schools, "contacts_no_further_action", period, done, contacts),
            _rows(schools, "contacts_to_referral", period, (contacts - done) // 2, contacts),
        ]
        parts += [_rows(schools, name, period, rng.poisson(6, len(schools)), schools["years"]) for name in RATES]
        decided = rng.poisson(8, len(schools)) + 1
        parts.append(_rows(schools, "referrals_no_further_action", period, rng.binomial(decided, 0.3), decided))
        parts += [_rows(schools, name, period, rng.uniform(2, 8, len(schools)), 2.0 + 0 * contacts) for name in SCALES]
        leads = rng.integers(1, 4, len(schools))
        parts.append(_rows(schools, "dsl_turnover", period, rng.binomial(leads, 0.15), leads))
    return pd.concat(parts, ignore_index=True)


def _rows(schools: pd.DataFrame, measure: str, period: str, count: object, base: object) -> pd.DataFrame:
    held = schools[KEYS].assign(measure=measure, period=period, observed_share=1.0)
    held = held.assign(count=np.asarray(count, dtype=float), denominator=np.asarray(base, dtype=float))
    return held.assign(value=100 * held["count"] / held["denominator"].where(held["denominator"] > 0))


def _covariates(schools: pd.DataFrame, trial: Trial, known: SupervisionTrial) -> pd.DataFrame:
    supervised = schools["is_supervised"] == 1
    sessions = {}
    for window in trial.windows:
        name = window.replace(" ", "_").replace("/", "_")
        sessions[f"sessions_planned_{name}"] = np.where(supervised, known.sessions_planned, 0).astype(float)
        sessions[f"sessions_held_{name}"] = schools["sessions_held"].astype(float)
    return schools[[*KEYS, "phase"]].assign(
        stratum=schools["authority"],
        reason=pd.Series(pd.NA, index=schools.index, dtype="string"),
        withdrawn_on=pd.NaT,
        is_analysed=True,
        pupils_january=300.0 + schools["school"] % 50,
        fsm_percent_january=20.0 + schools["school"] % 17,
        is_london=False,
        **sessions,
    )


def _answers(
    drawn: pd.DataFrame, schools: pd.DataFrame, known: SupervisionTrial, rng: np.random.Generator
) -> pd.DataFrame:
    parts = []
    for measure in SCALES:
        leads = simulate_leads(drawn, known, rng)
        named = leads[["school"]].merge(schools[["school", *KEYS]], on="school", how="left")
        parts.append(
            named[KEYS].assign(
                respondent=np.arange(len(leads)), measure=measure, baseline=leads["baseline_score"],
                follow_up=leads["score"], left_post=rng.random(len(leads)) < 0.15,
            )
        )  # fmt: skip
    return pd.concat(parts, ignore_index=True)
