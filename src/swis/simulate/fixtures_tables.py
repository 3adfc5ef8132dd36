"""Returns that can be read and must still stop an authority: a table that is not there, or an allocation gone wrong."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from swis.workspace import NATIONAL

Row = dict[str, str]
Spoil = Callable[[Path, str], Path]


def never_sent(returns: str) -> Spoil:
    """Take away every return of one sort."""

    def spoil(folder: Path, slug: str) -> Path:
        shutil.rmtree(folder / slug / returns)
        return folder / slug / returns

    return spoil


def without_element(tag: str) -> Spoil:
    """Take an element out of every census."""

    def spoil(folder: Path, slug: str) -> Path:
        home = folder / slug / "cin"
        for path in sorted(home.glob("*.xml")):
            text = path.read_text(encoding="utf-8")
            path.write_text(re.sub(rf"\s*<{tag}>.*?</{tag}>", "", text, flags=re.S), encoding="utf-8")
        return home

    return spoil


def no_episodes(folder: Path, slug: str) -> Path:
    """Keep only the header line of every file of episodes."""
    home = folder / slug / "ssda903"
    for path in sorted(home.rglob("*episodes.csv")):
        path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    return home


def no_sessions(folder: Path, slug: str) -> Path:
    """Take the columns and the modules that tell of sessions out of every roll."""
    home = folder / slug / "school_census"
    for path in sorted(home.glob("*sessiondetails*")):
        path.unlink()
    for path in sorted(home.glob("*roll.csv")):
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
        kept = [place for place, name in enumerate(rows[0]) if "sessions" not in name.lower()]
        path.write_text("".join(",".join(row[place] for place in kept) + "\n" for row in rows), encoding="utf-8")
    for path in sorted(home.glob("*roll.csv.gz")):
        path.unlink()
    return home


def of_allocation(change: Callable[[list[Row], str], list[Row]]) -> Spoil:
    """Change the rows of the allocation; `change` gets them all and the authority's name."""

    def spoil(folder: Path, slug: str) -> Path:
        path = folder / NATIONAL / "allocation.csv"
        rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
        changed = change(rows, slug)
        lines = [",".join(rows[0]), *(",".join(row.values()) for row in changed)]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return spoil


def with_first(**values: str) -> Callable[[list[Row], str], list[Row]]:
    """Other values in the first row of the authority."""

    def change(rows: list[Row], slug: str) -> list[Row]:
        first = next(row for row in rows if row["stratum"] == slug)
        first.update(values)
        return rows

    return change


def in_two_arms(rows: list[Row], slug: str) -> list[Row]:
    """The authority's first school once more, in the other arm."""
    first = next(row for row in rows if row["stratum"] == slug)
    return [*rows, first | {"arm": _other(first["arm"])}]


def without_schools(rows: list[Row], slug: str) -> list[Row]:
    """No school of the authority."""
    return [row for row in rows if row["stratum"] != slug]


def swapped(rows: list[Row], slug: str) -> list[Row]:
    """The two arms exchanged, with a control school that was later given a worker to show it."""
    members = [row for row in rows if row["stratum"] == slug]
    given = next(row for row in members if row["arm"] == "control" and not row["withdrawn_on"])
    given["reason"] = "later given a worker"
    return _exchanged(rows, slug)


def swapped_and_delivered(folder: Path, slug: str) -> Path:
    """The two arms exchanged, beside a record of who worked in which school."""
    path = folder / NATIONAL / "allocation.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    worked = [row["urn"] for row in rows if row["stratum"] == slug and row["arm"] == "intervention"]
    lines = [f"W{number},social worker,{urn},2020-10-01,,1" for number, urn in enumerate(worked, start=1)]
    delivery = "\n".join(["worker,role,urn,from,to,fte", *lines]) + "\n"
    (folder / slug / "delivery.csv").write_text(delivery, encoding="utf-8")
    return of_allocation(_exchanged)(folder, slug)


def register_without_schools(folder: Path, slug: str) -> Path:
    """A register that has none of the authority's schools."""
    allocation = (folder / NATIONAL / "allocation.csv").read_text(encoding="utf-8")
    own = {row["urn"] for row in csv.DictReader(io.StringIO(allocation)) if row["stratum"] == slug}
    path = folder / NATIONAL / "gias.csv"
    lines = path.read_text(encoding="cp1252").splitlines(keepends=True)
    kept = [line for line in lines if line.split(",")[0].strip('"') not in own]
    path.write_text("".join(kept), encoding="cp1252")
    return path


def _exchanged(rows: list[Row], slug: str) -> list[Row]:
    return [row | {"arm": _other(row["arm"])} if row["stratum"] == slug else row for row in rows]


def _other(arm: str) -> str:
    return "control" if arm == "intervention" else "intervention"
