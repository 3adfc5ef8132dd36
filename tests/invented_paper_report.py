"""A small report with the most awkward text and tables, shared by tests of the forms on paper."""

from __future__ import annotations

import io

import pandas as pd
from markupsafe import Markup
from PIL import Image

from swis.disclosure.protected import Protected
from swis.report.model import Column, Figure, Report, Section, Table, bullets, paragraph

# What means something in the markup of typst, of pandoc or of Word.
AWKWARD = r"""#let x $1 * _under_ @here <b> [c] \n ~ ` = + - -- ... 1. // /* */ "a" 'b' & {y} %"""
ALT = "Bar chart: 5 in 2018/19 and 10 in 2022/23."
LONG = r'In 2018/19, "5"; in 2022/23, \10 and #11.'
BEHIND = Protected(pd.DataFrame({"count": [5, 10]}), ("count",), "a policy")
MANY_ROWS, MANY_COLUMNS = 300, 20


def picture(width: int = 400, height: int = 200) -> bytes:
    """A plain PNG."""
    made = io.BytesIO()
    Image.new("RGB", (width, height), "#12436D").save(made, format="png")
    return made.getvalue()


def figure(name: str, caption: str, source: str, png: bytes, width: int) -> Figure:
    """A figure with the awkward words that stand for it."""
    return Figure(name, caption, ALT, LONG, png, b"<svg/>", source, width, BEHIND)


def awkward_report(*, is_synthetic: bool = True, has_paper_annex: bool = True) -> Report:
    """Groups, shared headings, many rows and columns, links, markup characters everywhere, a figure and an annex."""
    mark = {"is_synthetic": is_synthetic}
    first = Section(
        "first",
        f"First {AWKWARD}",
        (
            paragraph(AWKWARD),
            paragraph("1. Not a list"),
            paragraph("- nor this", tone="note"),
            paragraph(Markup('<strong>Bold</strong> of <span data-kind="count">1,234</span> &lt;i&gt;'), tone="key"),
            paragraph(Markup('Look at <a href="#last-part">the last part</a>.'), tone="lead"),
            bullets([f"+ {AWKWARD}", "= second"]),
            _small(),
            figure("bars", f"Bars {AWKWARD}", f"source {AWKWARD}", picture(), 800),
        ),
        (Section("within", "A part within", (_grouped(),), **mark),),
        **mark,
    )
    middle = Section("middle", "Middle", (_long(), _wide()), **mark)
    last = Section("last-part", "The last part", (_checklist(),), **mark)
    annex = Section("annexed", "Looked up", (_annexed(),), **mark)
    return Report(
        "awkward",
        f"Title {AWKWARD}",
        "Subtitle",
        (first, middle, last),
        is_synthetic,
        "Provenance\n  data set: invented",
        "a policy",
        annex=(annex,),
        has_paper_annex=has_paper_annex,
    )


def _small() -> Table:
    columns = (Column("Name"), Column("Number", "count"), Column(AWKWARD))
    rows = (("a", "17", AWKWARD), (f"= {AWKWARD}", "[c]", "– 5"), ("", "[low]", ""))
    return Table("small", f"Small {AWKWARD}", columns, rows, f"source {AWKWARD}", note=f"note {AWKWARD}")


def _grouped() -> Table:
    arms = [Column(label, kind, over) for over in ("Intervention", "Control") for label, kind in KINDS]
    rows = tuple((f"Measure {m}", f"20{y}/{y + 1}", *_numbers(10 * m + y)) for m in range(3) for y in range(18, 23))
    columns = (Column("Measure"), Column("Year"), *arms)
    return Table("grouped", "Grouped", columns, rows, "a source", row_headers=2, is_grouped=True)


KINDS = (("Number", "count"), ("Value", "value"), ("95% interval", "interval"))


def _numbers(place: int) -> tuple[str, ...]:
    return (
        f"{place},231",
        f"{place}.5",
        f"{place}.1 to {place}.9",
        f"{place},777",
        f"{place}.7",
        f"{place}.3 to {place}.8",
    )


def _long() -> Table:
    rows = tuple((f"row {place}", f"{place * 37:,}") for place in range(MANY_ROWS))
    return Table("long", "Long", (Column("Row"), Column("Number", "count")), rows, "a source")


def _wide() -> Table:
    columns = tuple(Column(f"Column {place}", "count" if place else "text") for place in range(MANY_COLUMNS))
    rows = tuple((f"name {row}", *(f"{row},{place:03}" for place in range(1, MANY_COLUMNS))) for row in range(4))
    return Table("wide", "Wide", columns, rows, "a source")


def _checklist() -> Table:
    link = Markup('<a href="#first">the first part</a>')
    away = Markup('<a href="#nowhere">nowhere</a>')
    return Table("checklist", "Checklist", (Column("Item"), Column("Where")), (("1a", link), ("1b", away)), "a source")


def _annexed() -> Table:
    return Table("annexed-table", "Annexed", (Column("Name"), Column("Number", "count")), (("z", "4,321"),), "a source")
