"""Glossary and list of tables."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from swis.io import read_yaml
from swis.report.inputs import Inputs
from swis.report.model import Column, Figure, Section, Table


@cache
def glossary_terms() -> dict[str, str]:
    """Terms and their meaning in plain words."""
    return dict(read_yaml(Path(__file__).parents[1] / "glossary.yml"))


def glossary(inputs: Inputs) -> Section:
    """The glossary chapter."""
    rows = tuple(sorted(glossary_terms().items(), key=lambda term: term[0].lower()))
    columns = (Column("Word"), Column("Meaning"))
    table = Table("glossary-table", "Words used in this report", columns, rows, "this compendium", stays=True)
    return Section("glossary", "Glossary", (table,), is_synthetic=inputs.is_synthetic)


def list_of_tables(inputs: Inputs, sections: tuple[Section, ...], report_id: str) -> Section | None:
    """Every table and figure that is also a file beside this page, with the file's name; None where there is none."""
    rows = tuple(
        (block.caption, path.replace(".png", ".png, .svg and .csv"))
        for section in sections
        for block in section.walk()
        if isinstance(block, Table | Figure) and (path := file_of(block, report_id)) is not None
    )
    if not rows:
        return None
    columns = (Column("Table or figure"), Column("File, beside this page's folder"))
    table = Table("files-table", "Files with the numbers and pictures of this page", columns, rows, "this run")
    return Section("files", "Tables and figures as files", (table,), is_synthetic=inputs.is_synthetic)


def file_of(block: Table | Figure, report_id: str) -> str | None:
    """Where a table's numbers or a figure's picture is kept, relative to the run's folder of reports."""
    if isinstance(block, Table) and block.data is not None:
        return f"tables/{report_id}/{block.id}.csv"
    return f"figures/{report_id}/{block.id}.png" if isinstance(block, Figure) else None
