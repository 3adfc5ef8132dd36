"""How wide words are in the lettering of the reports, measured from the font itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path

from fontTools.ttLib import TTFont

FAMILY = "Source Sans Pro"
FOLDER = Path(str(files("font_source_sans_pro"))) / "files"
REGULAR, HEAVY = "SourceSansPro-Regular.ttf", "SourceSansPro-Semibold.ttf"
# A letter that the font lacks comes from another one: as wide as the widest of the common letters.
UNKNOWN_EM = 0.9
# Where words longer than this may be cut, a line can also end after a stroke: paths are the only such words.
LONG_LETTERS = 24
PIECES = re.compile(r"(?<=[-/_])")
BREAK_HERE = "\N{ZERO WIDTH SPACE}"


@lru_cache(maxsize=100_000)
def width_em(text: str, *, is_heavy: bool = False) -> float:
    """Width of a text on one line, in ems."""
    advances = _advances(HEAVY if is_heavy else REGULAR)
    return sum(advances.get(letter, UNKNOWN_EM) for letter in text)


def pieces_of(text: str) -> list[str]:
    """The stretches of a text within which no line may end."""
    return [piece for word in text.split() for piece in (PIECES.split(word) if len(word) > LONG_LETTERS else [word])]


def breakable(text: str) -> str:
    """The text with places for a line to end inside its longest words."""
    if len(text) <= LONG_LETTERS:
        return text
    return " ".join(
        BREAK_HERE.join(PIECES.split(word)).removesuffix(BREAK_HERE) if len(word) > LONG_LETTERS else word
        for word in text.split(" ")
    )


@cache
def _advances(name: str) -> Mapping[str, float]:
    font = TTFont(FOLDER / name)
    metrics, em = font["hmtx"], font["head"].unitsPerEm
    return {chr(code): metrics[glyph][0] / em for code, glyph in font.getBestCmap().items()}
