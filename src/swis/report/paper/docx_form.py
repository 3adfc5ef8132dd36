"""The report as a Word document: pandoc writes headings, text, lists and pictures, tables come in Word's own markup."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from itertools import count

from swis.report.model import Figure, Report, Table
from swis.report.paper import pandoc
from swis.report.paper.docx_sections import ends_section
from swis.report.paper.docx_table import table_xml
from swis.report.paper.docx_text import bookmark, field, marked, paragraph, run
from swis.report.paper.pandoc import Node
from swis.report.paper.pictures import alt_of, shown_size
from swis.report.paper.walk import ids_on_paper
from swis.report.paper.widths import layout_of
from swis.report.render import SYNTHETIC_WORDS

FORM = "openxml"
TONES = {"lead": "Lead", "key": "Key Message", "note": "Aside", "see": "Quiet"}
# Word's lettering is Arial, which every machine has or has a twin of; it is this much wider than the PDF's.
WIDER = 1.17
# Pandoc numbers its own bookmarks from 1 up.
FIRST_BOOKMARK = 100_000


class DocxForm:
    """How the Word document draws."""

    def __init__(self, report: Report) -> None:
        """For one report: what its links can lead to, and its mark."""
        self.targets = ids_on_paper(report)
        self.mark = SYNTHETIC_WORDS if report.is_synthetic else ""
        self.bookmarks = count(FIRST_BOOKMARK)

    def words(self, text: str) -> Node:
        """Words as pandoc keeps them."""
        return pandoc.words(text)

    def link(self, inlines: Sequence[Node], target: str) -> list[Node]:
        """Words that lead to a bookmark."""
        return [pandoc.link(inlines, bookmark(target))]

    def name(self, block_id: str) -> str:
        """The bookmark of a section."""
        return bookmark(block_id)

    def paragraph(self, inlines: Sequence[Node], tone: str) -> list[Node]:
        """A paragraph in the style of its tone."""
        shown = pandoc.para(inlines)
        return [pandoc.styled(TONES[tone], [shown])] if tone in TONES else [shown]

    def annex(self) -> list[Node]:
        """Nothing: the headings of its chapters say that they are of the annex."""
        return []

    def is_sideways(self, block: Table | Figure) -> bool:
        """Whether a block needs a page that lies on its side."""
        return layout_of(block, WIDER).is_sideways if isinstance(block, Table) else shown_size(block)[2]

    def sideways(self, nodes: Sequence[Node]) -> list[Node]:
        """Blocks on pages that lie on their side: a section of their own."""
        return [
            pandoc.raw(FORM, ends_section(is_sideways=False)),
            *nodes,
            pandoc.raw(FORM, ends_section(is_sideways=True)),
        ]

    def table(self, table: Table, number: str) -> list[Node]:
        """Caption, table, note and source."""
        drawn = table_xml(table, layout_of(table, WIDER), self.targets)
        parts = [self.caption(table, number), drawn, *_under(table.note, table.source)]
        return [pandoc.raw(FORM, "".join(parts))]

    def figure(self, figure: Figure, number: str, *, rows_after: int) -> list[Node]:
        """Caption, picture and source."""
        width = shown_size(figure)[0]
        source = f"data:image/png;base64,{base64.b64encode(figure.png).decode('ascii')}"
        picture = pandoc.styled("Picture", [pandoc.para([pandoc.image(source, alt_of(figure), width)])])
        under = pandoc.raw(FORM, "".join(_under("", figure.source)))
        return [pandoc.raw(FORM, self.caption(figure, number)), picture, under]

    def caption(self, block: Table | Figure, number: str) -> str:
        """The numbered caption, a bookmark on its number, and the mark of simulated data."""
        kind, _, place = number.partition(" ")
        counted = run(f"{kind} ") + field(f"SEQ {kind} \\* ARABIC", place)
        words = marked(counted, block.id, next(self.bookmarks)) + run(f": {block.caption}")
        return paragraph(words, "Caption") + (paragraph(run(self.mark), "SyntheticMark") if self.mark else "")


def _under(note: str, source: str) -> list[str]:
    return [paragraph(run(words), "Under") for words in (note, f"Source: {source}") if words]
