"""What becomes a cell, what follows from what, and what is protected."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from invented_outcomes import all_levels, pooled_over, school_rows

from swis.disclosure.book import Book, cells_of, outcome_book, participants_book, release_of
from swis.disclosure.engine.audit import audit
from swis.disclosure.engine.cells import FREE, NEVER, SHOWN, Cells
from swis.disclosure.engine.protect import protect
from swis.disclosure.policy import Policy, load_policy
from swis.disclosure.protected import DisclosureError
from swis.params import Params, load_params

YEAR = "2021/22"
COLUMNS = [
    "values", "sensitive", "state", "hidden_lower", "required_lower", "required_upper", "shown_lower", "shown_upper",
]  # fmt: skip


@pytest.fixture(scope="module")
def params(project_root: Path) -> Params:
    return load_params(project_root / "params")


@pytest.fixture(scope="module")
def policy(project_root: Path) -> Policy:
    return load_policy(project_root / "params" / "disclosure", "dfe_children_in_need")


def one_year(measure: str, intervention: list[float], control: list[float], **more: float) -> pd.DataFrame:
    counts = {("bolton", "intervention", YEAR): intervention, ("bolton", "control", YEAR): control}
    return school_rows(measure, counts, **more)


def book_of(schools: pd.DataFrame, params: Params, policy: Policy, pooled: bool = False) -> Book:
    by_authority = all_levels(schools)
    over_all = pooled_over(by_authority) if pooled else pooled_over(by_authority).iloc[:0]
    book = Book()
    outcome_book(book, by_authority, over_all, params.trials, params.definitions, policy)
    return book


def by_name(cells: Cells) -> pd.DataFrame:
    columns = {name: getattr(cells, name) for name in COLUMNS}
    return pd.DataFrame(columns, index=cells.names)


def the(cells: Cells, statistic: str, **keys: str) -> Mapping[str, float]:
    """The one cell of a statistic whose name holds these keys."""
    named = by_name(cells)
    kept = [
        name
        for name in named.index
        if name.split("|")[0] == statistic and all(f"|{key}={value}" in name for key, value in keys.items())
    ]
    assert len(kept) == 1, kept
    found: Mapping[str, float] = named.loc[kept[0]]
    return found


def frame_of(value: float) -> pd.DataFrame:
    return pd.DataFrame({"area": ["north"], "count": [value]})


def test_a_number_met_in_two_tables_is_one_cell() -> None:
    book = Book()
    for _ in range(2):
        book.add(frame_of(7.0), statistic="events", kind="children", value="count", keys=["area"])
    assert book.entries()["name"].tolist() == ["events|area=north"]


def test_a_number_that_differs_between_tables_is_refused_without_being_told() -> None:
    book = Book()
    for value in (7043.0, 8112.0):
        book.add(frame_of(value), statistic="events", kind="children", value="count", keys=["area"])
    with pytest.raises(DisclosureError, match="1 numbers met twice differ: events") as caught:
        book.entries()
    assert "7043" not in str(caught.value)
    assert "8112" not in str(caught.value)


def test_a_statistic_keeps_its_keys() -> None:
    book = Book()
    book.add(frame_of(7.0), statistic="events", kind="children", value="count", keys=["area"])
    with pytest.raises(DisclosureError, match="other keys"):
        book.add(
            frame_of(7.0).assign(year=1), statistic="events", kind="children", value="count", keys=["area", "year"]
        )


def test_a_sum_that_does_not_hold_is_refused_without_being_told() -> None:
    book = Book()
    frame = pd.DataFrame({"area": ["all", "north", "south"], "count": [4711.0, 4000.0, 700.0]})
    book.add(frame, statistic="events", kind="children", value="count", keys=["area"])
    with pytest.raises(DisclosureError, match="events over area, in 1 of 1") as caught:
        book.sums("events", over="area", total="all")
    assert "4711" not in str(caught.value)


def test_arms_make_the_total_and_authorities_the_pooled_figure(params: Params, policy: Policy) -> None:
    counts = {
        (authority, arm, YEAR): [10.0, 12.0, 14.0]
        for authority in ("bolton", "bury")
        for arm in ("intervention", "control")
    }
    book = book_of(school_rows("referrals", counts), params, policy, pooled=True)
    cells = cells_of(book, policy)
    assert the(cells, "count:referrals", authority="all", arm="all")["values"] == 144
    # Of counts and of pupil-years: 2 authorities and the pooled row over arms, 2 arms and the total over authorities.
    assert cells.relations.shape[0] == 2 * (3 + 3)


def test_a_total_that_its_arms_do_not_make_is_refused(params: Params, policy: Policy) -> None:
    by_authority = all_levels(one_year("referrals", [10, 12, 14], [9, 8, 7]))
    wrong = by_authority["count"].mask(by_authority["level"] == "authority", 61.0)
    with pytest.raises(DisclosureError, match="count:referrals over arm"):
        outcome_book(
            Book(), by_authority.assign(count=wrong), by_authority.iloc[:0], params.trials, params.definitions, policy
        )


def test_days_of_an_arm_without_pupils_follow_from_the_total_and_are_a_cell(params: Params, policy: Policy) -> None:
    by_authority = all_levels(one_year("days_in_care", [40, 40, 40], [400] * 3))
    closed = (by_authority["arm"] == "intervention").to_numpy()
    rows = by_authority.assign(
        status=by_authority["status"].mask(closed, "no denominator"),
        denominator=by_authority["denominator"].mask(by_authority["arm"] == "all", 3000.0),
    )
    book = Book()
    outcome_book(book, rows, rows.iloc[:0], params.trials, params.definitions, policy)
    cells = cells_of(book, policy)
    # 120 days can be those of one child.
    left = the(cells, "count:days_in_care of schools without pupils")
    assert (left["values"], left["sensitive"], left["state"]) == (120, True, NEVER)


def test_what_is_left_of_a_share_is_an_implied_cell(params: Params, policy: Policy) -> None:
    schools = one_year("conferences_within_15_working_days", [30, 30, 28], [20, 20, 20], denominator=30)
    cells = cells_of(book_of(schools, params, policy), policy)
    implied = [name for name in cells.names if " not " in name and "arm=intervention" in name]
    rest = by_name(cells).loc[implied[0]]
    assert rest["values"] == pytest.approx(2)
    assert rest["sensitive"]
    assert rest["state"] == NEVER


def test_a_share_of_everybody_is_not_protected_for_the_nobody_that_is_left(params: Params, policy: Policy) -> None:
    schools = one_year("conferences_within_15_working_days", [30, 30, 30], [30, 30, 30], denominator=30)
    assert not cells_of(book_of(schools, params, policy), policy).sensitive.any()


def test_a_part_that_exceeds_its_whole_is_refused(params: Params, policy: Policy) -> None:
    schools = pd.concat(
        [one_year("referrals", [9, 9, 9], [9, 9, 9]), one_year("referrals_from_schools", [10, 10, 10], [3, 3, 3])]
    )
    with pytest.raises(DisclosureError, match="count:referrals_from_schools as part of count:referrals"):
        book_of(schools, params, policy)


def test_a_denominator_of_several_measures_is_one_cell(params: Params, policy: Policy) -> None:
    schools = pd.concat(
        [one_year("referrals", [9, 9, 9], [9, 9, 9]), one_year("section47_enquiries", [6] * 3, [7] * 3)]
    )
    names = book_of(schools, params, policy).entries()["name"]
    assert names.str.startswith("denominator:").sum() == 3


@pytest.mark.parametrize(("count", "is_protected"), [(0, False), (1, True), (5, True), (6, False)])
def test_one_to_five_are_protected_and_zero_is_not(
    count: int, is_protected: bool, params: Params, policy: Policy
) -> None:
    schools = one_year("referrals", [count, 0, 0], [20, 20, 20])
    if count == 6:
        schools = one_year("referrals", [2, 2, 2], [20, 20, 20])
    cell = the(cells_of(book_of(schools, params, policy), policy), "count:referrals", arm="intervention")
    assert bool(cell["sensitive"]) == is_protected
    assert cell["state"] == (SHOWN if count == 0 else FREE)


def test_of_two_schools_every_number_is_protected_but_a_zero(params: Params, policy: Policy) -> None:
    schools = pd.concat([one_year("referrals", [40, 40], [20] * 3), one_year("section47_enquiries", [0, 0], [20] * 3)])
    cells = cells_of(book_of(schools, params, policy), policy)
    assert the(cells, "count:referrals", arm="intervention")["sensitive"]
    assert the(cells, "denominator:pupil-years, cin_census", arm="intervention")["sensitive"]
    assert not the(cells, "count:referrals", arm="control")["sensitive"]
    zero = the(cells, "count:section47_enquiries", arm="intervention")
    assert (zero["sensitive"], zero["state"]) == (False, SHOWN)


def test_a_number_of_few_schools_must_stay_open_by_a_tenth(params: Params, policy: Policy) -> None:
    cells = cells_of(book_of(one_year("referrals", [100, 100], [200] * 3), params, policy), policy)
    cell = the(cells, "count:referrals", arm="intervention")
    assert (cell["required_lower"], cell["required_upper"]) == (180, 220)


def test_one_school_of_nearly_everything_is_protected(params: Params, policy: Policy) -> None:
    cells = cells_of(book_of(one_year("referrals", [95, 3, 2], [85, 10, 5]), params, policy), policy)
    assert the(cells, "count:referrals", arm="intervention")["sensitive"]
    assert not the(cells, "count:referrals", arm="control")["sensitive"]


def test_days_are_protected_where_few_children_can_stand_behind_them(params: Params, policy: Policy) -> None:
    # 30 days a child: 4 and 40 children.
    cells = cells_of(book_of(one_year("days_in_care", [40, 40, 40], [400] * 3), params, policy), policy)
    assert the(cells, "count:days_in_care", arm="intervention")["sensitive"]
    assert not the(cells, "count:days_in_care", arm="control")["sensitive"]


def test_a_sum_of_scores_is_protected_where_too_few_stand_behind_its_mean(params: Params, policy: Policy) -> None:
    cells = cells_of(
        book_of(one_year("attainment8", [120, 130, 140], [100] * 3, denominator=3), params, policy), policy
    )
    cell = the(cells, "count:attainment8", arm="intervention")
    assert cell["sensitive"]
    # What a mean with one decimal of 9 pupils leaves open.
    assert cell["shown_upper"] - cell["shown_lower"] == pytest.approx(0.9)


def test_a_total_of_two_hidden_counts_need_not_be_taken_for_one(params: Params, policy: Policy) -> None:
    cells = cells_of(book_of(one_year("referrals", [1, 0, 0], [2, 0, 0]), params, policy), policy)
    assert the(cells, "count:referrals", arm="all")["required_lower"] == 2
    assert the(cells, "count:referrals", arm="control")["required_lower"] == 1


def test_the_month_between_a_window_and_its_years_is_an_implied_cell(params: Params, policy: Policy) -> None:
    years = {("bolton", arm, year): [20.0] * 3 for arm in ("intervention", "control") for year in ("2020/21", YEAR)}
    window = {("bolton", "intervention", "23 months"): [40, 40, 37], ("bolton", "control", "23 months"): [30, 30, 30]}
    schools = pd.concat([school_rows("referrals", years), school_rows("referrals", window, period_kind="window")])
    cells = cells_of(book_of(schools, params, policy, pooled=True), policy)
    august = the(cells, "count:referrals, years less 23 months", arm="intervention")
    assert (august["values"], august["sensitive"], august["state"]) == (3, True, NEVER)
    assert not the(cells, "count:referrals, years less 23 months", arm="control")["sensitive"]


def test_a_window_that_holds_more_than_its_years_is_refused(params: Params, policy: Policy) -> None:
    years = {("bolton", arm, year): [20.0] * 3 for arm in ("intervention", "control") for year in ("2020/21", YEAR)}
    window = {("bolton", arm, "23 months"): [41, 40, 40] for arm in ("intervention", "control")}
    schools = pd.concat([school_rows("referrals", years), school_rows("referrals", window, period_kind="window")])
    with pytest.raises(DisclosureError, match="count:referrals over periods"):
        book_of(schools, params, policy, pooled=True)


def test_no_window_of_an_authority_is_in_the_book(params: Params, policy: Policy) -> None:
    window = {("bolton", arm, "23 months"): [40.0, 40, 40] for arm in ("intervention", "control")}
    book = book_of(school_rows("referrals", window, period_kind="window"), params, policy, pooled=True)
    assert not [name for name in book.entries()["name"] if "authority=bolton" in name]


def test_pupil_years_that_no_return_covers_are_an_implied_cell(params: Params, policy: Policy) -> None:
    book = book_of(one_year("referrals", [20, 20, 20], [20, 20, 20]), params, policy)
    taking_part = pd.DataFrame(
        {"authority": "bolton", "trial": "swis", "arm": ["intervention", "control"], "academic_year": YEAR,
         "schools": 3, "pupils": 3010, "pupil_years": [3000.0, 3004.0]}
    )  # fmt: skip
    participants_book(book, taking_part, taking_part.assign(authority="all"))
    unseen = [name for name in book.entries()["name"] if name.startswith("pupil-years on roll not in")]
    assert [name for name in unseen if "arm=control" in name]
    assert not [name for name in unseen if "arm=intervention" in name]


def test_what_was_released_before_cannot_be_hidden_and_a_small_change_is_protected(
    params: Params, policy: Policy
) -> None:
    before = book_of(one_year("referrals", [20, 20, 20], [30, 30, 30]), params, policy).entries()
    release = release_of(before, pd.Series(False, index=before["name"]), policy)
    book = book_of(one_year("referrals", [20, 20, 22], [30, 30, 30]), params, policy)
    cells = cells_of(book, policy, [release])
    assert the(cells, "count:referrals", arm="control")["state"] == SHOWN
    assert the(cells, "count:referrals", arm="intervention")["state"] == FREE
    change = the(cells, "change since release 1", arm="intervention")
    assert (change["values"], change["sensitive"], change["state"]) == (2, True, NEVER)


def test_a_release_holds_nothing_that_was_hidden(params: Params, policy: Policy) -> None:
    entries = book_of(one_year("referrals", [20, 20, 20], [30, 30, 30]), params, policy).entries()
    hidden = pd.Series(entries["statistic"].eq("count:referrals").to_numpy(), index=entries["name"])
    release = release_of(entries, hidden, policy).set_index("cell")["value"]
    assert release[hidden[hidden].index].isna().all()
    assert release[hidden[~hidden].index].notna().all()


def areas_book(**counts: float) -> Book:
    """Events of areas and of all of them together."""
    every = {**counts, "all": sum(counts.values())}
    book = Book()
    frame = pd.DataFrame({"area": list(every), "count": list(every.values())})
    book.add(frame, statistic="events", kind="children", value="count", keys=["area"])
    book.sums("events", over="area", total="all")
    return book


def released(book: Book, policy: Policy, *hidden: str) -> pd.DataFrame:
    """The record of a release that hid these areas."""
    entries = book.entries()
    is_hidden = pd.Series([name.split("=")[1] in hidden for name in entries["name"]], index=entries["name"])
    return release_of(entries, is_hidden, policy)


@pytest.mark.parametrize("late", [1, 30])
def test_a_late_record_elsewhere_does_not_undo_what_an_earlier_release_hid(late: int, policy: Policy) -> None:
    """Two areas hidden of 23 together: to show one of them later tells the other, though the rest has changed since."""
    before = released(areas_book(hull=3, devon=20, ealing=200), policy, "hull", "devon")
    now = areas_book(hull=3, devon=20, ealing=200 + late)
    cells = cells_of(now, policy, [before])
    every = [f"events|area={area}" for area in ("hull", "all", "ealing")]
    shows_devon = np.isin(cells.names, every) | (cells.state == NEVER)
    assert any("area=hull" in name for name in audit(cells, shows_devon).failures)
    pattern = protect(cells)
    assert audit(cells, pattern.hidden, integer=True).is_safe
    hidden = dict(zip(cells.names, pattern.hidden, strict=True))
    assert hidden["events|area=hull"]
    assert hidden["events|area=devon"]


def test_an_area_that_an_earlier_release_did_not_have_is_told_by_no_subtraction(policy: Policy) -> None:
    """Without the new area the two hidden ones came to 23, with it and one of them shown the new one would follow."""
    before = released(areas_book(hull=3, devon=20, ealing=200), policy, "hull", "devon")
    cells = cells_of(areas_book(hull=3, devon=20, ealing=200, bury=4), policy, [before])
    shows_devon = np.isin(cells.names, [f"events|area={area}" for area in ("hull", "bury")]) | (cells.state == NEVER)
    assert any("area=hull" in name for name in audit(cells, shows_devon).failures)
    hidden = dict(zip(cells.names, protect(cells).hidden, strict=True))
    assert hidden["events|area=devon"]


def test_where_hidden_numbers_have_changed_since_their_change_is_a_cell(policy: Policy) -> None:
    before = released(areas_book(hull=3, devon=20, ealing=200), policy, "hull", "devon")
    cells = cells_of(areas_book(hull=3, devon=22, ealing=230), policy, [before])
    change = the(cells, "change of what was hidden in release 1")
    assert (abs(change["values"]), change["sensitive"], change["state"]) == (2, True, NEVER)


def test_sums_in_which_nothing_has_changed_are_not_written_twice(policy: Policy) -> None:
    book = areas_book(hull=3, devon=20, ealing=200)
    before = released(book, policy, "hull", "devon")
    assert cells_of(book, policy, [before]).relations.shape == cells_of(book, policy).relations.shape


def test_rounded_numbers_of_an_earlier_release_stand_for_what_they_leave_open(project_root: Path) -> None:
    rounding = load_policy(project_root / "params" / "disclosure", "seven_then_round_to_5")
    before = released(areas_book(hull=3, devon=22, ealing=201), rounding, "hull", "devon")
    cells = cells_of(areas_book(hull=3, devon=22, ealing=231), rounding, [before])
    at = list(cells.names).index("shown in release 1|events|area=ealing")
    (row,) = np.flatnonzero(cells.relations[:, [at]].toarray().ravel())
    # 225 and 200, each 2 below to 2 above.
    assert (cells.values[at], cells.relation_lower[row], cells.relation_upper[row]) == (200, -4, 4)
    assert audit(cells, protect(cells).hidden, integer=True).is_safe
