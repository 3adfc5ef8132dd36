"""Back from cells to frames: nothing that follows from a hidden number is left, and shown ones make the values."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from invented_outcomes import all_levels, pooled_over, random_outcomes, school_rows

from swis.disclosure.book import (
    Book,
    Shown,
    cells_of,
    linkage_book,
    linkage_by_status,
    outcome_book,
    outcome_names,
    pooled,
    protected_linkage,
    protected_outcomes,
    protected_returns,
    returns_book,
)
from swis.disclosure.engine.audit import audit
from swis.disclosure.engine.cells import NEVER, Cells
from swis.disclosure.engine.protect import protect
from swis.disclosure.policy import Policy, load_policy
from swis.disclosure.protected import DisclosureError
from swis.outcomes.authority_returns import OF_POPULATION
from swis.outcomes.intervals import wilson
from swis.params import Params, load_params

YEAR = "2021/22"
POLICIES = ["dfe_children_in_need", "dfe_looked_after", "threshold_10", "seven_then_round_to_5", "round_to_5"]


@pytest.fixture(scope="module")
def params(project_root: Path) -> Params:
    return load_params(project_root / "params")


def policy_of(project_root: Path, name: str = "dfe_children_in_need") -> Policy:
    return load_policy(project_root / "params" / "disclosure", name)


@pytest.fixture(scope="module")
def policy(project_root: Path) -> Policy:
    return policy_of(project_root)


def system(
    by_authority: pd.DataFrame, over_all: pd.DataFrame, params: Params, policy: Policy
) -> tuple[Cells, Shown, pd.DataFrame]:
    """Cells, what is shown of them, and every protected row."""
    book = Book()
    outcome_book(book, by_authority, over_all, params.trials, params.definitions, policy)
    cells = cells_of(book, policy)
    shown = Shown.of(cells, protect(cells).hidden, policy)
    rows = [protected_outcomes(frame, shown, params.definitions) for frame in (by_authority, over_all)]
    return cells, shown, pd.concat(rows, ignore_index=True)


def one_row(measure: str, counts: list[float], denominator: float, params: Params, policy: Policy) -> pd.Series:
    """The protected row of the intervention arm beside a control arm of large numbers."""
    places = {("bolton", "intervention", YEAR): counts}
    other = {("bolton", "control", YEAR): [300.0] * 4}
    schools = pd.concat(
        [school_rows(measure, places, denominator=denominator), school_rows(measure, other, denominator=400.0)]
    )
    rows = all_levels(schools)
    frame = system(rows, rows.iloc[:0], params, policy)[2]
    return frame[frame["arm"] == "intervention"].iloc[0]


def test_a_value_is_made_of_the_numbers_beside_it(params: Params, policy: Policy) -> None:
    row = one_row("conferences_within_15_working_days", [20, 21, 22], 30, params, policy)
    assert (row["count"], row["denominator"], row["value"], row["symbol"]) == (63, 90, 70, "")
    low, high = wilson(np.array([63.0]), np.array([90.0]), params.definitions.interval_level)
    assert (row["lower"], row["upper"]) == (round(100 * low[0]), round(100 * high[0]))


def test_of_a_hidden_count_nothing_derived_is_left(params: Params, policy: Policy) -> None:
    row = one_row("conferences_within_15_working_days", [1, 1, 1], 30, params, policy)
    assert row["symbol"] == "[c]"
    assert row[["count", "value", "lower", "upper"]].isna().all()


def test_of_two_schools_no_number_is_left(params: Params, policy: Policy) -> None:
    row = one_row("conferences_within_15_working_days", [20, 21], 30, params, policy)
    assert row["symbol"] == "[c]"
    assert row[["count", "denominator", "value", "lower", "upper", "schools"]].isna().all()


def test_a_mean_of_fewer_than_ten_is_hidden_and_never_has_its_sum_beside_it(params: Params, policy: Policy) -> None:
    few = one_row("attainment8", [140, 150, 160], 3, params, policy)
    assert few["symbol"] == "[c]"
    assert pd.isna(few["value"])
    many = one_row("attainment8", [1400, 1500, 1600], 30, params, policy)
    assert (many["value"], many["symbol"]) == (50, "")
    assert pd.isna(many["count"])


def test_the_limits_of_a_mean_say_no_more_of_it_than_the_mean(params: Params, policy: Policy) -> None:
    row = one_row("attainment8", [1401, 1502, 1611], 30, params, policy)
    assert row["value"] == 50.2
    assert (row["lower"] + row["upper"]) / 2 == pytest.approx(50.2)


def test_rows_of_schools_and_windows_of_an_authority_do_not_come_back(params: Params, policy: Policy) -> None:
    by_authority, over_all = random_outcomes(1)
    _, shown, _ = system(by_authority, over_all, params, policy)
    own = protected_outcomes(by_authority, shown, params.definitions)
    assert set(own["level"]) == {"arm", "authority"}
    assert set(own["period_kind"]) == {"academic year"}
    assert set(protected_outcomes(over_all, shown, params.definitions)["period_kind"]) == {"academic year", "window"}
    assert "urn" not in own


def test_a_number_that_is_no_cell_of_the_book_is_not_shown(params: Params, policy: Policy) -> None:
    by_authority, over_all = random_outcomes(1)
    _, shown, _ = system(by_authority, over_all, params, policy)
    with pytest.raises(DisclosureError, match="numbers are not in the book: count:referrals"):
        protected_outcomes(by_authority.assign(authority="elsewhere"), shown, params.definitions)


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_hidden_number_follows_from_what_the_frames_show(
    name: str, seed: int, params: Params, project_root: Path
) -> None:
    policy = policy_of(project_root, name)
    cells, _, frame = system(*random_outcomes(seed), params, policy)
    names = outcome_names(frame)
    visible: set[str] = set()
    for column in ("count", "denominator"):
        visible |= set(names.loc[frame[column].notna(), column])
    # The audit sees the frames alone: what they show is shown, whatever the pattern said.
    hidden = ~np.isin(cells.names, list(visible)) | (cells.state == NEVER)
    assert audit(cells, hidden).is_safe
    assert cells.primary.any() or not policy.hides_small
    assert hidden[cells.primary].all()
    assert frame.loc[frame["count"].isna() | frame["denominator"].isna(), "value"].isna().all()
    assert frame.loc[frame["value"].isna(), ["lower", "upper"]].isna().all().all()


@pytest.mark.parametrize("name", ["seven_then_round_to_5", "round_to_5"])
def test_under_rounding_every_shown_count_is_rounded(name: str, params: Params, project_root: Path) -> None:
    frame = system(*random_outcomes(4), params, policy_of(project_root, name))[2]
    for column in ("count", "denominator"):
        assert (frame[column].dropna() % 5 == 0).all()
    assert frame.loc[frame["count"] == 0, "symbol"].isin(["[low]", "[c]"]).all()


def linkage(counts: dict[str, list[int]]) -> pd.DataFrame:
    """Linkage of section 47 enquiries in one year: counts by authority of linked, unlinked UN1 and unlinked UN2."""
    kinds = [("counted", "linked by UPN"), ("unlinked", "UN1"), ("unlinked", "UN2")]
    return pd.DataFrame(
        [
            {"authority": authority, "event": "section47", "academic_year": YEAR, "link_status": status,
             "reason": reason, "count": count}
            for authority, held in counts.items()
            for (status, reason), count in zip(kinds, held, strict=True)
        ]
    )  # fmt: skip


def test_linkage_of_an_authority_does_not_follow_from_the_pooled_one(policy: Policy) -> None:
    table = linkage({"bolton": [40, 1, 2], "bury": [50, 20, 30], "oldham": [60, 21, 31]})
    book = Book()
    linkage_book(book, table)
    cells = cells_of(book, policy)
    pattern = protect(cells)
    assert audit(cells, pattern.hidden).is_safe
    counts = linkage_by_status(table)
    every = pd.concat([counts, pooled(counts)], ignore_index=True)
    frame = protected_linkage(every, Shown.of(cells, pattern.hidden, policy))
    unlinked = frame[frame["link_status"] == "unlinked"].set_index("authority")
    assert unlinked.loc["bolton", "symbol"] == "[c]"
    assert (unlinked.loc[["bury", "oldham", "all"], "symbol"] == "[c]").any()


def test_a_return_shows_no_rate_of_a_hidden_count_and_always_its_population(policy: Policy) -> None:
    rows = [
        ("referrals", 900.0, 50_000.0, OF_POPULATION),
        ("referrals_from_schools", 3.0, 900.0, "% of referrals"),
        ("section47_enquiries", 4.0, 50_000.0, OF_POPULATION),
    ]
    columns = ["measure", "count", "denominator", "unit"]
    returns = pd.DataFrame(rows, columns=columns).assign(authority="bolton", time_period="2022", value=1.0)
    book = Book()
    returns_book(book, returns)
    cells = cells_of(book, policy)
    frame = protected_returns(returns, Shown.of(cells, protect(cells).hidden, policy)).set_index("measure")
    assert frame.loc["referrals", ["count", "value", "symbol"]].tolist() == [900, 180, ""]
    assert frame.loc[["referrals_from_schools", "section47_enquiries"], "symbol"].tolist() == ["[c]", "[c]"]
    assert frame.loc[["referrals_from_schools", "section47_enquiries"], ["count", "value"]].isna().all().all()
    assert frame.loc["section47_enquiries", "denominator"] == 50_000


def test_the_order_of_rows_changes_nothing(params: Params, policy: Policy) -> None:
    by_authority, over_all = random_outcomes(5)
    first = system(by_authority, over_all, params, policy)[0]
    shuffled = by_authority.sample(frac=1, random_state=1, ignore_index=True)
    second = system(shuffled, over_all.iloc[::-1].reset_index(drop=True), params, policy)[0]
    assert first.names.tolist() == second.names.tolist()
    assert np.array_equal(first.sensitive, second.sensitive)
    assert np.array_equal(protect(first).hidden, protect(second).hidden)


def test_pooled_rows_are_the_sums_of_the_invented_authorities() -> None:
    by_authority, over_all = random_outcomes(6)
    totals = by_authority[by_authority["level"] == "authority"]["count"].sum()
    assert pooled_over(by_authority)["count"].sum() == over_all["count"].sum() == 2 * totals
