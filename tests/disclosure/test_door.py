"""The steps of the door: no audit, no release; only what passed is released; earlier releases are read or refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from swis.disclosure import door
from swis.disclosure.book import Book, cells_of
from swis.disclosure.costs import Costs, family
from swis.disclosure.policy import DEFAULT_POLICY, load_policy
from swis.disclosure.protected import DisclosureError, Protected
from swis.disclosure.record import earlier_releases
from swis.disclosure.released import Released, load_released
from swis.errors import InputError

ROOT = Path(__file__).resolve().parents[2]
POLICY = load_policy(ROOT / "params" / "disclosure", DEFAULT_POLICY)


@pytest.fixture(scope="module")
def system() -> door.System:
    """Linked events of three authorities and their total, one of them small."""
    frame = pd.DataFrame(
        {
            "authority": ["hull", "devon", "ealing", "all"],
            "event": "referral",
            "academic_year": "2021/22",
            "link_status": "counted",
            "count": [3, 40, 50, 93],
        }
    )
    book = Book()
    book.add(frame, statistic="linkage", kind="children", value="count",
             keys=("authority", "event", "academic_year", "link_status"))  # fmt: skip
    book.sums("linkage", over="authority", total="all")
    return door.System(book, cells_of(book, POLICY), POLICY)


def test_a_pattern_that_hides_enough_is_audited_as_safe(system: door.System) -> None:
    pattern = door.protect(system)
    assert pattern.hidden.sum() == 2, "the small one, and one more or the total would give it back"
    assert door.audit(system, pattern).is_safe


def test_without_the_second_hidden_number_the_audit_stops_the_release_and_quotes_no_value(system: door.System) -> None:
    pattern = door.protect(system)
    shown = replace(pattern, hidden=pattern.primary.copy())
    with pytest.raises(DisclosureError, match="1 of linkage") as caught:
        door.audit(system, shown)
    assert "3" not in str(caught.value).replace("1 of linkage", "")


def test_what_protection_cost_is_counted_by_area_and_for_the_whole_release(system: door.System) -> None:
    costs = Costs.of_pattern(system.cells, door.protect(system))
    assert costs.of("hull")[["cells", "hidden"]].to_numpy().tolist() == [[1, 1]]
    assert costs.of("all")[["cells", "hidden"]].to_numpy().tolist() == [[4, 2]]


def test_the_page_on_protection_does_not_tell_why_a_number_is_hidden(system: door.System) -> None:
    """One authority with a hidden small number, one with another: of 7 together they would be 1 and 6."""
    costs = Costs.of_pattern(system.cells, door.protect(system))
    for area in ("hull", "devon", "ealing", "all"):
        assert list(costs.of(area)) == ["table", "cells", "hidden", "symbol"]


def test_a_statistic_that_no_reader_was_told_of_is_refused() -> None:
    with pytest.raises(KeyError, match="something new"):
        family("something new|authority=hull")


def test_tables_come_back_as_they_passed_and_no_others(tmp_path: Path) -> None:
    table = Protected(
        pd.DataFrame({"count": pd.array([12, None], dtype="Int64"), "symbol": ["", "[c]"]}), ("count",), "p"
    )
    Released("hull", "p", {"linkage": table}).save(tmp_path / "hull")
    held = load_released(tmp_path / "hull")
    pd.testing.assert_frame_equal(held["linkage"].frame, table.frame, check_dtype=False)
    assert held.numbers() == {12}
    with pytest.raises(DisclosureError, match="no table flow of hull"):
        held["flow"]
    with pytest.raises(DisclosureError, match="nothing of devon"):
        load_released(tmp_path / "devon")


def test_a_frame_that_names_a_school_or_holds_parts_of_children_is_no_protected_one() -> None:
    with pytest.raises(DisclosureError, match="urn"):
        Protected(pd.DataFrame({"urn": ["1"], "count": [12]}), ("count",), "p")
    with pytest.raises(DisclosureError, match="1 values of count are no whole numbers"):
        Protected(pd.DataFrame({"count": [12.5]}), ("count",), "p")


def test_records_of_earlier_releases_are_read_or_refused_all_at_once(tmp_path: Path) -> None:
    (tmp_path / "first.csv").write_text("cell,value\na,12\nb,\n", encoding="utf-8")
    (found,) = earlier_releases(tmp_path, ["first.csv"])
    assert found["value"].tolist()[0] == 12
    assert np.isnan(found["value"].tolist()[1])
    (tmp_path / "other.csv").write_text("name\nx\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        earlier_releases(tmp_path, ["none.csv", "other.csv"])
    assert len(caught.value.problems) == 2


def test_an_earlier_release_that_shows_too_much_is_said_and_not_worked_around(system: door.System) -> None:
    names = system.cells.names
    before = pd.DataFrame(
        {"cell": names, "value": np.where(["hull" in str(name) for name in names], np.nan, system.cells.values)}
    )
    known = replace(system, cells=cells_of(system.book, POLICY, [before]))
    with pytest.raises(Exception, match="1 sensitive cells cannot be protected"):
        door.protect(known)
