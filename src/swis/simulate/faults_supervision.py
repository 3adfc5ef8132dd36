"""Spoil single rows of the contacts and of the survey of safeguarding leads, each fault in a row of its own."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Protocol

import numpy as np
import pandas as pd

from swis.simulate.contacts import NO_FURTHER_ACTION, REFERRAL
from swis.simulate.faults import NO_SUCH_CODE, Fault

# What a fault writes into which column.
CONTACT_CELLS = {
    "contact_date_no_date": ("contact_date", "2021-02-30"),
    "contact_source_unknown": ("source_code", NO_SUCH_CODE),
    "contact_outcome_unknown": ("outcome", NO_SUCH_CODE),
    "contact_school_malformed": ("urn", "90140"),
    "contact_upn_too_short": ("upn", "A9990123"),
    "contact_school_unknown": ("urn", "899999"),
    "contact_led_to_no_referral": ("outcome", REFERRAL),
}
SURVEY_CELLS = {
    "survey_wave_unknown": ("wave", NO_SUCH_CODE),
    "survey_item_zero": ("item", "0"),
    "survey_item_no_number": ("item", "n/k"),
    "survey_lead_missing": ("respondent", ""),
    "survey_left_no_date": ("left_post_on", "2021-11-31"),
    "survey_score_out_of_range": ("score", "99"),
    "survey_scale_unknown": ("scale", "A scale that nobody named"),
}
AGAIN = {"contact_twice", "survey_answer_twice"}


class SpoilRows(Protocol):
    """A function that plants faults in the rows of one of our own forms."""

    def __call__(
        self, rows: pd.DataFrame, names: list[str], *, authority: str, rng: np.random.Generator
    ) -> tuple[pd.DataFrame, list[Fault]]:
        """The rows with one fault of each kind named, and what was planted where."""


def spoil_contacts(
    rows: pd.DataFrame, names: list[str], *, authority: str, rng: np.random.Generator
) -> tuple[pd.DataFrame, list[Fault]]:
    """Contacts with one fault of each kind named, each in a row of its own, and what was planted where."""
    return _spoilt(rows, names, CONTACT_CELLS, "contacts.csv", authority, rng)


def spoil_survey(
    rows: pd.DataFrame, names: list[str], *, authority: str, rng: np.random.Generator
) -> tuple[pd.DataFrame, list[Fault]]:
    """Answers with one fault of each kind named, each in a row of its own, and what was planted where."""
    return _spoilt(rows, names, SURVEY_CELLS, "dsl_survey.csv", authority, rng)


def _spoilt(
    rows: pd.DataFrame,
    names: list[str],
    cells: dict[str, tuple[str, str]],
    file: str,
    authority: str,
    rng: np.random.Generator,
) -> tuple[pd.DataFrame, list[Fault]]:
    rows, faults, used = rows.copy(), [], set[int]()
    for name in sorted(names, key=lambda name: name in AGAIN):
        places = np.setdiff1d(_fitting(rows, name, cells), sorted(used))
        if not len(places):
            continue
        row = int(rng.choice(places))
        used.add(row)
        if name in AGAIN:
            rows = pd.concat([rows, _again(rows.iloc[[row]], name)], ignore_index=True)
            row = len(rows) - 1
            used.add(row)
        else:
            column, value = cells.get(name) or _decided_before(rows, row)
            rows.loc[row, column] = value
        faults.append(Fault(name, authority, file, row + 1))
    return rows, faults


def _fitting(rows: pd.DataFrame, name: str, cells: dict[str, tuple[str, str]]) -> np.ndarray:
    """Rows that a kind can spoil: the column holds something, or the row has what the kind needs."""
    if name == "contact_led_to_no_referral":
        return np.flatnonzero(rows["outcome"].eq(NO_FURTHER_ACTION))
    if name == "survey_answer_twice":
        return np.flatnonzero(rows["score"].ne(""))
    if name == "contact_decided_before_it_was_made":
        return np.flatnonzero(rows["decision_date"].ne(""))
    return np.flatnonzero(rows[cells[name][0]].ne("")) if name in cells else np.arange(len(rows))


def _again(row: pd.DataFrame, name: str) -> pd.DataFrame:
    """The row once more; of an answer with another score, so that one of the two must be wrong."""
    if name == "contact_twice":
        return row
    score = int(str(row["score"].iloc[0]))
    return row.assign(score=str(score - 1 if score > 1 else score + 1))


def _decided_before(rows: pd.DataFrame, row: int) -> tuple[str, str]:
    made = date.fromisoformat(str(rows.loc[row, "contact_date"]))
    return "decision_date", (made - timedelta(days=5)).isoformat()
