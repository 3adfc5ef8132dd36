"""Find places in long text quickly: by what letters are of (a digit, a letter), with the speed of a plain search.

A regular expression looks at every letter with Python's own machine (some 30 MB/s each); one translation and a search
for a fixed word run fifty times as fast. So every rule first finds where it could match, and only there matches. Of ten
fixed words or more, one expression of nothing but them is faster than a search for each.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator
from functools import cache

MANY_WORDS = 10
_BASE64 = string.ascii_letters + string.digits + "+/_-"
_BASE32 = string.ascii_letters + "234567"
_HEX = string.hexdigits


def _table(classes: dict[str, str]) -> bytes:
    """A translation of bytes: every byte of a class to the class's letter, others (and its own letter) to a blank."""
    table = bytearray(range(256))
    for letter in "".join(classes):
        table[ord(letter)] = ord(" ")
    for letter, members in classes.items():
        for member in members:
            table[ord(member)] = ord(letter)
    return bytes(table)


LETTERS_AND_DIGITS = _table({"A": string.ascii_letters, "9": string.digits})
BASE64_LETTERS = _table({"B": _BASE64})
BASE32_LETTERS = _table({"B": _BASE32})
HEX_LETTERS = _table({"H": _HEX})


def classes_of(text: str, table: bytes = LETTERS_AND_DIGITS) -> bytes:
    """One byte a letter of the text: its class. Letters beyond Latin-1 are `?`, which is of no class."""
    return text.encode("latin-1", "replace").translate(table)


def places(text: bytes, word: bytes) -> Iterator[int]:
    """Where a word begins in text, overlapping ones too."""
    place = text.find(word)
    while place >= 0:
        yield place
        place = text.find(word, place + 1)


def places_of_any(text: str, words: Iterable[str]) -> Iterator[int]:
    """Where any of some words begins in text; few words are each searched for, many are looked for at once."""
    named = tuple(words)
    if len(named) >= MANY_WORDS:
        yield from (match.start() for match in _beginnings(named).finditer(text))
        return
    for word in named:
        place = text.find(word)
        while place >= 0:
            yield place
            place = text.find(word, place + len(word))


@cache
def _beginnings(words: tuple[str, ...]) -> re.Pattern[str]:
    """The first letter of a word where the rest of one follows: it takes up one letter, so that words may overlap."""
    rests: dict[str, list[str]] = {}
    for word in words:
        rests.setdefault(word[0], []).append(re.escape(word[1:]))
    return re.compile("|".join(f"{re.escape(first)}(?={'|'.join(rest)})" for first, rest in rests.items()))


def runs(text: bytes, letter: bytes, least: int) -> Iterator[tuple[int, int]]:
    """Start and end of every run of a class letter that is at least so long."""
    word, whole = letter * least, re.compile(letter + b"+")
    place = text.find(word)
    while place >= 0:
        match = whole.match(text, place)
        end = place + least if match is None else match.end()
        yield place, end
        place = text.find(word, end)


def matches(pattern: re.Pattern[str], text: str, words: Iterable[str]) -> Iterator[re.Match[str]]:
    """The matches of a pattern that begin with one of the words."""
    for place in places_of_any(text, words):
        match = pattern.match(text, place)
        if match is not None:
            yield match
