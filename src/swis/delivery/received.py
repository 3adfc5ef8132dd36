"""What each school received of its programme: dose, and fidelity as the share of what was planned."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from swis.outcomes.analysis.sessions import received_column
from swis.params import NamedWindow, Trial

RECEIVED_COLUMNS = ["authority", "trial", "urn", "arm", "window", "dose", "planned", "fidelity"]
BAND_COLUMNS = ["trial", "arm", "window", "band", "schools"]
BANDS = {"none": 0.0, "under a quarter": 0.25, "a quarter to a half": 0.5, "half to three quarters": 0.75}
"""Upper ends of the bands of fidelity, each below its end; the last is from three quarters on."""
FEWEST_SCHOOLS = 3
"""How many schools an arm has is known, so that the bands of one or two could not be hidden."""
LAST_BAND, UNKNOWN = "three quarters or more", "not known"
DAYS_A_MONTH = 365.25 / 12


def received(covariates: pd.DataFrame, trials: Mapping[str, Trial]) -> pd.DataFrame:
    """By school and window (RECEIVED_COLUMNS): the dose that the per-protocol and complier analyses use.

    Social Workers in Schools: full-time months of a worker, of the months of the window. Supervision: sessions held, of
    those planned at the school. fidelity is dose over planned, at most 1; a school with nothing planned has none, and
    one whose authority sent no record has neither.
    """
    parts = []
    for trial in trials.values():
        own = covariates[covariates["trial"] == trial.name]
        for name, window in _windows(trial).items() if len(own) else ():
            dose, planned = _dose(own, trial, name, window)
            with np.errstate(divide="ignore", invalid="ignore"):
                share = np.where(planned > 0, np.minimum(dose / planned, 1.0), np.nan)
            held = own[["authority", "trial", "urn", "arm"]].assign(window=name, dose=dose, planned=planned)
            parts.append(held.assign(fidelity=share))
    return pd.concat(parts, ignore_index=True)[RECEIVED_COLUMNS]


def _windows(trial: Trial) -> Mapping[str, NamedWindow]:
    """The windows with a dose of their own: sessions are planned in the trial's own window and in no later one."""
    return trial.windows if trial.programme == "SWIS" else dict([next(iter(trial.windows.items()))])


def _dose(own: pd.DataFrame, trial: Trial, name: str, window: NamedWindow) -> tuple[np.ndarray, np.ndarray]:
    if trial.programme == "SWIS":
        months = own[received_column("worker_months", name)].to_numpy(float)
        length = ((window.last_day - window.first_day).days + 1) / DAYS_A_MONTH
        return months, np.where(np.isnan(months), np.nan, length)
    held = own[received_column("sessions_held", name)].to_numpy(float)
    return held, own[received_column("sessions_planned", name)].to_numpy(float)


def bands(schools: pd.DataFrame) -> pd.DataFrame:
    """Schools by band of fidelity (BAND_COLUMNS), by trial, arm and window: every band, with 0 where none is in it.

    Schools for which nothing was planned stand in 'none'; those of authorities without a record in 'not known'. An arm
    of fewer than FEWEST_SCHOOLS schools has no bands.
    """
    edges = list(BANDS.values())
    place = np.searchsorted(edges, schools["fidelity"].fillna(0.0).to_numpy(float), side="right")
    # Exactly nothing is the band of its own; what is above it falls below the next end.
    names = np.array([*BANDS, LAST_BAND, UNKNOWN], dtype=object)
    is_none = schools["fidelity"].fillna(0.0).to_numpy(float) <= 0
    of_dose = np.where(is_none, 0, np.maximum(place, 1))
    named = names[np.where(schools["dose"].isna(), len(names) - 1, of_dose)]
    counted = schools.assign(band=pd.Categorical(named, categories=list(names)))
    keys = ["trial", "arm", "window"]
    table = counted.groupby([*keys, "band"], observed=False).size().rename("schools").reset_index()
    in_arm = table.groupby(keys)["schools"].transform("sum")
    return table[in_arm >= FEWEST_SCHOOLS].astype({"band": str}).reset_index(drop=True)[BAND_COLUMNS]
