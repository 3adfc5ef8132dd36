"""A sound file passes every check of the screener; each check finds the fault planted for it and says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from swis.cli import main
from swis.errors import EXIT_BAD_INPUT, EXIT_OK
from swis.report.screener import CHECKS, FAIL, PASS, REVIEW, data_file, screen
from swis.report.screener.screen import name_of

NATIONAL = ("National", "E92000001", "England", "", "", "", "", "")
REGION = ("Regional", "E92000001", "England", "E12000002", "North West", "", "", "")
BOLTON = ("Local authority", "E92000001", "England", "E12000002", "North West", "350", "E08000001", "Bolton")
BURY = ("Local authority", "E92000001", "England", "E12000002", "North West", "351", "E08000002", "Bury")
COLUMNS = [
    *("time_period", "time_identifier", "geographic_level", "country_code", "country_name"),
    *("region_code", "region_name", "old_la_code", "new_la_code", "la_name"),
    *("arm", "outcome_group", "outcome", "pupil_count", "pupil_percent", "note"),
]
META_HEADER = (
    "col_name,col_type,label,indicator_grouping,indicator_unit,indicator_dp,filter_hint,filter_grouping_column"
)
META = [
    "arm,Filter,Arm,,,,Choose an arm,",
    "outcome,Filter,Outcome,,,,,outcome_group",
    "pupil_count,Indicator,Pupils,,,0,,",
    "pupil_percent,Indicator,Share of pupils,,%,1,,",
]
OUTCOMES = {"Total": "All", "Referrals": "Care", "Absence": "School"}


@dataclass
class Made:
    """A file in the making: spoil any part of it, then read it as the screener does."""

    cells: pd.DataFrame
    meta: str
    name: str = "outcomes_by_arm.csv"
    meta_name: str = "outcomes_by_arm.meta.csv"
    spoil_bytes: Callable[[bytes], bytes] = bytes

    def findings(self) -> dict[str, tuple[str, str]]:
        """The worst result of each check with its message."""
        content = self.spoil_bytes(self.cells.to_csv(index=False, lineterminator="\n").encode())
        meta = self.meta.encode() if self.meta else None
        found = screen(data_file(self.name, content, self.meta_name if self.meta else "", meta))
        worst: dict[str, tuple[str, str]] = {}
        for one in sorted(found, key=lambda finding: [FAIL, REVIEW, PASS].index(finding.result)):
            worst.setdefault(one.check, (one.result, one.message))
        return worst


def sound() -> Made:
    rows = [
        (
            period,
            "Academic year",
            *place,
            arm,
            group,
            outcome,
            str(1200 + number),
            "z" if number % 7 == 3 else "45.3",
            "x y",
        )
        for number, (place, period, arm, (outcome, group)) in enumerate(
            product(
                (NATIONAL, REGION, BOLTON, BURY),
                ("201920", "202021"),
                ("Total", "Control", "Intervention"),
                OUTCOMES.items(),
            )
        )
    ]
    return Made(pd.DataFrame(rows, columns=COLUMNS), "\n".join([META_HEADER, *META]) + "\n")


def cells(**spoilt: Callable[[pd.Series], pd.Series]) -> Callable[[Made], Made]:
    """Spoil columns of the data."""

    def spoil(made: Made) -> Made:
        changed = made.cells.copy()
        for name, change in spoilt.items():
            changed[name] = change(changed[name])
        return replace(made, cells=changed)

    return spoil


def renamed(**names: str) -> Callable[[Made], Made]:
    """Rename columns in the data and in the description."""

    def spoil(made: Made) -> Made:
        meta = made.meta
        for old, new in names.items():
            meta = meta.replace(f"\n{old},", f"\n{new},")
        return replace(made, cells=made.cells.rename(columns=names), meta=meta)

    return spoil


def meta(old: str, new: str) -> Callable[[Made], Made]:
    """Spoil the text of the description."""
    assert old in sound().meta
    return lambda made: replace(made, meta=made.meta.replace(old, new, 1))


def first(text: str) -> Callable[[pd.Series], pd.Series]:
    """The first cell replaced."""
    return lambda column: column.where(column.index != 0, text)


def swap(old: str, new: str) -> Callable[[pd.Series], pd.Series]:
    return lambda column: column.replace({old: new})


def twice(name: str) -> Callable[[Made], Made]:
    def spoil(made: Made) -> Made:
        return replace(made, cells=pd.concat([made.cells, made.cells[[name]]], axis=1))

    return spoil


# Check, the result it must give, words of its message, and the fault.
PLANTED: list[tuple[str, str, str, Callable[[Made], Made]]] = [
    ("file name is plain", FAIL, "Outcomes By Arm.csv", lambda made: replace(made, name="Outcomes By Arm.csv")),
    ("file name is short", REVIEW, "60 characters", lambda made: replace(made, name="a" * 60 + ".csv")),
    ("file name has no year", REVIEW, "the year 2021", lambda made: replace(made, name="outcomes_2021.csv")),
    ("description is beside it", FAIL, "no outcomes_by_arm.meta.csv", lambda made: replace(made, meta="")),
    (
        "description is beside it",
        FAIL,
        "described by other.meta.csv",
        lambda made: replace(made, meta_name="other.meta.csv"),
    ),
    (
        "encoding is utf8",
        FAIL,
        "not UTF-8",
        lambda made: replace(made, spoil_bytes=lambda b: b.replace(b"Bury", b"Bur\xff")),
    ),
    (
        "encoding is utf8",
        REVIEW,
        "byte order mark",
        lambda made: replace(made, spoil_bytes=lambda b: b"\xef\xbb\xbf" + b),
    ),
    (
        "lines are even",
        FAIL,
        "1 lines",
        lambda made: replace(made, spoil_bytes=lambda b: b + b"202021,Academic year\n"),
    ),
    ("file has rows", FAIL, "no rows", lambda made: replace(made, cells=made.cells.iloc[:0])),
    (
        "mandatory columns are there",
        FAIL,
        "'country_code'",
        lambda made: replace(made, cells=made.cells.drop(columns="country_code")),
    ),
    ("standard columns come first", REVIEW, "order", lambda made: replace(made, cells=made.cells[COLUMNS[::-1]])),
    ("column names have no spaces", FAIL, "'pupil count'", renamed(pupil_count="pupil count")),
    ("column names are snake case", REVIEW, "'PupilCount'", renamed(pupil_count="PupilCount")),
    ("column names are short", REVIEW, "longer than 35", renamed(pupil_count="pupil_" * 6 + "count")),
    ("columns are named once", FAIL, "'arm'", twice("arm")),
    ("cells have no stray spaces", FAIL, "la_name: Bury ", cells(la_name=swap("Bury", "Bury "))),
    (
        "rows are told apart",
        FAIL,
        "1 rows",
        lambda made: replace(made, cells=pd.concat([made.cells, made.cells.head(1)])),
    ),
    ("time identifiers are known", FAIL, "'School year'", cells(time_identifier=swap("Academic year", "School year"))),
    ("time is of one kind", FAIL, "'Financial year'", cells(time_identifier=first("Financial year"))),
    ("time periods have their digits", FAIL, "not 6 digits: '2019/20'", cells(time_period=swap("201920", "2019/20"))),
    (
        "time periods have their digits",
        FAIL,
        "not 4 digits",
        cells(time_identifier=swap("Academic year", "Calendar year")),
    ),
    ("six digits are two years running", FAIL, "'201921'", cells(time_period=swap("201920", "201921"))),
    ("periods leave no gap", REVIEW, "begins in '2019'", cells(time_period=swap("201920", "201819"))),
    ("levels are known", FAIL, "'School'", cells(geographic_level=swap("Regional", "School"))),
    (
        "levels have their columns",
        FAIL,
        "needs the column 'old_la_code'",
        lambda made: replace(made, cells=made.cells.drop(columns="old_la_code")),
    ),
    ("levels have their columns filled", FAIL, "old_la_code (18)", cells(old_la_code=swap("351", ""))),
    (
        "columns of other levels are blank",
        FAIL,
        "level National fill 'region_name'",
        cells(region_name=first("London")),
    ),
    ("country is the codes", FAIL, "Wales E92000001", cells(country_name=swap("England", "Wales"))),
    ("codes look like codes", REVIEW, "'E99000001'", cells(new_la_code=swap("E08000001", "E99000001"))),
    ("one place has one name", FAIL, "several la_name of one old_la_code", cells(old_la_code=swap("351", "350"))),
    ("filters are filled", FAIL, "'arm'", cells(arm=first(""))),
    ("filter labels are spelt one way", FAIL, "'control'", cells(arm=first("control"))),
    ("filters have a total", REVIEW, "in 'arm'", cells(arm=swap("Total", "Both"))),
    ("bands are not dates", FAIL, "'06-Oct'", cells(arm=swap("Control", "06-Oct"))),
    ("every combination has its row", FAIL, "1 combinations", lambda made: replace(made, cells=made.cells.iloc[1:])),
    ("groups hold each item once", FAIL, "'Total'", cells(outcome_group=first("Other"))),
    ("indicators are filled", FAIL, "'pupil_count'", cells(pupil_count=first(""))),
    ("indicators are numbers or symbols", FAIL, "'a few'", cells(pupil_count=first("a few"))),
    ("numbers are bare", FAIL, "'1,200'", cells(pupil_count=first("1,200"))),
    ("numbers are bare", FAIL, "'[c]'", cells(pupil_count=first("[c]"))),
    ("numbers are bare", FAIL, "'45%'", cells(pupil_percent=first("45%"))),
    ("symbols are in force", FAIL, "'~'", cells(pupil_count=first("~"))),
    ("indicators hold numbers", REVIEW, "'pupil_count'", cells(pupil_count=lambda column: column.map(lambda _: "x"))),
    ("percentages lie between 0 and 100", REVIEW, "1 cells", cells(pupil_percent=first("453"))),
    ("description has its columns", FAIL, "no column 'indicator_dp'", meta("indicator_dp", "dp")),
    ("every column is described", FAIL, "'pupil_count'", meta("pupil_count,Indicator,Pupils,,,0,,\n", "")),
    ("described columns are there", FAIL, "'teacher_count'", meta("pupil_count,", "teacher_count,")),
    ("columns are described once", FAIL, "'arm'", meta(META[0], f"{META[0]}\n{META[0]}")),
    ("time and place are not described", FAIL, "'la_name'", meta(META[0], f"{META[0]}\nla_name,Filter,Authority,,,,,")),
    ("types are filter or indicator", FAIL, "'Measure'", meta("pupil_count,Indicator", "pupil_count,Measure")),
    ("labels are filled and differ", FAIL, "1 columns without", meta("Indicator,Pupils", "Indicator,")),
    ("labels are filled and differ", FAIL, "'Arm'", meta("Indicator,Pupils", "Indicator,Arm")),
    ("units are of the list", FAIL, "'percent'", meta(",%,", ",percent,")),
    ("units are of the list", FAIL, "filters with a unit: 'arm'", meta("Arm,,,,", "Arm,,£,,")),
    ("decimals are whole numbers", FAIL, "'one'", meta("%,1,", "%,one,")),
    ("decimals are whole numbers", FAIL, "filters with decimals: 'arm'", meta("Arm,,,,", "Arm,,,2,")),
    ("decimals are said", REVIEW, "'pupil_percent'", meta("%,1,", "%,,")),
    ("hints and groups are of filters", FAIL, "filter_hint: 'pupil_count'", meta("Pupils,,,0,,", "Pupils,,,0,Choose,")),
    (
        "hints and groups are of filters",
        FAIL,
        "'outcome_group'",
        meta(META[0], f"{META[0]}\noutcome_group,Filter,Group,,,,,"),
    ),
    ("filters leave a choice", FAIL, "'note'", meta(META[0], f"{META[0]}\nnote,Filter,Note,,,,,")),
]


def test_a_sound_file_passes_every_check() -> None:
    assert {check: said for check, said in sound().findings().items() if said[0] != PASS} == {}


@pytest.mark.parametrize(("check", "result", "words", "spoil"), PLANTED)
def test_a_check_finds_the_fault_planted_for_it(
    check: str, result: str, words: str, spoil: Callable[[Made], Made]
) -> None:
    found, message = spoil(sound()).findings()[check]
    assert found == result
    assert words in message


def test_every_check_has_a_fault_planted_for_it() -> None:
    assert {name_of(check) for check in CHECKS} == {check for check, *_ in PLANTED}
    assert len(CHECKS) >= 25


def test_every_check_says_in_a_line_what_it_looks_for() -> None:
    assert all((check.__doc__ or "").strip().endswith(".") for check in CHECKS)


@pytest.mark.parametrize("content", [b"", b"\n", b"a\n", b"a,a\n1,2\n", b"time_period\n\xff\n"])
def test_no_file_is_too_broken_to_be_told_of(content: bytes) -> None:
    findings = screen(data_file("a.csv", content, "a.meta.csv", content))
    assert "fail" in {finding.result for finding in findings}


def test_without_a_description_columns_of_numbers_are_taken_as_indicators() -> None:
    made = sound()
    file = data_file("a.csv", made.cells.to_csv(index=False).encode())
    assert file.indicators == ["pupil_count", "pupil_percent"]
    assert file.filters == ["arm", "outcome_group", "outcome", "note"]


@pytest.fixture
def on_disk(tmp_path: Path) -> Path:
    made = sound()
    (tmp_path / made.name).write_bytes(made.cells.to_csv(index=False).encode())
    (tmp_path / made.meta_name).write_text(made.meta, encoding="utf-8")
    return tmp_path / made.name


def test_the_command_passes_a_sound_file_and_reads_its_description(on_disk: Path) -> None:
    said = CliRunner().invoke(main, ["screen", str(on_disk), str(on_disk.with_name("outcomes_by_arm.meta.csv"))])
    assert said.exit_code == EXIT_OK
    assert said.output == f"outcomes_by_arm.csv: {len(CHECKS)} checks, 0 findings fail it, 0 to review\n"


def test_the_command_says_every_fault_in_a_line_and_exits_2(on_disk: Path) -> None:
    text = on_disk.read_text(encoding="utf-8")
    on_disk.write_text(text.replace("Bury", "Bury ").replace("201920", "201921"), encoding="utf-8")
    said = CliRunner().invoke(main, ["screen", str(on_disk)])
    assert said.exit_code == EXIT_BAD_INPUT
    assert "outcomes_by_arm.csv: fail: cells have no stray spaces: stray spaces: 'la_name: Bury '" in said.output
    assert "outcomes_by_arm.csv: fail: six digits are two years running" in said.output
    assert "NOT SOUND: 1 of 1 files fail" in said.output


def test_the_command_refuses_what_it_cannot_read_with_a_line_each(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a", encoding="utf-8")
    (tmp_path / "b.meta.csv").write_text(META_HEADER, encoding="utf-8")
    said = CliRunner().invoke(main, ["screen", *(str(tmp_path / name) for name in ("a.txt", "b.meta.csv", "c.csv"))])
    assert said.exit_code == EXIT_BAD_INPUT
    assert [line.split(";")[0] for line in said.stderr.splitlines()] == [
        "swis: a.txt: not a CSV file",
        "swis: b.meta.csv: describes no file beside it",
        "swis: c.csv: no such file",
    ]


def test_the_help_teaches() -> None:
    said = CliRunner().invoke(main, ["screen", "--help"]).output
    assert "swis screen reports/<name>/open_data/*.csv" in said
    assert "Exit codes: 0 no file fails; 2 a file fails" in said
