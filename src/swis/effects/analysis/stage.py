"""The effects stage: one call a step of the notebook, and what the stage leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from swis.effects.analysis.engine import EXCLUDED_COLUMNS, RESULT_COLUMNS, carry_out
from swis.effects.analysis.sources import TrialTables
from swis.effects.analysis.trial_file import plan_of
from swis.effects.holm import holm
from swis.effects.ledger import check_complete, require_all
from swis.kept_tables import KeptTables
from swis.params import Trial
from swis.plan import planned_analyses

SECONDARY, MAIN = "secondary", "main"


@dataclass(frozen=True)
class Estimated:
    """Results of some analyses (RESULT_COLUMNS) and the schools that each left out (EXCLUDED_COLUMNS)."""

    results: pd.DataFrame
    excluded: pd.DataFrame

    def preview(self) -> pd.DataFrame:
        """The columns a reader wants first, for display."""
        shown = ["outcome", "window", "title", "level", "scale", "estimate", "lower", "upper", "se_type",
                 "degrees_of_freedom", "p_value", "status"]  # fmt: skip
        return self.results[[name for name in [*shown, "p_holm"] if name in self.results]]


@dataclass(frozen=True)
class Effects(KeptTables):
    """Tables of the effects stage of one trial, each a parquet file of the same name; restricted."""

    results: pd.DataFrame
    excluded: pd.DataFrame
    flow: pd.DataFrame
    balance: pd.DataFrame
    harms: pd.DataFrame
    design: pd.DataFrame
    detectable: pd.DataFrame
    published: pd.DataFrame
    curve: pd.DataFrame
    rootogram: pd.DataFrame
    residuals: pd.DataFrame
    added_year: pd.DataFrame


def load_effects(folder: Path) -> Effects:
    """The tables that `Effects.save` wrote."""
    return Effects.load(folder)


def estimate(tables: TrialTables, trial: Trial, *, role: str | None = None, kind: str = MAIN) -> Estimated:
    """Every planned analysis of a role ('primary', 'secondary', 'exploratory') and kind ('main', 'sensitivity', …)."""
    known = planned_analyses(plan_of(trial), trial.deviations).values()
    chosen = [one for one in known if one.kind == kind and role in (None, one.role)]
    return estimate_named(tables, trial, [one.id for one in chosen])


def estimate_named(tables: TrialTables, trial: Trial, ids: Sequence[str]) -> Estimated:
    """These analyses; InputError for one that is in neither the plan nor the deviations log."""
    results, excluded = carry_out(tables, trial, require_all(plan_of(trial), trial.deviations, ids))
    return Estimated(results, excluded)


def together(trial: Trial, *parts: Estimated) -> Estimated:
    """All results as one table with Holm's p-value, complete by the plan; InputError where an analysis is missing."""
    results = pd.concat([part.results[RESULT_COLUMNS] for part in parts], ignore_index=True)
    excluded = pd.concat([part.excluded[EXCLUDED_COLUMNS] for part in parts], ignore_index=True)
    check_complete(plan_of(trial), trial.deviations, results)
    return Estimated(with_holm(results), excluded)


def with_holm(results: pd.DataFrame) -> pd.DataFrame:
    """Results with `p_holm`: Holm's adjustment over the main analyses of all secondary outcomes, missing elsewhere.

    An analysis that gave no p-value still counts as one of the family, so that failing never helps the others.
    """
    first = ~results.duplicated("analysis_id")
    family = first & (results["role"] == SECONDARY) & (results["analysis"] == MAIN)
    adjusted = pd.Series(float("nan"), index=results.index)
    held = family & results["p_value"].notna()
    if held.any():
        adjusted[held] = holm(results.loc[held, "p_value"].to_numpy(dtype=float), family_size=int(family.sum()))
    return results.assign(p_holm=adjusted)
