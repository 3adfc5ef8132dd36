"""The header of a CIN census file, read without reading the children, and what it must say.

The file is refused where it declares a document type: entities of a document type can read other files and can
swell without end, and no census file needs one.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from lxml import etree

from swis.errors import InputError, Problem
from swis.params import Authority

PARSER_OPTIONS: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
TAIL_BYTES = 4096
END_OF_MESSAGE = re.compile(rb"</\s*(?:[\w.-]+:)?Message\s*>(?:\s|<!--.*?-->|<\?.*?\?>|\x00|\x1a)*$", re.DOTALL)
BLOCK_BYTES = 1 << 20


@dataclass(frozen=True)
class CinHeader:
    """What the header says; None or empty where an element is absent or is not what it should be."""

    collection: str
    year: int | None
    reference_date: date | None
    la_code: str
    software: str

    @property
    def return_year(self) -> int | None:
        """The year of the 31 March the return ends on: the header's Year, else that of its reference date."""
        if self.year is not None:
            return self.year
        return self.reference_date.year if self.reference_date else None


def local_name(tag: Any) -> str:
    """An element's name in lower case and without its namespace."""
    return str(tag).rpartition("}")[2].lower()


def encoding_override(path: Path) -> str | None:
    """'cp1252' where the file neither names its encoding nor is UTF-8 or UTF-16, else None (the parser knows)."""
    with path.open("rb") as stream:
        start = stream.read(200)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b"<\x00", b"\x00<")):
            return None
        declared = re.search(rb"<\?xml[^>]*encoding\s*=\s*[\"']([\w.-]+)", start)
        if declared and declared.group(1).lower() not in {b"utf-8", b"utf8"}:
            return None
        stream.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while block := stream.read(BLOCK_BYTES):
                # Plain ASCII is told at once; what a block before it left undone must be gone on with.
                if not block.isascii() or decoder.getstate()[0]:
                    decoder.decode(block)
        except UnicodeDecodeError:
            return "cp1252"
    return None


def read_header(path: Path, *, file: str = "") -> CinHeader:
    """Read the header and stop. InputError: missing or empty file, not XML, a document type, no header."""
    name = file or path.name
    raise_if_no_content(path, name)
    try:
        return _header_of(path, name, None)
    except etree.XMLSyntaxError as error:
        if encoding_override(path):
            try:
                return _header_of(path, name, "cp1252")
            except etree.XMLSyntaxError:
                pass
        where = f"not readable as XML from line {error.lineno or 1}"
        raise InputError([Problem(name, where, "a CIN census XML file", "export the return again")]) from None


def raise_if_no_content(path: Path, name: str) -> None:
    """InputError where the file is missing or holds nothing but white space and byte order marks."""
    if not path.is_file():
        raise InputError([Problem(name, "file missing", "a CIN census XML file", "put the file there")])
    with path.open("rb") as stream:
        start = stream.read(BLOCK_BYTES)
    if not start.strip(b"\x00 \r\n\t\xef\xbb\xbf\xff\xfe"):
        raise InputError([Problem(name, "the file is empty", "a CIN census XML file", "export the return again")])


def _header_of(path: Path, name: str, encoding: str | None) -> CinHeader:
    found: dict[str, str] = {}
    with path.open("rb") as stream:
        parser = etree.iterparse(stream, events=("start", "end"), encoding=encoding, **PARSER_OPTIONS)
        for event, element in parser:
            raise_if_document_type(element, name)
            place = local_name(element.tag)
            if event == "start" and place == "child":
                break
            if event == "end":
                found.setdefault(place, (element.text or "").strip())
                if place == "header":
                    return _as_header(found)
    raise InputError([Problem(name, "no Header", "a Message with a Header", "export the return again")])


def raise_if_document_type(element: Any, name: str) -> None:
    """InputError where the document of an element declares a document type."""
    if element.getroottree().docinfo.internalDTD is not None:
        problem = Problem(name, "declares a document type", "plain XML without DOCTYPE", "export the return again")
        raise InputError([problem])


def _as_header(found: dict[str, str]) -> CinHeader:
    year = found.get("year", "")
    try:
        reference = date.fromisoformat(found.get("referencedate", "")[:10])
    except ValueError:
        reference = None
    return CinHeader(
        collection=found.get("collection", ""),
        year=int(year) if re.fullmatch(r"[0-9]{4}", year) else None,
        reference_date=reference,
        la_code=found.get("lea", ""),
        software=found.get("softwarecode", ""),
    )


def is_whole(path: Path) -> bool:
    """Whether the file ends with the end of its Message: a cheap sign that it was not cut off."""
    with path.open("rb") as stream:
        stream.seek(0, 2)
        stream.seek(max(0, stream.tell() - TAIL_BYTES))
        tail = stream.read().replace(b"\x00", b"")
    return END_OF_MESSAGE.search(tail) is not None


def check_header(header: CinHeader, *, file: str, authority: Authority) -> list[Problem]:
    """What a header says that it should not: collection, year against reference date and file name, authority."""
    action = "check that the right file was put here"
    problems = []
    if header.collection.upper() != "CIN":
        problems.append(Problem(file, "Collection in the header", "CIN", action))
    if header.return_year is None:
        return [*problems, Problem(file, "no Year in the header", "the year of the 31 March it ends on", action)]
    year = header.return_year
    reference = header.reference_date
    if reference is not None and reference.year != year:
        where = f"wrong year: Year {year} but ReferenceDate in {reference.year}"
        problems.append(Problem(file, where, f"ReferenceDate {year}-03-31", action))
    named = years_in_name(Path(file).name)
    if named and year not in named:
        where = f"wrong year: Year {year} in the header, {', '.join(map(str, sorted(named)))} in the file name"
        problems.append(Problem(file, where, "the same year in both", action))
    return problems + _check_authority(header, year, file, authority)


def _check_authority(header: CinHeader, year: int, file: str, authority: Authority) -> list[Problem]:
    codes = [code.old_la_code for code in authority.codes_in_return(year)]
    if header.la_code in codes:
        return []
    ever = header.la_code in {code.old_la_code for code in authority.codes}
    what = "an old or later code of the authority" if ever else "another authority's code"
    given = header.la_code if re.fullmatch(r"[0-9]{3}", header.la_code) else "not three digits"
    where = f"wrong authority: LEA in the header is {given} ({what})"
    expected = f"{' or '.join(codes) or 'a code in params'} for {authority.name} in {year}"
    return [Problem(file, where, expected, "move the file to its authority's folder or correct the export")]


def years_in_name(name: str) -> set[int]:
    """Years a file name speaks of: 2023 itself, and the second year of 2022-23 or 2022_2023."""
    spans = re.findall(r"(?<!\d)(20\d\d)[-_](?:20)?(\d\d)(?!\d)", name)
    following = {int(first) + 1 for first, second in spans if (int(first) + 1) % 100 == int(second)}
    return following or {int(year) for year in re.findall(r"(?<!\d)(20\d\d)(?!\d)", name)}
