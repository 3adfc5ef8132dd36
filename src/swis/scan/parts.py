"""What a reader hands to the judge: texts, columns, bytes that hold a file of their own, and things found by form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Text:
    """A run of text. `is_markup`: tags may stand between the letters of one word, so it is read without them too."""

    place: str
    text: str
    is_markup: bool = False


@dataclass(frozen=True)
class Column:
    """The cells of one column, one list or one series, as text in the file's order; blanks left out."""

    place: str
    header: str
    values: Sequence[str]


@dataclass(frozen=True)
class Inside:
    """Bytes within the file that are read as a file of their own; `name` is the name it bears there, or empty.

    `is_guess`: the bytes were made from text that may be something else (a long word taken for base64), so bytes of
    no known format are no fault.
    """

    place: str
    content: bytes = field(repr=False)
    name: str = ""
    is_guess: bool = False


@dataclass(frozen=True, order=True)
class Found:
    """One thing that must not leave: where in the file, what kind, how often. Never the value."""

    place: str
    kind: str
    count: int = 1


Part = Text | Column | Inside | Found
Reader = Callable[[bytes], Iterator[Part]]

UPN = "unique pupil number"
CHILD_ID = "child's identifier"
NAME = "name of a child"
BIRTH_DATE = "date of birth"
STAFF_ID = "pseudonym of a worker"
PATH = "path of a machine"
TRACEBACK = "traceback of an error"
MARKS = "chart with more marks than authorities"
DATA_SET = "data set embedded in a chart, table or workbook"
CARRIER = "format that carries data or code"
CODE = "macro or script that runs on opening"
HIDDEN = "hidden sheet"
APPENDED = "bytes after the end of the file"
ENCRYPTED = "encrypted: cannot be read"
UNREADABLE = "damaged: cannot be read"
UNKNOWN = "unknown format: not read"
TOO_DEEP = "nested deeper or larger than is read"
LINK = "link to another place"
