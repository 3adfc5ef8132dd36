"""Spoil single rows of SSDA903 header and episode files, one fault of each kind named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from swis.simulate.faults import NO_SUCH_CODE, Fault

Tables = dict[str, pd.DataFrame]
Place = tuple[str, int]
Spoil = Callable[[Tables, int, int], Place | None]
HEADER, EPISODES = "header", "episodes"
FORMAT = "%d/%m/%Y"
TRIES = 400


def _day(text: str) -> datetime:
    return datetime.strptime(text, FORMAT)


def _text(when: datetime) -> str:
    return when.strftime(FORMAT)


def _cell(table: str, column: str, value: str, when: Callable[[pd.Series], bool] = lambda row: True) -> Spoil:
    """A fault that writes one value into one column of a row that fits."""

    def spoil(tables: Tables, row: int, year: int) -> Place | None:
        frame = tables[table]
        if row >= len(frame) or not when(frame.iloc[row]):
            return None
        frame.iloc[row, frame.columns.get_loc(column)] = value
        return table, row

    return spoil


def _ends_before_start(tables: Tables, row: int, year: int) -> Place | None:
    frame = tables["episodes"]
    if not frame.loc[row, "DEC"] or _day(frame.loc[row, "DECOM"]) < datetime(year - 1, 4, 20):
        return None
    frame.loc[row, "DEC"] = _text(_day(frame.loc[row, "DECOM"]) - timedelta(days=9))
    return "episodes", row


def _reason_without_end(tables: Tables, row: int, year: int) -> Place | None:
    frame = tables["episodes"]
    if not frame.loc[row, "DEC"] or not _is_last(frame, row):
        return None
    frame.loc[row, "DEC"] = ""
    return "episodes", row


def _is_last(frame: pd.DataFrame, row: int) -> bool:
    return row + 1 >= len(frame) or frame.loc[row + 1, "CHILD"] != frame.loc[row, "CHILD"]


def _continues(frame: pd.DataFrame, row: int) -> bool:
    """Whether the row goes on from the one before: same child, same day, reason X1."""
    return row > 0 and frame.loc[row - 1, "CHILD"] == frame.loc[row, "CHILD"] and frame.loc[row - 1, "REC"] == "X1"


def _moved_start(days: int) -> Spoil:
    def spoil(tables: Tables, row: int, year: int) -> Place | None:
        frame = tables["episodes"]
        if not _continues(frame, row):
            return None
        moved = _day(frame.loc[row, "DECOM"]) + timedelta(days=days)
        end = _day(frame.loc[row, "DEC"]) if frame.loc[row, "DEC"] else datetime(year, 3, 31)
        if not _day(frame.loc[row - 1, "DECOM"]) + timedelta(days=2) < moved < end:
            return None
        frame.loc[row, "DECOM"] = _text(moved)
        return "episodes", row

    return spoil


def _not_ended_before_next(tables: Tables, row: int, year: int) -> Place | None:
    frame = tables["episodes"]
    if not _continues(frame, row):
        return None
    frame.loc[row - 1, ["DEC", "REC", "REASON_PLACE_CHANGE"]] = ""
    return "episodes", row - 1


def _ends_after_year(tables: Tables, row: int, year: int) -> Place | None:
    frame = tables["episodes"]
    if frame.loc[row, "DEC"] or not _is_last(frame, row):
        return None
    frame.loc[row, ["DEC", "REC"]] = [f"14/05/{year}", "E4A"]
    return "episodes", row


def _before_birth(tables: Tables, row: int, year: int) -> Place | None:
    frame, header = tables["episodes"], tables["header"]
    child = frame.loc[row, "CHILD"]
    first = row == 0 or frame.loc[row - 1, "CHILD"] != child
    born = header.loc[header["CHILD"] == child, "DOB"]
    if not first or len(born) != 1:
        return None
    frame.loc[row, "DECOM"] = _text(_day(born.iloc[0]) - timedelta(days=40))
    return "episodes", row


def _parents_by_agreement(tables: Tables, row: int, year: int) -> Place | None:
    frame = tables["episodes"]
    if frame.loc[row, "LS"] != "V2":
        return None
    frame.loc[row, ["PLACE", "PLACE_PROVIDER", "URN"]] = ["P1", "PR0", ""]
    return "episodes", row


def _again(table: str) -> Spoil:
    def spoil(tables: Tables, row: int, year: int) -> Place | None:
        frame = tables[table]
        if row >= len(frame):
            return None
        tables[table] = pd.concat([frame, frame.iloc[[row]]], ignore_index=True)
        return table, len(frame)

    return spoil


def _iso(tables: Tables, row: int, year: int) -> Place | None:
    frame = tables["episodes"]
    frame.loc[row, "DECOM"] = _day(frame.loc[row, "DECOM"]).strftime("%Y-%m-%d")
    return "episodes", row


SPOILERS: dict[str, tuple[str, Spoil]] = {
    "care_ends_before_start": (EPISODES, _ends_before_start),
    "care_reason_without_end": (EPISODES, _reason_without_end),
    "care_placement_unknown": (EPISODES, _cell(EPISODES, "PLACE", "Q9")),
    "care_legal_status_unknown": (EPISODES, _cell(EPISODES, "LS", "X9")),
    "care_reason_new_unknown": (EPISODES, _cell(EPISODES, "RNE", "Q")),
    "care_need_unknown": (EPISODES, _cell(EPISODES, "CIN", "N0")),
    "care_start_no_date": (EPISODES, _cell(EPISODES, "DECOM", "31/02/2019")),
    "care_overlapping": (EPISODES, _moved_start(-6)),
    "care_gap": (EPISODES, _moved_start(11)),
    "care_not_ended_before_next": (EPISODES, _not_ended_before_next),
    "care_ends_after_year": (EPISODES, _ends_after_year),
    "care_before_birth": (EPISODES, _before_birth),
    "care_child_not_in_header": (EPISODES, _cell(EPISODES, "CHILD", "SYN9999999")),
    "care_parents_by_agreement": (EPISODES, _parents_by_agreement),
    "care_sex_unknown": (HEADER, _cell(HEADER, "SEX", "7")),
    "care_birth_no_date": (HEADER, _cell(HEADER, "DOB", "99/99/9999")),
    "care_ethnicity_unknown": (HEADER, _cell(HEADER, "ETHNIC", NO_SUCH_CODE)),
    "care_upn_of_four_digits": (HEADER, _cell(HEADER, "UPN", "1234", lambda row: len(row["UPN"]) == 13)),
    "care_upn_missing": (HEADER, _cell(HEADER, "UPN", "")),
    "care_dates_iso": (EPISODES, _iso),
    "care_episode_twice": (EPISODES, _again(EPISODES)),
    "care_header_twice": (HEADER, _again(HEADER)),
}


def spoil_care(
    tables: Tables, names: list[str], *, authority: str, folder: str, year: int, rng: np.random.Generator
) -> tuple[Tables, list[Fault]]:
    """The tables of one return with one fault of each kind named, no two of one child, and what was planted where."""
    tables = {name: frame.copy() for name, frame in tables.items()}
    children = {name: frame["CHILD"].tolist() for name, frame in tables.items()}
    faults: list[Fault] = []
    used: set[str] = set()
    for name, (table, spoil) in SPOILERS.items():
        if name not in names:
            continue
        for row in rng.permutation(len(children[table]))[:TRIES].tolist():
            if children[table][row] in used:
                continue
            place = spoil(tables, row, year)
            if place is not None:
                used.add(children[table][row])
                faults.append(Fault(name, authority, f"{folder}/{place[0]}.csv", place[1] + 1))
                break
    return tables, faults
