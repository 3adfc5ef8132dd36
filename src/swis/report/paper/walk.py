"""From the report model to pandoc's tree, the same walk for every form on paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Protocol

from swis.report.model import Block, Bullets, Figure, Paragraph, Report, Section, Table, walk_sections
from swis.report.paper.pandoc import Node, bold, heading, italic, points
from swis.report.paper.runs import Run, runs_of

# Below this depth a heading gets no level of its own: three are enough to find one's way on paper.
DEEPEST = 3
ANNEX_WORDS = "The annex of this report is not printed: it stands in its web page and in its workbook."


class Form(Protocol):
    """What a form on paper draws in its own way."""

    def words(self, text: str) -> Node:
        """Words that are words and nothing else."""

    def link(self, inlines: Sequence[Node], target: str) -> list[Node]:
        """Words that lead to another place of the report."""

    def name(self, block_id: str) -> str:
        """The id under which a section stands in this form."""

    def paragraph(self, inlines: Sequence[Node], tone: str) -> list[Node]:
        """A paragraph of that tone."""

    def annex(self) -> list[Node]:
        """What stands between the chapters that are read and those that are looked up."""

    def is_sideways(self, block: Table | Figure) -> bool:
        """Whether a block needs a page that lies on its side."""

    def sideways(self, nodes: Sequence[Node]) -> list[Node]:
        """Blocks on pages that lie on their side."""

    def table(self, table: Table, number: str) -> list[Node]:
        """A table under its number and caption."""

    def figure(self, figure: Figure, number: str, *, rows_after: int) -> list[Node]:
        """A figure under its number and caption; `rows_after` rows of tables follow it in its section."""


def tree_of(report: Report, form: Form) -> list[Node]:
    """What is printed of a report, from its first heading to its last block."""
    walk = _Walk(report, form)
    read = [node for section in report.sections for node in walk.section(section, 1)]
    looked_up = [node for section in report.annex for node in walk.section(section, 1)]
    return [*read, *form.annex(), *looked_up] if looked_up and report.has_paper_annex else read


def ids_on_paper(report: Report) -> frozenset[str]:
    """What a link can lead to on paper."""
    blocks = (block for section in report.on_paper for block in section.walk())
    shown = {block.id for block in blocks if isinstance(block, Table | Figure)}
    return frozenset(shown | {section.id for section in walk_sections(report.on_paper)})


def tables_on_paper(report: Report) -> list[Table]:
    """The tables that are printed, in reading order."""
    return [block for section in report.on_paper for block in section.walk() if isinstance(block, Table)]


def annex_words(report: Report) -> str:
    """Where the annex is, if it is not printed; '' where there is none or it is."""
    return ANNEX_WORDS if report.annex and not report.has_paper_annex else ""


class _Walk:
    """The report's numbers and ids, and the form that draws."""

    def __init__(self, report: Report, form: Form) -> None:
        self.numbers, self.targets, self.form = report.numbering, ids_on_paper(report), form

    def section(self, section: Section, level: int) -> Iterator[Node]:
        name = self.form.name(section.id)
        yield heading(min(level, DEEPEST), name, [self.form.words(section.title)])
        for is_sideways, blocks in groupby(section.blocks, self.is_sideways):
            nodes = [node for block in blocks for node in self.block(block, section)]
            yield from self.form.sideways(nodes) if is_sideways else nodes
        for inner in section.sections:
            yield from self.section(inner, level + 1)

    def is_sideways(self, block: Block) -> bool:
        return isinstance(block, Table | Figure) and self.form.is_sideways(block)

    def block(self, block: Block, section: Section) -> list[Node]:
        if isinstance(block, Paragraph):
            return self.form.paragraph(self.inlines(block.text), block.tone)
        if isinstance(block, Bullets):
            return [points(self.inlines(item) for item in block.items)]
        number = self.numbers[block.id]
        if isinstance(block, Table):
            return self.form.table(block, number)
        return self.form.figure(block, number, rows_after=_rows_after(block, section))

    def inlines(self, text: str) -> list[Node]:
        return [node for run in runs_of(text) for node in self.run(run)]

    def run(self, run: Run) -> list[Node]:
        shown = [self.form.words(run.text)]
        shown = [italic(shown)] if run.is_italic else shown
        shown = [bold(shown)] if run.is_bold else shown
        return self.form.link(shown, run.target) if run.target in self.targets else shown


def _rows_after(figure: Figure, section: Section) -> int:
    """Rows of the tables that follow a figure in its section."""
    after = section.blocks[section.blocks.index(figure) + 1 :]
    return sum(len(block.rows) for block in after if isinstance(block, Table))
