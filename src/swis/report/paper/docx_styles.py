"""The styles of the Word document, under the names by which Word and pandoc know them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from swis.report.paper.docx_table import size_style
from swis.report.paper.widths import SIZES

FONT = "Arial"
INK, QUIET, LINE, ACCENT, TURQUOISE, WARN = "1B2430", "4A5563", "C9D1DA", "12436D", "28A197", "801650"
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
KEEP, NEW_PAGE = "<w:keepNext/><w:keepLines/>", "<w:pageBreakBefore/>"
# The right edge of the text, in twentieths of a point, to which dots lead in the contents.
DOTS = '<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="9638"/></w:tabs>'
# What begins a page in a book.
BEGIN_PAGES = ("Heading1", "TOCHeading")


@dataclass(frozen=True)
class Style:
    """A paragraph style: sizes and distances in points; the other properties as Word writes them."""

    id: str
    name: str
    size: float = 0.0
    before: float = 0.0
    after: float = 6.0
    colour: str = ""
    is_bold: bool = False
    keep: str = ""
    bar: str = ""
    tabs: str = ""
    ends: str = ""


def bar(colour: str) -> str:
    """A thick line at the left of a paragraph, and the distance of its words from it."""
    return f'<w:pBdr><w:left w:val="single" w:sz="24" w:space="8" w:color="{colour}"/></w:pBdr>'


def level(number: int) -> str:
    """The place of a heading among headings; 0 is a chapter."""
    return f'<w:outlineLvl w:val="{number}"/>'


PARAGRAPHS = (
    Style("BodyText", "Body Text"),
    Style("FirstParagraph", "First Paragraph"),
    Style("Compact", "Compact", after=3),
    Style("Title", "Title", 24, 0, 8, ACCENT, True, KEEP),
    Style("Subtitle", "Subtitle", 13, 0, 14, QUIET),
    Style("Heading1", "heading 1", 17, 24, 8, INK, True, KEEP, ends=level(0)),
    Style("Heading2", "heading 2", 13, 16, 6, INK, True, KEEP, ends=level(1)),
    Style("Heading3", "heading 3", 11.5, 12, 6, INK, True, KEEP, ends=level(2)),
    Style("TOCHeading", "TOC Heading", 15, 18, 6, INK, True, KEEP),
    Style("TOC1", "toc 1", after=3, tabs=DOTS),
    Style("TOC2", "toc 2", 9.5, after=2, tabs=DOTS, ends='<w:ind w:left="340"/>'),
    Style("Caption", "caption", 10, 14, 3, INK, True, KEEP),
    Style("SyntheticMark", "Synthetic Mark", 8.5, 0, 3, WARN, True, KEEP),
    Style("SyntheticBanner", "Synthetic Banner", 10.5, 0, 8, bar=bar(WARN)),
    Style("Picture", "Picture", 0, 0, 3, keep=KEEP),
    Style("Under", "Under", 8.5, 3, 6, QUIET),
    Style("Lead", "Lead", 12, 0, 8),
    Style("KeyMessage", "Key Message", 0, 6, 8, bar=bar(TURQUOISE)),
    Style("Aside", "Aside", 0, 6, 8, QUIET, bar=bar(LINE)),
    Style("Quiet", "Quiet", 9.5, 0, 6, QUIET),
    Style("Provenance", "Provenance", 8.5, 0, 0),
    Style("TableGroup", "Table Group", 8.5, 5, 1, ACCENT, True),
    *(Style(size_style(size), f"Table Text {size:g}", size, 1, 1) for size in SIZES),
    Style("Header", "header", 9, 0, 0, WARN, True),
    Style("Footer", "footer", 8.5, 0, 0, QUIET, ends='<w:jc w:val="right"/>'),
)


def styles_xml(*, chapters_begin_pages: bool) -> str:
    """The whole of `word/styles.xml`."""
    begin = BEGIN_PAGES if chapters_begin_pages else ()
    paragraphs = [replace(style, keep=style.keep + NEW_PAGE) if style.id in begin else style for style in PARAGRAPHS]
    styles = "".join(_styles(paragraphs))
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:styles {WORD}>{styles}</w:styles>'


def _styles(paragraphs: Sequence[Style]) -> Iterator[str]:
    fonts = f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:cs="{FONT}" w:eastAsia="{FONT}"/>'
    yield (
        f'<w:docDefaults><w:rPrDefault><w:rPr>{fonts}<w:color w:val="{INK}"/><w:sz w:val="20"/><w:szCs w:val="20"/>'
        '<w:lang w:val="en-GB" w:eastAsia="en-GB" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>'
        '<w:spacing w:after="120" w:line="264" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>'
    )
    yield '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
    yield from map(_paragraph_style, paragraphs)
    yield (
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/></w:style><w:style w:type="character" w:styleId="Hyperlink">'
        f'<w:name w:val="Hyperlink"/><w:rPr><w:color w:val="{ACCENT}"/><w:u w:val="single"/></w:rPr></w:style>'
    )
    yield _table_style()


def _paragraph_style(style: Style) -> str:
    spacing = f'<w:spacing w:before="{round(style.before * 20)}" w:after="{round(style.after * 20)}"/>'
    half_points = round(style.size * 2)
    looks = "<w:b/>" * style.is_bold + (f'<w:color w:val="{style.colour}"/>' if style.colour else "")
    looks += f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>' if half_points else ""
    # Word asks for the properties in this order.
    return (
        f'<w:style w:type="paragraph" w:styleId="{style.id}"><w:name w:val="{style.name}"/>'
        f'<w:basedOn w:val="Normal"/><w:qFormat/>'
        f"<w:pPr>{style.keep}{style.bar}{style.tabs}{spacing}{style.ends}</w:pPr><w:rPr>{looks}</w:rPr></w:style>"
    )


def _table_style() -> str:
    """Light rules between rows and a strong one under the headings; a heading column in bold."""
    rule = f'w:val="single" w:sz="4" w:space="0" w:color="{LINE}"'
    strong = f'w:val="single" w:sz="8" w:space="0" w:color="{INK}"'
    return (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/></w:style>'
        '<w:style w:type="table" w:styleId="ReportTable"><w:name w:val="Report Table"/><w:basedOn w:val="TableNormal"/>'
        f"<w:tblPr><w:tblBorders><w:bottom {rule}/><w:insideH {rule}/></w:tblBorders>"
        '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f'<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders><w:bottom {strong}/></w:tcBorders>'
        '<w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>'
        '<w:tblStylePr w:type="firstCol"><w:rPr><w:b/></w:rPr></w:tblStylePr></w:style>'
    )
