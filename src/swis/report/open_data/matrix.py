"""Which rows a file has: in each place every trial, arm, outcome and academic year, number or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import pandas as pd

from swis.disclosure.symbols import NOT_APPLICABLE, NOT_AVAILABLE
from swis.report.inputs import ALL, Inputs
from swis.report.measures import GROUPS, MeasureText
from swis.report.open_data.families import Family, item_of
from swis.report.open_data.places import place_of
from swis.report.open_data.values import no_numbers, numbers_of
from swis.report.tables import ARM_TITLES

# The arms in words; both together are the total that the standard asks each filter for where it has one.
ARMS: Mapping[str, str] = {"all": "Total"} | {arm: f"{title} schools" for arm, title in ARM_TITLES.items()}
ACADEMIC_YEAR = "academic year"
KEYS = ("authority", "trial", "arm", "period", "measure")
Key = tuple[str, ...]


def rows_of(
    family: Family, outcomes: Sequence[MeasureText], years: pd.DataFrame, inputs: Inputs
) -> list[dict[str, str]]:
    """The rows of a file, from protected rows of academic years: by place, trial, outcome, arm and year.

    z where the trial has no such outcome, x where the place has no figure of it.
    """
    found = {tuple(str(row[key]) for key in KEYS): dict(row) for row in years.to_dict("records")}
    asked = {(trial, measure) for _, trial, _, _, measure in found}
    return [
        _row(key, outcome, family, inputs, found, asked)
        for place, trial in _places(found, inputs)
        for outcome, arm, year in product(outcomes, ARMS, inputs.academic_years)
        for key in [(place, trial, arm, year, outcome.name)]
    ]


def _places(found: Mapping[Key, object], inputs: Inputs) -> Iterator[tuple[str, str]]:
    """All authorities together, then each by name, with each of its trials in reading order."""
    there = {key[:2] for key in found}
    for place in (ALL, *sorted(inputs.authorities, key=lambda slug: inputs.authorities[slug])):
        yield from ((place, trial) for trial in inputs.trials if (place, trial) in there)


def _row(
    key: Key,
    outcome: MeasureText,
    family: Family,
    inputs: Inputs,
    found: Mapping[Key, Mapping[str, Any]],
    asked: set[tuple[str, str]],
) -> dict[str, str]:
    place, trial, arm, year, measure = key
    missing = NOT_AVAILABLE if (trial, measure) in asked else NOT_APPLICABLE
    return {
        "time_period": year[:4] + year[-2:],
        "time_identifier": "Academic year",
        **place_of(place, year, inputs.places),
        "trial": inputs.trials[trial].title,
        "arm": ARMS[arm],
        "outcome_group": GROUPS[outcome.group],
        "outcome": item_of(outcome, family),
        **(numbers_of(found[key], family) if key in found else no_numbers(family, missing)),
    }
