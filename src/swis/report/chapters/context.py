"""Published context: DfE figures of the authority, England and statistical neighbours beside the return."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd
from markupsafe import Markup

from swis.disclosure import Protected
from swis.disclosure.symbols import OF_PUBLISHED_SYMBOLS
from swis.report.chapters.key_outcomes import key_measures
from swis.report.figures.beside_published import context_figure
from swis.report.figures.style import AREAS
from swis.report.inputs import ALL, Inputs
from swis.report.measures import MeasureText
from swis.report.model import Block, Column, Figure, Section, Table, paragraph
from swis.report.tables import Cell, by_measure_and_period, symbols_note
from swis.report.wording import DASH, listed_text, published_text

COLUMNS = ["measure", "breakdown", "area", "time_period", "value", "symbol", "unit", "release", "source"]

# What stands in an authority's paper of education, whose trials may be about social care only; panels of a figure there.
EDUCATION = ("overall_absence", "attainment8")
MOST_IN_SHORT = 4


@dataclass(frozen=True)
class Years:
    """The kind of year a figure is published by: how DfE files write it, and words for it."""

    digits: int
    key: str
    title: str
    axis: str

    def shown(self, time_period: str) -> str:
        """The period as a reader writes it."""
        return time_period if self.digits == 4 else f"{time_period[:4]}/{time_period[4:]}"


REPORTING = Years(4, "reporting-year", "reporting year", "Year ending 31 March")
ACADEMIC = Years(6, "academic-year", "academic year", "Academic year")


def context(inputs: Inputs) -> Section | None:
    """The context chapter: a figure and a table a kind of year, vintages named; None without published figures."""
    lines = _lines(inputs)
    if lines.empty:
        return None
    blocks: list[Block] = [paragraph(_opening(inputs))]
    for years in (REPORTING, ACADEMIC):
        found = _of_years(lines, years)
        if not found.empty:
            blocks += _blocks(inputs, found, years)
    return Section("context", "Beside published figures", tuple(blocks), is_synthetic=inputs.is_synthetic)


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


def _lines(inputs: Inputs) -> pd.DataFrame:
    """Published rates and shares, and the return's own beside them; `measure` tells school phases apart."""
    published = inputs.context[inputs.context["unit"] != "number"]
    phases = {"primary": "State-funded primary", "secondary": "State-funded secondary"}
    wanted = {"Total"} | {phases[phase] for trial in inputs.trials.values() for phase in trial.phases}
    published = published[published["breakdown"].isin(wanted)]
    symbol = published["symbol"].map(OF_PUBLISHED_SYMBOLS).fillna("")
    # The tool is named in full; its short name before the date says it twice.
    source = published["source"].astype(str).str.replace("release LAIT ", "release ")
    published = published.assign(source=source, symbol=symbol, time_period=published["time_period"].astype(str))[
        COLUMNS
    ]
    if inputs.returns is None or inputs.returns.is_empty:
        return published.reset_index(drop=True)
    own = inputs.returns.frame.assign(area="own", release="", source="", breakdown="Total").astype({"time_period": str})
    own = own[own["measure"].isin(published["measure"])]
    return pd.concat([own[COLUMNS], published], ignore_index=True)


def context_in_short(inputs: Inputs) -> Section | None:
    """For an authority's paper: the trials' own outcomes and two of education, figures only; None where there are none."""
    lines = _lines(inputs)
    named = [name for trial in inputs.trials.values() for name in key_measures(trial)]
    wanted = [*dict.fromkeys([*named, *EDUCATION])]
    figures = [
        figure
        for years in (REPORTING, ACADEMIC)
        if (figure := _figure(inputs, _of_years(lines, years), years, wanted)) is not None
    ]
    if not figures:
        return None
    see = Markup('In the annex: <a href="#context">every published figure beside the return, with its release</a>.')
    blocks: tuple[Block, ...] = (paragraph(_opening(inputs)), *figures, paragraph(see, tone="see"))
    title = "Beside England and statistical neighbours"
    return Section("context-short", title, blocks, is_synthetic=inputs.is_synthetic)


def _of_years(lines: pd.DataFrame, years: Years) -> pd.DataFrame:
    found = lines[lines["time_period"].str.len() == years.digits]
    return found.assign(time_period=found["time_period"].map(years.shown))


def _blocks(inputs: Inputs, lines: pd.DataFrame, years: Years) -> list[Block]:
    figure = _figure(inputs, lines, years)
    return [*([figure] if figure else []), _table(_keyed(lines), _texts(inputs, lines), years)]


def _keyed(lines: pd.DataFrame) -> pd.DataFrame:
    return lines.assign(measure=lines["measure"] + "|" + lines["breakdown"])


def _figure(inputs: Inputs, lines: pd.DataFrame, years: Years, wanted: Sequence[str] = ()) -> Figure | None:
    """One panel a measure that has a line; only the first few of `wanted`, in their order, where any are named."""
    keyed, texts = _keyed(lines), _texts(inputs, lines)
    drawn = [text for key, text in texts.items() if _has_a_line(keyed, key)]
    if wanted:
        placed = {name: place for place, name in enumerate(wanted)}
        drawn = [text for text in drawn if _measure_of(text) in placed]
        drawn = sorted(drawn, key=lambda text: placed[_measure_of(text)])[:MOST_IN_SHORT]
    if not drawn:
        return None
    own = f"; {inputs.data_source}" if inputs.returns is not None and not inputs.returns.is_empty else ""
    short = "-short" if wanted else ""
    return context_figure(
        Protected(keyed, (), inputs.released.policy), drawn, years.axis, id=f"context-{years.key}{short}-figure",
        caption=f"{_whose(inputs)}{', in short' if wanted else ''}, by {years.title}",
        source=f"DfE, releases as named in the table of the chapter{own}", is_synthetic=inputs.is_synthetic,
    )  # fmt: skip


def _measure_of(text: MeasureText) -> str:
    """The measure without the school phase behind its name."""
    return text.name.split("|", 1)[0]


def _whose(inputs: Inputs) -> str:
    return "Published figures of England" if inputs.area == ALL else f"{inputs.area_name} beside published figures"


def _texts(inputs: Inputs, lines: pd.DataFrame) -> dict[str, MeasureText]:
    """Each measure and school phase in words, with the unit it is published in, in the registry's order."""
    pairs = lines.drop_duplicates(["measure", "breakdown"], keep="last")
    found = {}
    phases = {phase for trial in inputs.trials.values() for phase in trial.phases}
    for text in (text for text in inputs.measures.values() if phases & set(text.phases)):
        for row in pairs[pairs["measure"] == text.name].sort_values("breakdown").itertuples():
            phase = "" if row.breakdown == "Total" else f", {row.breakdown.lower()}"
            key = f"{text.name}|{row.breakdown}"
            found[key] = replace(text, name=key, title=text.title + phase, unit=str(row.unit))
    return found


def _has_a_line(lines: pd.DataFrame, measure: str) -> bool:
    known = lines[(lines["measure"] == measure) & lines["value"].notna()]
    return len(set(known["time_period"])) > 1


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
