"""The primary estimand of a trial, for display."""

from __future__ import annotations

import pandas as pd

from swis.effects.analysis.trial_file import plan_of
from swis.params import Trial
from swis.plan import estimand_rows
from swis.plan.estimand import ORIGIN, PART, PLANNED


def estimand(trial: Trial) -> pd.DataFrame:
    """One row a part of the primary estimand: as planned, and where it comes from."""
    return pd.DataFrame(estimand_rows(plan_of(trial)), columns=[PART, PLANNED, ORIGIN])
