"""The CSV loader: tidy and untidy files."""

from __future__ import annotations

import gzip
from pathlib import Path

import pandas as pd
import pytest

from swis.errors import InputError
from swis.sources.csv_text import CsvText, check_csv, load_csv

COLUMNS = {"child": ["CHILD", "CHILD_ID"], "start": ["DECOM"]}


def load(folder: Path, content: bytes, name: str = "f.csv") -> CsvText:
    path = folder / name
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return load_csv(path, COLUMNS, required=["child", "start"])


def kinds(text: CsvText) -> set[str]:
    return {note.kind for note in text.notes}


@pytest.mark.parametrize(
    "content",
    [
        b"CHILD,DECOM\na,1\nb,2\n",
        b"CHILD,DECOM\r\na,1\r\nb,2",
        b"child ,Decom\na,1\n\nb,2\n",
        b'"CHILD","DECOM"\n"a","1"\n"b","2"\n',
        b"\xef\xbb\xbfCHILD,DECOM\na,1\nb,2\n",
        "CHILD,DECOM\na,1\nb,2\n".encode("utf-16"),
        b"DECOM;extra;Child ID\n1;;a\n2;;b\n",
        b"CHILD\tDECOM\na\t1\nb\t2\n",
        b"CHILD,DECOM\ra,1\rb,2\r",
        b"\n\nCHILD,DECOM\n a , 1\nb,2\n",
        b'CHILD,DECOM\n="a","1"\nb,2\n',
    ],
)
def test_the_same_rows_come_out_of_every_way_of_writing_them(tmp_path: Path, content: bytes) -> None:
    frame = load(tmp_path, content).frame
    assert frame["child"].tolist() == ["a", "b"]
    assert frame["start"].tolist() == ["1", "2"]
    assert frame["source_record"].tolist() == [1, 2]


def test_a_gzipped_file_is_read(tmp_path: Path) -> None:
    assert len(load(tmp_path, b"CHILD,DECOM\na,1\n", "f.csv.gz").frame) == 1


def test_windows_text_is_read_and_noted(tmp_path: Path) -> None:
    text = load(tmp_path, "CHILD,DECOM\nné,1\n".encode("cp1252"))
    assert text.frame["child"].tolist() == ["né"]
    assert "cp1252" in kinds(text)


def test_a_byte_order_mark_is_noted(tmp_path: Path) -> None:
    assert "byte_order_mark" in kinds(load(tmp_path, b"\xef\xbb\xbfCHILD,DECOM\na,1\n"))


def test_blanks_and_null_are_missing(tmp_path: Path) -> None:
    frame = load(tmp_path, b"CHILD,DECOM\na,\n,NULL\n").frame
    assert frame["start"].isna().all()
    assert frame["child"].tolist() == ["a", pd.NA]


def test_a_lone_quote_costs_no_row(tmp_path: Path) -> None:
    text = load(tmp_path, b'CHILD,DECOM\n"a,1\nb,2\n"c,3\nd,4\n')
    assert text.frame["child"].tolist() == ["a", "b", "c", "d"]
    assert "untidy_rows" in kinds(text)


def test_a_line_end_inside_quotes_is_part_of_the_cell(tmp_path: Path) -> None:
    text = load(tmp_path, b'CHILD,DECOM,NOTE\na,1,"two\nlines"\nb,2,\n')
    assert text.frame["child"].tolist() == ["a", "b"]


def test_rows_that_do_not_fit_are_left_out_and_numbered(tmp_path: Path) -> None:
    text = load(tmp_path, b"CHILD,DECOM\na,1\nonly\nb,2,\nc,3,4\nd,4\n")
    assert text.frame["child"].tolist() == ["a", "b", "d"]
    assert text.frame["source_record"].tolist() == [1, 3, 5]
    assert text.bad_rows == [2, 4]


def test_columns_nobody_asked_for_are_named_and_noted(tmp_path: Path) -> None:
    text = load(tmp_path, b"CHILD,TEST_COLUMN,DECOM\na,*DUMMY*,1\n")
    assert text.other_columns == ["TEST_COLUMN"]
    assert "columns_not_used" in kinds(text)


def test_a_header_without_rows_is_a_return_of_nothing(tmp_path: Path) -> None:
    assert load(tmp_path, b"CHILD,DECOM\n").frame.empty


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf \r\n", "the file is empty"),
        (b"CHILD,DECOMM\na,1\n", "rename the column 'DECOMM'"),
        (b"CHILD,zzz\na,1\n", "required column DECOM is missing"),
        (b"x,y\na,1\n", "no column name is known"),
        (b"PK\x03\x04rest", "a spreadsheet"),
    ],
)
def test_an_unusable_file_gives_one_clear_problem(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(InputError) as raised:
        load(tmp_path, content)
    assert len(raised.value.problems) == 1
    assert said in raised.value.problems[0].line()
    problems = check_csv(tmp_path / "f.csv", COLUMNS, required=["child", "start"])
    assert problems == raised.value.problems


def test_a_header_that_is_really_a_row_is_not_quoted_back(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        load(tmp_path, b"KID12345,01/06/2020\nKID12346,01/06/2020\n")
    assert "KID" not in str(raised.value)


def test_a_broken_gzip_file_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "f.csv.gz").write_bytes(gzip.compress(b"CHILD,DECOM\na,1\n" * 500)[:40])
    with pytest.raises(InputError, match="cannot be unpacked"):
        load_csv(tmp_path / "f.csv.gz", COLUMNS, required=["child"])


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="file missing"):
        load_csv(tmp_path / "none.csv", COLUMNS, required=["child"])


def test_a_damaged_file_is_refused_though_its_header_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(b"CHILD,DECOM\n" + bytes(range(256)) * 2 + bytes(400) + b"\n")
    with pytest.raises(InputError, match="not text"):
        load_csv(path, COLUMNS, required=["child", "start"])
    assert [problem.where for problem in check_csv(path, COLUMNS, required=["child", "start"])] == [
        "not text: many bytes are zero"
    ]


def test_one_stray_zero_byte_is_borne(tmp_path: Path) -> None:
    content = b"CHILD,DECOM\n" + b"a,2021-01-01\n" * 50 + b"b\x00,2021-01-01\n"
    assert len(load(tmp_path, content).frame) == 51
