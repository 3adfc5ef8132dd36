"""The outcomes stage: one call a step of the notebook, and all of them in one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from swis.derive.derived import Derived
from swis.derive.periods import all_periods
from swis.derive.stage import derive
from swis.kept_tables import KeptTables
from swis.outcomes.authority_returns import authority_returns
from swis.outcomes.borders import counted_under
from swis.outcomes.levels import outcomes
from swis.outcomes.participants import participants
from swis.outcomes.parts import school_parts
from swis.outcomes.registry import measures
from swis.params import Authority, Definitions, Params, Trial


@dataclass(frozen=True)
class Outcomes(KeptTables):
    """Tables of the outcomes stage, each a parquet file of the same name."""

    outcomes: pd.DataFrame
    authority_returns: pd.DataFrame
    participants: pd.DataFrame
    linkage: pd.DataFrame
    distributions: pd.DataFrame


def load_outcomes(folder: Path) -> Outcomes:
    """The tables that `Outcomes.save` wrote."""
    return Outcomes.load(folder)


def measure_outcomes(
    derived: Derived,
    *,
    trials: Mapping[str, Trial],
    definitions: Definitions,
    cross_border: pd.DataFrame | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The outcome table of an authority, and the distributions that medians are pooled from.

    `cross_border` (events of other authorities, from `cross_border_events`) is used, and needed, only under the variant
    border 'all authorities'; ValueError without it.
    """
    periods = all_periods(definitions, trials)
    parts, distributions = school_parts(counted_under(derived, definitions, cross_border), periods, definitions)
    return outcomes(parts, distributions, periods, definitions), distributions


def all_outcomes(
    derived: Derived,
    *,
    authority: Authority,
    trials: Mapping[str, Trial],
    definitions: Definitions,
    cross_border: pd.DataFrame | None = None,
) -> Outcomes:
    """Every table of the stage from the derived tables of one authority."""
    table, distributions = measure_outcomes(derived, trials=trials, definitions=definitions, cross_border=cross_border)
    return Outcomes(
        outcomes=table,
        authority_returns=authority_returns(derived, authority),
        participants=participants(derived),
        linkage=derived.linkage,
        distributions=distributions,
    )


def derive_and_outcomes(
    tables: Mapping[str, pd.DataFrame],
    params: Params,
    authority: str,
    completeness: pd.DataFrame | None = None,
) -> tuple[Derived, Outcomes]:
    """Clean tables of one authority to derived tables and outcomes, under the definitions of `params`."""
    own = params.authorities[authority]
    trials: dict[str, Trial] = {name: params.trials[name] for name in own.trials}
    derived = derive(
        tables, authority=authority, trials=trials, definitions=params.definitions, completeness=completeness
    )
    return derived, all_outcomes(derived, authority=own, trials=trials, definitions=params.definitions)


def measure_table() -> pd.DataFrame:
    """Every measure in words: what a reviewer reads before the numbers."""
    rows = [
        (one.name, one.numerator, one.denominator, one.unit, one.interval, one.academic_year_rule, one.reference)
        for one in measures().values()
    ]
    columns = ["measure", "numerator", "denominator", "unit", "interval", "academic year", "reference"]
    return pd.DataFrame(rows, columns=columns)


def preview(table: pd.DataFrame, measure: str, level: str = "authority") -> pd.DataFrame:
    """Rows of one measure and level by trial, arm and period, for display."""
    shown = ["trial", "arm", "period", "count", "denominator", "value", "lower", "upper", "unit", "comparability"]
    return table.loc[(table["measure"] == measure) & (table["level"] == level), shown].reset_index(drop=True)


def comparability_counts(table: pd.DataFrame) -> pd.DataFrame:
    """How many measures of the whole authority are comparable, broken, partly or not observed in each period."""
    own = table[table["level"] == "authority"]
    wide = own.groupby(["trial", "period", "comparability"]).size().unstack(fill_value=0)  # noqa: PD010
    return wide.rename_axis(columns=None).reset_index()
