"""The report as typst's source: pandoc keeps the order of things, what is drawn here is drawn in typst's own words."""

from __future__ import annotations

from collections.abc import Sequence

from swis.report.model import Figure, Report, Table
from swis.report.paper import pandoc
from swis.report.paper.lettering import breakable
from swis.report.paper.pandoc import Node
from swis.report.paper.pictures import alt_of, shown_size
from swis.report.paper.typst_table import table_source
from swis.report.paper.typst_text import string, truth
from swis.report.paper.walk import ids_on_paper
from swis.report.paper.widths import layout_of
from swis.report.render import SYNTHETIC_WORDS

FORM = "typst"
# A figure higher than this, in points, may wait for the foot of the next page where so many rows fill this one.
TALL, MANY_ROWS = 300.0, 15


class TypstForm:
    """How the PDF draws; `pictures` are the files that its source names, by their names."""

    def __init__(self, report: Report) -> None:
        """For one report: what its links can lead to, and its mark."""
        self.targets = ids_on_paper(report)
        self.mark = SYNTHETIC_WORDS if report.is_synthetic else ""
        self.pictures: dict[str, bytes] = {}

    def words(self, text: str) -> Node:
        """Words as a string of typst's source."""
        # As a string: of plain text pandoc leaves '1. ' and '- ' as they are, and typst would make a list of them.
        return pandoc.raw_inline(FORM, f"#{string(breakable(text))};")

    def link(self, inlines: Sequence[Node], target: str) -> list[Node]:
        """Words that lead to another place, and the number of its page."""
        return [pandoc.link(inlines, target), pandoc.raw_inline(FORM, f"#on-page({string(target)});")]

    def name(self, block_id: str) -> str:
        """Sections keep their ids."""
        return block_id

    def paragraph(self, inlines: Sequence[Node], tone: str) -> list[Node]:
        """A paragraph, set apart by its tone."""
        shown = pandoc.para(inlines)
        if tone == "plain":
            return [shown]
        return [pandoc.raw(FORM, f"#tone-{tone}["), shown, pandoc.raw(FORM, "]")]

    def annex(self) -> list[Node]:
        """The annex begins a page, and contents name its chapters only."""
        within = "#show heading.where(level: 2): set heading(outlined: false, bookmarked: true)"
        return [pandoc.raw(FORM, "#pagebreak(weak: true)"), pandoc.raw(FORM, within)]

    def is_sideways(self, block: Table | Figure) -> bool:
        """Whether a block needs a page that lies on its side."""
        return layout_of(block).is_sideways if isinstance(block, Table) else shown_size(block)[2]

    def sideways(self, nodes: Sequence[Node]) -> list[Node]:
        """Blocks on pages that lie on their side."""
        return [pandoc.raw(FORM, "#page(flipped: true)["), *nodes, pandoc.raw(FORM, "]")]

    def table(self, table: Table, number: str) -> list[Node]:
        """The call that draws the table."""
        return [pandoc.raw(FORM, table_source(table, number, self.targets, mark=self.mark))]

    def figure(self, figure: Figure, number: str, *, rows_after: int) -> list[Node]:
        """The call that draws the figure, whose file is kept aside."""
        file = f"{figure.id}.png"
        self.pictures[file] = figure.png
        width, height, is_sideways = shown_size(figure)
        floats = not is_sideways and height > TALL and rows_after >= MANY_ROWS
        source = (
            f"#report-figure({string(figure.id)}, {string(f'{number}: {figure.caption}')}, mark: {string(self.mark)}, "
            f"source: {string(figure.source)}, "
            f"floats: {truth(floats)}, "
            f"image({string(file)}, alt: {string(alt_of(figure))}, width: {width:.2f}pt, height: {height:.2f}pt))"
        )
        return [pandoc.raw(FORM, source)]
