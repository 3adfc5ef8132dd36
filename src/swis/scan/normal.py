"""One spelling of everything that is compared: upper case, no accents of width, letters and digits only."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from swis.scan.find import classes_of, places

# 'I' and 'O' of other scripts are not folded: a child's identifier is typed by machines, not drawn.
UPPER_ALNUM = bytes(byte - 32 if 97 <= byte <= 122 else byte for byte in range(256))
NOT_ALNUM = bytes(byte for byte in range(256) if not chr(byte).isascii() or not chr(byte).isalnum())
INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
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
    """The text in upper case, with full-width and other compatibility letters made plain and invisible ones gone."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        for letter in INVISIBLE:
            text = text.replace(letter, "")
    return text.upper()


def squeeze(text: str) -> str:
    """Upper-case ASCII letters and digits only: what is left when every space, dash, tag and line end is taken out."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return text.encode("ascii", "ignore").translate(UPPER_ALNUM, NOT_ALNUM).decode("ascii")


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
