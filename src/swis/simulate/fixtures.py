"""Data sets that no run may use: a copy of a simulated one with a single fault that must stop it.

These never stand in the simulated data set itself, because one of them would end every run of it.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from swis.io import read_yaml
from swis.simulate import fixtures_tables as tables
from swis.simulate.fixtures_tables import Spoil
from swis.workspace import MARKER

FILE = Path(__file__).parent / "stopping.yml"


@dataclass(frozen=True)
class StoppingKind:
    """One kind of fault that must stop a run.

    `by`: 'refused' before anything is read in full, or 'stopped' by the verdict of validation. `stops`: the authority,
    or the data set where the file is everybody's. `what`: the fault in words. `rules`: the rules of severity 'stop'
    that must fail, no more and no less; those of a refused kind, where validation is asked all the same.
    """

    name: str
    by: str
    stops: str
    what: str
    rules: tuple[str, ...] = ()


@cache
def stopping_kinds() -> dict[str, StoppingKind]:
    """All kinds of `stopping.yml` by name."""
    return {
        name: StoppingKind(name, by, said["stops"], said["what"], tuple(said.get("rules", ())))
        for by, members in read_yaml(FILE).items()
        for name, said in members.items()
    }


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


STOPPING: dict[str, Spoil] = {
    "truncated": _truncated,
    "wrong_year": _wrong_year,
    "wrong_authority": _wrong_authority,
    "empty_file": _empty,
    "column_missing": _column_missing,
    "synthetic_and_real_mixed": _mixture,
    "marker_missing": _no_marker,
    "unknown_authority": _unknown_authority,
    "school_in_two_arms": tables.of_allocation(tables.in_two_arms),
    "arm_unknown": tables.of_allocation(tables.with_first(arm="treated")),
    "arm_blank": tables.of_allocation(tables.with_first(arm="")),
    "trial_unknown": tables.of_allocation(tables.with_first(trial="swiss")),
    "school_number_malformed": tables.of_allocation(tables.with_first(urn="90140")),
    "register_without_the_schools": tables.register_without_schools,
    "census_never_sent": tables.never_sent("cin"),
    "care_never_sent": tables.never_sent("ssda903"),
    "rolls_never_sent": tables.never_sent("school_census"),
    "results_never_sent": tables.never_sent("attainment"),
    "no_assessments": tables.without_element("Assessments"),
    "no_enquiries": tables.without_element("Section47"),
    "no_episodes": tables.no_episodes,
    "no_sessions": tables.no_sessions,
    "no_school_allocated": tables.of_allocation(tables.without_schools),
    "swapped_arms": tables.of_allocation(tables.swapped),
    "swapped_arms_shown_by_delivery": tables.swapped_and_delivered,
}
