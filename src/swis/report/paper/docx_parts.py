"""The reference document: an empty one with this project's styles, running head and foot, made anew each time."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape

from swis.report.paper.docx_sections import section_xml
from swis.report.paper.docx_styles import WARN, WORD, styles_xml
from swis.report.paper.docx_text import field, paragraph, run
from swis.report.paper.packing import packed

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORDML = "application/vnd.openxmlformats-officedocument.wordprocessingml"
RUNNING = ("header", "footer")


def reference_document(title: str, mark: str, *, is_book: bool) -> bytes:
    """The document whose styles and running lines pandoc takes; `mark` are the words at the head of every page.

    In a book every chapter begins a page.
    """
    return packed({name: text.encode("utf-8") for name, text in _parts(title, mark, is_book=is_book).items()})


def _parts(title: str, mark: str, *, is_book: bool) -> Mapping[str, str]:
    references = "".join(f'<w:{part}Reference w:type="default" r:id="rId-{part}"/>' for part in RUNNING)
    body = f"<w:body><w:p/>{section_xml(is_sideways=False, references=references)}</w:body>"
    return {
        "[Content_Types].xml": _types(),
        "_rels/.rels": _relations({"rId1": (f"{OFFICE}/officeDocument", "word/document.xml")}),
        "word/_rels/document.xml.rels": _relations(
            {
                "rId1": (f"{OFFICE}/styles", "styles.xml"),
                **{f"rId-{part}": (f"{OFFICE}/{part}", f"{part}1.xml") for part in RUNNING},
            }
        ),
        "word/document.xml": f'{DECLARATION}<w:document {WORD} xmlns:r="{OFFICE}">{body}</w:document>',
        "word/styles.xml": styles_xml(chapters_begin_pages=is_book),
        "word/header1.xml": f"{DECLARATION}<w:hdr {WORD}>{_head(mark)}</w:hdr>",
        "word/footer1.xml": f"{DECLARATION}<w:ftr {WORD}>{_foot(title)}</w:ftr>",
    }


def _head(mark: str) -> str:
    line = f'<w:pBdr><w:bottom w:val="single" w:sz="8" w:space="3" w:color="{WARN}"/></w:pBdr>'
    return paragraph(run(mark), "Header", line) if mark else paragraph("", "Header")


def _foot(title: str) -> str:
    pages = f"{run(f'{title}, page ')}{field('PAGE', '1')}{run(' of ')}{field('NUMPAGES', '1')}"
    return paragraph(pages, "Footer")


def _types() -> str:
    kinds = {"document": "document.main", "styles": "styles", "header1": "header", "footer1": "footer"}
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{WORDML}.{kind}+xml"/>' for name, kind in kinds.items()
    )
    return (
        f'{DECLARATION}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(relations: Mapping[str, tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="{name}" Type="{kind}" Target="{escape(target)}"/>'
        for name, (kind, target) in relations.items()
    )
    return f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">{listed}</Relationships>'
