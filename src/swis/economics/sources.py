"""What the economic evaluation is made of: tables of the outcomes stage over all authorities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import pandas as pd

from swis.effects.analysis import TrialTables, read_trial_tables
from swis.outcomes import load_outcomes
from swis.outcomes.analysis import load_analysis_tables

SCHOOL_LEVEL, WINDOW = "school", "window"


@dataclass(frozen=True)
class CostTables:
    """Restricted tables over all authorities; rows of a school carry authority, trial, urn and arm.

    delivered, costs, care_days_by_placement: as `swis.outcomes.analysis` describes them. outcomes: one row a school,
    measure and window with count and denominator.
    """

    delivered: pd.DataFrame
    costs: pd.DataFrame
    care_days_by_placement: pd.DataFrame
    outcomes: pd.DataFrame

    def rows(self) -> pd.DataFrame:
        """How many rows and authorities each table has, for display."""
        held = {field.name: getattr(self, field.name) for field in fields(self)}
        numbers = {"rows": len, "authorities": lambda frame: frame["authority"].nunique()}
        columns = {name: [count(frame) for frame in held.values()] for name, count in numbers.items()}
        return pd.DataFrame({"table": list(held), **columns})


def read_cost_tables(folders: Mapping[str, Path]) -> CostTables:
    """The tables from the outcomes folders of all authorities, by authority.

    What has no price, neither its authority's own nor one of the whole data set, has no cost: it is unknown, not 0.
    """
    held = [load_analysis_tables(folder) for folder in folders.values()]
    outcomes = [load_outcomes(folder).outcomes for folder in folders.values()]
    rows = [one[(one["level"] == SCHOOL_LEVEL) & (one["period_kind"] == WINDOW)] for one in outcomes]
    return CostTables(
        delivered=_stacked([tables.delivered for tables in held]),
        costs=_stacked([tables.costs for tables in held]),
        care_days_by_placement=_stacked([tables.care_days_by_placement for tables in held]),
        outcomes=_stacked(rows),
    )


def read_compared_trial(folders: Mapping[str, Path], trial: str) -> TrialTables:
    """The tables from which the effects of a trial are estimated, to compare the same schools."""
    return read_trial_tables(folders, trial)


def _stacked(frames: list[pd.DataFrame]) -> pd.DataFrame:
    held = [frame for frame in frames if len(frame)] or frames[:1]
    return pd.concat(held, ignore_index=True)
