"""Empty CSVs of our own forms, each with a guide to its columns, made from the schemas."""

from __future__ import annotations

from pathlib import Path

from swis.errors import InputError, Problem
from swis.io import write_text
from swis.schemas import table_schema
from swis.sources.own_formats import FORMS, OwnColumn, own_form, required_columns

TITLES = {"roll": "Roll, where there is no school census extract"}
HOW_TO_WRITE = {
    "string": "text",
    "date": "date, as 2021-10-31",
    "integer": "whole number",
    "number": "number",
    "boolean": "yes or no, as 1 or 0",
}


def write_templates(folder: Path) -> list[Path]:
    """Write `<form>.csv` (its header) and `<form>.md` (a guide to its columns) for every form; the paths written.

    Nothing is overwritten: InputError names every file that is there already, and then nothing is written.
    """
    content = {folder / f"{form}.csv": header_line(form) for form in FORMS}
    content |= {folder / f"{form}.md": column_guide(form) for form in FORMS}
    there = [path for path in content if path.exists()]
    if there:
        action = "name an empty folder, or move the file away"
        raise InputError(Problem(path.name, "the file exists already", "no such file", action) for path in there)
    for path, text in sorted(content.items()):
        write_text(path, text)
    return sorted(content)


def header_line(form: str) -> str:
    """The header row of one form, with its line end."""
    return ",".join(column.name for column in own_form(form)) + "\n"


def column_guide(form: str) -> str:
    """A guide to the columns of one form in Markdown: what each means, how it is written, whether it is needed."""
    title = TITLES.get(form) or table_schema(form).title
    needed = set(required_columns(form))
    rows = [_row(column, column.key in needed) for column in own_form(form)]
    lines = [
        f"# {title} (`{form}.csv`)",
        "",
        "UTF-8 CSV with the header row as given; columns may stand in any order, extra ones are ignored. Leave a cell",
        "blank where a value is not known. Give no names and no addresses.",
        "",
        "| column | meaning | write it as | unit | needed | allowed values |",
        "|---|---|---|---|---|---|",
        *rows,
    ]
    return "\n".join(lines) + "\n"


def _row(column: OwnColumn, is_needed: bool) -> str:
    field = column.field
    allowed = ", ".join(str(value) for value in field.allowed_values or []) or _limits(field.constraints)
    meaning = f"{field.description} ({column.note})" if column.note else field.description
    cells = [f"`{column.name}`", meaning, HOW_TO_WRITE[field.type], field.unit, "yes" if is_needed else "", allowed]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _limits(constraints: dict[str, object]) -> str:
    parts = [f"pattern `{constraints['pattern']}`"] if "pattern" in constraints else []
    parts += [f"at least {constraints['minimum']}"] if "minimum" in constraints else []
    parts += [f"at most {constraints['maximum']}"] if "maximum" in constraints else []
    return ", ".join(parts)
