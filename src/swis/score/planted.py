"""Hold alarms against the list of planted faults: which were found, and how many sound rows raised an alarm."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from swis.score.alarms import PLACE, Alarms
from swis.simulate.faults import kinds
from swis.simulate.faults_files import MISSING_MONTH
from swis.workspace import Workspace

# Faults that show in a table made from the same record as the one they were planted in.
SAME_RECORD = {
    "children": ["referrals"],
    "referrals": ["assessments", "section47", "conferences"],
    "pupils": ["attendance"],
    "attendance": ["pupils"],
}
UNUSABLE = ["set aside", "stop"]
# A whole file was borne if hardly a row of it raised an alarm; a few may, because faults of other kinds are in it too.
MOST_ALARMS = 0.01
ALARMS_OF_OTHER_FAULTS = 10


@dataclass(frozen=True)
class Score:
    """The score of one authority, or of several added up.

    `planted` and `found`: faults by kind (of a tolerated kind, `found` counts those that raised no alarm: they were
    read as meant); `noted`: those that a reading note names; `aside`: those whose row is set aside. `rows`: rows of
    records without a planted fault; `rows_aside`: those of them set aside; `rows_alarmed`: those with any alarm.
    `missed`: authority, file and record of each miss, by kind.
    """

    planted: dict[str, int]
    found: dict[str, int]
    noted: dict[str, int]
    aside: dict[str, int]
    rows: int
    rows_aside: int
    rows_alarmed: int
    missed: dict[str, list[str]]

    def as_plain(self) -> dict[str, Any]:
        """The score as plain values for JSON."""
        return asdict(self)


def planted(workspace: Workspace) -> pd.DataFrame:
    """The planted faults of a simulated data set, one a row: kind, authority, source_file, source_record.

    What should find a kind is taken from `faults.yml` as it stands now, not from the list written with the data.
    """
    columns = {"kind": str, "authority": str, "source_file": str, "source_record": "int64"}
    path = workspace.raw / "truth" / "faults.csv"
    return pd.read_csv(path, usecols=list(columns), dtype=columns, keep_default_na=False)


def score_of(faults: pd.DataFrame, alarms: Alarms, reading_notes: pd.DataFrame) -> Score:
    """Score one authority: `faults` are those planted in it, `reading_notes` has columns file and kind."""
    found = found_of(faults, alarms)
    notes = set(zip(reading_notes["file"], reading_notes["kind"], strict=True))
    noted = [(fault.source_file, kinds()[fault.kind].note) in notes for fault in faults.itertuples()]
    is_aside = [_is_aside(fault, alarms.rows) for fault in faults.itertuples()]
    missed = faults[~found & (_detectable(faults) == "yes")]
    places = missed["authority"] + " " + missed["source_file"] + " " + missed["source_record"].astype(str)
    rows, aside, alarmed = quiet_rows(faults, alarms)
    return Score(
        planted=_by_kind(faults["kind"]),
        found=_by_kind(faults.loc[found, "kind"]),
        noted=_by_kind(faults.loc[noted, "kind"]),
        aside=_by_kind(faults.loc[is_aside, "kind"]),
        rows=rows,
        rows_aside=aside,
        rows_alarmed=alarmed,
        missed={str(kind): sorted(group) for kind, group in places.groupby(missed["kind"])},
    )


def pooled(scores: Iterable[Score]) -> Score:
    """Scores of several authorities added up."""
    every = list(scores)
    names = sorted({name for one in every for name in one.planted})
    return Score(
        planted={name: sum(one.planted.get(name, 0) for one in every) for name in names},
        found={name: sum(one.found.get(name, 0) for one in every) for name in names},
        noted={name: sum(one.noted.get(name, 0) for one in every) for name in names},
        aside={name: sum(one.aside.get(name, 0) for one in every) for name in names},
        rows=sum(one.rows for one in every),
        rows_aside=sum(one.rows_aside for one in every),
        rows_alarmed=sum(one.rows_alarmed for one in every),
        missed={name: places for name in names if (places := _missed(every, name))},
    )


def _missed(scores: list[Score], name: str) -> list[str]:
    return sorted(place for one in scores for place in one.missed.get(name, []))


def found_of(faults: pd.DataFrame, alarms: Alarms) -> pd.Series:
    """True on each fault that a rule named for its kind caught on its own record (a tolerated one: no rule at all)."""
    rows = alarms.rows
    records = rows["source_record"].astype("int64")
    caught = set(zip(rows["table"], rows["source_file"], records, rows["rule"], strict=True))
    answers = [
        _is_borne(fault, alarms)
        if kinds()[fault.kind].detectable == "tolerated"
        else _is_found(fault, alarms.counts, caught)
        for fault in faults.itertuples()
    ]
    return pd.Series(answers, index=faults.index, dtype=bool)


def _is_borne(fault: Any, alarms: Alarms) -> bool:
    """Whether the record of a tolerated oddity raised no alarm; of a whole file: it was read, and few rows did."""
    loud = alarms.rows.loc[alarms.rows["source_file"].eq(fault.source_file), "source_record"].drop_duplicates()
    if fault.source_record:
        return not loud.eq(fault.source_record).any()
    read = alarms.records.loc[alarms.records["source_file"].eq(fault.source_file), "source_record"].nunique()
    return read > 0 and len(loud) <= MOST_ALARMS * read + ALARMS_OF_OTHER_FAULTS


def _is_found(fault: Any, counts: dict[str, str], caught: set[tuple[str, str, int, str]]) -> bool:
    kind, file, record = kinds()[fault.kind], fault.source_file, int(fault.source_record)
    rules = kind.rules.split()
    if record == 0:
        return any(_unit_of(file) in counts[rule] for rule in rules if rule in counts)
    tables = [kind.table, *SAME_RECORD.get(kind.table, [])]
    return any((table, file, record, rule) in caught for table in tables for rule in rules)


def _is_aside(fault: Any, rows: pd.DataFrame) -> bool:
    """Whether a row made from the fault's record is not used."""
    own = rows["source_file"].eq(fault.source_file) & rows["source_record"].eq(fault.source_record)
    table = kinds()[fault.kind].table
    tables = [table, *SAME_RECORD.get(table, [])]
    return bool((own & rows["table"].isin(tables) & rows["severity"].isin(UNUSABLE)).any())


def _unit_of(file: str) -> str:
    """What a check of counts calls the thing that is missing: a month of a census file, or a return and its period."""
    census = re.search(r"CIN_(\d{4})", file)
    return f"{int(census.group(1)) - 1}-{MISSING_MONTH}" if census else file


def quiet_rows(faults: pd.DataFrame, alarms: Alarms) -> tuple[int, int, int]:
    """Rows of records without a planted fault; of these, rows set aside, and rows with any alarm."""
    spoilt = faults[PLACE].drop_duplicates().assign(is_spoilt=True)
    records = alarms.records.merge(spoilt, on=PLACE, how="left")
    clean = records[records["is_spoilt"].isna()].drop(columns="is_spoilt")
    counted = [len(clean)]
    for severities in (UNUSABLE, [*UNUSABLE, "note"]):
        keys = [*PLACE, "table"]
        caught = alarms.rows.loc[alarms.rows["severity"].isin(severities), keys].drop_duplicates()
        counted.append(int(clean.merge(caught.assign(caught=True), on=keys, how="left")["caught"].notna().sum()))
    return counted[0], counted[1], counted[2]


def _detectable(faults: pd.DataFrame) -> pd.Series:
    return faults["kind"].map({name: kind.detectable for name, kind in kinds().items()})


def _by_kind(names: pd.Series) -> dict[str, int]:
    return {str(name): int(count) for name, count in sorted(names.value_counts().items())}
