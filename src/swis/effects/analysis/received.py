"""What each school had of the programme: dose, whether it was enough, and the treatment that a model is asked about."""

from __future__ import annotations

import numpy as np
import pandas as pd

from swis.effects.analysis.trial_file import months_of, plan_of
from swis.outcomes.analysis.sessions import received_column
from swis.params import Trial
from swis.plan import Analysis

PLANNED = "sessions_planned"


def with_treatment(schools: pd.DataFrame, trial: Trial, analysis: Analysis) -> pd.DataFrame:
    """The schools with the columns dose, received (1, 0) and treatment (what the model's effect is of).

    All three are as the plan's `per_protocol` has them; missing where no record of delivery tells.
    """
    rules = plan_of(trial).per_protocol
    dose = _of_window(schools, rules.dose, analysis.window)
    if rules.out_of == "months of the window":
        full = pd.Series(months_of(trial, analysis.window), index=schools.index)
    else:
        full = _of_window(schools, PLANNED, analysis.window)
    is_intervention = schools["arm"] == "intervention"
    # Where nothing was planned, nothing was received: control schools have neither.
    received = ((dose >= rules.minimum_share * full) & (dose > 0)).astype(float)
    schools = schools.assign(dose=dose, received=received.where(dose.notna() & full.notna()))
    chosen = {
        "arm": is_intervention.astype(float),
        "received": schools["received"],
        "dose": dose / rules.dose_unit,
    }
    return schools.assign(treatment=chosen[analysis.specification.treatment])


def _of_window(schools: pd.DataFrame, name: str, window: str) -> pd.Series:
    column = received_column(name, window)
    return schools[column].astype(float) if column in schools else pd.Series(np.nan, index=schools.index)
