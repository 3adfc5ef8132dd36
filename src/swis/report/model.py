"""The report model: what a report consists of, before it becomes a page.

Text is safe markup: strings given as `str` are escaped, numbers come as marked spans from `swis.report.wording`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from markupsafe import Markup, escape

from swis.disclosure.protected import Protected

# What a column holds. 'count' cells must hold numbers that passed the door; 'plain' is a number of things that are
# neither people, events, schools nor records of them (years, returns, checks, authorities).
KINDS = frozenset({"text", "count", "value", "interval", "published", "plain", "status"})
ID = re.compile(r"[a-z][a-z0-9-]*")


class ReportError(Exception):
    """A report that may not be built: a figure without words, two blocks with one id, a ragged table."""


@dataclass(frozen=True)
class Paragraph:
    """One paragraph; `tone` 'note' is an aside, 'lead' the opening, 'key' a key message, 'see' a reference."""

    text: Markup
    tone: str = "plain"


@dataclass(frozen=True)
class Bullets:
    """A list of short points."""

    items: tuple[Markup, ...]


@dataclass(frozen=True)
class Column:
    """One column of a table: its heading, what it holds, and the heading it shares with its neighbours (`over`)."""

    label: str
    kind: str = "text"
    over: str = ""


@dataclass(frozen=True)
class Table:
    """A table as it is read: cells are final text, symbols included; `data` is its tidy form for the CSV file.

    Where `is_grouped`, the first column is shown once above each run of rows that share it. Where it `stays`,
    it is read where it stands however long it is; other long tables stand in the annex (`swis.report.annex`).
    """

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    source: str
    note: str = ""
    row_headers: int = 1
    is_grouped: bool = False
    stays: bool = False
    data: Protected | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        """Refuse a ragged or unknown table; ReportError says which."""
        if not ID.fullmatch(self.id) or not self.caption.strip() or not self.source.strip():
            raise ReportError(f"table {self.id!r} needs an id in lower case, a caption and a source")
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ReportError(f"table {self.id} has rows of unequal length")
        if unknown := {column.kind for column in self.columns} - KINDS:
            raise ReportError(f"table {self.id} has columns of unknown kind: {', '.join(sorted(unknown))}")

    @property
    def shown_columns(self) -> tuple[Column, ...]:
        """The columns that have a heading of their own."""
        return self.columns[1:] if self.is_grouped else self.columns

    @property
    def column_groups(self) -> list[tuple[str, list[Column]]]:
        """Runs of shown columns with the heading over them; '' over columns that share none."""
        runs = groupby(enumerate(self.shown_columns), key=lambda placed: placed[1].over or placed[0])
        return [(run[0].over, run) for _, placed in runs if (run := [column for _, column in placed])]

    @property
    def row_groups(self) -> list[tuple[str, list[tuple[str, ...]]]]:
        """Runs of rows with the words above them; one run without words where the table is not grouped."""
        if not self.is_grouped:
            return [("", list(self.rows))]
        return [(label, [row[1:] for row in rows]) for label, rows in groupby(self.rows, key=lambda row: row[0])]


@dataclass(frozen=True)
class Figure:
    """A picture with the words that stand for it.

    `alt` says in a sentence or two what there is to see, `long_description` tells the numbers. `png` and `svg` are one
    drawing of `behind`, the protected numbers; `width` is in CSS pixels.
    """

    id: str
    caption: str
    alt: str
    long_description: str
    png: bytes = field(repr=False)
    svg: bytes = field(repr=False)
    source: str
    width: int
    behind: Protected = field(repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse a figure without caption, alt text or long description; ReportError says what it lacks."""
        if not ID.fullmatch(self.id) or not self.caption.strip() or not self.source.strip():
            raise ReportError(f"figure {self.id!r} needs an id in lower case, a caption and a source")
        for words, text in (("alt text", self.alt), ("long description", self.long_description)):
            if len(text.strip()) < 20:
                raise ReportError(f"figure {self.id} has no {words} that could stand for it")


Block = Paragraph | Bullets | Table | Figure


@dataclass(frozen=True)
class Section:
    """A heading with what stands under it."""

    id: str
    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()
    is_synthetic: bool = False

    def __post_init__(self) -> None:
        """Refuse a heading with nothing under it."""
        if not self.blocks and not self.sections:
            raise ReportError(f"section {self.id} has nothing under its heading")

    def walk(self) -> Iterator[Block]:
        """Every block of this section and of those within it, in order."""
        yield from self.blocks
        for section in self.sections:
            yield from section.walk()

    def __repr__(self) -> str:
        """What is in it, in a line: a notebook keeps this text beside the page it shows."""
        tables, figures = (sum(isinstance(block, kind) for block in self.walk()) for kind in (Table, Figure))
        return f"Section({self.id}: {tables} tables, {figures} figures)"

    def _repr_html_(self) -> str:
        """The section as a notebook shows it, banner and alt texts included."""
        from swis.report.render import render_section

        return render_section(self, is_synthetic=self.is_synthetic)


@dataclass(frozen=True)
class Sections:
    """Several chapters shown one after the other; may be none."""

    sections: tuple[Section, ...]

    @classmethod
    def of(cls, *sections: Section | None) -> Sections:
        """The chapters that there are."""
        return cls(tuple(section for section in sections if section is not None))

    def _repr_html_(self) -> str:
        """The chapters as a notebook shows them."""
        return "".join(section._repr_html_() for section in self.sections)


@dataclass(frozen=True)
class Report:
    """A whole report. `is_synthetic` comes from the data set's marker and puts the banner on it.

    `sections` are read, `annex` is looked up in: the paper forms leave it out where `has_paper_annex` is false.
    `policy` is the line that says how its numbers were protected, `numbers` every count that passed the door for it.
    """

    id: str
    title: str
    subtitle: str
    sections: tuple[Section, ...]
    is_synthetic: bool
    provenance: str
    policy: str
    numbers: frozenset[int] = frozenset()
    annex: tuple[Section, ...] = ()
    has_paper_annex: bool = True

    def __post_init__(self) -> None:
        """Refuse two blocks or sections with one id, and a section made for the other kind of data."""
        ids = [section.id for section in walk_sections(self.whole)] + [block.id for block in self.files]
        if twice := sorted({name for name in ids if ids.count(name) > 1}):
            raise ReportError(f"ids used twice in report {self.id}: {', '.join(twice)}")
        if any(section.is_synthetic != self.is_synthetic for section in self.whole):
            raise ReportError(f"report {self.id} mixes sections of synthetic and of real data")

    @property
    def whole(self) -> tuple[Section, ...]:
        """What is read and what is looked up."""
        return (*self.sections, *self.annex)

    @property
    def on_paper(self) -> tuple[Section, ...]:
        """What the paper forms (PDF, DOCX) hold."""
        return self.whole if self.has_paper_annex else self.sections

    @property
    def numbering(self) -> dict[str, str]:
        """'Table 3' and 'Figure 2' by id, in reading order, the same in every form of the report."""
        tables = {table.id: f"Table {number}" for number, table in enumerate(self.tables, 1)}
        return tables | {figure.id: f"Figure {number}" for number, figure in enumerate(self.figures, 1)}

    @property
    def files(self) -> list[Table | Figure]:
        """Every table, then every figure."""
        return [*self.tables, *self.figures]

    @property
    def tables(self) -> list[Table]:
        """Every table, in reading order."""
        return [block for section in self.whole for block in section.walk() if isinstance(block, Table)]

    @property
    def figures(self) -> list[Figure]:
        """Every figure, in reading order."""
        return [block for section in self.whole for block in section.walk() if isinstance(block, Figure)]


def walk_sections(sections: Iterable[Section]) -> Iterator[Section]:
    """Sections and the sections within them, in reading order."""
    for section in sections:
        yield section
        yield from walk_sections(section.sections)


def paragraph(text: str | Markup, *, tone: str = "plain") -> Paragraph:
    """A paragraph of plain (escaped) or marked-up text."""
    return Paragraph(escape(text), tone)


def bullets(items: Iterable[str | Markup]) -> Bullets:
    """A list of plain (escaped) or marked-up points."""
    return Bullets(tuple(escape(item) for item in items))
