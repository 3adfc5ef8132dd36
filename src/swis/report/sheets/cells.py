"""From the text of a report's cell to what a sheet holds: a number that is shown as the same text, or the text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from swis.report.wording import DASH, MINUS

# Text that is not a number in any column: words, codes of rules and years would lose their meaning as numbers.
NUMBER_KINDS = frozenset({"count", "value", "published", "plain"})
# Numbers, intervals and the symbols among them line up on the right.
RIGHT_KINDS = NUMBER_KINDS | {"interval"}
# A dash alone is skipped by screen readers, and the Analysis Function's guidance asks for shorthand in letters.
NONE = "[none]"
NONE_MEANS = "no number here: the report has a dash"
PLAIN_NUMBER = re.compile(r"([+−]?)(£?)(\d{1,3}(?:,\d{3})*|\d+)(?:\.(\d+))?(%?)")


@dataclass(frozen=True, order=True)
class NumberFormat:
    """How a number is shown: decimals, thousands commas, whether a plus is written, and its £ or %."""

    decimals: int = 0
    is_grouped: bool = True
    has_plus: bool = False
    prefix: str = ""
    suffix: str = ""

    def shown(self, number: float) -> str:
        """The text of a number under this format."""
        size = abs(number) * (100 if self.suffix == "%" else 1)
        body = f"{size:{',' if self.is_grouped else ''}.{self.decimals}f}"
        sign = MINUS if number < 0 else "+" if self.has_plus else ""
        return f"{sign}{self.prefix}{body}{self.suffix}"


@dataclass(frozen=True)
class Cell:
    """One cell: its text as the report shows it and, for a plain number, the number and its format.

    `link` is the name of the sheet it leads to; `is_right` says on which side of its column it stands.
    """

    text: str
    number: float | None = None
    format: NumberFormat = NumberFormat()
    link: str = ""
    is_right: bool = False


def cell_of(text: str, kind: str) -> Cell:
    """The cell of a text in a column of this kind; a number only where its format shows the very same text."""
    shown = NONE if text == DASH else text
    found = PLAIN_NUMBER.fullmatch(text) if kind in NUMBER_KINDS else None
    words = Cell(shown, is_right=kind in RIGHT_KINDS)
    if found is None:
        return words
    sign, prefix, whole, fraction, suffix = found.groups(default="")
    digits = whole.replace(",", "")
    # Where no comma could stand, grouping shows the same: fewer formats in a sheet.
    is_grouped = "," in whole or len(digits) < 4
    style = NumberFormat(len(fraction), is_grouped, sign == "+", prefix, suffix)
    number = float(f"{'-' if sign == MINUS else ''}{digits}.{fraction or 0}{'e-2' if suffix else ''}")
    return Cell(text, number, style, is_right=True) if style.shown(number) == text else words
