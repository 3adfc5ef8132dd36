"""Contacts and the survey of safeguarding leads through the book: what is one number, what follows from what."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from invented_outcomes import all_levels, pooled_over, school_rows

from swis.disclosure.book import Book, Shown, cells_of, outcome_book, outcome_names, protected_outcomes
from swis.disclosure.book.outcomes import mean_decimals
from swis.disclosure.engine.audit import audit
from swis.disclosure.engine.protect import protect
from swis.disclosure.policy import Policy, load_policy
from swis.disclosure.protected import DisclosureError
from swis.outcomes.registry import measures
from swis.params import Params, load_params

YEAR = "2021/22"
SHARES = {"contacts_no_further_action": 0, "contacts_to_early_help": 1, "contacts_to_referral": 2}
# School → contacts without further action, to early help, to a referral, and not decided; the last one made none.
CONTACTS = {
    "intervention": [(14, 3, 9, 1), (20, 1, 8, 0), (11, 0, 7, 2), (0, 0, 0, 0)],
    "control": [(22, 4, 9, 0), (17, 2, 11, 1), (25, 6, 10, 0), (9, 1, 3, 0)],
}
LEADS = {"intervention": [23, 22, 24, 23], "control": [22, 24, 23, 23]}


@pytest.fixture(scope="module")
def params(project_root: Path) -> Params:
    return load_params(project_root / "params")


@pytest.fixture(scope="module")
def policy(project_root: Path) -> Policy:
    return load_policy(project_root / "params" / "disclosure", "dfe_children_in_need")


def of_contacts() -> pd.DataFrame:
    """Rows of schools of every measure of contacts; a school that made none has no share."""
    held = {arm: np.array(schools, dtype=float) for arm, schools in CONTACTS.items()}
    parts = [
        _rows("contacts_from_schools", {arm: counts.sum(axis=1) for arm, counts in held.items()}),
        _rows("contacts_no_further_action_rate", {arm: counts[:, 0] for arm, counts in held.items()}),
    ]
    for name, place in SHARES.items():
        decided = {arm: counts[:, :3].sum(axis=1) for arm, counts in held.items()}
        parts.append(_rows(name, {arm: counts[:, place] for arm, counts in held.items()}, decided))
    return pd.concat(parts, ignore_index=True)


def _rows(
    measure: str, counts: dict[str, np.ndarray], denominators: dict[str, np.ndarray] | None = None
) -> pd.DataFrame:
    made = school_rows(measure, {("bolton", arm, YEAR): list(held) for arm, held in counts.items()})
    if denominators is None:
        return made
    made = made.assign(denominator=np.concatenate([denominators[arm] for arm in counts]))
    return made[made["denominator"] > 0]


def book_of(by_authority: pd.DataFrame, pooled: pd.DataFrame, params: Params, policy: Policy) -> Book:
    book = Book()
    outcome_book(book, by_authority, pooled, params.trials, params.definitions, policy)
    return book


def test_contacts_without_further_action_are_one_number_in_rate_and_share(params: Params, policy: Policy) -> None:
    by_authority = all_levels(of_contacts())
    book = book_of(by_authority, pooled_over(by_authority), params, policy)
    names = outcome_names(by_authority[by_authority["level"] == "arm"])
    measure = by_authority["measure"].reindex(names.index)
    rate, share = (set(names.loc[measure == name, "count"]) for name in
                   ("contacts_no_further_action_rate", "contacts_no_further_action"))  # fmt: skip
    assert rate == share and len(rate) == 2
    held = set(book.entries()["name"])
    assert rate <= held and not any(name.startswith("count:contacts_no_further_action_rate") for name in held)


def test_a_rate_that_is_not_the_shares_number_is_refused(params: Params, policy: Policy) -> None:
    rows = of_contacts()
    is_rate = rows["measure"] == "contacts_no_further_action_rate"
    by_authority = all_levels(rows.assign(count=rows["count"] + is_rate))
    with pytest.raises(DisclosureError, match="numbers met twice differ"):
        book_of(by_authority, pooled_over(by_authority), params, policy).entries()


def test_shares_that_do_not_make_up_the_whole_are_refused(params: Params, policy: Policy) -> None:
    rows = of_contacts()
    more = (rows["measure"] == "contacts_to_referral") & (rows["arm"] == "control")
    by_authority = all_levels(rows.assign(count=rows["count"] - more))
    with pytest.raises(DisclosureError, match="as sum of"):
        book_of(by_authority, pooled_over(by_authority), params, policy)


def test_what_is_shown_of_contacts_does_not_give_the_few_of_early_help_away(params: Params, policy: Policy) -> None:
    by_authority = all_levels(of_contacts())
    pooled = pooled_over(by_authority)
    cells = cells_of(book_of(by_authority, pooled, params, policy), policy)
    hidden = protect(cells).hidden
    assert audit(cells, hidden).is_safe
    shown = Shown.of(cells, hidden, policy)
    arms = protected_outcomes(by_authority[by_authority["level"] != "school"], shown, params.definitions)
    few = arms[(arms["measure"] == "contacts_to_early_help") & (arms["arm"] == "intervention")]
    assert few["count"].isna().all(), "four contacts led to early help"
    others = arms[
        arms["arm"].eq("intervention") & arms["measure"].isin(["contacts_no_further_action", "contacts_to_referral"])
    ]
    assert others[["count", "denominator"]].isna().any(axis=None), "the whole less the two others would be the four"


def survey_rows(period: str) -> pd.DataFrame:
    """A scale that two leads of each control school left out, who answered, and of those who left."""
    asked = {arm: np.array(leads, dtype=float) for arm, leads in LEADS.items()}
    scored = {arm: leads - 2 * (arm == "control") for arm, leads in asked.items()}
    parts = [
        _rows("dsl_wellbeing", {arm: 3.4 * leads for arm, leads in scored.items()}, scored),
        _rows("dsl_survey_response", asked, {arm: leads + 2 for arm, leads in asked.items()}),
        _rows("dsl_turnover", {arm: np.full(4, 2.0) for arm in asked}, asked),
    ]
    return pd.concat(parts, ignore_index=True).assign(period_kind="window", period=period)


def test_answers_of_leads_pass_the_door_pooled(params: Params, policy: Policy) -> None:
    by_authority = all_levels(survey_rows("23 months"))
    pooled = pooled_over(by_authority)
    cells = cells_of(book_of(by_authority, pooled, params, policy), policy)
    hidden = protect(cells).hidden
    assert audit(cells, hidden).is_safe
    frame = protected_outcomes(pooled, Shown.of(cells, hidden, policy), params.definitions)
    own = frame[(frame["measure"] == "dsl_wellbeing") & (frame["arm"] == "intervention")].iloc[0]
    assert (own["value"], own["symbol"]) == (pytest.approx(3.4), "")
    assert protected_outcomes(by_authority, Shown.of(cells, hidden, policy), params.definitions).empty


def test_measures_of_leads_are_printed_with_a_decimal_more(policy: Policy) -> None:
    known = measures()
    assert mean_decimals(known["dsl_wellbeing"], policy) == mean_decimals(known["attainment8"], policy) + 1
