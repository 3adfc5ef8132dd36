"""The one page of the evaluation, what its results come to, and the checklist, from invented effects."""

from __future__ import annotations

import re
from dataclasses import fields, replace

import pandas as pd
import pytest
from invented_report_inputs import POLICY, invented_inputs

from swis.disclosure.protected import Protected
from swis.plan import primary_outcome
from swis.report import chapters
from swis.report.annex import LONGEST_READ
from swis.report.chapters.checklist import items
from swis.report.chapters.key_outcomes import key_measures
from swis.report.effects_inputs import EffectInputs
from swis.report.figures.panels import MOST_PANELS, pages_of
from swis.report.inputs import ALL, Inputs
from swis.report.model import Section, Table, paragraph, walk_sections

INTERVALS = {"swis": (1.04, 0.968, 1.116, ""), "dsls_group": (0.875, 0.781, 0.981, "")}
EMPTY = Protected(pd.DataFrame(), (), POLICY.title)


def effects_of(inputs: Inputs, name: str, interval: tuple[float, float, float, str]) -> EffectInputs:
    """The tables that the summary reads; the others are empty."""
    trial = inputs.trials[name]
    assert trial.plan is not None
    measure = primary_outcome(trial.plan).measure
    estimate, lower, upper, symbol = interval
    scale = "rate ratio" if name == "swis" else "odds ratio"
    row = {
        "outcome": measure, "role": "primary", "analysis": "main", "window": next(iter(trial.windows)), "scale": scale,
        "estimate": estimate, "lower": lower, "upper": upper, "p_value": 0.2, "p_holm": None, "symbol": symbol,
        "schools_intervention": 143, "schools_control": 141,
    }  # fmt: skip
    tables = {field.name: EMPTY for field in fields(EffectInputs) if field.name != "trial"}
    tables["results"] = Protected(pd.DataFrame([row]), ("schools_intervention", "schools_control"), POLICY.title)
    tables["harms"] = Protected(pd.DataFrame([{"outcome": measure, "reading": "to watch"}]), (), POLICY.title)
    design = {
        "outcome": measure,
        "model": "with the plan's covariates",
        "value": 0.21,
        "quantity": "standard deviation of x",
    }
    tables["design"] = Protected(pd.DataFrame([design]), (), POLICY.title)
    spreads = {
        "between_school_sd": [0.1, 0.2, 0.3],
        "smallest_fall": [0.93, 0.915, 0.89],
        "smallest_rise": [1.1, 1.2, 1.3],
    }
    tables["detectable"] = Protected(pd.DataFrame(spreads), (), POLICY.title)
    return EffectInputs(trial, **tables)


def inputs_with(intervals: dict[str, tuple[float, float, float, str]]) -> Inputs:
    inputs = invented_inputs(ALL)
    trials = {name: inputs.trials[name] for name in intervals}
    held = replace(inputs, trials=trials)
    return replace(held, effects={name: effects_of(held, name, one) for name, one in intervals.items()})


def said(section: Section | None) -> str:
    assert section is not None
    texts = [str(getattr(block, "text", "")) + " ".join(getattr(block, "items", ())) for block in section.walk()]
    return re.sub(r"<[^>]+>", "", " ".join(texts))


def test_the_answer_tells_apart_trials_whose_primary_interval_leaves_out_no_difference() -> None:
    words = said(chapters.summary(inputs_with(INTERVALS)))
    assert "no more than chance would explain in Social Workers in Schools." in words
    assert "by more than chance would explain in DSL supervision, group (lower in schools with the programme)." in words


def test_the_side_turns_with_the_interval() -> None:
    turned = {"dsls_group": (1 / 0.875, 1 / 0.981, 1 / 0.781, "")}
    words = said(chapters.summary(inputs_with(turned)))
    assert "DSL supervision, group (higher in schools with the programme)." in words
    assert "no more than chance" not in words


def test_a_hidden_primary_result_is_neither() -> None:
    nan = float("nan")
    words = said(chapters.summary(inputs_with({"swis": (nan, nan, nan, "[c]")})))
    assert "Too little stands behind the primary outcome to say in Social Workers in Schools." in words
    assert "chance would explain" not in words


def test_the_table_of_impact_has_one_row_a_trial_as_released() -> None:
    section = chapters.summary(inputs_with(INTERVALS))
    (table,) = [block for block in section.walk() if isinstance(block, Table)]
    assert [row[0] for row in table.rows] == ["Social Workers in Schools", "DSL supervision, group"]
    assert table.rows[0][2:] == ("Rate ratio", "1.040 (0.968 to 1.116)", "0.20", "143", "141")


def test_a_watched_outcome_is_named_in_the_summary() -> None:
    assert "To be looked at: section 47 enquiries (Social Workers in Schools: to watch)" in said(
        chapters.summary(inputs_with({"swis": INTERVALS["swis"]}))
    )


def test_without_effects_nothing_is_answered_or_interpreted() -> None:
    inputs = invented_inputs(ALL)
    assert "The answer." not in said(chapters.summary(inputs))
    assert chapters.interpretation(inputs) is None
    assert chapters.checklist(inputs, ()) is None


def test_the_range_of_an_interval_is_put_into_words() -> None:
    words = said(chapters.interpretation(inputs_with(INTERVALS)))
    assert "a rate 3% lower to 12% higher in schools with the programme. No difference lies within that range." in words
    assert "odds 22% lower to 2% lower in schools with the programme. No difference lies outside that range." in words


def test_the_smallest_effect_is_that_of_the_nearest_spread() -> None:
    assert "ratio of 0.915 (Social Workers in Schools)" in said(
        chapters.interpretation(inputs_with({"swis": INTERVALS["swis"]}))
    )


@pytest.fixture(scope="module")
def listed() -> tuple[Section, list[Section]]:
    inputs = inputs_with(INTERVALS)
    ids = ["summary", "limitations", "swis-effects-plan", "dsls-group-effects-plan"]
    there = [Section(id, f"Title of {id}", (paragraph("words"),), is_synthetic=True) for id in ids]
    section = chapters.checklist(inputs, there)
    assert section is not None
    return section, there


def test_the_checklist_holds_every_item_in_order() -> None:
    numbers = [str(item["item"]) for item in items()]
    assert [int(re.match(r"\d+", number)[0]) for number in numbers] == sorted(  # type: ignore[index]
        int(re.match(r"\d+", number)[0])
        for number in numbers  # type: ignore[index]
    )
    assert {int(re.match(r"\d+", number)[0]) for number in numbers} == set(range(1, 26))  # type: ignore[index]
    assert len(numbers) == len(set(numbers))


def test_links_of_the_checklist_lead_only_to_what_is_there_and_of_every_trial(
    listed: tuple[Section, list[Section]],
) -> None:
    section, there = listed
    (table,) = [block for block in section.walk() if isinstance(block, Table)]
    targets = {target for row in table.rows for target in re.findall(r'href="#(.*?)"', row[2])}
    assert targets == {one.id for one in walk_sections(there)}
    assert table.stays
    assert len(table.rows) > LONGEST_READ


def test_an_item_of_the_checklist_that_nothing_answers_says_what_is_missing_or_has_sections_elsewhere() -> None:
    assert all(item["sections"] or item.get("but") for item in items())


def test_key_measures_begin_with_the_primary_outcome_and_fit_a_page() -> None:
    inputs = invented_inputs("salford")
    for trial in inputs.trials.values():
        assert trial.plan is not None
        assert key_measures(trial)[0] == primary_outcome(trial.plan).measure
    section = chapters.key_outcomes(inputs)
    assert section is not None
    drawn = [block for block in section.walk() if hasattr(block, "png")]
    assert drawn
    assert all(figure.behind.frame["measure"].nunique() <= MOST_PANELS for figure in drawn)  # type: ignore[union-attr]


@pytest.mark.parametrize(("number", "sizes"), [(0, []), (8, [8]), (9, [5, 4]), (16, [8, 8]), (17, [6, 6, 5])])
def test_panels_are_shared_out_over_pages_alike(number: int, sizes: list[int]) -> None:
    measures = list(invented_inputs(ALL).measures.values())[:number]
    pages = pages_of(measures)
    assert [len(panels) for _, panels in pages] == sizes
    assert [panel for _, panels in pages for panel in panels] == measures
    assert len({page.ending for page, _ in pages}) == len(pages)
