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
from swis.schemas import conform
from swis.sources.text import decode

META = ".meta.csv"
HEADER_BYTES = 1 << 16
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
    if len(data) > 1:
        data = {name: content for name, content in data.items() if _is_tidy_header(content)}
    if not data:
        raise InputError([Problem(file, "holds no CSV file", "a tidy CSV", "download the release again")])
    return [_tidy_file(name, content, members.get(name.removesuffix(".csv") + META)) for name, content in data.items()]


def looks_tidy(path: Path) -> bool:
    """Whether a file's first line is that of a tidy CSV (of a zip: always said yes; the reader opens it)."""
    if path.suffix == ".zip":
        return True
    try:
        with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as stream:
            return _is_tidy_header(stream.read(HEADER_BYTES))
    except (OSError, EOFError, zlib.error):
        return False


def read_published_table(path: Path) -> pd.DataFrame:
    """A CSV that already has the columns of the schema `published` (blanks missing)."""
    text, _ = decode(path.read_bytes())
    table = pd.read_csv(io.StringIO(text), dtype="string", na_values=[""], keep_default_na=False)
    return conform(table.assign(value=pd.to_numeric(table["value"])), "published")


def _is_tidy_header(content: bytes) -> bool:
    line = decode(content[:HEADER_BYTES])[0].split("\n", 1)[0].lower()
    return all(column in line for column in REQUIRED)


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
