"""Supervision sessions planned and held, the community of practice, and schools by what they received."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from swis.disclosure.protected import Protected
from swis.report.chapters.delivery.staff import limits_cell, percent_cell
from swis.report.inputs import ALL, Inputs
from swis.report.model import Block, Column, Section, Table, paragraph
from swis.report.tables import ARM_TITLES, symbols_note
from swis.report.wording import count_cell, sentence_case

SESSIONS = (
    "Each safeguarding lead was to have a session of supervision a month. The trials of supervision stand apart, as in "
    "all of this report. The interval of a share is over schools, for the sessions of one school are alike."
)
COMMUNITY = (
    "Months in which staff of Social Workers in Schools came to the community of practice that the extension paid for."
)
FIDELITY = (
    "Fidelity is what a school received of what was planned: full-time months of a worker of the months of the window, or sessions "
    "held of those planned. The analyses per protocol and of compliers use the same numbers, school by school; told here are "
    "schools by band."
)
NUMBERS = ("schools", "supervisors", "planned", "held")


def sessions_section(inputs: Inputs, tables: Mapping[str, Protected]) -> Section | None:
    """Sessions by trial and by authority, and meetings of the community of practice; absent where there are neither."""
    sessions, community = tables["sessions"], tables["community"]
    blocks: list[Block] = []
    if not sessions.is_empty:
        blocks += [paragraph(SESSIONS), _sessions(inputs, sessions, ALL), _sessions(inputs, sessions, "authority")]
    if not community.is_empty:
        blocks += [paragraph(COMMUNITY), _community(inputs, community)]
    if not blocks:
        return None
    return Section("delivery-sessions", "Sessions and meetings", tuple(blocks), is_synthetic=inputs.is_synthetic)


def _sessions(inputs: Inputs, sessions: Protected, level: str) -> Table:
    shown = sessions.where(authority=ALL if level == ALL else list(inputs.authorities))
    names = {**inputs.authorities, ALL: "All authorities"}
    place = [] if level == ALL else [Column("Authority")]
    columns = (
        Column("Trial"),
        *place,
        Column("Academic year"),
        Column("Schools", "count"),
        Column("Supervisors", "count"),
        Column("Sessions planned", "count"),
        Column("Sessions held", "count"),
        Column("% held", "value"),
        Column("95% interval", "interval"),
    )
    records = sorted(shown.frame.to_dict("records"), key=lambda row: list(inputs.trials).index(row["trial"]))
    rows = [
        (
            inputs.trials[row["trial"]].title,
            *([] if level == ALL else [names[row["authority"]]]),
            str(row["academic_year"]),
            *(count_cell(row[name], str(row["symbol"])) for name in NUMBERS),
            percent_cell(row["share"], str(row["symbol"])),
            limits_cell(row),
        )
        for row in records
    ]
    by = "trial and academic year" if level == ALL else "trial, authority and academic year"
    return Table(
        "delivery-sessions-table" if level == ALL else "delivery-sessions-by-authority",
        f"Supervision sessions planned and held, by {by}",
        columns,
        tuple(rows),
        f"records of delivery; {inputs.data_source}",
        note=symbols_note(rows),
        row_headers=2 if level == ALL else 3,
        is_grouped=True,
        data=shown,
    )


def _community(inputs: Inputs, community: Protected) -> Table:
    columns = (
        Column("Staff"),
        Column("Academic year"),
        Column("Months on record", "count"),
        Column("Months attended", "count"),
        Column("% attended", "value"),
        Column("95% interval", "interval"),
    )
    rows = [
        (
            sentence_case(f"{row['role']}s"),
            str(row["academic_year"]),
            *(count_cell(row[name], str(row["symbol"])) for name in ("months", "attended")),
            percent_cell(row["share"], str(row["symbol"])),
            limits_cell(row),
        )
        for row in community.frame.to_dict("records")
    ]
    return Table(
        "delivery-community-table",
        "Attendance at the community of practice",
        columns,
        tuple(rows),
        f"records of delivery; {inputs.data_source}",
        note=symbols_note(rows),
        row_headers=2,
        data=community,
    )


def bands_section(inputs: Inputs, tables: Mapping[str, Protected]) -> Section | None:
    """Schools by band of fidelity, by trial, window and arm; absent where no arm has enough schools for bands."""
    bands = tables["bands"]
    if bands.is_empty:
        return None
    names = list(dict.fromkeys(bands.frame["band"]))
    columns = (
        Column("Trial and window"),
        Column("Arm"),
        *(Column(sentence_case(name), "count", over="Schools by what they received") for name in names),
    )
    rows = [
        (f"{inputs.trials[str(trial)].title}, {window}", f"{ARM_TITLES[str(arm)]} schools", *_cells(own, names))
        for (trial, window, arm), own in sorted(
            bands.frame.groupby(["trial", "window", "arm"]), key=lambda group: _place(inputs, *group[0])
        )
    ]
    table = Table(
        "delivery-bands-table",
        "Schools by what they received of what was planned",
        columns,
        tuple(rows),
        f"records of delivery; {inputs.data_source}",
        note=symbols_note(rows),
        row_headers=2,
        is_grouped=True,
        data=bands,
    )
    return Section(
        "delivery-bands", "What schools received", (paragraph(FIDELITY), table), is_synthetic=inputs.is_synthetic
    )


def _place(inputs: Inputs, trial: str, window: str, arm: str) -> tuple[int, str, int]:
    return (list(inputs.trials).index(trial), window, list(ARM_TITLES).index(arm))


def _cells(own: Any, names: list[str]) -> list[str]:
    by_band = {row["band"]: row for row in own.to_dict("records")}
    return [count_cell(by_band[name]["schools"], str(by_band[name]["symbol"])) for name in names]
