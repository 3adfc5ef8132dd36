"""The evaluation on one page: the question, the answer, one line a trial, and what the answer rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup, escape

from swis.economics.value import COST
from swis.plan import primary_outcome
from swis.report.chapters.effects.tables import plain_table, size_cells
from swis.report.chapters.effects.words import lower_first, p_text, whole_text, window_words
from swis.report.chapters.extension import changed_conclusions
from swis.report.chapters.headline import opening
from swis.report.chapters.received import received_words
from swis.report.effects_inputs import EffectInputs
from swis.report.inputs import Inputs
from swis.report.model import Column, Section, Table, bullets, paragraph
from swis.report.wording import listed_text, pounds_text

QUESTION = (
    "Two programmes brought social workers closer to schools in England: Social Workers in Schools (SWIS) based one in a "
    "secondary school, and supervision of designated safeguarding leads (DSL supervision, DSLS) gave the person in charge of "
    "child protection in a school regular talks with one. This report asks whether either changed what happened to pupils, "
    "how it was delivered and what it cost, from the returns of the authorities that took part, by academic year."
)
NO_EFFECT = (
    "This report describes. Whether the programmes made a difference is not estimated in it, and should not be read from "
    "differences between the two arms."
)
ONLY_SOME = "Effects of the other trials are not estimated, and should not be read from differences between their arms."
NO_SIGNAL = "no signal"


def summary(inputs: Inputs) -> Section:
    """The summary of the evaluation, for a reader of policy who reads nothing else."""
    blocks = opening(inputs, QUESTION)
    held = list(inputs.effects.values())
    if held:
        blocks += [paragraph(_answer(held), tone="key"), _impact(inputs, held), bullets(_further(inputs, held))]
    if missing := inputs.trials.keys() - inputs.effects.keys():
        blocks.append(paragraph(ONLY_SOME if len(missing) < len(inputs.trials) else NO_EFFECT))
    blocks.append(paragraph(_coverage(inputs)))
    return Section("summary", "Summary", tuple(blocks), is_synthetic=inputs.is_synthetic)


def primary_row(held: EffectInputs) -> Mapping[str, Any]:
    """The primary result of a trial, on its own scale."""
    return dict(held.results.where(role="primary", analysis="main").frame.iloc[0])


def is_different(row: Mapping[str, Any]) -> bool:
    """Whether an interval of a ratio leaves out 'no difference'; not where there is none."""
    return not row["symbol"] and pd.notna(row["lower"]) and not row["lower"] <= 1 <= row["upper"]


def _answer(held: list[EffectInputs]) -> Markup:
    """In which trials the primary outcome differed, and in which it did not."""
    rows = [(one.trial.title, primary_row(one)) for one in held]
    groups = (
        ("The primary outcome differed no more than chance would explain in", [
            title for title, row in rows if not row["symbol"] and not is_different(row)
        ]),
        ("The primary outcome differed by more than chance would explain in", [
            f"{title} ({_side(row)})" for title, row in rows if is_different(row)
        ]),
        ("Too little stands behind the primary outcome to say in", [title for title, row in rows if row["symbol"]]),
    )  # fmt: skip
    found = [f"{words} {listed_text(titles)}." for words, titles in groups if titles]
    return Markup("<strong>The answer.</strong> {}").format(" ".join(found))


def _side(row: Mapping[str, Any]) -> str:
    return f"{'lower' if row['upper'] < 1 else 'higher'} in schools with the programme"


def _impact(inputs: Inputs, held: list[EffectInputs]) -> Table:
    rows = []
    for one in held:
        row = primary_row(one)
        outcome = inputs.measures[primary_outcome(one.plan).measure].title
        rows.append(
            (
                one.trial.title,
                f"{outcome}, {window_words(str(row['window'])).removeprefix('the ')}",
                str(row["scale"]).capitalize(),
                whole_text(row),
                p_text(row["p_value"]),
                *size_cells(row),
            )
        )
    columns = {
        "trial": Column("Trial"), "outcome": Column("Primary outcome"), "scale": Column("Measured as"),
        "estimate": Column("Effect (95% interval)", "value"), "p": Column("p", "value"),
        "intervention": Column("Intervention", "count", over="Schools"), "control": Column("Control", "count", over="Schools"),
    }  # fmt: skip
    return plain_table(
        None, columns, rows, id="summary-impact", caption="The primary outcome of each trial",
        source=inputs.data_source,
        note="A ratio of 1 is no difference; under 1, less of the outcome in schools with the programme. Intention to treat, "
        "adjusted as planned.",
    )  # fmt: skip


def _further(inputs: Inputs, held: list[EffectInputs]) -> list[Markup]:
    """Secondary outcomes, harms, cost, the added year: a point each."""
    points = [
        ("Other outcomes", escape(_secondary(inputs, held))),
        ("Harm", escape(_harm(inputs, held))),
        ("Cost", _cost(inputs)),
        ("The added year", escape(_added_year(held))),
    ]
    return [Markup("<strong>{}.</strong> {}").format(title, words) for title, words in points if words]


def _secondary(inputs: Inputs, held: list[EffectInputs]) -> str:
    """Secondary outcomes that differ with several allowed for (Holm), of how many."""
    told, apart = 0, []
    for one in held:
        rows = one.results.where(role="secondary", analysis="main").frame
        rows = rows[rows["p_holm"].notna()]
        told += len(rows)
        found = rows.loc[rows["p_holm"] < one.plan.multiplicity.significance_level, "outcome"]
        apart += [f"{lower_first(inputs.measures[name].title)} ({one.trial.title})" for name in found]
    if not told:
        return ""
    if not apart:
        return f"None of the {told} tests of secondary outcomes shows a difference once several are allowed for."
    return f"Of {told} tests of secondary outcomes, {len(apart)} show a difference once several are allowed for: {listed_text(apart)}."


def _harm(inputs: Inputs, held: list[EffectInputs]) -> str:
    """Outcomes watched for harm, and those that gave a signal."""
    rows = [(one, row) for one in held for row in one.harms.frame.to_dict("records")]
    signals = [
        f"{lower_first(inputs.measures[row['outcome']].title)} ({one.trial.title}: {row['reading']})"
        for one, row in rows
        if row["reading"] != NO_SIGNAL
    ]
    if not rows:
        return ""
    if not signals:
        return f"None of the {len(rows)} outcomes watched for harm gives a signal."
    return f"{len(rows)} outcomes were watched for harm. To be looked at: {listed_text(signals)}."


def _cost(inputs: Inputs) -> Markup:
    """What Social Workers in Schools cost more than usual practice."""
    tables = inputs.further.get("economics")
    value = None if tables is None else tables["value"].where(quantity=COST).frame
    if value is None or value.empty or value.iloc[0]["symbol"]:
        return Markup("")
    row = value.iloc[0]
    span = f"{pounds_text(row['lower'])} to {pounds_text(row['upper'])}"
    more = "more" if row["estimate"] > 0 else "less"
    return Markup(
        "Social Workers in Schools cost {} {} than usual practice per 1,000 pupils a year (95% interval {})."
    ).format(pounds_text(abs(row["estimate"])), more, span)


def _added_year(held: list[EffectInputs]) -> str:
    """What a year more changed of what is concluded."""
    told = sum(len(one.added_year.frame) for one in held)
    changed = sum(changed_conclusions(one.added_year.frame) for one in held)
    if not told:
        return ""
    what = "no conclusion changed" if changed == 0 else f"{changed} conclusion{'s' if changed > 1 else ''} changed"
    return f"{told} estimates were read without and with 2022/23: {what}."


def _coverage(inputs: Inputs) -> str:
    """Whose returns were read and stand behind the numbers; nothing else is pooled."""
    read = inputs.completeness["authority"].nunique()
    counted = read if inputs.by_authority is None else inputs.by_authority.frame["authority"].nunique()
    whole = len(inputs.authorities)
    of_all = f"all {whole}" if counted == whole else f"{counted} of {whole}"
    return f"The numbers are those of {of_all} authorities. {received_words(inputs)}"
