"""Upright pages and pages that lie on their side, in Word's own markup."""

from __future__ import annotations

from swis.report.paper.widths import MARGIN_MM, PAGE_MM, POINTS_PER_MM

TWIPS = 20
# Room for the running head and foot.
EDGE_MM, HEAD_MM = 24, 11
# Where the references to the running head and foot are put in: only the finished document knows their names.
REFERENCES = "<!--running head and foot-->"


def section_xml(*, is_sideways: bool, references: str = REFERENCES) -> str:
    """The properties of a section: its page, its margins, its running head and foot."""
    wide, high = (_twips(side) for side in (reversed(PAGE_MM) if is_sideways else PAGE_MM))
    turn = ' w:orient="landscape"' if is_sideways else ""
    side, edge, head = _twips(MARGIN_MM), _twips(EDGE_MM), _twips(HEAD_MM)
    return (
        f'<w:sectPr>{references}<w:pgSz w:w="{wide}" w:h="{high}"{turn}/>'
        f'<w:pgMar w:top="{edge}" w:right="{side}" w:bottom="{edge}" w:left="{side}" '
        f'w:header="{head}" w:footer="{head}" w:gutter="0"/></w:sectPr>'
    )


def ends_section(*, is_sideways: bool) -> str:
    """The end of a section: its properties stand in its last paragraph, of no height."""
    line = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
    return f"<w:p><w:pPr>{line}{section_xml(is_sideways=is_sideways)}</w:pPr></w:p>"


def _twips(millimetres: float) -> int:
    return round(millimetres * POINTS_PER_MM * TWIPS)
