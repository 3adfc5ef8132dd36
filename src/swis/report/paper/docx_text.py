"""Words in Word's own markup: runs, fields and links."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from xml.sax.saxutils import escape

from swis.report.paper.runs import Run, runs_of

# Word takes no longer name for a bookmark, and pandoc would name it anew.
LONGEST_NAME = 40
# Letters that no XML file may hold.
FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def bookmark(block_id: str) -> str:
    """The name under which Word knows a place of the report: its id, with a short hash at its end where it is long."""
    if len(block_id) <= LONGEST_NAME:
        return block_id
    digest = hashlib.sha256(block_id.encode("utf-8")).hexdigest()[:8]
    return f"{block_id[: LONGEST_NAME - 9]}-{digest}"


def run(text: str, *, is_bold: bool = False, is_italic: bool = False, style: str = "") -> str:
    """A run of words."""
    marks = (f'<w:rStyle w:val="{style}"/>' if style else "") + "<w:b/>" * is_bold + "<w:i/>" * is_italic
    properties = f"<w:rPr>{marks}</w:rPr>" if marks else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(FORBIDDEN.sub("", text))}</w:t></w:r>'


def field(instruction: str, shown: str) -> str:
    """A field that Word works out; `shown` stands there until it does."""
    begin, end = field_parts(instruction)
    return f"{begin}{run(shown)}{end}"


def field_parts(instruction: str, *, is_stale: bool = False) -> tuple[str, str]:
    """What stands before and after the words of a field; Word works a stale one out when it opens the document."""
    stale = ' w:dirty="true"' if is_stale else ""
    begin = (
        f'<w:r><w:fldChar w:fldCharType="begin"{stale}/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    return begin, '<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def cell_runs(text: str, targets: Collection[str], *, is_bold: bool) -> str:
    """The runs of a cell, with links to places of the report."""
    return "".join(_run(part, targets, is_bold=is_bold) for part in runs_of(text))


def paragraph(runs: str, style: str, extra: str = "") -> str:
    """A paragraph in a style; `extra` are further properties of it."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{extra}</w:pPr>{runs}</w:p>'


def marked(runs: str, block_id: str, number: int) -> str:
    """Runs inside a bookmark; `number` tells bookmarks of one document apart."""
    name = bookmark(block_id)
    return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{runs}<w:bookmarkEnd w:id="{number}"/>'


def _run(part: Run, targets: Collection[str], *, is_bold: bool) -> str:
    is_link = part.target in targets
    style = "Hyperlink" if is_link else ""
    shown = run(part.text, is_bold=is_bold or part.is_bold, is_italic=part.is_italic, style=style)
    return f'<w:hyperlink w:anchor="{bookmark(part.target)}">{shown}</w:hyperlink>' if is_link else shown
