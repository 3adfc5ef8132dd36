"""What the stage reads and the tables it leaves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from swis.io import read_frame
from swis.kept_tables import KeptTables


@dataclass(frozen=True)
class Speed(KeptTables):
    """Tables over all authorities, each a parquet file of the same name; restricted.

    curves: cumulative incidence by wait, trial, arm and academic year at steps, with the counts behind; ratios: of
    intervention to control schools by wait and trial.
    """

    curves: pd.DataFrame
    ratios: pd.DataFrame


def read_waits(derived: Mapping[str, Path]) -> pd.DataFrame:
    """Waits of the trial schools of every authority, with trial and arm of the school."""
    schools = _stacked(read_frame(folder / "trial_schools.parquet") for folder in derived.values())
    waits = _stacked(read_frame(folder / "waits.parquet") for folder in derived.values())
    return waits.merge(schools[["urn", "trial", "arm"]], on="urn", how="inner")


def _stacked(frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(list(frames), ignore_index=True)
