"""What readers return, and putting results together."""

from __future__ import annotations

import pandas as pd

from swis.errors import ReadingNote
from swis.schemas import conform, empty_table
from swis.sources import FAULT_COLUMNS, ReadResult, combine
from swis.sources.result import fault_rows


def test_results_are_stacked_by_table_in_the_order_given() -> None:
    one, two = (conform(pd.DataFrame({"la_child_id": [name]}), "children") for name in ("a", "b"))
    note = ReadingNote("f", "kind", 1, "said")
    result = combine([ReadResult({"children": one}), ReadResult({"children": two}, notes=[note])])
    assert result.tables["children"]["la_child_id"].tolist() == ["a", "b"]
    assert result.notes == [note]


def test_an_empty_table_stays_a_table() -> None:
    result = combine([ReadResult({"children": empty_table("children")})])
    assert result.tables["children"].columns.tolist() == empty_table("children").columns.tolist()


def test_nothing_combines_to_nothing_with_the_columns_of_faults() -> None:
    assert combine([]).faults.columns.tolist() == FAULT_COLUMNS


def test_fault_rows_hold_where_and_what_but_no_value() -> None:
    rows = fault_rows("children", "birth_date", "not a date", [3, 5], authority="x", source_file="f")
    assert rows.columns.tolist() == FAULT_COLUMNS
    assert rows["source_record"].tolist() == [3, 5]
