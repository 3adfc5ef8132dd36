"""What the extension bought: every outcome and estimate to July 2022 and to July 2023 side by side, each trial by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from swis.disclosure.protected import Protected
from swis.in_words import long_date, month_and_year
from swis.plan.specification import RATIOS
from swis.report.chapters.effects.tables import plain_table
from swis.report.chapters.effects.words import scale_words, whole_text
from swis.report.effects_inputs import EffectInputs
from swis.report.inputs import Inputs
from swis.report.measures import by_group
from swis.report.model import Block, Column, Section, Table, paragraph
from swis.report.tables import ARM_TITLES, by_measure_and_period, symbols_note
from swis.report.wording import DASH, number_text

# Its follow-up belongs to the trial itself: there is nothing later to show.
SURVEY = "safeguarding leads"
INTERIM, FULL = "To July 2022", "To July 2023"
OPENING = (
    "The extension kept the programmes and their records going for the academic year 2022/23. What that bought is shown "
    "for each trial by itself: every outcome and every estimate of what happened up to July 2022, and with the added year."
)
READING = (
    "By protocol says when the trial reads the outcome; at any other time it is exploratory and carries no claim. The width "
    "ratio is the width of the interval with the added year over that without it, on the model's own scale: below 1 the added year "
    "made the estimate more precise. A conclusion changes where an interval that held no difference no longer does, or "
    "the other way round. Both are as known on the day of the data cut, {cut}: of a case begun by July 2022, what was decided "
    "later is known. A run whose data cut is 31 July 2022 hides that too."
)
LONGER = (
    " After the trial's own window a longer one also asks another question: how long the effect lasts, averaged over the "
    "time after supervision ended."
)


def extension(inputs: Inputs) -> Section | None:
    """The chapter; None where no trial's effects are estimated."""
    parts = [_of_trial(inputs, held) for held in inputs.effects.values()]
    found = tuple(part for part in parts if part is not None)
    if not found:
        return None
    cut = long_date(inputs.definitions.data_cut)
    return Section("extension", "What the extension bought", (paragraph(OPENING, tone="lead"), paragraph(READING.format(cut=cut))), found,
                   is_synthetic=inputs.is_synthetic)  # fmt: skip


def _of_trial(inputs: Inputs, held: EffectInputs) -> Section | None:
    frame = held.added_year.frame
    blocks: list[Block] = [paragraph(_in_short(held, frame), tone="key")] if len(frame) else []
    blocks += [_estimates(inputs, held)] if len(frame) else []
    outcomes = _outcomes(inputs, held)
    blocks += [outcomes] if outcomes else []
    if not blocks:
        return None
    return Section(_id(held, "section"), held.trial.title, tuple(blocks), is_synthetic=inputs.is_synthetic)


def _id(held: EffectInputs, name: str) -> str:
    return f"{held.trial.name}-extension-{name}".replace("_", "-")


def _in_short(held: EffectInputs, frame: pd.DataFrame) -> str:
    widths = frame["interval_width_ratio"].dropna().astype(float)
    changed = changed_conclusions(frame)
    conclusions = "no conclusion" if changed == 0 else "one conclusion" if changed == 1 else f"{changed} conclusions"
    narrower = f"{int((widths < 1).sum())} of {len(widths)} estimates became more precise" if len(widths) else ""
    median = f"; half of the intervals are at most {widths.median():.2f} times as wide" if len(widths) else ""
    text = f"With the added year {narrower}{median}, and {conclusions} changed."
    return text + (LONGER if held.trial.programme == "DSLS" else "")


def changed_conclusions(frame: pd.DataFrame) -> int:
    """How many estimates of a table of the added year hold no difference at one time and leave it out at the other."""
    return sum(_conclusion(row, "interim") != _conclusion(row, "full") for row in frame.to_dict("records"))


def _estimates(inputs: Inputs, held: EffectInputs) -> Table:
    rows = [
        (
            inputs.measures[row["outcome"]].title,
            scale_words(row["scale"], inputs.measures[row["outcome"]].unit),
            _read_at(held, str(row["outcome"])),
            *(_side(row, side) for side in ("interim", "full")),
            f"{row['interval_width_ratio']:.2f}" if pd.notna(row["interval_width_ratio"]) else DASH,
            "yes" if _conclusion(row, "interim") != _conclusion(row, "full") else "no",
        )
        for row in held.added_year.frame.to_dict("records")
    ]
    columns = {
        "outcome": Column("Outcome"), "scale": Column("Estimate of"), "protocol": Column("By protocol"),
        "interim": Column(INTERIM, "value"), "full": Column(FULL, "value"),
        "width": Column("Width ratio", "value"), "changed": Column("Conclusion changed", "status"),
    }  # fmt: skip
    return plain_table(
        None, columns, rows, id=_id(held, "estimates"), row_headers=2, data=held.added_year,
        caption=f"Estimates without and with the added year: {held.trial.title}", source=inputs.data_source,
        note=f"{held.plan.added_year.text}: {held.plan.added_year.interim} and {held.plan.added_year.full}. Outcomes read "
        "at one time only, or hidden at one of them, are in the chapter of the trial's effects.",
    )  # fmt: skip


def _read_at(held: EffectInputs, outcome: str) -> str:
    """The months in which the plan reads an outcome as primary or secondary; 'exploratory' where it never does."""
    planned = held.plan.outcome(outcome)
    ends = [
        month_and_year(held.trial.windows[point.window].last_day)
        for point in (planned.time_points if planned else [])
        if point.role != "exploratory"
    ]
    return " and ".join(ends) or "exploratory"


def _side(row: Mapping[str, Any], side: str) -> str:
    held = {name: row[f"{name}_{side}"] for name in ("estimate", "lower", "upper")}
    return whole_text({**held, "scale": row["scale"], "symbol": ""})


def _conclusion(row: Mapping[str, Any], side: str) -> str:
    """Whether the interval lies below no effect, above it, or holds it."""
    none = 1.0 if row["scale"] in RATIOS else 0.0
    lower, upper = row[f"lower_{side}"], row[f"upper_{side}"]
    return "below" if upper < none else "above" if lower > none else "holds"


def _outcomes(inputs: Inputs, held: EffectInputs) -> Table | None:
    """Every outcome of the two windows by arm, as counted."""
    windows = [held.plan.added_year.interim, held.plan.added_year.full]
    kept = inputs.outcomes.where(trial=held.trial.name, period_kind="window", period=windows, arm=list(ARM_TITLES))
    told = kept.frame.loc[kept.frame["value"].notna() | (kept.frame["symbol"] != ""), "measure"]
    rows = list(_outcome_rows(inputs, kept, set(told), windows))
    if not rows:
        return None
    columns = {
        "measure": Column("Measure"), "unit": Column("Unit"),
        **{
            f"{arm}_{when}": Column(title, "value", over=when)
            for when in (INTERIM, FULL)
            for arm, title in ARM_TITLES.items()
        },
    }  # fmt: skip
    return plain_table(
        None, columns, rows, id=_id(held, "outcomes"), row_headers=2, data=kept,
        caption=f"Outcomes without and with the added year: {held.trial.title}, by arm", source=inputs.data_source,
        note=f"Nothing is adjusted here. A survey of safeguarding leads ended with its trial. {symbols_note(rows)}".strip(),
    )  # fmt: skip


def _outcome_rows(inputs: Inputs, kept: Protected, measures: set[str], windows: list[str]) -> Iterator[tuple[str, ...]]:
    found = by_measure_and_period(kept.frame, "period")
    for group, members in by_group(inputs.measures, measures).items():
        for measure in members if group != SURVEY else ():
            cells = {
                (period, cell["arm"]): number_text(cell["value"], cell["symbol"], int(cell["decimals"]))
                for period, own in found[measure.name].items()
                for cell in own
            }
            yield (
                measure.title, measure.unit,
                *(cells.get((period, arm), DASH) for period in windows for arm in ARM_TITLES),
            )  # fmt: skip
