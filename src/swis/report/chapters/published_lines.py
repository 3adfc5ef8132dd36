"""The lines of the context chapter: published figures and the return's own beside them, and their measures in words."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from swis.disclosure.symbols import OF_PUBLISHED_SYMBOLS
from swis.report.inputs import Inputs
from swis.report.measures import MeasureText

COLUMNS = ["measure", "breakdown", "area", "time_period", "value", "symbol", "unit", "release", "source"]


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


def lines_of(inputs: Inputs) -> pd.DataFrame:
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


def of_years(lines: pd.DataFrame, years: Years) -> pd.DataFrame:
    """The lines published by one kind of year, the period as a reader writes it."""
    found = lines[lines["time_period"].str.len() == years.digits]
    return found.assign(time_period=found["time_period"].map(years.shown))


def keyed_lines(lines: pd.DataFrame) -> pd.DataFrame:
    """The lines under a name that tells the school phases of a measure apart."""
    return lines.assign(measure=lines["measure"] + "|" + lines["breakdown"])


def texts_of(inputs: Inputs, lines: pd.DataFrame) -> dict[str, MeasureText]:
    """Each measure and school phase in words, with the unit it is published in, in the registry's order."""
    pairs = lines.drop_duplicates(["measure", "breakdown"], keep="last").sort_values("breakdown")
    units: dict[str, dict[str, str]] = {}
    for measure, breakdown, unit in zip(pairs["measure"], pairs["breakdown"], pairs["unit"], strict=True):
        units.setdefault(measure, {})[breakdown] = str(unit)
    found = {}
    phases = {phase for trial in inputs.trials.values() for phase in trial.phases}
    for text in (text for text in inputs.measures.values() if phases & set(text.phases)):
        for breakdown, unit in units.get(text.name, {}).items():
            phase = "" if breakdown == "Total" else f", {breakdown.lower()}"
            key = f"{text.name}|{breakdown}"
            found[key] = replace(text, name=key, title=text.title + phase, unit=unit)
    return found


def measure_of(text: MeasureText) -> str:
    """The measure without the school phase behind its name."""
    return text.name.split("|", 1)[0]


def has_a_line(lines: pd.DataFrame, measure: str) -> bool:
    """Whether a measure is known of two periods or more."""
    known = lines[(lines["measure"] == measure) & lines["value"].notna()]
    return len(set(known["time_period"])) > 1
