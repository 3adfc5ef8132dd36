"""Answers on support through the door: a mean goes with the leads and schools behind it, and with the outcomes' own."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from invented_delivery import TRIAL, invented_delivery

from swis.disclosure.book import Book, Shown, cells_of
from swis.disclosure.book.outcome_rows import KEYS
from swis.disclosure.book.views import SHOWN_COLUMNS, VIEWS, protected_views, views_book
from swis.disclosure.engine.audit import audit
from swis.disclosure.engine.cells import Cells
from swis.disclosure.engine.protect import Pattern, protect
from swis.disclosure.policy import load_policy
from swis.disclosure.protected import DisclosureError
from swis.outcomes.registry import measures

POLICIES = ("dfe_children_in_need", "round_to_5", "threshold_10")
VIEW = ["trial", "arm", "wave"]


def views(**changed: float) -> pd.DataFrame:
    """The invented answers; `changed` takes the place of numbers of supervised leads of the second trial."""
    held = invented_delivery().views
    own = (held["trial"] == TRIAL) & (held["arm"] == "intervention")
    return held.assign(**{name: held[name].mask(own, value) for name, value in changed.items()})


def system(
    held: pd.DataFrame, policy_name: str = POLICIES[0], book: Book | None = None
) -> tuple[Cells, Pattern, Shown]:
    policy = load_policy(Path(__file__).resolve().parents[2] / "params" / "disclosure", policy_name)
    book = book or Book()
    views_book(book, held)
    cells = cells_of(book, policy)
    pattern = protect(cells)
    return cells, pattern, Shown.of(cells, pattern.hidden, policy)


def shown(held: pd.DataFrame, **how: Book) -> pd.DataFrame:
    return protected_views(held, system(held, **how)[2]).set_index(VIEW)  # type: ignore[arg-type]


@pytest.mark.parametrize("policy_name", POLICIES)
def test_what_is_shown_leaves_every_protected_number_open(policy_name: str) -> None:
    cells, pattern, _ = system(views(), policy_name)
    assert cells.primary.any()
    assert audit(cells, pattern.hidden, integer=True).is_safe


def test_a_mean_stands_with_its_leads_and_the_points_behind_it_do_not() -> None:
    table = protected_views(views(), system(views())[2])
    assert list(table.columns) == SHOWN_COLUMNS
    row = table.set_index(VIEW).loc[("swis", "control", "baseline")]
    assert row[["schools", "asked", "answered", "mean", "lower", "upper"]].tolist() == [18, 40, 40, 3.0, 2.8, 3.2]


def test_two_schools_tell_nothing() -> None:
    row = shown(views()).loc[(TRIAL, "control", "follow-up")]
    assert row[["schools", "asked", "answered", "mean", "lower", "upper"]].isna().all()
    assert row["symbol"] == "[c]"


def test_fewer_leads_than_an_average_needs_have_none() -> None:
    row = shown(views()).loc[(TRIAL, "intervention", "follow-up")]
    assert (row["asked"], row["answered"], row["symbol"]) == (8, 8, "[c]")
    assert row[["mean", "lower", "upper"]].isna().all()


def test_two_who_did_not_answer_cannot_be_had_by_subtraction_and_the_mean_is_kept() -> None:
    row = shown(views()).loc[("swis", "intervention", "follow-up")]
    assert pd.isna(row["asked"])
    assert (row["answered"], row["mean"], row["symbol"]) == (39, 3.6, "[c]")


def test_limits_end_where_the_scale_does() -> None:
    held = views(asked=20, answered=20, points=96, mean=4.8, lower=4.4, upper=5.2)
    row = shown(held).loc[(TRIAL, "intervention", "follow-up")]
    assert row[["mean", "lower", "upper"]].tolist() == [4.8, 4.4, 5.0]


def outcome_cells(answered: float, schools: int) -> Book:
    """A book in which the pooled outcome has the leads of control schools of the first trial who answered again."""
    book = Book()
    row = {"authority": "all", "trial": "swis", "arm": "control", "period": "23 months"}
    frame = pd.DataFrame([{**row, "leads": answered, "schools": schools}])
    statistic = measures()["dsl_support"].denominator_statistic
    book.add(frame, statistic=statistic, kind="children", value="leads", keys=KEYS, schools="schools")
    return book


CONTROL = ("swis", "control", "follow-up")


def test_the_same_leads_hidden_among_the_outcomes_are_hidden_here_with_their_mean() -> None:
    assert shown(views()).loc[CONTROL, "mean"] == 3.1
    row = shown(views(), book=outcome_cells(31, schools=2)).loc[CONTROL]
    assert row[["answered", "mean", "lower", "upper"]].isna().all()


def test_leads_whom_only_one_of_the_two_counts_are_protected_as_a_small_number() -> None:
    cells, pattern, _ = system(views(), book=outcome_cells(33, schools=18))
    implied = [str(name) for name, secret in zip(cells.names, cells.sensitive, strict=True) if secret]
    assert any(", not delivery: leads who answered" in name for name in implied), "33 less 31"
    assert audit(cells, pattern.hidden, integer=True).is_safe


def test_more_answers_than_leads_asked_are_refused() -> None:
    with pytest.raises(DisclosureError, match="as part of"):
        views_book(Book(), views(answered=9))


def test_every_number_of_the_table_is_a_cell() -> None:
    names = {str(name).split("|")[0] for name in system(views())[0].names}
    assert {statistic for statistic, _ in VIEWS.values()} <= names


def test_without_any_survey_the_table_is_empty() -> None:
    none = views().iloc[:0]
    assert protected_views(none, system(none)[2]).empty
