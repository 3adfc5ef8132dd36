"""The smaller tables as cells: effects, the flow of schools, records of validation, events across borders."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from invented_outcomes import all_levels, pooled_over, school_rows

from swis.disclosure.book import (
    Book,
    Shown,
    borders_book,
    cells_of,
    effects_book,
    failing_by_rule,
    flow_book,
    linkage_book,
    outcome_book,
    participants_book,
    protected_balance,
    protected_borders,
    protected_flow,
    protected_participants,
    protected_results,
    protected_rootogram,
    protected_rules,
    protected_totals,
    protected_trial_flow,
    records_book,
    rootogram_book,
)
from swis.disclosure.book.effect_frames import few_digits, rests_on_little, without_estimates
from swis.disclosure.engine.audit import audit
from swis.disclosure.engine.protect import protect
from swis.disclosure.policy import Policy, load_policy
from swis.disclosure.protected import DisclosureError
from swis.params import Params, load_params

MAIN, SUBGROUP = "section47_enquiries/23 months/main", "section47_enquiries/23 months/subgroup:sex"
SENSITIVITY = "section47_enquiries/23 months/sensitivity:unadjusted"


@pytest.fixture(scope="module")
def params(project_root: Path) -> Params:
    return load_params(project_root / "params")


@pytest.fixture(scope="module")
def policy(project_root: Path) -> Policy:
    return load_policy(project_root / "params" / "disclosure", "dfe_children_in_need")


def solved(book: Book, policy: Policy) -> Shown:
    """What is shown after protection, which the audit passes."""
    cells = cells_of(book, policy)
    pattern = protect(cells)
    assert audit(cells, pattern.hidden).is_safe
    return Shown.of(cells, pattern.hidden, policy)


def result(
    analysis_id: str, level: str, scale: str, counts: tuple[float, float], schools: int = 8
) -> dict[str, object]:
    return {
        "analysis_id": analysis_id, "level": level, "scale": scale, "estimate": 1.23456, "lower": 1.0, "upper": 1.5,
        "p_value": 0.04, "message": "", "schools_intervention": float(schools), "schools_control": 9.0,
        "count_intervention": counts[0], "count_control": counts[1], "denominator_intervention": 8000.0,
        "denominator_control": 9000.0,
    }  # fmt: skip


def results(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame(list(rows))


def outcomes_in_book(params: Params, policy: Policy, last: float) -> Book:
    """A pooled window of 10 intervention schools of 20 enquiries, but the last two with `last`, and 9 of control."""
    window = {
        ("bolton", "intervention", "23 months"): [20.0] * 8 + [last] * 2,
        ("bolton", "control", "23 months"): [20.0] * 9,
    }
    by_authority = all_levels(school_rows("section47_enquiries", window, period_kind="window"))
    book = Book()
    outcome_book(book, by_authority, pooled_over(by_authority), params.trials, params.definitions, policy)
    return book


def test_what_two_schools_left_out_had_does_not_follow(params: Params, policy: Policy) -> None:
    book = outcomes_in_book(params, policy, last=15)
    effects_book(book, results(result(MAIN, "", "rate ratio", (160, 180))), params.trials["swis"])
    left = book.entries().set_index("statistic").loc["analysed count:section47_enquiries, left out"]
    assert (left["value"], left["schools"]) == (30, 2)
    frame = protected_results(
        results(result(MAIN, "", "rate ratio", (160, 180))), params.trials["swis"], solved(book, policy)
    )
    assert pd.isna(frame.loc[0, "count_intervention"])
    assert frame.loc[0, ["count_control", "counts_symbol", "symbol"]].tolist() == [180, "[c]", ""]


def test_an_analysis_of_every_school_has_the_numbers_of_the_outcome(params: Params, policy: Policy) -> None:
    book = outcomes_in_book(params, policy, last=0)
    rows = results(result(MAIN, "", "rate ratio", (160, 180)) | {"denominator_intervention": 10_000.0})
    effects_book(book, rows, params.trials["swis"])
    assert not book.entries()["statistic"].eq("analysed count:section47_enquiries, left out").any()
    frame = protected_results(rows, params.trials["swis"], solved(book, policy))
    assert frame.loc[0, ["count_intervention", "counts_symbol", "estimate"]].tolist() == [160, "", 1.235]


def test_groups_of_unknown_pupils_do_not_follow_from_the_others(params: Params, policy: Policy) -> None:
    rows = results(
        result(MAIN, "", "rate ratio", (160, 180)),
        result(SUBGROUP, "female", "rate ratio", (77, 90)),
        result(SUBGROUP, "male", "rate ratio", (80, 90)),
        result(SUBGROUP, "interaction", "p-value", (157, 180)),
    )
    halved = rows.assign(**{
        f"denominator_{arm}": np.where(rows["level"].isin(["female", "male"]), rows[f"denominator_{arm}"] / 2,
                                       rows[f"denominator_{arm}"])
        for arm in ("intervention", "control")
    })  # fmt: skip
    book = Book()
    effects_book(book, halved, params.trials["swis"])
    unknown = book.entries().set_index("statistic").loc["analysed count:section47_enquiries, group unknown"]
    assert unknown["value"] == 3
    frame = protected_results(halved, params.trials["swis"], solved(book, policy))
    # The main analysis, or what its groups add up to and one of them.
    assert frame["count_intervention"].isna().any()
    assert frame["count_control"].notna().all()


def test_an_analysis_without_a_school_says_why_and_not_that_it_is_hidden(params: Params, policy: Policy) -> None:
    said = "An arm has no school left (window observed too little)."
    none = dict.fromkeys(("estimate", "lower", "upper", "p_value"), np.nan) | {"message": said}
    empty = result(MAIN, "", "rate ratio", (0, 0), schools=0) | none | {"schools_control": 0.0}
    few = result(SENSITIVITY, "", "rate ratio", (30, 180), schools=2) | none
    book = Book()
    effects_book(book, results(empty, few), params.trials["swis"])
    frame = protected_results(results(empty, few), params.trials["swis"], solved(book, policy))
    assert frame["symbol"].tolist() == ["[x]", "[c]"]
    assert frame["message"].tolist() == [said, ""]


def test_a_sensitivity_analysis_shows_schools_and_no_count(params: Params, policy: Policy) -> None:
    rows = results(result(MAIN, "", "rate ratio", (160, 180)), result(SENSITIVITY, "", "rate ratio", (158, 180)))
    book = Book()
    effects_book(book, rows, params.trials["swis"])
    frame = protected_results(rows, params.trials["swis"], solved(book, policy))
    other = frame.loc[1]
    assert other[["count_intervention", "count_control", "denominator_intervention"]].isna().all()
    assert other[["schools_intervention", "schools_control", "counts_symbol"]].tolist() == [8, 9, "[z]"]


@pytest.mark.parametrize(("counts", "schools"), [((9.0, 180.0), 8), ((160.0, 180.0), 2)])
def test_an_estimate_on_few_events_or_schools_is_hidden(
    counts: tuple[float, float], schools: int, params: Params, policy: Policy
) -> None:
    rows = results(result(MAIN, "", "rate ratio", counts, schools=schools))
    book = Book()
    effects_book(book, rows, params.trials["swis"])
    row = protected_results(rows, params.trials["swis"], solved(book, policy)).loc[0]
    assert row["symbol"] == "[c]"
    assert row[["estimate", "lower", "upper", "p_value"]].isna().all()


def test_balance_keeps_no_count_and_nothing_of_few_events(policy: Policy) -> None:
    columns = ["characteristic", "intervention", "control", "schools_intervention", "schools_control",
               "count_intervention", "count_control"]  # fmt: skip
    balance = pd.DataFrame([("size", 1027.34, 1034.99, 8, 9, 8219.0, 9315.0), ("care", 2.2, 2.5, 8, 9, 8.0, 12.0)],
                           columns=columns)  # fmt: skip
    shown = Shown(pd.Series(dtype=bool), policy)
    made = protected_balance(balance, shown, ("intervention", "control"))
    assert [name for name in made if name.startswith("count")] == []
    assert made["intervention"].isna().tolist() == [False, True]
    assert made["symbol"].tolist() == ["", "[c]"]


def flow() -> pd.DataFrame:
    steps = {
        "allocated": (20, 20_100.0), "left out": (0, 0.0), "analysed": (20, 20_100.0), "withdrew": (3, 3_000.0),
        "merged or closed": (2, 1_600.0), "post vacant": (1, 820.0), "stayed to the end": (15, 15_500.0),
    }  # fmt: skip
    rows = [
        (step, arm, schools, pupils, schools)
        for step, (schools, pupils) in steps.items()
        for arm in ("intervention", "control")
    ]
    return pd.DataFrame(rows, columns=["step", "arm", "schools", "pupils", "pupils_known_for"])


def test_pupils_of_closed_schools_do_not_follow_from_those_who_stayed_or_withdrew(policy: Policy) -> None:
    book = Book()
    flow_book(book, flow(), "swis", 2020)
    frame = protected_flow(flow(), "swis", solved(book, policy)).set_index(["step", "arm"])
    for arm in ("intervention", "control"):
        hidden = frame.xs(arm, level="arm")["pupils"].isna()
        assert hidden["merged or closed"]
        assert hidden["post vacant"]
        assert hidden[["analysed", "stayed to the end", "withdrew"]].any()
    assert frame["schools"].notna().all()


def taking_part(schools: int) -> pd.DataFrame:
    return pd.DataFrame(
        {"authority": "bolton", "trial": "swis", "arm": ["intervention", "control"], "academic_year": "2020/21",
         "schools": [schools, 9], "pupils": [2000, 9000], "pupil_years": [1990.4, 8990.6]}
    )  # fmt: skip


def test_pupils_of_two_schools_follow_neither_from_the_authority_nor_from_all_of_them(policy: Policy) -> None:
    own, other = taking_part(schools=2), taking_part(schools=8).assign(authority="bury", pupils=[8000, 9500])
    every = pd.concat([own, other], ignore_index=True)
    keys = ["trial", "arm", "academic_year"]
    pooled = every.groupby(keys, as_index=False)[["schools", "pupils", "pupil_years"]].sum().assign(authority="all")
    book = Book()
    participants_book(book, every, pooled)
    shown = solved(book, policy)
    row = protected_participants(own, shown).loc[0]
    assert row[["schools", "pupils", "pupil_years"]].isna().all()
    assert row["symbol"] == "[c]"
    # Of three numbers that add up a second one is hidden too, and the flow takes the pooled one as it is.
    beside = pd.concat([protected_participants(one, shown) for one in (other, pooled)])
    assert beside.loc[beside["arm"] == "intervention", "pupils"].isna().sum() == 1
    steps = pd.DataFrame(
        {"trial": "swis", "arm": ["control", "intervention"], "allocated": [18, 10], "without_outcomes": [0, 0],
         "analysed": [18, 10], "left": [0, 0], "pupils": [18_500, 10_000]}
    )  # fmt: skip
    made = protected_trial_flow(steps, {"swis": "2020/21"}, shown).set_index("arm")
    assert made.loc["control", ["pupils", "symbol"]].tolist() == [18_500, ""]
    hidden = protected_participants(pooled, shown).set_index("arm").loc["intervention", "pupils"]
    assert pd.isna(made.loc["intervention", "pupils"]) == pd.isna(hidden)


def test_a_flow_that_does_not_add_up_is_refused() -> None:
    wrong = flow()
    wrong.loc[wrong["step"] == "analysed", "pupils"] = 20_000.0
    with pytest.raises(DisclosureError, match="pupils allocated, left out or analysed, in 2 of 2"):
        flow_book(Book(), wrong, "swis", 2020)


def validation(counts: dict[str, int]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"authority": authority, "severity": "set aside", "rule": "CIN 1103", "table": "assessments",
             "outcome": "failed", "rows_failed": count}
            for authority, count in counts.items()
        ]
    )  # fmt: skip


def test_one_record_in_each_authority_does_not_follow_from_all_of_them(policy: Policy) -> None:
    counts = dict.fromkeys(("bolton", "bury", "oldham"), 1)
    totals = pd.DataFrame({"authority": list(counts), "rows_read": 5000, "rows_set_aside": 1})
    book = Book()
    records_book(book, validation(counts), totals)
    shown = solved(book, policy)
    own = failing_by_rule(validation(counts))
    assert protected_rules(own, shown)["symbol"].eq("[c]").all()
    # Three records in three authorities would be one in each.
    pooled = own.groupby(["severity", "rule", "table"], as_index=False)["rows_failed"].sum().assign(authority="all")
    assert protected_rules(pooled, shown)["symbol"].eq("[c]").all()
    assert protected_totals(totals, shown)[["rows_set_aside", "rows_read"]].isna().any().tolist() == [True, False]


def test_events_across_borders_are_hidden_where_few(policy: Policy) -> None:
    linkage = pd.DataFrame(
        {"authority": ["bolton", "bury"], "event": "section47", "academic_year": "2021/22", "link_status": "counted",
         "reason": "linked by UPN", "count": [40, 50]}
    )  # fmt: skip
    borders = pd.DataFrame({"event": ["section47"], "own_count": [90], "cross_border_count": [2]})
    book = Book()
    linkage_book(book, linkage)
    borders_book(book, borders)
    frame = protected_borders(borders, solved(book, policy))
    assert frame.loc[0, ["own_count", "symbol"]].tolist() == [90, "[c]"]
    assert pd.isna(frame.loc[0, "cross_border_count"])


def test_a_bin_of_two_schools_does_not_follow_from_the_others(policy: Policy) -> None:
    bins = pd.DataFrame({"from_count": [0, 5, 9], "to_count": [4, 8, 20], "observed_schools": [12, 2, 9],
                         "expected_schools": [11.21234, 3.1, 8.7]})  # fmt: skip
    book = Book()
    rootogram_book(book, bins, "swis")
    frame = protected_rootogram(bins, "swis", solved(book, policy))
    assert frame["observed_schools"].isna().sum() == 2
    assert pd.isna(frame.loc[1, "observed_schools"])
    assert frame["expected_schools"].tolist() == [11.2, 3.1, 8.7]


def test_no_number_leaves_with_digits_that_would_give_a_count_back(policy: Policy) -> None:
    exact = {"value": [146910 / 143, 1 / 7], "schools": [143.0, 141.0]}
    shown = few_digits(pd.DataFrame(exact))
    assert shown["value"].tolist() == [1027.3, 0.143]
    assert round(shown["value"].iloc[0] * 143) != 146910
    schools = {"schools_intervention": 12.0, "schools_control": 2.0}
    row = {"estimate": 2 / 3, **schools, "message": "one side has only zeros"}
    frame = pd.DataFrame([row, {**row, "schools_control": 12.0}])
    told = without_estimates(frame, rests_on_little(frame, policy), policy, ["estimate"])
    assert told["message"].tolist() == ["", "one side has only zeros"]
    assert told["estimate"].isna().tolist() == [True, False]


@pytest.mark.parametrize(("count", "limits"), [(12.0, (10, np.inf)), (4.0, (1, 9)), (0.0, (1, 9))])
def test_an_estimate_that_is_shown_tells_that_its_events_are_not_few(
    count: float, limits: tuple[float, float], params: Params, policy: Policy
) -> None:
    book = Book()
    effects_book(book, results(result(MAIN, "", "rate ratio", (count, 180))), params.trials["swis"])
    cells = cells_of(book, policy)
    (at,) = [at for at, name in enumerate(cells.names) if "count:" in name and "arm=intervention" in name]
    assert (cells.hidden_lower[at], cells.hidden_upper[at]) == limits


def test_a_small_group_does_not_follow_from_the_estimate_of_the_other_group(params: Params, policy: Policy) -> None:
    """Of 14 events of both groups one has 4 and no estimate; that of the other, shown, would say: at least 10."""
    rows = results(
        result(MAIN, "", "rate ratio", (14, 180)),
        result(SUBGROUP, "female", "rate ratio", (4, 90)),
        result(SUBGROUP, "male", "rate ratio", (10, 90)),
        result(SUBGROUP, "interaction", "p-value", (14, 180)),
    )
    book = Book()
    effects_book(book, rows, params.trials["swis"])
    frame = protected_results(rows, params.trials["swis"], solved(book, policy)).set_index("level")
    assert frame.loc["female", "symbol"] == "[c]"
    assert pd.isna(frame.loc["female", "count_intervention"])
    # Female from 1 to 4 is all that 14 with a male group of 10 or more leaves: so the whole is hidden with it.
    assert frame.loc[["", "interaction"], "count_intervention"].isna().all()
