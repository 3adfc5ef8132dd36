"""What was planned and delivered by academic year: full-time months of social workers, sessions of supervision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from swis.disclosure.protected import Protected
from swis.report.figures.planned import planned_figure
from swis.report.inputs import ALL, Inputs
from swis.report.model import Section, paragraph

OPENING = (
    "Months and sessions of intervention schools, of all authorities that sent a record. The months planned are those in "
    "which a post was open, each taken as full time (assumed); those delivered are full-time months of social workers in "
    "post. A session a month was planned for each safeguarding lead."
)
OFFERED = "intervention"
COLUMNS = ["academic_year", "planned", "delivered", "symbol"]


def amounts_section(inputs: Inputs, tables: Mapping[str, Protected]) -> Section | None:
    """One figure, a panel a trial; absent where neither months nor sessions of any trial are shown."""
    panels = {title: rows for title, rows in _panels(inputs, tables) if rows["delivered"].notna().any()}
    if not panels:
        return None
    figure = planned_figure(
        panels,
        policy=inputs.released.policy,
        id="delivery-amounts-figure",
        caption="Months and sessions planned and delivered, by trial and academic year",
        source=f"records of delivery; {inputs.data_source} Each panel has a scale of its own.",
        is_synthetic=inputs.is_synthetic,
    )
    return Section(
        "delivery-amounts", "What was planned and what was delivered", (paragraph(OPENING), figure),
        is_synthetic=inputs.is_synthetic,
    )  # fmt: skip


def _panels(inputs: Inputs, tables: Mapping[str, Protected]) -> Iterator[tuple[str, pd.DataFrame]]:
    """Title and rows of each panel [academic_year, planned, delivered, symbol, verb], trials in their order."""
    kinds = (
        ("staff", {"months_open": "planned", "full_time_months": "delivered"}, "full-time months of social workers", "delivered"),
        ("sessions", {"planned": "planned", "held": "delivered"}, "sessions of supervision", "held"),
    )  # fmt: skip
    for name, trial in inputs.trials.items():
        for table, numbers, words, verb in kinds:
            held = tables[table].where(trial=name, authority=ALL, arm=OFFERED).frame
            if len(held):
                rows = held.rename(columns=numbers)[COLUMNS].sort_values("academic_year", ignore_index=True)
                yield f"{trial.title}: {words}", rows.assign(verb=verb)
