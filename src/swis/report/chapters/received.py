"""What was received: returns by period, and what is absent with its reason."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from swis.disclosure.protected import Protected
from swis.report.figures.completeness import completeness_figure
from swis.report.inputs import ALL, Inputs
from swis.report.model import Block, Column, Figure, Section, Table, paragraph
from swis.report.wording import DASH

RETURN_TITLES: Mapping[str, str] = {
    "cin_census": "Children in need census",
    "ssda903": "Looked-after children (SSDA903)",
    "school_census": "School census",
    "attainment": "Attainment",
    "annex_a": "Annex A lists",
    "contacts": "Contacts",
    "dsl_survey": "Survey of safeguarding leads",
    "delivery": "Delivery",
    "costs": "Costs",
}


def received(inputs: Inputs) -> Section:
    """The completeness chapter: a matrix where there are several authorities, and a table of what is absent."""
    frame = inputs.completeness
    expected = frame[frame["status"] != "not expected"]
    titles = {kind: RETURN_TITLES.get(kind, kind.replace("_", " ")) for kind in _kinds(expected)}
    absent = expected[expected["status"] != "received"]
    opening = paragraph(
        f"{received_words(inputs)}{_unread(inputs)} A period without its return is not observed: it is left out, and "
        "never counted as zero."
    )
    blocks: list[Block] = [opening, _by_kind(expected, titles, inputs)]
    if inputs.area == ALL:
        blocks.insert(1, _matrix(frame, titles, inputs))
    if not absent.empty:
        blocks.append(_absent(absent, titles, inputs))
    return Section("received", "What was received", tuple(blocks), is_synthetic=inputs.is_synthetic)


def _unread(inputs: Inputs) -> str:
    """How many authorities are in no number of the chapter, because their checks are not finished."""
    unread = len(inputs.authorities) - inputs.completeness["authority"].nunique()
    return (
        f" The checks of {unread} authorities are not finished: their returns are not counted here." if unread else ""
    )


def received_words(inputs: Inputs) -> str:
    """How many of the expected returns arrived, as a sentence."""
    expected = inputs.completeness[inputs.completeness["status"] != "not expected"]
    received = int((expected["status"] == "received").sum())
    if received == len(expected):
        return f"All {received:,} expected returns were received."
    return f"{received:,} of {len(expected):,} expected returns were received."


def _kinds(frame: pd.DataFrame) -> list[str]:
    present = set(frame["returns"])
    return [kind for kind in RETURN_TITLES if kind in present] + sorted(present - set(RETURN_TITLES))


def _by_kind(expected: pd.DataFrame, titles: Mapping[str, str], inputs: Inputs) -> Table:
    rows = []
    for kind, title in titles.items():
        status = expected.loc[expected["returns"] == kind, "status"].value_counts()
        if len(status):
            numbers = [int(status.sum()), *(int(status.get(name, 0)) for name in ("received", "missing", "known gap"))]
            rows.append((title, *(f"{number:,}" for number in numbers)))
    columns = (
        Column("Return"),
        *(Column(label, "plain") for label in ("Expected", "Received", "Missing", "Known gap")),
    )
    note = "Returns are counted as files of one authority and one period."
    return Table(
        "returns-received", "Returns expected and received", columns, tuple(rows), inputs.returns_source, note=note
    )


def _matrix(frame: pd.DataFrame, titles: Mapping[str, str], inputs: Inputs) -> Figure:
    return completeness_figure(
        Protected(frame, (), inputs.released.policy),
        inputs.authorities,
        titles,
        id="completeness-matrix",
        caption="Returns received, by authority and period",
        source=inputs.returns_source,
        is_synthetic=inputs.is_synthetic,
    )


def _absent(absent: pd.DataFrame, titles: Mapping[str, str], inputs: Inputs) -> Table:
    ordered = absent.sort_values(["authority", "returns", "period"])
    named = [
        (inputs.authorities[row.authority], titles[row.returns], str(row.period), row.status, _reason(row.reason))
        for row in ordered.itertuples()
    ]
    columns = (Column("Authority"), Column("Return"), Column("Period"), Column("Status", "status"), Column("Reason"))
    # On its own page an authority's name would stand in every row.
    first = 0 if inputs.area == ALL else 1
    return Table(
        "returns-absent",
        "Returns that are absent, and why",
        columns[first:],
        tuple(row[first:] for row in named),
        inputs.returns_source,
        row_headers=3 - first,
        is_grouped=inputs.area == ALL,
    )


def _reason(reason: object) -> str:
    return DASH if pd.isna(reason) or not str(reason).strip() else str(reason)
