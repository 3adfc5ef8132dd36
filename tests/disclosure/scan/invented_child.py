"""A child who does not exist, the returns she stands in, and the scanner that knows them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from swis.scan.judge import Judge
from swis.scan.known import Known
from swis.scan.returns import collect
from swis.scan.walk import Scanned, scan_folder
from swis.sources.upn import make_upns

CHILDREN = 120


@dataclass(frozen=True)
class Child:
    """What the returns say of one child; `short_id` is her number in another authority's system."""

    upn: str
    child_id: str
    short_id: str
    forename: str
    surname: str
    birth_date: str


def children() -> list[Child]:
    """Invented children; upn of an authority (999) that does not exist."""
    upns = make_upns(pd.Series([f"99920{number:06d}7" for number in range(1, CHILDREN + 1)]))
    return [
        Child(
            upn=upn,
            child_id=f"SYN{4200000 + 37 * number}",
            short_id=str(1003 + 17 * number),
            forename=("Ottilie", "Peregrine", "Zebedee", "Clementine")[number % 4] + "abcdefghij"[number % 10],
            surname=("Featherstonehaugh", "Wolstenholme", "Cholmondeley")[number % 3] + "klmnopqrst"[number // 10 % 10],
            birth_date=f"{2003 + number % 12}-{number % 12 + 1:02d}-{number % 27 + 2:02d}",
        )
        for number, upn in enumerate(upns)
    ]


CHILD = children()[7]
CHILDREN_OF_RETURNS = children()


def write_returns(folder: Path) -> Path:
    """A school census with names, a CIN census, an SSDA903 header and an Annex A workbook of the children."""
    everyone = pd.DataFrame([vars(child) for child in CHILDREN_OF_RETURNS])
    census = folder / "one" / "school_census"
    census.mkdir(parents=True)
    dob = pd.to_datetime(everyone["birth_date"]).dt.strftime("%Y-%b-%d 00:00:00")
    names = everyone[["upn", "forename", "surname"]]
    names.assign(dob=dob).to_csv(census / "2021_spring_pupilonroll.csv", index=False)
    (folder / "one" / "cin").mkdir()
    xml = "".join(
        f"<Child><ChildIdentifiers><LAchildID>{one.child_id}</LAchildID><UPN>{one.upn}</UPN>"
        f"<PersonBirthDate>{one.birth_date}</PersonBirthDate></ChildIdentifiers></Child>"
        for one in CHILDREN_OF_RETURNS
    )
    (folder / "one" / "cin" / "CIN_2021.xml").write_text(f"<Message><Children>{xml}</Children></Message>")
    (folder / "two" / "annex_a").mkdir(parents=True)
    ids = everyone[["short_id"]].astype(int).rename(columns={"short_id": "Child Unique ID"})
    ids.to_excel(folder / "two" / "annex_a" / "annex_a.xlsx", index=False, sheet_name="List 1")
    return folder


def judge_of(folder: Path) -> Judge:
    """The judge that knows the returns of a folder."""
    known, problems = collect([folder], jobs=1)
    assert problems == []
    return Judge(known)


def ignorant_judge() -> Judge:
    """The judge that knows no return."""
    return Judge(Known())


def kinds_found(path: Path, judge: Judge) -> set[str]:
    """The kinds of things found in a file or folder."""
    return {finding.kind for finding in scanned(path, judge).findings}


def scanned(path: Path, judge: Judge) -> Scanned:
    """The whole result of a scan."""
    return scan_folder(path, judge)
