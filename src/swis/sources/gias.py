"""The school register (Get Information about Schools): the 'edubasealldata' extract and its links file.

Header names are those of the extract; renamed columns of later vintages are accepted. Fillers the register writes for
'nothing' ('Not applicable', '00', '999') become missing except where they are a phase.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from swis.errors import Problem, ReadingNote
from swis.sources.csv_text import check_csv, load_csv
from swis.sources.own_csv import NOT_LAID_OUT, as_listed
from swis.sources.result import ReadResult, fault_rows, stack_faults
from swis.sources.text import parse_dates
from swis.sources.typed_table import source_file_of, typed_table
from swis.workspace import NATIONAL

FILLERS = ["not applicable", "00", "999", "not recorded", "n/a"]
SPELLINGS_OF_PHASE = {"all through": "all-through", "16 plus": "16 plus", "post 16": "16 plus"}
GIAS_COLUMNS: dict[str, list[str]] = {
    "urn": ["URN"],
    "old_la_code": ["LA (code)", "LA"],
    "establishment_number": ["EstablishmentNumber", "ESTAB"],
    "school_name": ["EstablishmentName", "SCHNAME"],
    "phase": ["PhaseOfEducation (name)", "PhaseOfEducation"],
    "establishment_type": ["TypeOfEstablishment (name)", "TypeOfEstablishment"],
    "status": ["EstablishmentStatus (name)", "EstablishmentStatus"],
    "open_date": ["OpenDate"],
    "close_date": ["CloseDate"],
    "lowest_age": ["StatutoryLowAge"],
    "highest_age": ["StatutoryHighAge"],
    "pupils_on_register": ["NumberOfPupils"],
    "percent_fsm": ["PercentageFSM"],
}
REQUIRED = ["urn", "old_la_code", "establishment_number", "school_name", "phase", "status"]
LINK_COLUMNS = {
    "urn": ["URN"],
    "linked_urn": ["LinkURN"],
    "link_type": ["LinkType"],
    "linked_on": ["LinkEstablishedDate"],
}
REQUIRED_OF_LINKS = ["urn", "linked_urn", "link_type"]


def check_gias(path: Path, links: Path | None = None, *, folder: Path | None = None) -> list[Problem]:
    """Why the register or its links file could not be read (missing, empty, required column missing)."""
    within = folder or path.parent
    problems = check_csv(path, GIAS_COLUMNS, required=REQUIRED, file=source_file_of(path, within))
    if links is not None:
        problems += check_csv(links, LINK_COLUMNS, required=REQUIRED_OF_LINKS, file=source_file_of(links, within))
    return problems


def read_gias(path: Path, links: Path | None = None, *, folder: Path | None = None) -> ReadResult:
    """Table schools, one row a school, with its successor from the links file where one is given.

    LAESTAB is the authority's code and the establishment number in four digits. Raises InputError where a file cannot
    be used.
    """
    within = folder or path.parent
    said = {"authority": NATIONAL, "source_file": source_file_of(path, within)}
    text = load_csv(path, GIAS_COLUMNS, required=REQUIRED, file=said["source_file"])
    rows, fillers = _without_fillers(text.frame)
    notes = list(text.notes)
    if fillers:
        notes.append(ReadingNote(said["source_file"], "filler", fillers, "cells that say 'nothing' in words or digits"))
    rows = rows.assign(laestab=_laestab(rows))
    if links is not None:
        successors, link_notes = _successors(links, within)
        rows = rows.assign(successor_urn=rows["urn"].map(successors).astype("string"))
        notes += link_notes
    table, faults = typed_table(as_listed(rows, "schools"), "schools", **said)
    bad = fault_rows("schools", "", NOT_LAID_OUT, text.bad_rows, **said)
    return ReadResult({"schools": table}, stack_faults([bad, faults]), notes)


def _without_fillers(text: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    phase = text["phase"].str.lower()
    rows = text.assign(phase=phase.map(SPELLINGS_OF_PHASE).astype("string").fillna(text["phase"]))
    count = 0
    for column in set(GIAS_COLUMNS) & set(text) - {
        "phase",
        "urn",
        "old_la_code",
        "establishment_number",
        "school_name",
    }:
        filler = rows[column].str.lower().isin(FILLERS)
        rows[column] = rows[column].mask(filler)
        count += int(filler.sum())
    return rows, count


def _laestab(rows: pd.DataFrame) -> pd.Series:
    number = rows["establishment_number"].str.removesuffix(".0").str.zfill(4)
    return rows["old_la_code"] + number.where(number.str.fullmatch(r"\d{4}"))


def _successors(path: Path, folder: Path) -> tuple[Mapping[str, str], list[ReadingNote]]:
    """The school that took over from each school: of several, the one linked last."""
    name = source_file_of(path, folder)
    text = load_csv(path, LINK_COLUMNS, required=REQUIRED_OF_LINKS, file=name)
    rows = text.frame[text.frame["link_type"].str.lower().str.startswith("successor").fillna(False)]
    rows = rows.dropna(subset=["urn", "linked_urn"])
    day = parse_dates(rows["linked_on"])[0] if "linked_on" in rows else pd.Series(pd.NaT, rows.index)
    ordered = rows.assign(day=day).sort_values(["urn", "day", "linked_urn"], na_position="first")
    several = int(ordered.groupby("urn").size().gt(1).sum())
    notes = list(text.notes)
    if several:
        notes.append(
            ReadingNote(name, "several_successors", several, "schools with several successors: the last was taken")
        )
    last = ordered.drop_duplicates("urn", keep="last")
    return dict(zip(last["urn"], last["linked_urn"], strict=True)), notes


def laestab_to_urn(schools: pd.DataFrame, on: pd.Timestamp) -> dict[str, str]:
    """LAESTAB to URN on a day: an academy often keeps the number of the school it replaced.

    Of the schools that shared a number, the one open on that day; where none was, the one that opened last.
    """
    started = schools["open_date"].isna() | schools["open_date"].le(on)
    going_on = schools["close_date"].isna() | schools["close_date"].ge(on)
    ranked = schools.assign(is_open=started & going_on).dropna(subset=["laestab", "urn"])
    ranked = ranked.sort_values(["laestab", "is_open", "open_date", "urn"], na_position="first")
    last = ranked.drop_duplicates("laestab", keep="last")
    return dict(zip(last["laestab"], last["urn"], strict=True))
