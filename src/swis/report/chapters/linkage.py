"""How children in social care returns were found on school rolls, and what became of every event."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from swis.derive.link import NOT_ON_A_TRIAL_ROLL, UNLINKED
from swis.derive.linkage import COUNTED, NOT_ON_ROLL, OUTSIDE, STATUSES, UNOBSERVED
from swis.disclosure.protected import Protected
from swis.disclosure.symbols import NOT_APPLICABLE
from swis.report.inputs import Inputs
from swis.report.model import Block, Column, Section, Table, paragraph
from swis.report.tables import counts_table, symbols_note
from swis.report.wording import count_cell

EVENTS: Mapping[str, str] = {
    "referral": "Referrals",
    "assessment_started": "Assessments started",
    "assessment_completed": "Assessments completed",
    "section47": "Section 47 enquiries",
    "conference": "Initial child protection conferences",
    "protection_plan": "Child protection plans started",
    "care_start": "Children entering care",
    "early_help": "Early help assessments",
    "cin_plan": "Child in need plans started",
}
TITLES: Mapping[str, str] = {
    COUNTED: "Counted for a trial school",
    NOT_ON_A_TRIAL_ROLL: "Never on a trial roll",
    NOT_ON_ROLL: "On no trial roll that day",
    OUTSIDE: "Outside the year groups",
    UNOBSERVED: "No return for the day",
    UNLINKED: "No usable pupil number",
}

# Why a child has no unique pupil number: DfE guides to the children in need census and to the SSDA903.
REASONS: Mapping[str, str] = {
    "UN1": "not of school age yet",
    "UN2": "never at a state school in England",
    "UN3": "educated outside England",
    "UN4": "too new to the authority for the number to be known",
    "UN5": "sources disagree about the child's name or date of birth",
    "UN6": "not born yet",
    "UN7": "referral that ended without further action",
    "temporary UPN": "a temporary number, which no other return holds",
    "no record of the child": "the return holds the event and not the child",
}


def linkage(inputs: Inputs) -> Section | None:
    """The linkage chapter: events by what became of them, and why some could not be linked; None without events."""
    if inputs.linkage.is_empty:
        return None
    words = paragraph(
        "A social care return names no school. A child is found on a school roll by unique pupil number (UPN), "
        "then by former "
        "UPN. Most events of an authority are of children who are not at a trial school: too young, too old, or "
        "at another "
        "school. Only children without a usable number could not be looked for."
    )
    blocks: list[Block] = [words, _by_status(inputs)]
    if not inputs.unlinked.is_empty:
        columns = {"reason": Column("Code"), "words": Column("Reason"), "count": Column("Events", "count")}
        caption = "Events that could not be linked, by reason"
        blocks.append(
            counts_table(_in_words(inputs.unlinked), columns, id="unlinked", caption=caption, source=inputs.data_source)
        )
    if inputs.borders is not None and not inputs.borders.is_empty:
        blocks += _borders(inputs, inputs.borders)
    return Section("linkage", "Linking children to schools", tuple(blocks), is_synthetic=inputs.is_synthetic)


def _borders(inputs: Inputs, borders: Protected) -> list[Block]:
    """What other authorities returned about pupils of trial schools: words and a table."""
    used = inputs.definitions.border == "all authorities"
    words = paragraph(
        "Pupils cross borders: an authority may hold a case of a child who goes to school in another. Events are counted "
        + ("from every authority's return." if used else "from the return of the school's own authority only.")
        + " The table shows what the returns of other authorities hold beside it."
    )
    counted = borders.frame["own_count"] + borders.frame["cross_border_count"]
    share = (100 * borders.frame["cross_border_count"] / counted).round(1).astype("string")
    shown = borders.frame.assign(
        kind=borders.frame["event"].map(EVENTS),
        share=share.mask(borders.frame["symbol"] != "", borders.frame["symbol"]),
    )
    columns = {
        "kind": Column("Event"),
        "own_count": Column("In the own authority's return", "count"),
        "cross_border_count": Column("Only in another authority's return", "count"),
        "share": Column("Share across a border (%)", "value"),
    }
    caption = "Events at trial schools, by whose return holds them"
    table = counts_table(borders.with_frame(shown), columns, id="borders", caption=caption, source=inputs.data_source)
    return [words, table]


def _in_words(unlinked: Protected) -> Protected:
    """Reasons with what their codes mean."""
    return unlinked.with_frame(unlinked.frame.assign(words=unlinked.frame["reason"].map(REASONS)))


def _by_status(inputs: Inputs) -> Table:
    frame = inputs.linkage.frame
    shown = [status for status in STATUSES if (frame["link_status"] == status).any()]
    rows = [
        (EVENTS.get(event, event), str(year), *_cells(cells, shown))
        for event in [*EVENTS, *sorted(set(frame["event"]) - set(EVENTS))]
        for year, cells in frame[frame["event"] == event].groupby("academic_year", sort=True)
    ]
    columns = (Column("Event"), Column("Academic year"), *(Column(TITLES[status], "count") for status in shown))
    return Table(
        "linkage-table",
        "Events of all children of the returns, by what became of them",
        columns,
        tuple(rows),
        inputs.data_source,
        note=symbols_note(rows),
        row_headers=2,
        is_grouped=True,
        data=inputs.linkage,
    )


def _cells(cells: pd.DataFrame, statuses: list[str]) -> list[str]:
    """One count a status."""
    found = cells.set_index("link_status")
    rows = [found.loc[status] if status in found.index else None for status in statuses]
    return [NOT_APPLICABLE if row is None else count_cell(row["count"], row["symbol"]) for row in rows]
