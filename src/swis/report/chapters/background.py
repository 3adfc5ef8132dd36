"""Background of the two programmes, in our own words, with the public source of each statement, and the timeline."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from markupsafe import Markup

from swis.in_words import long_date
from swis.io import read_yaml
from swis.report.figures.logic_model import logic_model_figure
from swis.report.figures.timeline import timeline_figure
from swis.report.inputs import Inputs
from swis.report.model import Block, Column, Figure, Section, Table, bullets, paragraph

SWIS = (
    "Social Workers in Schools (SWIS) placed a social worker in a mainstream secondary school, to work with "
    "staff, parents and pupils "
    "where concerns first show. Schools of 21 authorities were randomised in equal numbers to have one or to go "
    "on as before [1, 2]. "
    "It was expected to work in three ways: through the school's response to safeguarding, through work with staff "
    "and parents, and "
    "through relationships with young people [1]. The primary outcome is the rate of section 47 enquiries; "
    "referrals, section 17 "
    "assessments, care, attendance and attainment are secondary [1]."
)
DSLS = (
    "Designated Safeguarding Lead Supervision (DSLS) gave the person in charge of child protection in a school "
    "regular supervision by "
    "a social worker. It was tried in four separate trials: in secondary schools of Greater Manchester, one to "
    "one in primary schools, in "
    "groups in secondary schools, and with a focus on child sexual abuse in both [3]. Their primary outcomes are "
    "about contacts with "
    "children's social care, from data that authorities hold outside the statutory returns."
)
PUBLISHED = (
    "Published so far: over 23 months the rate of section 47 enquiries was 5.5% higher in schools with a social "
    "worker than in the "
    "others, with an interval from 4.5% lower to 16.6% higher, which is no evidence of a difference [4]. "
    "Sources differ in the number of schools: 280 planned, 297 registered, 291 in the project's summary and 268 "
    "analysed [1, 2, 4, 5]."
)
FUNDING = (
    "Both programmes were funded by the Department for Education (DfE) and run by What Works for Children's "
    "Social Care from 2020. An "
    "extension paid for the academic year 2022/23, which is why every figure here is by academic year."
)
REFERENCES = (
    "Trial protocol, PLoS ONE 17(6): e0265354, 2022.",
    "Trial registry, ISRCTN90922032.",
    "What Works for Children's Social Care, research report on supervising designated safeguarding leads, 2023.",
    "Abstract, Society for Social Work and Research conference, 2025; Community Care, 30 March 2023.",
    "Abstract, Research on Social Work Practice, 2025.",
)
CLOSURES = {
    "spring 2020": (date(2020, 3, 20), date(2020, 6, 1)),
    "winter 2021": (date(2021, 1, 5), date(2021, 3, 8)),
}
EVENTS = (
    ("20 March 2020", "Schools close to most pupils", "first national lockdown"),
    ("1 June 2020", "Schools begin to open again", "by year groups"),
    ("1 September 2020", "SWIS begins", "trial period from September 2020"),
    ("5 January 2021", "Schools close again to most pupils", "until 8 March 2021"),
    ("1 January 2021", "DSLS begins in Greater Manchester", "to December 2021"),
    ("1 September 2021", "The other three DSLS trials begin", "school year 2021/22"),
    ("31 July 2022", "Social care outcomes of SWIS are read", "23 months"),
    ("1 September 2022", "The funding extension begins", "academic year 2022/23"),
    ("31 July 2023", "Education outcomes of SWIS are read", "35 months"),
)


def background(inputs: Inputs) -> Section:
    """The background chapter: both programmes, what is published, the sources."""
    programmes = {trial.programme for trial in inputs.trials.values()}
    told = [words for programme, words in (("SWIS", SWIS), ("DSLS", DSLS)) if programme in programmes]
    numbered = [Markup("[{}] {}").format(number, words) for number, words in enumerate(REFERENCES, 1)]
    blocks: list[Block] = [paragraph(words) for words in [FUNDING, *told]]
    blocks += [_logic_model(inputs, programme) for programme in logic_models() if programme in programmes]
    blocks.append(paragraph(PUBLISHED, tone="note"))
    sources = Section("background-sources", "Sources", (bullets(numbered),))
    return Section("background", "The two programmes", tuple(blocks), (sources,), is_synthetic=inputs.is_synthetic)


@cache
def logic_models() -> dict[str, Any]:
    """The logic model of each programme: its title and its columns of boxes."""
    return dict(read_yaml(Path(__file__).parents[1] / "logic_models.yml"))


def _logic_model(inputs: Inputs, programme: str) -> Figure:
    model = logic_models()[programme]
    return logic_model_figure(
        model, id=f"logic-model-{programme.lower()}", caption=f"What was expected: {model['title']}",
        source=f"{'protocol [1]' if programme == 'SWIS' else 'research page [3]'}, in our own words; what is counted: this report",
        policy=inputs.released.policy, is_synthetic=inputs.is_synthetic,
    )  # fmt: skip


def timeline(inputs: Inputs) -> Section:
    """The timeline chapter: when the programmes ran, what happened around them, and the data cut."""
    ends = (long_date(inputs.definitions.data_cut), "Data cut of this report", "later events are left out")
    rows = sorted([*EVENTS, ends], key=lambda event: _in_time(event[0]))
    columns = (Column("Date"), Column("What happened"), Column("Remark"))
    source = "sources of the chapter before; windows from params/trials; school closures: DfE guidance of the time"
    table = Table("timeline-table", "Dates that matter for reading the figures", columns, tuple(rows), source)
    figure = timeline_figure(
        _spans(inputs), inputs.academic_years, id="timeline-figure", caption="The trials by academic year", source=source,
        policy=inputs.released.policy, is_synthetic=inputs.is_synthetic,
    )  # fmt: skip
    return Section("timeline", "Timeline", (figure, table), is_synthetic=inputs.is_synthetic)


def _spans(inputs: Inputs) -> pd.DataFrame:
    """Bars of the timeline: closures of schools, then baseline, own window and what was read beyond it of each trial."""
    spans = [
        ("Schools closed", "closure", words, side, *days)
        for (words, days), side in zip(CLOSURES.items(), ("left", "right"), strict=True)
    ]
    for trial in inputs.trials.values():
        own, beyond = trial.own_window, max(window.last_day for window in trial.windows.values())
        spans.append((trial.title, "baseline", "baseline", "right", trial.baseline.first_day, trial.baseline.last_day))
        spans.append((trial.title, "window", "window", "right", own.first_day, own.last_day))
        if beyond > own.last_day:
            spans.append((trial.title, "extension", "read further", "right", own.last_day, beyond))
    return pd.DataFrame(spans, columns=["name", "kind", "words", "side", "first_day", "last_day"])


def _in_time(day: str) -> tuple[int, int, int]:
    stamp = pd.to_datetime(day, format="%d %B %Y")
    return (stamp.year, stamp.month, stamp.day)
