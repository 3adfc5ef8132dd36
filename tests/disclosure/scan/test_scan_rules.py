"""Each rule by itself: what it finds, and what looks like it and is not."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from disclosure.scan.invented_child import CHILD, kinds_found, write_returns
from hypothesis import given
from hypothesis import strategies as st

from swis.params import load_params
from swis.scan.hashes import KeyedHashes
from swis.scan.judge import Judge
from swis.scan.known import ANYWHERE, AS_A_WORD, UNDER_A_LABEL, Known, way_of
from swis.scan.looked_for.birth_dates import birth_dates_labelled, many_birth_dates
from swis.scan.looked_for.identifiers import Identifiers
from swis.scan.looked_for.names import names_known, names_labelled
from swis.scan.looked_for.places import paths_in
from swis.scan.looked_for.pupil_numbers import pupil_numbers
from swis.scan.normal import dates_in, plain, squeeze
from swis.scan.parts import BIRTH_DATE, CHILD_ID, NAME, STAFF_ID, UPN, Text
from swis.scan.return_fields import kind_of_field
from swis.scan.returns import collect
from swis.schemas import table_names, table_schema
from swis.sources.returns import read_authority
from swis.workspace import Workspace


def as_text(text: str) -> Text:
    return Text("text", text)


def known_ids(*ids: str, kind: str = CHILD_ID) -> Known:
    known = Known()
    known.add(kind, ids)
    return known


def test_every_identifier_that_the_readers_take_from_the_demo_is_known(project_root: Path) -> None:
    workspace = Workspace(project_root, "demo")
    params = load_params(project_root / "params")
    known, _ = collect([workspace.raw], jobs=1)
    checked = 0
    for slug in workspace.authorities():
        tables = read_authority(workspace, params.authorities[slug], params.definitions).tables
        for name, frame in tables.items():
            for column in table_schema(name).fields:
                if column.sensitivity != "identifier" or column.type == "date":
                    continue
                values = {squeeze(value) for value in frame[column.name].dropna().unique()} - {""}
                checked += len(values)
                assert values == set(known.those_known(kind_of_field(column), values)), (name, column.name)
    assert checked > 1000


def test_every_identifier_column_of_the_schemas_has_a_kind() -> None:
    columns = [one for name in table_names() for one in table_schema(name).fields if one.sensitivity == "identifier"]
    assert {kind_of_field(column) for column in columns} == {UPN, CHILD_ID, BIRTH_DATE, STAFF_ID}


def test_sharing_the_returns_among_processes_gives_the_same_identifiers(project_root: Path) -> None:
    alone, _ = collect([project_root / "data_raw" / "demo"], jobs=1)
    together, _ = collect([project_root / "data_raw" / "demo"], jobs=2)
    assert alone.counts == together.counts
    assert alone.shapes == together.shapes


def test_neither_hashes_nor_sieve_hold_an_identifier(tmp_path: Path) -> None:
    known, _ = collect([write_returns(tmp_path)], jobs=1)
    held = pickle.dumps([known.hashes._held, known.hashes._waiting, known.sieve.tables])
    for value in (CHILD.upn, CHILD.child_id, CHILD.surname, CHILD.surname.upper(), CHILD.birth_date):
        assert value.encode() not in held


def test_two_scans_keep_different_hashes_of_the_same_identifier() -> None:
    first, second = KeyedHashes(), KeyedHashes()
    for one in (first, second):
        one.add("kind", ["SYN1234567"])
        assert one.holds("kind", ["SYN1234567", "SYN7654321"]).tolist() == [True, False]
    assert first.key != second.key
    assert not np.array_equal(first._sorted("kind"), second._sorted("kind"))


@pytest.mark.parametrize(
    ("shape", "count", "way"),
    [
        ("A999999999999", 5_000_000, ANYWHERE),
        ("AAA9999999", 150_000, ANYWHERE),
        ("A999999", 100_000, AS_A_WORD),
        ("AA9999", 10, AS_A_WORD),
        ("9999999999", 1_000_000, AS_A_WORD),
        ("9999999", 50_000, UNDER_A_LABEL),
        ("9999", 40, UNDER_A_LABEL),
        ("A9999", 300, UNDER_A_LABEL),
        ("AAAA", 3, UNDER_A_LABEL),
    ],
)
def test_an_identifier_is_looked_for_as_its_shape_and_number_allow(shape: str, count: int, way: str) -> None:
    assert way_of(shape, count) == way


@given(st.integers(0, 10**7 - 1), st.text("abcXYZ .,-|\n\t;<>", max_size=20), st.text("0123456789 ,.\n", max_size=20))
def test_an_identifier_is_found_whatever_stands_between_its_letters(number: int, noise: str, after: str) -> None:
    child = f"SYN{number:07d}"
    between = "".join(letter for letter in noise if not letter.isalnum())
    text = f"{noise} {between.join(child)}" + f" {after}"
    assert ("child's identifier", child) in set(Identifiers(known_ids(child)).anywhere(squeeze(text)))


@given(st.text("ABCDEFGHIJ0123456789 \n,", max_size=300))
def test_nothing_is_found_that_is_not_known(text: str) -> None:
    found = set(Identifiers(known_ids("SYN1234567", "XYZ7654321")).anywhere(squeeze(text)))
    assert found <= {
        (CHILD_ID, one) for one in ("SYN1234567", "XYZ7654321") if one in squeeze(text) + squeeze(text)[::-1]
    }


def test_numbers_of_four_digits_are_children_only_under_a_label() -> None:
    judge = Judge(known_ids(*(str(number) for number in range(1990, 2030))))
    years = pd.DataFrame({"year": range(1990, 2030), "pupils": range(5000, 5040)}).to_csv(index=False)
    assert not judge.text(as_text(years))[0]
    assert judge.text(as_text("child id: 2015"))[0] == {(CHILD_ID, "2015")}
    assert not judge.text(as_text("UPN,2015"))[0]


def test_a_whole_column_of_short_identifiers_is_found_without_a_heading() -> None:
    ids = [f"W{number}" for number in range(100, 160, 3)]
    found = Identifiers(known_ids(*ids, kind=STAFF_ID))
    assert len(set(found.whole_column(ids))) == len(ids)
    assert not set(found.whole_column(ids[:3]))
    assert not set(found.whole_column([*ids[:9], *(f"X{number}" for number in range(100, 130))]))


def test_a_wrong_check_letter_or_glued_digits_are_no_pupil_number() -> None:
    wrong = ("A" if CHILD.upn[0] != "A" else "B") + CHILD.upn[1:]
    assert pupil_numbers(CHILD.upn) == {CHILD.upn}
    assert pupil_numbers(f"{wrong} 1{CHILD.upn} {CHILD.upn}9") == set()


def test_a_pupil_number_with_a_wrong_check_letter_is_found_where_the_returns_have_it() -> None:
    wrong = ("A" if CHILD.upn[0] != "A" else "B") + CHILD.upn[1:]
    assert (UPN, wrong) in Judge(known_ids(wrong, kind=UPN)).text(as_text(f"see {wrong.lower()}"))[0]


def test_dates_are_read_in_the_ways_returns_and_reports_write_them() -> None:
    text = "2008-Jul-05 00:00:00, 18/09/2014, 2014-11-28T00:00, 5 July 2009; 5th March, 2012, 1.2.2013, 3.4.2013.1"
    text += ", 2018-13-01"
    expected = {"2008-07-05", "2014-09-18", "2014-11-28", "2009-07-05", "2012-03-05", "2013-02-01"}
    assert set(dates_in(plain(text))) == expected


def test_a_date_is_a_birth_date_after_its_label_only() -> None:
    assert birth_dates_labelled("DOB: 05/07/2008 AND ON 2009-01-02") == {"2008-07-05"}
    assert birth_dates_labelled("BORN ON 1 SEPTEMBER 2004; BORN BEFORE 2 MAY 2004") == set()


def test_many_birth_dates_are_found_and_days_of_terms_are_not() -> None:
    known = Known()
    days = [f"200{year}-0{month}-1{day}" for year in range(5) for month in (3, 7) for day in (2, 5)]
    known.add_birth_dates([*days, *(f"200{year}-0{month}-01" for year in range(10) for month in (4, 9))])
    assert many_birth_dates(days, known) == set(days)
    assert many_birth_dates(days[:9], known) == set()
    assert many_birth_dates([f"200{year}-0{month}-01" for year in range(10) for month in (4, 9)], known) == set()


def test_a_name_needs_both_its_parts_with_capitals() -> None:
    known = Known()
    known.add_names(["ROSE|GARDEN"])
    assert names_known("Garden, Rose", known) == names_known("ROSE GARDEN", known) == {"GARDEN|ROSE"}
    assert names_known("a rose garden; Rose Lane; the Garden of Rose", known) == set()


def test_a_label_without_a_value_is_no_name() -> None:
    assert names_labelled('{"SURNAME": "STRING", "FORENAME": NULL}') == set()
    assert names_labelled('{"SURNAME": "PATEL"}') == {"PATEL"}


@pytest.mark.parametrize(
    "text", ["https://example.org/home/x/y", "see /home page", "a:/b", "n/tmp", "C:/", "cost//unit", "~/tmp/x"]
)
def test_addresses_and_fractions_are_no_paths(text: str) -> None:
    assert paths_in(text) == set()


@pytest.mark.parametrize("place", ["home", "mnt/share", "srv", "nfs", "scratch", "opt", "tmp"])
def test_the_usual_places_of_a_server_are_paths(place: str) -> None:
    assert paths_in(f"read from /{place}/returns/x.csv") != set()


def test_the_folders_of_this_machine_are_paths_wherever_they_are() -> None:
    assert paths_in("from /srv/data/returns/x", ["/srv/data/returns"]) == {"/srv/data/returns"}


def test_a_return_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "roll.csv").write_bytes(b"\0" * 900)
    known, problems = collect([tmp_path], jobs=1)
    assert known.is_empty
    assert [problem.file for problem in problems] == ["roll.csv"]


def test_names_are_taken_from_returns_though_no_reader_takes_them(tmp_path: Path) -> None:
    known, _ = collect([write_returns(tmp_path)], jobs=1)
    assert known.counts[NAME] >= 100
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "a.txt").write_text(f"{CHILD.forename} {CHILD.surname}")
    assert kinds_found(tmp_path / "x", Judge(known)) == {NAME}
