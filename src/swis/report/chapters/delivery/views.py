"""What school staff thought of the support: mean answers of safeguarding leads, described and not tested."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from swis.disclosure.book.views import DECIMALS
from swis.disclosure.protected import Protected
from swis.outcomes.measures.safeguarding_leads import ROLE_OF_SUPPORT
from swis.report.figures.views import views_figure
from swis.report.inputs import Inputs
from swis.report.model import Block, Column, Section, Table, paragraph
from swis.report.tables import ARM_TITLES, symbols_note
from swis.report.wording import DASH, count_cell, interval_text, is_missing, listed_text, number_text, sentence_case

ASKED = (
    "Early feedback spoke of good support of school staff on risk. Safeguarding leads are school staff; where a survey "
    "asked them how well children's social care supports them with safeguarding and risk, before the trial and at its "
    "end, their answers stand here, as a mean of points an item: more is better."
)
FORMULA = (
    "The mean is the points of all leads over their number. Leads of one school answer alike, so its interval is that of "
    "a ratio of two sums over schools, linearised, by Student's t with one degree of freedom less than schools (Cochran, "
    "Sampling Techniques, chapter 6); the tables of outcomes take each lead by itself, and their intervals are narrower as a rule."
)
DESCRIBED = (
    "This is description. Nothing is adjusted, no effect is estimated, and the scale belongs to no plan of analysis; "
    "what those would have said who did not answer is not known. What each trial's survey asked is assumed, for no "
    "public source names a scale."
)
NONE = (
    "No survey with a scale of support was returned{of}. That staff there were supported well, as early feedback had it, "
    "can be neither shown nor denied here."
)


def views_section(inputs: Inputs, tables: Mapping[str, Protected]) -> Section:
    """The table and figure of mean answers, and of which trials there are none."""
    views = tables["views"]
    held = [name for name in inputs.trials if (views.frame["trial"] == name).any()]
    without = [trial.title for name, trial in inputs.trials.items() if name not in held]
    blocks: list[Block] = []
    if held:
        words = f"{ASKED} Asked was: {listed_text(scales_in_words(inputs, held))}."
        blocks += [paragraph(words), paragraph(FORMULA), _table(inputs, views, held), *_figure(inputs, views, held)]
        blocks.append(paragraph(DESCRIBED))
    if without:
        blocks.append(paragraph(NONE.format(of=f" for {listed_text(without)}" if held else "")))
    return Section(
        "delivery-views", "What school staff thought of the support", tuple(blocks), is_synthetic=inputs.is_synthetic
    )


def scales_in_words(inputs: Inputs, held: list[str]) -> list[str]:
    """The scale of support of these trials with its items and range, each once."""
    surveys = [inputs.trials[name].survey for name in held]
    scales = [survey.scales[ROLE_OF_SUPPORT] for survey in surveys if survey is not None]
    said = (f"{one.name}, {one.items} items of {_end(one.lowest)} to {_end(one.highest)}" for one in scales)
    return list(dict.fromkeys(said))


def _table(inputs: Inputs, views: Protected, held: list[str]) -> Table:
    columns = (
        Column("Trial"),
        Column("Arm"),
        Column("Wave"),
        Column("Schools", "count"),
        Column("Leads asked", "count"),
        Column("Leads who answered", "count"),
        Column("Mean answer", "value"),
        Column("95% interval", "interval"),
    )
    rows = [
        (
            f"{inputs.trials[row['trial']].title}: scale from {_end(row['lowest'])} to {_end(row['highest'])}",
            f"{ARM_TITLES[row['arm']]} schools",
            sentence_case(row["wave"]),
            *(count_cell(row[name], str(row["symbol"])) for name in ("schools", "asked", "answered")),
            mean_cell(row),
            interval_text(row["lower"], row["upper"], decimals=DECIMALS),
        )
        for name in held
        for arm in ARM_TITLES
        for row in views.where(trial=name, arm=arm).frame.to_dict("records")
    ]
    return Table(
        "delivery-views-table",
        "How well safeguarding leads felt supported by children's social care, by trial, arm and wave",
        columns,
        tuple(rows),
        f"surveys of safeguarding leads; {inputs.data_source}",
        note=symbols_note(rows),
        row_headers=3,
        is_grouped=True,
        data=views,
    )


def _figure(inputs: Inputs, views: Protected, held: list[str]) -> list[Block]:
    """The figure of the trials of which any mean is shown; none where all are hidden."""
    shown = views.frame[views.frame["mean"].notna()]
    titles = {name: inputs.trials[name].title for name in held if (shown["trial"] == name).any()}
    if not titles:
        return []
    return [
        views_figure(
            views,
            titles,
            id="delivery-views-figure",
            caption="Mean answers of safeguarding leads on the support of children's social care, by wave and arm",
            source=f"surveys of safeguarding leads; {inputs.data_source} The axis is the whole scale.",
            is_synthetic=inputs.is_synthetic,
        )
    ]


def mean_cell(row: Mapping[str, Any]) -> str:
    """The mean, or the symbol where it is hidden."""
    return (str(row["symbol"]) or DASH) if is_missing(row["mean"]) else number_text(row["mean"], decimals=DECIMALS)


def _end(value: Any) -> str:
    return f"{float(value):g}"
