"""The flow of schools and their pupils through a trial, by arm: CONSORT cluster extension items 13a and 13b."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from swis.effects.analysis.samples import SIZE, schools_of
from swis.effects.analysis.sources import TrialTables
from swis.effects.analysis.trial_file import plan_of, primary_analysis
from swis.params import Trial

FLOW_COLUMNS = ["step", "arm", "schools", "pupils", "pupils_known_for"]
ALLOCATED, LEFT_OUT, ANALYSED, STAYED = "allocated", "left out", "analysed", "stayed to the end"
REASONS: Mapping[str, tuple[str, ...]] = {
    "withdrew": ("withdrew",),
    "merged or closed": ("merged", "closed"),
}
# What may befall schools only where a worker is placed in them.
OF_POSTS: Mapping[str, tuple[str, ...]] = {
    "post vacant": ("post vacant",),
    "given a worker later": ("later given a worker",),
}


def participant_flow(tables: TrialTables, trial: Trial) -> pd.DataFrame:
    """One row a step and arm (FLOW_COLUMNS): schools, and their pupils in the January before the trial.

    Steps: 'allocated'; 'left out' of the primary analysis; 'analysed' in it; of those, each intercurrent event; and
    'stayed to the end'. Pupils are of the schools whose roll of that January was returned (`pupils_known_for` schools).
    """
    allocated = tables.school_covariates
    analysed, _ = schools_of(tables, trial, primary_analysis(trial))
    is_in = allocated["urn"].isin(analysed["urn"])
    befell = {**REASONS, **(OF_POSTS if plan_of(trial).per_protocol.dose == "worker_months" else {})}
    steps = {
        ALLOCATED: allocated,
        LEFT_OUT: allocated[~is_in],
        ANALYSED: allocated[is_in],
        **{name: allocated[is_in & allocated["reason"].isin(held)] for name, held in befell.items()},
        STAYED: allocated[is_in & allocated["is_analysed"].astype(bool)],
    }
    rows = [_row(step, arm, frame) for step, frame in steps.items() for arm in ("intervention", "control")]
    return pd.DataFrame(rows, columns=FLOW_COLUMNS)


def _row(step: str, arm: str, frame: pd.DataFrame) -> tuple[str, str, int, float, int]:
    own = frame[frame["arm"] == arm]
    known = own[own[SIZE].astype(float) > 0]
    return step, arm, len(own), float(known[SIZE].astype(float).sum()), len(known)
