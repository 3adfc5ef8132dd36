"""Collect the identifiers really in folders of returns: only the fields that hold one are read, file by file.

Any layout will do: a file is known by its fields, not by its folder. Values live as long as one file is read; what
is kept of them is a keyed hash and a count of shapes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from itertools import chain, repeat
from pathlib import Path

import numpy as np
import pandas as pd
import python_calamine

from swis.errors import InputError, Problem
from swis.io import file_bytes
from swis.scan.hashes import KeyedHashes
from swis.scan.known import Known
from swis.scan.looked_for.names import name_key
from swis.scan.normal import dates_in, plain, squeeze
from swis.scan.parts import BIRTH_DATE
from swis.scan.return_fields import FAMILY, GIVEN, fields_of_returns
from swis.scan.sieve import Sieve
from swis.sources.csv_text import load_csv, normal_name

TEXT_ENDINGS = (".csv", ".csv.gz", ".txt", ".tsv")
WORKBOOK_ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
XML_ENDING = ".xml"
ROWS_BEFORE_A_HEADER = 30
# What stands in the field of a pupil number where there is none (children in need guide, UN1 to UN7), and test words.
NO_IDENTIFIER = re.compile(r"^(?:UN[1-9]|NONE|NULL|NAN|NA|0+|X+|UNKNOWN|UNBORN|DUMMY)$")
FEWEST_FILES_TO_SHARE = 8


def collect(folders: Sequence[Path], *, jobs: int = 2) -> tuple[Known, list[Problem]]:
    """The identifiers in all returns under the folders, and the files that could not be read.

    The work is shared among processes, which are given the key over a pipe; nothing is written to a disk.
    """
    known = Known()
    paths = sorted({path for folder in folders for path in _returns_in(folder)})
    shares = [paths[at::jobs] for at in range(jobs)] if len(paths) >= FEWEST_FILES_TO_SHARE and jobs > 1 else [paths]
    if len(shares) == 1:
        return known, _collect_share(known, paths)
    problems: list[Problem] = []
    shared = repeat(known.hashes.key), repeat(known.sieve.factors)
    with ProcessPoolExecutor(jobs) as pool:
        for part, its_problems in pool.map(_collect_alone, shares, *shared):
            known.take_in(part)
            problems += its_problems
    return known, sorted(problems)


def _returns_in(folder: Path) -> Iterator[Path]:
    endings = (*TEXT_ENDINGS, *WORKBOOK_ENDINGS, XML_ENDING)
    return (path for path in folder.rglob("*") if path.name.lower().endswith(endings) and path.is_file())


def _collect_alone(paths: list[Path], key: bytes, factors: np.ndarray) -> tuple[Known, list[Problem]]:
    known = Known(KeyedHashes(key), Sieve(factors))
    return known, _collect_share(known, paths)


def _collect_share(known: Known, paths: Iterable[Path]) -> list[Problem]:
    """Add what the files hold to `known`; the problems of those that cannot be read."""
    problems: list[Problem] = []
    seen: set[tuple[str, int]] = set()
    for path in paths:
        try:
            frames = list(_frames(path))
        except InputError as error:
            problems += error.problems
            continue
        except (OSError, ValueError, python_calamine.CalamineError):
            problems.append(
                Problem(path.name, "cannot be read", "a return", "its identifiers cannot be looked for: mend it")
            )
            continue
        for frame in frames:
            _add(known, frame, seen)
    return problems


def _frames(path: Path) -> Iterator[pd.DataFrame]:
    """Frames whose columns are the fields of a return that hold identifiers, by their comparable names."""
    name = path.name.lower()
    if name.endswith(TEXT_ENDINGS):
        wanted = {field: [field] for field in fields_of_returns()}
        yield load_csv(path, wanted, required=[]).frame.drop(columns="source_record")
    elif name.endswith(XML_ENDING):
        yield from _frames_of_xml(file_bytes(path))
    else:
        yield from _frames_of_workbook(file_bytes(path))


@cache
def _tags() -> re.Pattern[bytes]:
    names = "|".join(sorted({field.replace("_", "_?") for field in fields_of_returns()}, key=len, reverse=True))
    return re.compile(rf"<(?:\w+:)?({names})>\s*([^<>]+?)\s*<".encode(), re.IGNORECASE)


def _frames_of_xml(content: bytes) -> Iterator[pd.DataFrame]:
    """One frame a tag: the readers' own way through XML takes forty times as long, and rows are not needed here."""
    held: dict[bytes, set[bytes]] = {}
    for tag, value in _tags().findall(content):
        held.setdefault(tag, set()).add(value)
    for tag, values in held.items():
        yield pd.DataFrame({normal_name(tag.decode()): [value.decode("utf-8", "replace") for value in sorted(values)]})


def _frames_of_workbook(content: bytes) -> Iterator[pd.DataFrame]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    fields = fields_of_returns()
    for number in range(len(book.sheet_names)):
        rows = book.get_sheet_by_index(number).to_python()
        for at, row in enumerate(rows[:ROWS_BEFORE_A_HEADER]):
            places = {
                normal_name(str(cell)): place for place, cell in enumerate(row) if normal_name(str(cell)) in fields
            }
            if places:
                yield pd.DataFrame(
                    {name: [_cell(one[place]) for one in rows[at + 1 :]] for name, place in places.items()}
                )
                break


def _cell(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _add(known: Known, frame: pd.DataFrame, seen: set[tuple[str, int]]) -> None:
    """Add what the columns of one file hold: identifiers, dates of birth, pairs of names."""
    fields = fields_of_returns()
    kinds = {column: fields[column] for column in frame.columns if column in fields}
    for column, kind in kinds.items():
        if kind in {GIVEN, FAMILY}:
            continue
        values = _not_seen(kind, frame[column], seen)
        if kind == BIRTH_DATE:
            known.add_birth_dates(set(chain.from_iterable(dates_in(plain(value)) for value in values)))
        else:
            squeezed = {squeeze(value.removesuffix(".0")) for value in values}
            known.add(kind, {value for value in squeezed if not NO_IDENTIFIER.match(value)})
    for given in (column for column, kind in kinds.items() if kind == GIVEN):
        for family in (column for column, kind in kinds.items() if kind == FAMILY):
            pairs = frame[[given, family]].dropna().drop_duplicates()
            known.add_names({name_key(one, other) for one, other in pairs.itertuples(index=False)})


def _not_seen(kind: str, column: pd.Series, seen: set[tuple[str, int]]) -> list[str]:
    """The different values of a column that no file before had: a pupil stands in every census of some years.

    Only Python's own hash of each is kept, for as long as the files are read.
    """
    values = [str(value) for value in column.dropna().unique()]
    new = [value for value in values if (kind, hash(value)) not in seen]
    seen.update((kind, hash(value)) for value in new)
    return new
