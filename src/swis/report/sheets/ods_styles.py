"""The styles of an OpenDocument spreadsheet: kinds of cell, formats of numbers, widths, the printed page."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from odf import number
from odf.namespaces import STYLENS
from odf.style import (
    DefaultStyle,
    Footer,
    Header,
    Map,
    MasterPage,
    PageLayout,
    PageLayoutProperties,
    ParagraphProperties,
    Style,
    TableCellProperties,
    TableColumnProperties,
    TableProperties,
    TableRowProperties,
    TextProperties,
)
from odf.text import P, PageNumber

from swis.report.sheets.cells import NumberFormat
from swis.report.sheets.workbook import COUNTRY, LANGUAGE, POINTS_A_LINE
from swis.report.wording import MINUS

# What one character of the sheets' font takes.
CENTIMETRES_A_CHARACTER = 0.21
TEXTS: Mapping[str, Mapping[str, str]] = {
    "title": {"fontweight": "bold", "fontsize": "14pt"},
    "heading": {"fontweight": "bold", "fontsize": "12pt"},
    "warning": {"fontweight": "bold", "color": "#942514"},
    "text": {},
    "header": {"fontweight": "bold"},
    "header on the right": {"fontweight": "bold"},
    "row header": {"fontweight": "bold"},
    "words": {},
    "words on the right": {},
    "link": {"color": "#12436d", "textunderlinestyle": "solid"},
}
# Keeps a number apart from the words of the next column.
RIGHT = {"paddingright": "0.25cm"}
HEADER = {"wrapoption": "wrap", "verticalalign": "bottom", "borderbottom": "1.5pt solid #000000"}
CELLS: Mapping[str, Mapping[str, str]] = {
    "header": HEADER,
    "header on the right": {**HEADER, **RIGHT},
    "row header": {"wrapoption": "wrap", "verticalalign": "top"},
    "words": {"wrapoption": "wrap", "verticalalign": "top"},
    "words on the right": {"wrapoption": "wrap", "verticalalign": "top", **RIGHT},
    "link": {"verticalalign": "top"},
}


class Styles:
    """The styles of one file, each made once; `named` by kind of cell."""

    def __init__(self, book: Any, marker: str) -> None:
        """Put the styles that every file has into `book`; `marker` stands on top of each printed page."""
        self._book = book
        self._number_formats = 0
        _speak_english(book)
        self.page = _page(book, marker)
        self.named = {name: self._cell_style(name) for name in TEXTS}
        self.row = cache(self._row)
        self.column = cache(self._column)
        self.number = cache(self._number)

    def _kept(self, style: Any, *properties: Any) -> Any:
        for one in properties:
            style.addElement(one)
        self._book.automaticstyles.addElement(style)
        return style

    def _cell_style(self, name: str) -> Any:
        style = Style(name=name.replace(" ", "-"), family="table-cell")
        side = ParagraphProperties(textalign="end" if name.endswith("right") else "start")
        return self._kept(style, TableCellProperties(**CELLS.get(name, {})), side, TextProperties(**TEXTS[name]))

    def _column(self, width: int) -> Any:
        wide = f"{width * CENTIMETRES_A_CHARACTER:.2f}cm"
        return self._kept(Style(name=f"width{width}", family="table-column"), TableColumnProperties(columnwidth=wide))

    def _row(self, lines: int) -> Any:
        height = TableRowProperties(rowheight=f"{lines * POINTS_A_LINE}pt", useoptimalrowheight="false")
        return self._kept(Style(name=f"row{lines}", family="table-row"), height)

    def _number(self, shown: NumberFormat) -> Any:
        """The cell style of a format: its own for numbers below zero, the one it maps to for the others."""
        self._number_formats += 1
        name = f"number{self._number_formats}"
        below = _number_style(shown, name, MINUS)
        below.addElement(Map(condition="value()>=0", applystylename=f"{name}P0"))
        self._kept(_number_style(shown, f"{name}P0", "+" if shown.has_plus else "", volatile="true"))
        # odfpy drops a style that only a map refers to; this second reference keeps it.
        self._kept(Style(name=f"cell-{name}P0", family="table-cell", datastylename=f"{name}P0"))
        self._kept(below)
        return self._kept(
            Style(name=f"cell-{name}", family="table-cell", datastylename=name),
            TableCellProperties(verticalalign="top", **RIGHT),
            ParagraphProperties(textalign="end"),
        )


def _number_style(shown: NumberFormat, name: str, sign: str, **options: str) -> Any:
    style = (number.PercentageStyle if shown.suffix else number.NumberStyle)(name=name, **options)
    if sign or shown.prefix:
        style.addElement(number.Text(text=sign + shown.prefix))
    grouped = "true" if shown.is_grouped else "false"
    style.addElement(number.Number(decimalplaces=str(shown.decimals), minintegerdigits="1", grouping=grouped))
    if shown.suffix:
        style.addElement(number.Text(text=shown.suffix))
    return style


def _speak_english(book: Any) -> None:
    """The language and the font of every cell."""
    style = DefaultStyle(family="table-cell")
    style.addElement(TextProperties(language=LANGUAGE, country=COUNTRY, fontfamily="Arial", fontsize="11pt"))
    book.styles.addElement(style)


def _page(book: Any, marker: str) -> Any:
    """The style of a sheet: printed on A4 across, as wide as a page, the marker on top and the page number below."""
    layout = PageLayout(name="across")
    size = {"pagewidth": "29.7cm", "pageheight": "21cm", "printorientation": "landscape"}
    properties = PageLayoutProperties(**size)
    # One page wide and as many long as it takes; odfpy's keywords know no capital letters.
    for name, pages in (("scale-to-X", "1"), ("scale-to-Y", "0")):
        properties.setAttrNS(STYLENS, name, pages)
    layout.addElement(properties)
    book.automaticstyles.addElement(layout)
    master = MasterPage(name="across", pagelayoutname="across")
    above, below, numbered = Header(), Footer(), P()
    above.addElement(P(text=marker))
    numbered.addElement(PageNumber())
    below.addElement(numbered)
    master.addElement(above)
    master.addElement(below)
    book.masterstyles.addElement(master)
    style = Style(name="sheet", family="table", masterpagename="across")
    style.addElement(TableProperties(display="true", writingmode="lr-tb"))
    book.automaticstyles.addElement(style)
    return style
