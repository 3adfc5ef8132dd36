"""The effects of one trial as a report sees them: every table through the door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from swis.disclosure import (
    Protected,
    protect_estimates,
    protect_exclusions,
    protect_flow,
    protect_schools_by_bin,
    without_counts,
)
from swis.effects.analysis import load_effects
from swis.params import Trial

BALANCE_NUMBERS = ("intervention", "control", "standardised_difference")
HARM_NUMBERS = ("estimate", "lower", "upper")


@dataclass(frozen=True)
class EffectInputs:
    """Protected tables of the effects stage of one trial; `results` has one row an estimate."""

    trial: Trial
    results: Protected
    excluded: Protected
    flow: Protected
    balance: Protected
    harms: Protected
    design: Protected
    detectable: Protected
    published: Protected
    curve: Protected
    rootogram: Protected
    residuals: Protected
    added_year: Protected


def read_effects(folders: Mapping[str, Path], trials: Mapping[str, Trial]) -> dict[str, EffectInputs]:
    """The finished effects of each trial, protected; a table about an outcome is hidden as its estimate is."""
    return {name: _protected(folder, trials[name]) for name, folder in folders.items()}


def _protected(folder: Path, trial: Trial) -> EffectInputs:
    held = load_effects(folder)
    results = protect_estimates(held.results)
    main = results.frame[results.frame["analysis"] == "main"].drop_duplicates("analysis_id")
    told = set(main.loc[main["symbol"] == "", "analysis_id"])
    return EffectInputs(
        trial=trial,
        results=results,
        excluded=protect_exclusions(held.excluded),
        flow=protect_flow(held.flow),
        balance=protect_estimates(held.balance, BALANCE_NUMBERS),
        harms=without_counts(_only_told(held.harms, told, HARM_NUMBERS)),
        design=without_counts(held.design),
        detectable=without_counts(held.detectable),
        published=without_counts(held.published[held.published["analysis_id"].isin(told)]),
        curve=without_counts(held.curve),
        rootogram=protect_schools_by_bin(held.rootogram),
        residuals=without_counts(held.residuals),
        added_year=without_counts(_both_told(held.added_year, main)),
    )


def _only_told(frame: pd.DataFrame, told: set[str], numbers: tuple[str, ...]) -> pd.DataFrame:
    hidden = ~frame["analysis_id"].isin(told)
    return frame.assign(**{name: frame[name].mask(hidden) for name in numbers})


def _both_told(frame: pd.DataFrame, main: pd.DataFrame) -> pd.DataFrame:
    hidden = set(main.loc[main["symbol"] != "", "outcome"])
    return frame[~frame["outcome"].isin(hidden)]
