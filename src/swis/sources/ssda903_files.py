"""Open a looked-after children return (SSDA903) in any shape it comes in: a CSV a module, one workbook, or XML.

Whatever the shape, the header and episodes modules come out as columns of text under our names. Postcodes and the
identity of a mother's child are never read.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
from lxml import etree
from python_calamine import CalamineError, CalamineWorkbook

from swis.errors import InputError, Problem, ReadingNote
from swis.sources.cin_header import PARSER_OPTIONS, raise_if_document_type, raise_if_no_content
from swis.sources.csv_text import load_csv, match_columns

HEADER = "header"
EPISODES = "episodes"
OTHER_MODULES = [
    "reviews", "uasc", "oc2", "oc3", "ad1", "missing", "placed_for_adoption", "sbpfa", "previous_permanence",
    "prev_perm", "sw_episodes", "dolo", "respite", "list",
]  # fmt: skip
COLUMNS: dict[str, dict[str, list[str]]] = {
    HEADER: {
        "la_child_id": ["CHILD", "CHILDID", "CHILD_ID"],
        "sex": ["SEX"],
        "birth_date": ["DOB"],
        "ethnicity": ["ETHNIC", "ETHNICITY"],
        "upn": ["UPN"],
        "is_mother": ["MOTHER"],
    },
    EPISODES: {
        "la_child_id": ["CHILD", "CHILDID", "CHILD_ID"],
        "episode_start_date": ["DECOM"],
        "reason_new_episode": ["RNE"],
        "legal_status": ["LS"],
        "category_of_need": ["CIN"],
        "placement": ["PLACE", "PL"],
        "placement_provider": ["PLACE_PROVIDER"],
        "episode_end_date": ["DEC"],
        "reason_ceased": ["REC"],
        "reason_place_change": ["REASON_PLACE_CHANGE"],
        "placement_urn": ["URN"],
    },
}
REQUIRED: dict[str, list[str]] = {
    HEADER: ["la_child_id", "sex", "birth_date", "ethnicity", "upn"],
    EPISODES: [
        "la_child_id", "episode_start_date", "reason_new_episode", "legal_status", "category_of_need", "placement",
        "episode_end_date", "reason_ceased",
    ],
}  # fmt: skip
WORKBOOKS = {".xlsx", ".xlsm", ".xls"}
SIMILAR_ENOUGH = 0.8


@dataclass(frozen=True)
class ModuleText:
    """One module as text: the file (and sheet) it stands in, rows with `source_record`, notes, rows left out."""

    file: str
    frame: pd.DataFrame
    notes: list[ReadingNote] = field(default_factory=list)
    bad_rows: list[int] = field(default_factory=list)


def module_of(name: str) -> str | None:
    """Which module a file or sheet name means, tolerant of prefixes, years and misspellings; None if none."""
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower().removesuffix(".gz").removesuffix(".csv"))
    plain = re.sub(r"(?<![a-z0-9])(?:ssda903|903|cla|20\d\d|\d\d)(?![a-z0-9])", "", plain.replace("_", " "))
    words = "_".join(plain.split())
    known = [HEADER, EPISODES, *OTHER_MODULES]
    exact = [module for module in sorted(known, key=len, reverse=True) if re.search(rf"(^|_){module}(_|$)", words)]
    near = exact or difflib.get_close_matches(words, known, n=1, cutoff=SIMILAR_ENOUGH)
    return near[0] if near else None


def open_modules(paths: Iterable[Path], *, folder: Path) -> tuple[dict[str, ModuleText], list[ReadingNote]]:
    """Header and episodes of one return, and notes of the modules that are there but not read.

    Raises InputError with every problem at once: a module missing or there twice, empty, a required column missing,
    a file that is no workbook or no XML.
    """
    found: dict[str, ModuleText] = {}
    problems: list[Problem] = []
    notes: list[ReadingNote] = []
    for path in sorted(paths):
        name = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name
        try:
            for module, text in _open(path, name, notes):
                if module in found:
                    action = "keep one of them"
                    problems.append(Problem(name, f"a second {module} module", "one of each module", action))
                found.setdefault(module, text)
        except InputError as error:
            problems += error.problems
            found |= {module: ModuleText(name, pd.DataFrame()) for module in _promised(path) if module not in found}
    for module in (HEADER, EPISODES):
        if module not in found:
            where = next((text.file for text in found.values()), "ssda903")
            problems.append(Problem(where, f"no {module} module", "header and episodes", "export the module too"))
    if problems:
        raise InputError(problems)
    return found, notes


def _promised(path: Path) -> list[str]:
    """The modules a file that could not be read would have held, so that they are not reported missing as well."""
    module = module_of(path.name)
    if path.suffix.lower() in WORKBOOKS | {".xml"}:
        return [HEADER, EPISODES]
    return [module] if module in COLUMNS else []


def _open(path: Path, name: str, notes: list[ReadingNote]) -> list[tuple[str, ModuleText]]:
    if path.suffix.lower() in WORKBOOKS:
        return _open_workbook(path, name, notes)
    if path.suffix.lower() == ".xml":
        return _open_xml(path, name)
    module = module_of(path.name)
    if module not in COLUMNS:
        notes.append(_not_read(name, module))
        return []
    text = load_csv(path, COLUMNS[module], required=REQUIRED[module], file=name)
    return [(module, ModuleText(name, text.frame, text.notes, text.bad_rows))]


def _not_read(name: str, module: str | None) -> ReadingNote:
    message = f"the module {module}, which no measure needs" if module else "a file that is no module of the return"
    return ReadingNote(name, "module_not_read", 1, message)


def _open_workbook(path: Path, name: str, notes: list[ReadingNote]) -> list[tuple[str, ModuleText]]:
    try:
        book = CalamineWorkbook.from_path(str(path))
        sheets = {sheet: book.get_sheet_by_name(sheet).to_python() for sheet in book.sheet_names}
    except (CalamineError, OSError, ValueError):
        problem = Problem(name, "cannot be opened as a workbook", "an .xlsx file", "save it again as .xlsx")
        raise InputError([problem]) from None
    opened, problems = [], []
    for sheet, rows in sheets.items():
        module, place = module_of(sheet), f"{name} sheet {sheet}"
        if module not in COLUMNS:
            notes.append(_not_read(place, module))
            continue
        if module != sheet.strip().lower():
            notes.append(ReadingNote(place, "sheet_respelt", 1, f"read as the module {module}"))
        header = [str(cell).strip() for cell in rows[0]] if rows else []
        places, missing = match_columns(header, COLUMNS[module], required=REQUIRED[module], file=place)
        problems += missing
        opened.append((module, ModuleText(place, _cells_as_text(rows[1:], places))))
    if problems:
        raise InputError(problems)
    return opened


def _cells_as_text(rows: list[list[Any]], places: Mapping[str, int]) -> pd.DataFrame:
    filled = [(record, row) for record, row in enumerate(rows, 1) if any(cell not in ("", None) for cell in row)]
    columns: dict[str, Any] = {"source_record": pd.array([record for record, _ in filled], dtype="Int64")}
    for ours, place in places.items():
        columns[ours] = pd.array([_cell_as_text(row[place]) for _, row in filled], dtype="string")
    return pd.DataFrame(columns)


def _cell_as_text(cell: Any) -> str | None:
    if cell is None or cell == "":
        return None
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def _open_xml(path: Path, name: str) -> list[tuple[str, ModuleText]]:
    """Header and episodes from the XML form; `source_record` is the ordinal of the child."""
    raise_if_no_content(path, name)
    rows: dict[str, list[dict[str, Any]]] = {HEADER: [], EPISODES: []}
    read = 0
    try:
        with path.open("rb") as stream:
            for _, child in etree.iterparse(stream, events=("end",), tag="{*}CHILD", **PARSER_OPTIONS):
                raise_if_document_type(child, name)
                read += 1
                _rows_of_child(child, read, rows)
                child.clear()
    except etree.XMLSyntaxError as error:
        where = f"breaks off or is not well formed after child {read} (line {error.lineno or 1})"
        raise InputError([Problem(name, where, "a whole SSDA903 XML file", "export the return again")]) from None
    if not read:
        problem = Problem(name, "no CHILD in the file", "an SSDA903 XML file", "check that the right file was put here")
        raise InputError([problem])
    return [(module, ModuleText(name, _xml_frame(rows[module], COLUMNS[module]))) for module in (HEADER, EPISODES)]


def _rows_of_child(child: Any, record: int, rows: dict[str, list[dict[str, Any]]]) -> None:
    header = child.find("{*}HEADER")
    identified = {} if header is None else _leaves(header)
    rows[HEADER].append(identified | {"source_record": record})
    child_id = {key: identified[key] for key in ("CHILDID", "CHILD", "CHILD_ID") if key in identified}
    for episode in child.iterfind("{*}EPISODE"):
        rows[EPISODES].append(_leaves(episode) | child_id | {"source_record": record})


def _leaves(parent: Any) -> dict[str, str | None]:
    return {etree.QName(leaf).localname.upper(): leaf.text for leaf in parent if len(leaf) == 0}


def _xml_frame(rows: list[dict[str, Any]], columns: Mapping[str, Collection[str]]) -> pd.DataFrame:
    frame: dict[str, Any] = {"source_record": pd.array([row["source_record"] for row in rows], dtype="Int64")}
    for ours, spellings in columns.items():
        values = [next((row[name] for name in spellings if row.get(name)), None) for row in rows]
        frame[ours] = pd.array(values, dtype="string")
    return pd.DataFrame(frame)
