"""Delivery through the door: one or two people are never told, nor what would give them back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from invented_delivery import TRIAL, invented_delivery

from swis.disclosure.book import Book, Shown, cells_of
from swis.disclosure.book.delivery import STAFF, delivery_book
from swis.disclosure.book.delivery_frames import protect_delivery
from swis.disclosure.costs import family
from swis.disclosure.engine.audit import audit
from swis.disclosure.engine.cells import NEVER, Cells
from swis.disclosure.engine.protect import Pattern, protect
from swis.disclosure.policy import load_policy
from swis.disclosure.protected import DisclosureError, Protected

ROOT = Path(__file__).resolve().parents[2]
POLICIES = ("dfe_children_in_need", "round_to_5")
POLICY = load_policy(ROOT / "params" / "disclosure", POLICIES[0])


def system(policy_name: str = POLICIES[0]) -> tuple[Cells, Pattern, Shown]:
    policy = load_policy(ROOT / "params" / "disclosure", policy_name)
    book = Book()
    delivery_book(book, invented_delivery(), {})
    cells = cells_of(book, policy)
    pattern = protect(cells)
    return cells, pattern, Shown.of(cells, pattern.hidden, policy)


@pytest.fixture(scope="module")
def tables() -> dict[str, Protected]:
    return protect_delivery(invented_delivery(), {}, system()[2])


@pytest.mark.parametrize("policy_name", POLICIES)
def test_what_is_shown_leaves_every_protected_number_open(policy_name: str) -> None:
    cells, pattern, _ = system(policy_name)
    assert cells.primary.any()
    assert audit(cells, pattern.hidden, integer=True).is_safe


def test_with_one_more_number_shown_the_audit_fails() -> None:
    cells, pattern, _ = system()
    broken = []
    for place in np.flatnonzero(pattern.secondary & (cells.state != NEVER)):
        hidden = pattern.hidden.copy()
        hidden[place] = False
        broken.append(not audit(cells, hidden, integer=True).is_safe)
    assert broken
    assert any(broken)


def test_no_row_tells_of_one_or_two_people(tables: dict[str, Protected]) -> None:
    for name, columns in {"staff": ("workers", "leavers", "schools_with_worker"), "sessions": ("supervisors",)}.items():
        shown = tables[name].frame[list(columns)].astype("float64")
        assert not shown.isin([1, 2]).any(axis=None), name


def test_those_who_left_are_hidden_with_their_share_where_they_are_two(tables: dict[str, Protected]) -> None:
    staff = tables["staff"].where(authority="all", arm="intervention").frame.set_index("academic_year")
    assert pd.isna(staff.loc["2021/22", "leavers"])
    assert pd.isna(staff.loc["2021/22", "left"])
    assert pd.isna(staff.loc["2021/22", "left_upper"])
    assert staff.loc["2022/23", "leavers"] == 4
    assert staff.loc["2022/23", "left"] == 19, "4 of 21"


def test_months_at_one_school_are_hidden_and_its_total_with_them(tables: dict[str, Protected]) -> None:
    control = tables["staff"].where(arm="control").frame.set_index(["authority", "academic_year"])
    assert control.loc[[("hull", "2021/22"), ("all", "2021/22")], "full_time_months"].isna().all()
    assert control.loc[("ealing", "2021/22"), "workers"] == 0, "zeros are shown"


def test_sessions_of_two_schools_cannot_be_had_by_subtraction(tables: dict[str, Protected]) -> None:
    held = tables["sessions"].where(trial=TRIAL).frame.set_index("authority")
    assert pd.isna(held.loc["ealing", "held"])
    assert held["held"].isna().sum() >= 2, "one more is hidden with it"
    assert held.loc[held["held"].isna(), ["share", "lower", "upper"]].isna().all(axis=None)


def test_who_did_not_stay_is_protected_too() -> None:
    held = invented_delivery()
    almost = held.stayed_on.assign(number=[20, 18])
    book = Book()
    delivery_book(book, replace(held, stayed_on=almost), {})
    cells = cells_of(book, POLICY)
    implied = [str(name) for name, is_secret in zip(cells.names, cells.sensitive, strict=True) if is_secret]
    assert any("not in the next year" in name for name in implied), "1 of 21 went"
    assert any(", new" in name for name in implied), "and 1 of 21 came"


def test_more_who_left_than_there_were_are_refused() -> None:
    held = invented_delivery()
    staff = held.staff.assign(leavers=held.staff["leavers"] + 100)
    with pytest.raises(DisclosureError, match="as part of"):
        delivery_book(Book(), replace(held, staff=staff), {})


def test_what_each_school_received_never_leaves(tables: dict[str, Protected]) -> None:
    assert set(tables) == {"staff", "sessions", "community", "stayed_on", "bands", "views", "gathered"}


def test_a_reader_is_told_what_protection_of_delivery_cost() -> None:
    names = {str(name) for name in system()[0].names}
    assert {family(name) for name in names} == {"Delivery of the programmes"}
    assert {name.split("|")[0] for name in names} >= {statistic for statistic, _ in STAFF.values()}
