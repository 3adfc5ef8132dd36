"""The data files and meta files inside what a user downloads: a CSV, a gzipped CSV, or a zip of several."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv

from swis.errors import InputError, Problem, ReadingNote
from swis.sources.text import decode

META = ".meta.csv"
REQUIRED = ["time_period", "time_identifier", "geographic_level"]


@dataclass(frozen=True)
class TidyFile:
    """One tidy CSV as text columns in lower case (no missing, blanks empty), its meta rows, and notes."""

    name: str
    cells: pd.DataFrame
    meta: pd.DataFrame
    notes: list[ReadingNote]


def open_tidy_files(path: Path, file: str) -> list[TidyFile]:
    """Every data file in `path` (.csv, .csv.gz or .zip); InputError where none can be read as a tidy CSV.

    Tolerated and noted: byte order mark, cp1252, column names in capitals or with stray spaces.
    """
    members = _members(path, file)
    data = {name: content for name, content in members.items() if not name.endswith(META)}
    if not data:
        raise InputError([Problem(file, "holds no CSV file", "a tidy CSV", "download the release again")])
    return [_tidy_file(name, content, members.get(name.removesuffix(".csv") + META)) for name, content in data.items()]


def _members(path: Path, file: str) -> dict[str, bytes]:
    try:
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                found = sorted(name for name in archive.namelist() if name.endswith(".csv"))
                return {PurePosixPath(name).name: archive.read(name) for name in found}
        name = path.name.removesuffix(".gz")
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile):
        problem = Problem(file, "cannot be unpacked or read", "a whole CSV, gzip or zip file", "download it again")
        raise InputError([problem]) from None
    beside = path.with_name(name.removesuffix(".csv") + META)
    return {name: content} | ({beside.name: beside.read_bytes()} if beside.is_file() else {})


def _tidy_file(name: str, content: bytes, meta: bytes | None) -> TidyFile:
    cells, notes = _as_columns(content, name)
    missing = [column for column in REQUIRED if column not in cells]
    if missing:
        action = "use the tidy data file of the release, not its tables or its meta file"
        raise InputError(
            Problem(name, f"required column {column} is missing", f"a column {column}", action) for column in missing
        )
    described = (
        _as_columns(meta, name)[0]
        if meta is not None
        else pd.DataFrame({"col_name": [], "col_type": []}, dtype="string")
    )
    return TidyFile(name, cells, described, notes)


def _as_columns(content: bytes, name: str) -> tuple[pd.DataFrame, list[ReadingNote]]:
    text, encoding = decode(content)
    if not text.strip():
        raise InputError([Problem(name, "the file is empty", "a header and rows", "download it again")])
    options = pa_csv.ConvertOptions(strings_can_be_null=False, column_types=_all_text(text))
    try:
        table = pa_csv.read_csv(io.BytesIO(text.encode()), convert_options=options)
    except pa.ArrowInvalid:
        problem = Problem(name, "rows with more or fewer cells than the header", "a whole CSV", "download it again")
        raise InputError([problem]) from None
    cells = table.to_pandas(types_mapper={pa.string(): pd.StringDtype()}.get)
    cells.columns = [str(column).strip().lower() for column in cells.columns]
    kinds = {"cp1252": "cp1252", "utf-8-sig": "byte_order_mark"}
    notes = [ReadingNote(name, kinds[encoding], 1, f"encoding {encoding}")] if encoding in kinds else []
    return cells.loc[:, [bool(column) for column in cells.columns]], notes


def _all_text(text: str) -> dict[str, pa.DataType]:
    line = text.lstrip("\r\n").split("\n", 1)[0]
    header = pd.read_csv(io.StringIO(line), header=None, dtype=str, keep_default_na=False)
    return {str(column): pa.string() for column in header.iloc[0]}
