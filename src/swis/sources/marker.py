"""Tell simulated returns from real ones, by a marker file and by what stands in the files, and refuse a mixture.

Simulated returns are plain to see: a `SYNTHETIC.json` in the data set and in each authority's folder, the software
name SWIS-SYNTHETIC in a CIN census header, children's identifiers that begin SYN, pupil numbers of the authority 999.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import python_calamine

from swis.errors import Problem
from swis.sources.typed_table import source_file_of
from swis.workspace import MARKER

Sniffed = Literal["synthetic", "real", "unknown"]
SNIFF_BYTES = 64 * 1024
SPREADSHEET_ROWS = 20
SOFTWARE = re.compile(r"SoftwareCode>\s*([^<]*?)\s*<")
SYNTHETIC_SOFTWARE = "SWIS-SYNTHETIC"
SYNTHETIC_CHILD = re.compile(r"(?:^|[>,;\t\"\n])SYN[A-Za-z0-9]{1,7}(?=$|[<,;\t\"\r\n])")
UPN = re.compile(r"(?<![A-Za-z0-9])[A-Z](\d{3})\d{8}[0-9A-Z](?![A-Za-z0-9])")
SYNTHETIC_UPN_AUTHORITY = "999"
CHILD_ID_CELL = re.compile(
    r"<(?:\w+:)?(?:LAchildID|CHILDID|CHILD_ID)>\s*\S|^\W*(?:child|la_child_id|child unique id)\b.*[\r\n]+\S", re.I
)


def has_marker(folder: Path) -> bool:
    """Whether a folder carries the marker of simulated returns (a marker that cannot be read still counts)."""
    path = folder / MARKER
    if not path.is_file():
        return False
    try:
        return bool(json.loads(path.read_text(encoding="utf-8")).get("synthetic", True))
    except (ValueError, AttributeError, OSError):
        return True


def sniff(path: Path) -> Sniffed:
    """What the beginning of a file shows; unknown where it holds no child's or pupil's identifier."""
    text = _beginning(path)
    software = SOFTWARE.search(text)
    if software is not None and software.group(1) == SYNTHETIC_SOFTWARE:
        return "synthetic"
    # The letters first: looking for them takes a hundredth of the time of the pattern.
    if "SYN" in text and SYNTHETIC_CHILD.search(text):
        return "synthetic"
    authorities = UPN.findall(text)
    if authorities:
        return "synthetic" if 2 * authorities.count(SYNTHETIC_UPN_AUTHORITY) > len(authorities) else "real"
    return "real" if software is not None or CHILD_ID_CELL.search(text) else "unknown"


def _beginning(path: Path) -> str:
    if path.suffix.lower() in {".xlsx", ".xlsm", ".xls"}:
        return _beginning_of_workbook(path)
    try:
        with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as stream:
            content = stream.read(SNIFF_BYTES)
    except (OSError, EOFError, zlib.error):
        return ""
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    return content.decode("utf-16" if wide else "utf-8", errors="ignore").removeprefix("\ufeff")


def _beginning_of_workbook(path: Path) -> str:
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        sheets = [book.get_sheet_by_name(name).to_python(nrows=SPREADSHEET_ROWS) for name in book.sheet_names]
    except (OSError, python_calamine.CalamineError):
        return ""
    return "\n".join(",".join(str(cell) for cell in row) for rows in sheets for row in rows)


def check_mixture(folder: Path, files: Iterable[Path]) -> list[Problem]:
    """One problem for each file that brings simulated and real returns together, or one for the whole folder.

    The data set's own marker (in the parent folder) says what everything in it must be.
    """
    is_synthetic = has_marker(folder.parent)
    wanted, other = ("simulated", "real") if is_synthetic else ("real", "simulated")
    action = f"keep simulated and real returns in separate data sets ({MARKER} marks the simulated)"
    if has_marker(folder) != is_synthetic:
        found = f"a folder of {other} returns in a data set of {wanted} ones"
        return [Problem(MARKER, found, f"{wanted} returns only", action)]
    problems = []
    for path in sorted(files):
        if sniff(path) == ("real" if is_synthetic else "synthetic"):
            found = f"a {other} return in a data set of {wanted} ones"
            problems.append(Problem(source_file_of(path, folder), found, f"{wanted} returns only", action))
    return problems
