"""The chapters of trials of supervision, from invented effects that passed the door: each trial by itself."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest
from invented_report_inputs import POLICY, invented_inputs
from invented_supervision_tables import invented_supervision

from swis.disclosure.book import Book, Shown, cells_of, effects_book, flow_book, rootogram_book
from swis.disclosure.engine.protect import protect
from swis.disclosure.estimates import protect_effects
from swis.effects import analysis as effects
from swis.effects.supervision_simulation import SupervisionTrial
from swis.params import Trial
from swis.report import chapters
from swis.report.chapters.effects import effect_sentence
from swis.report.effects_inputs import EffectInputs
from swis.report.inputs import ALL, Inputs
from swis.report.model import Report, Section, Table
from swis.report.render import render_report

KNOWN = SupervisionTrial(authorities=4, odds_ratio=0.7, rate_ratio=1.8)
NAMES = ("dsls_group", "dsls_sexual_abuse")


def effects_of(trial: Trial) -> effects.Effects:
    """Everything the stage leaves for one trial over invented tables."""
    tables = invented_supervision(trial, 11, KNOWN)
    parts = [
        *(effects.estimate(tables, trial, role=role) for role in ("primary", "secondary", "exploratory")),
        *(effects.estimate(tables, trial, kind=kind) for kind in ("sensitivity", "subgroup")),
    ]
    estimated = effects.together(trial, *parts)
    return effects.Effects(
        estimated.results,
        estimated.excluded,
        effects.participant_flow(tables, trial),
        effects.balance(tables, trial),
        effects.harms(effects.plan_of(trial), estimated.results),
        effects.between_schools(tables, trial),
        effects.detectable(tables, trial),
        *effects.beside_published(tables, trial, estimated.results),
        *effects.primary_fit_checks(tables, trial),
        effects.added_year(trial, estimated.results),
    )


def let_through(held: effects.Effects, trial: Trial) -> EffectInputs:
    """The tables of one trial as they come out of the door."""
    book = Book()
    effects_book(book, held.results, trial)
    flow_book(book, held.flow, trial.name, effects.january_of(trial))
    rootogram_book(book, held.rootogram, trial.name)
    cells = cells_of(book, POLICY)
    shown = Shown.of(cells, protect(cells).hidden, POLICY)
    return EffectInputs(trial, **protect_effects(held, trial, shown))


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    plain = invented_inputs(ALL)
    return replace(
        plain, effects={name: let_through(effects_of(plain.trials[name]), plain.trials[name]) for name in NAMES}
    )


@pytest.fixture(scope="module")
def sections(inputs: Inputs) -> dict[str, Section]:
    """The chapter of each trial."""
    found = {name: chapters.effects(inputs, name) for name in NAMES}
    return {name: chapter for name, chapter in found.items() if chapter is not None}


@pytest.fixture(scope="module")
def said(sections: dict[str, Section]) -> dict[str, str]:
    """The words of each chapter."""
    return {name: words(chapter) for name, chapter in sections.items()}


def table(part: Section, name: str) -> Table:
    return next(block for block in part.walk() if isinstance(block, Table) and block.id == name)


def words(part: Section) -> str:
    return re.sub(r"<[^>]+>", " ", part._repr_html_())


def test_a_share_is_told_as_an_odds_ratio_with_both_rates_beside_it(
    sections: dict[str, Section], said: dict[str, str]
) -> None:
    part, told = sections["dsls_group"], said["dsls_group"]
    assert "Over the school year 2021/22, the odds behind the share of contacts with no further action" in told
    assert "the adjusted odds ratio" in told
    beside = {row[0] for row in table(part, "dsls-group-effects-beside").rows}
    assert beside == {
        "Contacts made by schools, school year 2021/22", "Contacts with no further action, school year 2021/22",
    }  # fmt: skip
    assert "binomial with a normal intercept" in told
    assert "Schools by number of" not in told, "a rootogram is of counts"


def test_a_rate_is_told_as_a_rate_ratio_with_its_rootogram(said: dict[str, str]) -> None:
    told = said["dsls_sexual_abuse"]
    assert "the rate of contacts about sexual abuse of intervention schools was" in told
    assert "Schools by number of contacts about sexual abuse" in told
    assert "Primary and secondary schools" in told


def test_nothing_of_social_workers_in_schools_stands_in_a_chapter_of_supervision(said: dict[str, str]) -> None:
    for name in NAMES:
        for word in (
            "a worker in post",
            "worker-months",
            "23 months",
            "35 months",
            "ISRCTN90922032",
            "January 2020",
            "Given a worker later",
        ):
            assert word not in said[name], word


def test_every_trial_has_its_own_chapter_and_key_message_and_there_is_none_of_several(inputs: Inputs) -> None:
    sentences = [effect_sentence(inputs, inputs.effects[name]) for name in NAMES]
    titles = [inputs.trials[name].title for name in NAMES]
    for sentence, title in zip(sentences, titles, strict=True):
        assert title in sentence
        assert [other for other in titles if other in sentence] == [title]
    assert chapters.effects(inputs, "dsls") is None
    for name in NAMES:
        held = inputs.effects[name].results.frame
        assert (held["schools_intervention"].dropna() <= 28).all(), "the schools of one trial"


def test_the_chapters_make_one_page_without_an_id_twice(inputs: Inputs, sections: dict[str, Section]) -> None:
    parts = tuple(sections[name] for name in NAMES)
    bought = chapters.extension(inputs)
    assert bought is not None
    page = Report("evaluation", "Title", "Subtitle", (*parts, bought), True, "Provenance", POLICY.title)
    assert "What the extension bought" in render_report(page)


def test_secondary_outcomes_name_the_scales_of_the_survey_and_which_way_is_better(
    inputs: Inputs, said: dict[str, str]
) -> None:
    told = said["dsls_group"]
    survey = inputs.trials["dsls_group"].survey
    assert survey is not None
    for role, scale in survey.scales.items():
        is_named = f"{scale.name}, {scale.items} items of {scale.lowest:g} to {scale.highest:g}" in told
        assert is_named == (role != "support"), "support is described with delivery"
    assert "Anxiety of safeguarding leads: Anxiety scale (illustrative), 7 items of 0 to 3, less is better" in told


def test_the_extension_chapter_says_that_both_columns_are_as_known_at_the_cut(inputs: Inputs) -> None:
    bought = chapters.extension(inputs)
    assert bought is not None
    assert "as known on the day of the data cut, 31 August 2023" in words(bought)


def test_the_extension_chapter_holds_both_estimates_the_protocol_and_whether_a_conclusion_changed(
    inputs: Inputs,
) -> None:
    bought = chapters.extension(inputs)
    assert bought is not None
    assert len(bought.sections) == len(NAMES), "one part a trial, none over several"
    found = table(bought, "dsls-group-extension-estimates")
    by_outcome = {row[0]: row for row in found.rows if row[1] == "Odds ratio"}
    share = by_outcome["Share of contacts with no further action"]
    assert share[2] == "July 2022"
    assert share[-1] in {"yes", "no"}
    held = inputs.effects["dsls_group"].added_year.frame.set_index(["outcome", "scale"])
    row = held.loc[("contacts_no_further_action", "odds ratio")]
    assert share[-2] == f"{row['interval_width_ratio']:.2f}"
    exploratory = {row[0] for row in found.rows if row[2] == "exploratory"}
    assert exploratory == {"Contacts with no further action", "Contacts about sexual abuse"}


def test_a_conclusion_changes_where_an_interval_begins_or_ends_to_hold_no_effect(inputs: Inputs) -> None:
    one = inputs.effects["dsls_group"]
    frame = pd.DataFrame(
        [
            ("referrals", "rate ratio", 0.8, 0.6, 1.1, 0.8, 0.7, 0.9, 0.5),
            ("contacts_from_schools", "rate ratio", 0.8, 0.6, 1.1, 0.8, 0.7, 1.05, 0.6),
            ("section47_enquiries", "rate difference per 1,000 pupil-years", 2.0, 1.0, 3.0, 2.0, 1.5, 2.5, 0.5),
        ],
        columns=list(one.added_year.frame.columns),
    )
    changed = replace(one, added_year=one.added_year.with_frame(frame))
    bought = chapters.extension(replace(inputs, effects={"dsls_group": changed}))
    assert bought is not None
    assert [row[-1] for row in table(bought, "dsls-group-extension-estimates").rows] == ["yes", "no", "no"]
    assert "one conclusion changed" in words(bought)


def test_without_effects_there_is_no_chapter(inputs: Inputs) -> None:
    assert chapters.extension(replace(inputs, effects={})) is None
