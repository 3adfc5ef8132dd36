"""A released report read back from its forms: the numbers of each, as a reader would find them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import docx
import pandas as pd
from lxml import html
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

Numbers = Counter[float]
# A hyphen within a word or a name of a file is no sign.
NUMBER = re.compile(r"(?P<sign>(?<![\w.])[−-])?£?(?P<digits>\d[\d,]*(?:\.\d+)?)(?P<percent>%)?")
# Finer than any number of a report, coarser than the last bit of one that a sheet keeps as a fraction.
DIGITS = 9


def numbers_in(texts: Iterable[str]) -> Numbers:
    """Every number in the texts, a percentage as a share."""
    return Counter(_value(found) for text in texts for found in NUMBER.finditer(text))


def _value(found: re.Match[str]) -> float:
    size = float(found["digits"].rstrip(",").replace(",", "")) / (100 if found["percent"] else 1)
    return round(-size if found["sign"] else size, DIGITS)


def page_of(path: Path) -> Any:
    """The page, without what is told only beside a picture."""
    page = html.fromstring(path.read_text(encoding="utf-8"))
    for told in page.xpath("//main//details"):
        told.drop_tree()
    return page


def of_page(path: Path, *, without_annex: bool) -> Numbers:
    """The numbers of the page's text and tables."""
    page = page_of(path)
    annex = {link.get("href")[1:] for link in page.xpath("//nav//details//a")}
    sections = page.xpath("//main/section")
    kept = [one for one in sections if not without_annex or one.get("aria-labelledby") not in annex]
    assert bool(without_annex) == (len(kept) < len(sections))
    return numbers_in(" ".join(one.itertext()) for one in kept)


def of_tables(path: Path) -> dict[str, Numbers]:
    """The numbers in the cells of each table of the page, by 'Table 3'."""
    tables = {}
    for table in page_of(path).xpath("//main//table"):
        name = re.match(r"Table \d+", table.xpath("./caption")[0].text_content().strip())
        assert name is not None
        tables[name.group()] = numbers_in(cell.text_content() for cell in table.xpath("./tbody//td"))
    return tables


def of_pdf(path: Path) -> Numbers:
    """The numbers on the pages of a PDF."""
    return numbers_in(page.extract_text() for page in PdfReader(path).pages)


def of_docx(path: Path) -> Numbers:
    """The numbers in the body of a Word document, those in tables too."""
    body = docx.Document(str(path)).element.body
    tag = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    return numbers_in("".join(text.text or "" for text in one.iter(f"{tag}t")) for one in body.iter(f"{tag}p"))


def of_sheets(path: Path) -> dict[str, Numbers]:
    """The numbers of each sheet of a workbook by its name, those kept as numbers and those within words."""
    found = {}
    for name in (workbook := CalamineWorkbook.from_path(path)).sheet_names:
        cells = [cell for row in workbook.get_sheet_by_name(name).to_python() for cell in row]
        kept = Counter(round(float(cell), DIGITS) for cell in cells if isinstance(cell, int | float))
        found[name] = kept + numbers_in(cell for cell in cells if isinstance(cell, str))
    return found


def of_csv(path: Path) -> set[float]:
    """The numbers of a file of data."""
    cells = pd.read_csv(path, dtype=str, keep_default_na=False).to_numpy().ravel()
    return set(numbers_in(str(cell) for cell in cells))


def counts_of_tables(path: Path) -> dict[str, set[float]]:
    """The counts in each table of the page, by the id of the table."""
    return {
        table.get("id"): set(numbers_in(cell.text_content() for cell in table.xpath('.//td[@data-kind="count"]')))
        for table in page_of(path).xpath("//main//table")
    }
