"""How quickly help came: cumulative incidence in working days by arm and academic year, and ratios between arms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from swis.derive.waits import CONTACT, ENQUIRY, REFERRAL, WAITS
from swis.disclosure.protected import Protected
from swis.report.chapters.delivery.staff import limits_cell, percent_cell
from swis.report.chapters.effects.tables import OF_LOGARITHMS
from swis.report.chapters.effects.words import error_text, lower_first, p_text, ratio_text, symbol_words
from swis.report.figures.incidence import incidence_figure
from swis.report.inputs import Inputs
from swis.report.model import Block, Column, Section, Table, paragraph
from swis.report.tables import ARM_TITLES, symbols_note
from swis.report.wording import DASH, count_cell
from swis.speed.curves import STATUTORY

OPENING = (
    "Early feedback said that referrals and assessments came more quickly. Here time is followed from the start of each wait "
    "to its end, in working days, day 0 being the day it starts. What was still open on the last day that returns cover is "
    "counted for as long as it was seen. No plan names these analyses: they are exploratory, and no claim rests on them."
)
TITLES: Mapping[str, str] = {
    CONTACT: "From contact to referral",
    REFERRAL: "From referral to completed assessment",
    ENQUIRY: "From section 47 enquiry to conference",
}
WORDS: Mapping[str, str] = {
    CONTACT: (
        "Contacts by schools that a referral of the same child followed within {span} working days, from the contacts form and "
        "Annex A list 1; the children in need census holds no contacts. Contacts that led to no referral are not among them. A "
        "workbook holds only the half year before it. Authorities that sent neither are not among them."
    ),
    REFERRAL: (
        "By statute an assessment is to be completed within 45 working days of the referral. A referral without further action, or a case "
        "closed before an assessment was authorised, ends otherwise: it stays among those that began."
    ),
    ENQUIRY: (
        "By statute a conference is to be held within 15 working days of the strategy discussion. An enquiry for which no "
        "conference was required ends otherwise, so that the curve levels off where enquiries needed none."
    ),
}
RATIO_WORDS = (
    "The ratio compares how readily waits ended in intervention and control schools, day by day, over the trial's first "
    "window: above 1, help came sooner, or more often, in intervention schools. It is a ratio of subdistribution hazards: a "
    "wait that ended otherwise never comes to its event and stays in the comparison. Authority is allowed for, standard errors "
    "are clustered by school, with Student's t on schools less authorities. Of so many ratios without a difference one in "
    "twenty has an interval that says otherwise; nothing is corrected for that."
)


def speed(inputs: Inputs) -> Section | None:
    """The chapter: absent where the stage was not run or did not finish."""
    tables = inputs.further.get("speed")
    if tables is None or tables["curves"].is_empty:
        return None
    parts = [_wait_section(inputs, tables["curves"].where(wait=wait), wait) for wait in WAITS]
    return Section(
        "speed",
        "How quickly help came",
        (paragraph(OPENING, tone="lead"),),
        (*(part for part in parts if part is not None), _ratios(inputs, tables["ratios"])),
        is_synthetic=inputs.is_synthetic,
    )


def _wait_section(inputs: Inputs, curves: Protected, wait: str) -> Section | None:
    """A figure for each trial with a step to draw, and the table at the statutory day; absent without waits."""
    if curves.is_empty:
        return None
    name = wait.replace(" ", "-")
    span = inputs.definitions.contact_to_referral_working_days
    blocks: list[Block] = [paragraph(WORDS[wait].format(span=span))]
    for trial in (one for one in inputs.trials if curves.where(trial=one).frame["incidence"].notna().any()):
        blocks.append(
            incidence_figure(
                curves.where(trial=trial),
                id=f"speed-{name}-{trial}".replace("_", "-"),
                caption=f"{TITLES[wait]}: % ended by working day, {inputs.trials[trial].title}",
                source=inputs.data_source,
                is_synthetic=inputs.is_synthetic,
            )
        )
    blocks.append(_table(inputs, curves, wait, name))
    return Section(f"speed-{name}", TITLES[wait], tuple(blocks), is_synthetic=inputs.is_synthetic)


def _table(inputs: Inputs, curves: Protected, wait: str, name: str) -> Table:
    day = STATUTORY[wait]
    shown = curves.where(step=day)
    arms = [
        Column(label, kind, over=f"{title} schools")
        for title in ARM_TITLES.values()
        for label, kind in (
            ("Begun", "count"),
            (f"By day {day}", "count"),
            ("%", "value"),
            ("95% interval", "interval"),
        )
    ]
    trials = [trial for trial in inputs.trials if not shown.where(trial=trial).is_empty]
    rows = [
        (inputs.trials[trial].title, year, *(text for arm in ARM_TITLES for text in _cells(own[own["arm"] == arm])))
        for trial in trials
        for year, own in shown.where(trial=trial).frame.groupby("academic_year", sort=True)
    ]
    return Table(
        f"speed-{name}-table",
        f"{TITLES[wait]}: begun and ended by working day {day}, by trial, academic year and arm",
        (Column("Trial"), Column("Academic year"), *arms),
        tuple(rows),
        inputs.data_source,
        note="Academic year of the start. %: cumulative incidence (Aalen and Johansen), with an interval from leaving out one "
        f"school at a time, for waits of a school are alike. {symbols_note(rows)}".strip(),
        row_headers=2,
        is_grouped=True,
        data=curves,
    )


def _cells(own: pd.DataFrame) -> tuple[str, ...]:
    row: Mapping[str, Any] = own.to_dict("records")[0]
    symbol = str(row["symbol"])
    counts = [count_cell(row[name], symbol) for name in ("starts", "ended")]
    return (*counts, percent_cell(row["incidence"], symbol), limits_cell(row))


def _ratios(inputs: Inputs, ratios: Protected) -> Section:
    columns = (
        Column("Wait"),
        Column("Trial and window"),
        Column("Ratio, intervention to control", "value"),
        Column("95% interval", "interval"),
        Column("Standard error, by school", "value"),
        Column("p", "value"),
    )
    rows = [
        (
            TITLES[row["wait"]],
            f"{inputs.trials[row['trial']].title}, {row['window']}",
            str(row["symbol"]) or ratio_text(row["estimate"]),
            DASH if pd.isna(row["lower"]) else f"{ratio_text(row['lower'])} to {ratio_text(row['upper'])}",
            error_text(row["standard_error"]),
            p_text(row["p_value"]),
        )
        for wait in WAITS
        for trial in inputs.trials
        for row in ratios.where(wait=wait, trial=trial).frame.to_dict("records")
    ]
    table = Table(
        "speed-ratios-table", "Ratio of subdistribution hazards by wait and trial, exploratory", columns, tuple(rows),
        inputs.data_source, note=_remarks(inputs, ratios), row_headers=2, is_grouped=True, data=ratios,
    )  # fmt: skip
    return Section(
        "speed-ratios", "Intervention against control schools", (paragraph(RATIO_WORDS), table),
        is_synthetic=inputs.is_synthetic,
    )  # fmt: skip


def _remarks(inputs: Inputs, ratios: Protected) -> str:
    """Why a ratio was not estimated, and what the symbols mean."""
    said = [
        f"{inputs.trials[row['trial']].title}, {lower_first(TITLES[row['wait']])}: {row['message']}."
        for row in ratios.frame.to_dict("records")
        if pd.notna(row["message"]) and row["message"]
    ]
    return " ".join([*said, OF_LOGARITHMS, symbol_words()])
