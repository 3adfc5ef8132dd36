"""Published context: DfE figures of the authority, England and statistical neighbours beside the return."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from markupsafe import Markup

from swis.disclosure.protected import Protected
from swis.report.chapters.key_outcomes import key_measures
from swis.report.chapters.published_lines import (
    ACADEMIC,
    REPORTING,
    Years,
    has_a_line,
    keyed_lines,
    lines_of,
    measure_of,
    of_years,
    texts_of,
)
from swis.report.figures.beside_published import context_figure
from swis.report.figures.panels import pages_of
from swis.report.figures.style import AREAS
from swis.report.inputs import ALL, Inputs
from swis.report.measures import MeasureText
from swis.report.model import Block, Column, Figure, Section, Table, paragraph
from swis.report.tables import Cell, by_measure_and_period, symbols_note
from swis.report.wording import DASH, listed_text, published_text

# What stands in an authority's paper of education, whose trials may be about social care only; panels of a figure there.
EDUCATION = ("overall_absence", "attainment8")
MOST_IN_SHORT = 4


def context(inputs: Inputs) -> Section | None:
    """The context chapter: a figure and a table a kind of year, vintages named; None without published figures."""
    lines = lines_of(inputs)
    if lines.empty:
        return None
    blocks: list[Block] = [paragraph(_opening(inputs))]
    for years in (REPORTING, ACADEMIC):
        found = of_years(lines, years)
        if not found.empty:
            blocks += _blocks(inputs, found, years)
    return Section("context", "Every published figure", tuple(blocks), is_synthetic=inputs.is_synthetic)


def _opening(inputs: Inputs) -> str:
    whose = "England" if inputs.area == ALL else "all children of an authority, not of trial schools only"
    mixed = " The returns of this page are simulated and the published figures are real, so the two need not agree."
    return (
        f"Published figures of the Department for Education (DfE) are of {whose}. Social care is published by "
        "reporting year (1 "
        "April to 31 March), education by academic year. Every figure is quoted from one release, named beside "
        "it, because "
        f"later releases revise earlier years.{mixed if inputs.is_synthetic else ''}"
    )


def context_in_short(inputs: Inputs) -> Section | None:
    """To be read: the trials' own outcomes and two of education, figures only; None where there are none."""
    lines = lines_of(inputs)
    named = [name for trial in inputs.trials.values() for name in key_measures(trial)]
    wanted = [*dict.fromkeys([*named, *EDUCATION])]
    figures = [
        figure for years in (REPORTING, ACADEMIC) for figure in _figures(inputs, of_years(lines, years), years, wanted)
    ]
    if not figures:
        return None
    see = Markup('In the annex: <a href="#context">every published figure beside the return, with its release</a>.')
    blocks: tuple[Block, ...] = (paragraph(_opening(inputs)), *figures, paragraph(see, tone="see"))
    title = "Beside published figures" if inputs.area == ALL else "Beside England and statistical neighbours"
    return Section("context-short", title, blocks, is_synthetic=inputs.is_synthetic)


def _blocks(inputs: Inputs, lines: pd.DataFrame, years: Years) -> list[Block]:
    return [*_figures(inputs, lines, years), _table(keyed_lines(lines), texts_of(inputs, lines), years)]


def _figures(inputs: Inputs, lines: pd.DataFrame, years: Years, wanted: Sequence[str] = ()) -> list[Figure]:
    """One panel a measure that has a line, a page of them a figure; only the first few of `wanted`, where any are named."""
    keyed, texts = keyed_lines(lines), texts_of(inputs, lines)
    drawn = [text for key, text in texts.items() if has_a_line(keyed, key)]
    if wanted:
        placed = {name: place for place, name in enumerate(wanted)}
        drawn = [text for text in drawn if measure_of(text) in placed]
        drawn = sorted(drawn, key=lambda text: placed[measure_of(text)])[:MOST_IN_SHORT]
    own = f"; {inputs.data_source}" if inputs.returns is not None and not inputs.returns.is_empty else ""
    key, short = f"context-{years.key}{'-short' if wanted else ''}-figure", ", in short" if wanted else ""
    return [
        context_figure(
            Protected(keyed, (), inputs.released.policy), panels, years.axis, id=f"{key}{page.ending}",
            caption=f"{_whose(inputs)}{short}, by {years.title}{page.words}",
            source=f"DfE, releases as named in the table of the chapter{own}", is_synthetic=inputs.is_synthetic,
        )
        for page, panels in pages_of(drawn)
    ]  # fmt: skip


def _whose(inputs: Inputs) -> str:
    return "Published figures of England" if inputs.area == ALL else f"{inputs.area_name} beside published figures"


def _table(lines: pd.DataFrame, texts: Mapping[str, MeasureText], years: Years) -> Table:
    areas = [area for area in AREAS if (lines["area"] == area).any()]
    found = by_measure_and_period(lines.sort_values("time_period", kind="stable"), "time_period")
    rows = [
        _row(text, period, cells, areas) for key, text in texts.items() for period, cells in found.get(key, {}).items()
    ]
    titles = [Column(AREAS[area].label, "published") for area in areas]
    told = sorted({source for source in lines["source"].dropna() if source.startswith("mean of")})
    neighbours = f" Statistical neighbours: {told[-1]}, the plain mean of their rates." if told else ""
    return Table(
        f"context-{years.key}",
        f"Published figures by {years.title}",
        (Column("Measure"), Column(years.axis), *titles, Column("Release")),
        tuple(rows),
        f"DfE statistical releases, each named in the last column.{neighbours}",
        note=symbols_note(rows),
        row_headers=2,
        is_grouped=True,
    )


def _row(text: MeasureText, period: str, cells: Sequence[Cell], areas: list[str]) -> tuple[str, ...]:
    values = []
    for area in areas:
        found = [cell for cell in cells if cell["area"] == area]
        values.append(published_text(found[0]["value"], found[0]["symbol"]) if found else DASH)
    published = [cell["source"] for cell in cells if cell["area"] in ("authority", "England")]
    releases = listed_text(sorted({source for source in published if pd.notna(source) and source}))
    return (text.heading, period, *values, releases or DASH)
