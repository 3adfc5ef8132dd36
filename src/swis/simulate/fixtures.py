"""Data sets that no run may use: a copy of a simulated one with a single fault that must stop it.

These never stand in the simulated data set itself, because one of them would end every run of it.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from swis.workspace import MARKER, NATIONAL


def spoilt_copy(source: Path, target: Path, kind: str, slug: str) -> Path:
    """Copy a data set and plant one stopping fault in an authority (or the national files); returns the file concerned.

    KeyError for an unknown kind; the known ones are `STOPPING`.
    """
    spoil = STOPPING[kind]
    shutil.copytree(source, target)
    return spoil(target, slug)


def _cin(folder: Path, slug: str) -> Path:
    return sorted((folder / slug / "cin").glob("*.xml"))[3]


def _truncated(folder: Path, slug: str) -> Path:
    path = _cin(folder, slug)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])
    return path


def _wrong_year(folder: Path, slug: str) -> Path:
    path = _cin(folder, slug)
    text = path.read_text(encoding="utf-8")
    year = text.split("<Year>")[1][:4]
    path.write_text(
        text.replace(f"<Year>{year}<", "<Year>2013<").replace(f"{year}-03-31</Ref", "2013-03-31</Ref"), encoding="utf-8"
    )
    return path


def _wrong_authority(folder: Path, slug: str) -> Path:
    path = _cin(folder, slug)
    text = path.read_text(encoding="utf-8")
    code = text.split("<LEA>")[1][:3]
    path.write_text(text.replace(f"<LEA>{code}<", "<LEA>201<"), encoding="utf-8")
    return path


def _empty(folder: Path, slug: str) -> Path:
    path = folder / slug / "ssda903" / "2021" / "header.csv"
    path.write_bytes(b"")
    return path


def _column_missing(folder: Path, slug: str) -> Path:
    path = folder / slug / "school_census" / "2022_spring_pupilonroll.csv"
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    place = rows[0].index("entrydate")
    path.write_text("\n".join(",".join(row[:place] + row[place + 1 :]) for row in rows) + "\n", encoding="utf-8")
    return path


def _mixture(folder: Path, slug: str) -> Path:
    """A return of a real system (here: one that only says so) between simulated ones."""
    path = _cin(folder, slug)
    text = path.read_text(encoding="utf-8").replace("SWIS-SYNTHETIC", "Case System 5").replace(">SYN", ">1")
    path.write_text(re.sub(r"(UPN>[A-Z])999", r"\g<1>390", text), encoding="utf-8")
    return path


def _no_marker(folder: Path, slug: str) -> Path:
    path = folder / slug / MARKER
    path.unlink()
    return path


def _unknown_authority(folder: Path, slug: str) -> Path:
    path = folder / "atlantis"
    (folder / slug).rename(path)
    return path


def _swapped_arms(folder: Path, slug: str) -> Path:
    """The two arms of an authority exchanged, with a control school that was later given a worker to show it."""
    path = folder / NATIONAL / "allocation.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    members = [row for row in rows if row["stratum"] == slug]
    given = next(row for row in members if row["arm"] == "control" and not row["withdrawn_on"])
    given["reason"] = "later given a worker"
    for row in members:
        row["arm"] = "control" if row["arm"] == "intervention" else "intervention"
    lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


STOPPING: dict[str, Callable[[Path, str], Path]] = {
    "truncated": _truncated,
    "wrong_year": _wrong_year,
    "wrong_authority": _wrong_authority,
    "empty_file": _empty,
    "column_missing": _column_missing,
    "synthetic_and_real_mixed": _mixture,
    "marker_missing": _no_marker,
    "unknown_authority": _unknown_authority,
    "swapped_arms": _swapped_arms,
}
