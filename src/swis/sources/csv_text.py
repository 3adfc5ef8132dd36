"""Load a CSV file as columns of text under our own names: fast where it is tidy, tolerant where it is not.

Tidy means one row a line with as many cells as the header; such a file is read by Arrow. Anything else (a
lone quote, a short or long row) is read line by line; a row that cannot be laid out is counted, never guessed.
"""

from __future__ import annotations

import csv
import difflib
import gzip
import io
import re
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from swis.errors import InputError, Problem, ReadingNote
from swis.sources.text import detect_encoding

csv.field_size_limit(1_000_000)
BLANKS = ["", "NULL", "null", "#N/A"]
HEADER_SNIFF_BYTES = 1 << 20
# One stray zero byte in a cell can be borne; a damaged file is full of them.
MOST_ZERO_BYTES = 0.01
LINE_FEED, CARRIAGE_RETURN = ord("\n"), ord("\r")


@dataclass(frozen=True)
class CsvText:
    """A CSV file as text: wanted columns under our names (absent optional ones left out), and notes.

    `frame` has `source_record` (ordinal of the data row, from 1, Int64) and string columns, blanks missing;
    `other_columns` are the header names that nobody asked for; `bad_rows` the ordinals of rows left out
    because their cells do not fit the header.
    """

    frame: pd.DataFrame
    notes: list[ReadingNote]
    other_columns: list[str]
    bad_rows: list[int]


def normal_name(header: str) -> str:
    """A column name as it is compared: lower case, letters, digits and single underscores only."""
    return re.sub(r"[^a-z0-9#]+", "_", header.replace("\ufeff", "").lower()).strip("_")


def load_csv(
    path: Path,
    columns: Mapping[str, Collection[str]],
    *,
    required: Collection[str],
    file: str = "",
    limit_bytes: int = -1,
) -> CsvText:
    """Read the wanted columns of a CSV (or .csv.gz) file as text.

    `columns` maps our name of a column to the header spellings it may have (compared by `normal_name`);
    `required` names those of ours that must be there. Raises InputError with every problem of the file:
    missing, empty, not text, a required column missing (with the nearest header name). With `limit_bytes` only the
    whole lines within the first so many bytes are read.
    """
    name = file or path.name
    content, notes = _read_utf8(path, name, limit=limit_bytes)
    if 0 <= limit_bytes <= len(content):
        content = content[: content.rfind(b"\n") + 1]
    header, delimiter = _header(content, name)
    places, problems = match_columns(header, columns, required=required, file=name)
    if problems:
        raise InputError(problems)
    notes += _header_notes(header, columns, places, name)
    table, bad_rows, untidy = _read_columns(content, header, places, delimiter)
    if untidy:
        notes.append(ReadingNote(name, "untidy_rows", untidy, "rows with odd quotes or a wrong number of cells"))
    used = set(places.values())
    others = [text for position, text in enumerate(header) if position not in used]
    return CsvText(table, sorted(notes), others, bad_rows)


def check_csv(
    path: Path, columns: Mapping[str, Collection[str]], *, required: Collection[str], file: str = ""
) -> list[Problem]:
    """The problems `load_csv` would raise, found from the beginning of the file only."""
    name = file or path.name
    try:
        content, _ = _read_utf8(path, name, limit=HEADER_SNIFF_BYTES)
        header, _ = _header(content, name)
    except InputError as error:
        return error.problems
    return match_columns(header, columns, required=required, file=name)[1]


def _read_utf8(path: Path, name: str, limit: int = -1) -> tuple[bytes, list[ReadingNote]]:
    if not path.is_file():
        raise InputError([Problem(name, "file missing", "a CSV file", "put the file there")])
    try:
        with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as stream:
            content = stream.read(limit)
    except (OSError, EOFError, zlib.error):
        problem = Problem(
            name, "the file cannot be unpacked or read", "a whole CSV or gzip file", "send the file again"
        )
        raise InputError([problem]) from None
    if not content.strip(b"\x00 \r\n\t\xef\xbb\xbf"):
        raise InputError([Problem(name, "the file is empty", "a header and rows", "export the file again")])
    return _to_utf8(content, name, is_whole=limit < 0)


def _to_utf8(content: bytes, name: str, *, is_whole: bool) -> tuple[bytes, list[ReadingNote]]:
    if content[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        problem = Problem(
            name, "a spreadsheet, whatever its name says", "CSV text", "save it as CSV UTF-8 and send again"
        )
        raise InputError([problem])
    encoding = detect_encoding(content, is_whole=is_whole)
    if not encoding.startswith("utf-16") and content.count(0) > MOST_ZERO_BYTES * len(content):
        where = "not text: many bytes are zero"
        raise InputError([Problem(name, where, "CSV text", "the file is damaged: export or send it again")])
    notes: list[ReadingNote] = []
    if encoding == "utf-8":
        return content, notes
    text = content.decode(encoding, errors="replace").removeprefix("\ufeff")
    if encoding == "cp1252":
        notes.append(ReadingNote(name, "cp1252", 1, "not UTF-8: read as Windows text (cp1252)"))
    else:
        notes.append(
            ReadingNote(
                name,
                "byte_order_mark",
                1,
                f"begins with the byte order mark of {encoding.removesuffix('-sig')}",
            )
        )
    return text.encode("utf-8"), notes


def _header(content: bytes, name: str) -> tuple[list[str], str]:
    line = content.lstrip(b"\r\n").replace(b"\r", b"\n").split(b"\n", 1)[0].decode("utf-8", errors="replace")
    delimiter = max(",\t;|", key=line.count)
    header = [cell.strip().strip('"').strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
    if not any(header):
        raise InputError([Problem(name, "no header in the first line", "column names", "export the file again")])
    return header, delimiter


def match_columns(
    header: list[str], columns: Mapping[str, Collection[str]], *, required: Collection[str], file: str
) -> tuple[dict[str, int], list[Problem]]:
    """Where each of our columns stands in a header, and a problem for each required one that is absent."""
    normal = [normal_name(text) for text in header]
    accepted = {ours: [normal_name(text) for text in spellings] for ours, spellings in columns.items()}
    found = {ours: [text for text in names if text in normal] for ours, names in accepted.items()}
    places = {ours: normal.index(names[0]) for ours, names in found.items() if names}
    if not places and required:
        action = "check that the first line holds the column names"
        return {}, [Problem(file, "no column name is known", f"columns {', '.join(sorted(required))}", action)]
    known = {text for names in accepted.values() for text in names}
    spare = {normal_name(text): text for text in header if normal_name(text) not in known}
    absent = [ours for ours in columns if ours in required and ours not in places]
    return places, [_missing_column(file, next(iter(columns[ours])), accepted[ours], spare) for ours in absent]


def _missing_column(file: str, wanted: str, accepted: list[str], spare: Mapping[str, str]) -> Problem:
    near = [match for text in accepted for match in difflib.get_close_matches(text, spare, n=1, cutoff=0.5)]
    action = f"rename the column {spare[near[0]]!r} if it is the one" if near else "export the file with this column"
    return Problem(file, f"required column {wanted} is missing", f"a column {wanted}", action)


def _header_notes(
    header: list[str], columns: Mapping[str, Collection[str]], places: Mapping[str, int], name: str
) -> list[ReadingNote]:
    used = set(places.values())
    others = len(header) - len(used)
    respelt = sum(header[place] not in columns[ours] for ours, place in places.items())
    normal = [normal_name(text) for text in header]
    twice = len(normal) - len(set(normal))
    found = [
        ("columns_not_used", others, "columns that no reader needs"),
        ("column_respelt", respelt, "column names in other case, spacing or spelling"),
        ("column_twice", twice, "columns that repeat another's name: the first was read"),
    ]
    return [ReadingNote(name, kind, count, message) for kind, count, message in found if count]


def _read_columns(
    content: bytes, header: list[str], places: Mapping[str, int], delimiter: str
) -> tuple[pd.DataFrame, list[int], int]:
    table = _read_tidy(content, len(header), places, delimiter)
    if table is not None:
        return _as_frame(table, places, np.arange(1, table.num_rows + 1)), [], 0
    table, records, bad_rows, untidy = _read_line_by_line(content, len(header), places, delimiter)
    return _as_frame(table, places, np.array(records, dtype=np.int64)), bad_rows, untidy


def _read_tidy(content: bytes, width: int, places: Mapping[str, int], delimiter: str) -> pa.Table | None:
    """The wanted columns by Arrow, or None where the file is not one row a line."""
    names = [str(position) for position in range(width)]
    wanted = [names[place] for place in dict.fromkeys(places.values())]
    try:
        table = pa_csv.read_csv(
            pa.BufferReader(content),
            read_options=pa_csv.ReadOptions(column_names=names, skip_rows=1, block_size=1 << 22),
            parse_options=pa_csv.ParseOptions(delimiter=delimiter),
            convert_options=pa_csv.ConvertOptions(
                include_columns=wanted,
                column_types={name: pa.dictionary(pa.int32(), pa.string()) for name in wanted},
                strings_can_be_null=True,
                null_values=BLANKS,
            ),
        )
    except pa.ArrowInvalid:
        return None
    return table if table.num_rows == _count_rows(content) else None


def _count_rows(content: bytes) -> int:
    """Lines after the header that are not blank (a bare carriage return ends lines only without \\n)."""
    characters = np.frombuffer(content, dtype=np.uint8)
    ends = np.flatnonzero(characters == LINE_FEED)
    if not len(ends):
        return len([line for line in content.split(b"\r") if line]) - 1
    lengths = np.diff(ends) - 1
    blank = np.count_nonzero(lengths == 0)
    blank += np.count_nonzero(characters[ends[1:][lengths == 1] - 1] == CARRIAGE_RETURN)
    return int(len(ends) - blank - content.endswith(b"\n") + (not content.startswith((b"\n", b"\r"))) - 1)


def _read_line_by_line(
    content: bytes, width: int, places: Mapping[str, int], delimiter: str
) -> tuple[pa.Table, list[int], list[int], int]:
    rows, untidy = _rows_of(content.decode("utf-8", errors="replace"), width, delimiter)
    good = [(record, row) for record, row in enumerate(rows, start=1) if row is not None]
    bad = [record for record, row in enumerate(rows, start=1) if row is None]
    cells = {str(p): pa.array([row[p] for _, row in good], type=pa.string()) for p in set(places.values())}
    return pa.table(cells), [record for record, _ in good], bad, untidy


def _rows_of(text: str, width: int, delimiter: str) -> tuple[list[list[str] | None], int]:
    """Rows of an untidy file, None where one cannot be laid out, and how many needed care."""
    whole = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row][1:]
    if whole and all(len(row) == width for row in whole) and not _swallows(whole, width, delimiter):
        return list(whole), 0
    lines = [line for line in text.splitlines() if line.strip()][1:]
    split = [_cells_of(line, delimiter) for line in lines]
    fitted = [_fit(row, width) for row in split]
    return fitted, sum(len(row) != width or '"' in line for row, line in zip(split, lines, strict=True))


def _swallows(rows: list[list[str]], width: int, delimiter: str) -> bool:
    """Whether a cell holds a line end and a row's worth of delimiters: a lone quote has run over rows."""
    return any("\n" in cell and cell.count(delimiter) >= width - 1 for row in rows for cell in row)


def _cells_of(line: str, delimiter: str) -> list[str]:
    """The cells of one line; the quotes of a line with an odd number of them mean nothing and are dropped."""
    if line.count('"') % 2:
        return line.replace('"', "").split(delimiter)
    return next(csv.reader([line], delimiter=delimiter), [])


def _fit(row: list[str], width: int) -> list[str] | None:
    """A row with as many cells as the header: blanks added or dropped at its end, else None."""
    if len(row) < width:
        return row + [""] * (width - len(row)) if len(row) > 1 or width == 1 else None
    return row[:width] if not any(cell.strip() for cell in row[width:]) else None


def _as_frame(table: pa.Table, places: Mapping[str, int], records: np.ndarray) -> pd.DataFrame:
    cleaned = {place: _clean(table.column(str(place))) for place in set(places.values())}
    texts = pa.table({ours: cleaned[place] for ours, place in places.items()})
    frame = texts.to_pandas(types_mapper={pa.string(): pd.StringDtype()}.get)
    frame.insert(0, "source_record", pd.array(records, dtype="Int64"))
    return frame


def _clean(column: pa.ChunkedArray) -> pa.Array:
    """Cells without surrounding white space, Excel's ="…" wrapping and lone quotes; blanks missing."""
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    encoded = column.unify_dictionaries().combine_chunks()
    encoded = encoded.chunk(0) if isinstance(encoded, pa.ChunkedArray) else encoded
    words = pc.utf8_trim_whitespace(encoded.dictionary)
    if pc.any(pc.match_substring(words, pattern='"')).as_py():
        words = pc.replace_substring_regex(words, pattern='^=?"|"$', replacement="")
    words = pc.if_else(pc.is_in(words, value_set=pa.array(BLANKS)), None, words)
    return words.take(encoded.indices)
