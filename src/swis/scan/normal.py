"""One spelling of everything that is compared: upper case, no accents of width, letters and digits only."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import cache

from swis.scan.find import classes_of, places

# 'I' and 'O' of other scripts are not folded: a child's identifier is typed by machines, not drawn.
UPPER_ALNUM = bytes(byte - 32 if 97 <= byte <= 122 else byte for byte in range(256))
NOT_ALNUM = bytes(byte for byte in range(256) if not chr(byte).isascii() or not chr(byte).isalnum())
# Marks of direction, joiners, selectors of a variant: nothing of them is seen. Their ranges, by first and last.
INVISIBLE = (
    (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E),
    (0x2060, 0x206F), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFB), (0xE0001, 0xE001F), (0xE0100, 0xE01EF),
)  # fmt: skip
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
# Letters that are seen as nothing and stand for ASCII one by one.
TAGS = range(0xE0020, 0xE007F)
LAST_WITH_DIGITS = 0x20000
ASCII = bytes(range(0x80))
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
NUMBER_OF_MONTH = {name: number for number, name in enumerate(MONTHS, 1)}
_MONTH = "(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]{0,6}"
DATE = re.compile(
    rf"(?<![\dA-Z.])(?:((?:19|20)\d\d)([-/. ])(\d\d?|{_MONTH})\2(\d\d?)"
    rf"|(\d\d?)(?:ST|ND|RD|TH)?[-/. ](\d\d?|{_MONTH}),?[-/. ]((?:19|20)\d\d))(?=T\d|(?![\dA-Z]|\.\d))"
)
# Letters by class that stand somewhere in every date: how far around them it may stand.
HINTS_OF_NUMBERS = (b"-9-9", b"-99-9", b"/9/9", b"/99/9", b".9.9", b".99.9")
HINTS_OF_WORDS = (b"-AAA-9", b"/AAA/9", b"9 AAA 9", b"A 9999", b"A, 9999")
AROUND = 20


def plain(text: str) -> str:
    """The text in upper case, full-width letters and the digits of any script made plain and invisible ones gone."""
    return _folded(text).upper()


def squeeze(text: str) -> str:
    """Upper-case ASCII letters and digits only: what is left when every space, dash, tag and line end is taken out."""
    return _folded(text).encode("ascii", "ignore").translate(UPPER_ALNUM, NOT_ALNUM).decode("ascii")


def _folded(text: str) -> str:
    if text.isascii():
        return text
    # Most of a long text is ASCII: taking that out as bytes is much quicker than looking at every letter.
    beyond = text.encode("utf-8", "surrogatepass").translate(None, ASCII).decode("utf-8", "surrogatepass")
    folding = _folding()
    for letter in sorted(folding.keys() & set(beyond)):
        text = text.replace(letter, folding[letter])
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


@cache
def _folding() -> dict[str, str]:
    """What every letter beyond ASCII that is dropped, or stands for one of ASCII, becomes."""
    dropped = {chr(code): "" for first, last in INVISIBLE for code in range(first, last + 1)}
    tags = {chr(code): chr(code - TAGS.start + 0x20) for code in TAGS}
    beyond = (chr(code) for code in range(0x80, LAST_WITH_DIGITS))
    digits = {letter: str(unicodedata.decimal(letter)) for letter in beyond if letter.isdecimal()}
    return dropped | dict.fromkeys(DASHES, "-") | tags | digits


def shape_of(squeezed: str) -> str:
    """`SYN3700002` → `AAA9999999`."""
    return classes_of(squeezed).decode()


def dates_in(upper: str) -> list[str]:
    """Every full date of 1900 to 2099 in upper-case text, as ISO dates; day before month where both are numbers."""
    classes = classes_of(upper)
    found: dict[int, str | None] = {}
    for hint in (*HINTS_OF_NUMBERS, *HINTS_OF_WORDS):
        for place in places(classes, hint):
            stop = place + AROUND
            for match in DATE.finditer(upper, max(0, place - AROUND), stop):
                # What the window cuts off is another window's.
                if match.start() not in found and (match.end() < stop or stop >= len(upper)):
                    found[match.start()] = iso_date(match)
    return [day for day in found.values() if day is not None]


def iso_date(match: re.Match[str]) -> str | None:
    """The date a match of DATE stands for; None where there is no such day."""
    year, month, day = match.group(1, 3, 4) if match.group(1) else match.group(7, 6, 5)
    number = NUMBER_OF_MONTH.get(month[:3]) or int(month)
    try:
        return date(int(year), number, int(day)).isoformat()
    except ValueError:
        return None
