"""The reference page of the open-data files and of the screener, made from the families and the checks themselves."""

from __future__ import annotations

from itertools import groupby

from swis.outcomes.registry import measures
from swis.report.open_data.description import FILTERS, SHARED, SHARED_FIRST, labels_of
from swis.report.open_data.families import FAMILIES, Family, family_of
from swis.report.screener import CHECKS
from swis.report.screener.screen import name_of

HEAD = """# Open data

The outcomes of an evaluation by academic year, as tidy CSV in the DfE's open data standard (Explore Education
Statistics), under `reports/<name>/open_data/`. [Use the tables in your own work](../how-to/use-the-tables.md) says how
to read them.

- One row a place, trial, arm, outcome and academic year; every combination that a place can have has its row.
- Level `Local authority`: trial schools of one authority, under the codes it carried on 1 September of the year.
  Cumbria and Somerset stay one authority each. Authorities whose names are not public have plainly invented names,
  codes 961 to 973, and region code `z`.
- Level `National`: a trial's schools of all its authorities together. They lie in England and **are not figures of
  England**; trials are never added up.
- Bare symbols, as the standard asks: `z` not applicable, `x` not available, `c` hidden to protect children, `low`
  rounds to zero. Numbers are those of the report, without commas.
- Simulated data say so in every row (`data_status`); `disclosure_policy` says under which rules the numbers were
  protected.
- A file that fails a check below is not released.
"""
SCREENER = """
## The checks of `swis screen`

Each finding is `fail` (the standard forbids it, and the file is not released) or `review` (a person should look once).
In a file of this compendium two are expected: trials and outcomes have no `Total`, because they do not add up, and
invented authorities carry codes that no official area has.
"""


def open_data_text(made: str) -> str:
    """The page as Markdown; `made` is the line that says it is made."""
    files = "".join(map(_file, FAMILIES))
    return f"{made}{HEAD}{_filters()}{files}{SCREENER}{_checks()}"


def _filters() -> str:
    lines = "".join(f"- `{name}`: {label}. {hint}.\n" for name, label, hint, _ in FILTERS)
    shared = "".join(f"- `{name}`: {label}.\n" for name, label in (SHARED_FIRST | SHARED).items())
    return f"\n## Columns of every file\n\n{lines}{shared}"


def _file(family: Family) -> str:
    own = {name: label for name, label in labels_of(family, "").items() if name not in SHARED_FIRST | SHARED}
    lines = "".join(f"- `{name}`: {label}.\n" for name, label in own.items())
    titles = "; ".join(measure.title for measure in measures().values() if family_of(measure) is family)
    return f"\n## `{family.file}.csv`\n\n{lines}- Outcomes: {titles}.\n"


def _checks() -> str:
    parts = groupby(CHECKS, key=lambda check: str(check.__module__).rsplit("checks_of_", 1)[-1])
    return "".join(
        f"\n### Of {part}\n\n" + "".join(f"- **{name_of(check)}**: {_says(check)}\n" for check in checks)
        for part, checks in parts
    )


def _says(check: object) -> str:
    return str(check.__doc__ or "").strip()
