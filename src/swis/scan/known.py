"""What is known of the identifiers in the returns: their keyed hashes, and the shapes they have.

An identifier is looked for in one of three ways, by its shape (`SYN3700002` → AAA9999999) and by how many there are:

- *anywhere*: one to four letters and six or more digits (a letter may follow), and a text of that shape made by
  chance is one of them at most once in 100,000: found whatever stands between its letters (cells, lines, tags);
- *as a word*: letters and digits mixed, six or more of which four or more digits; or nine or more digits, at most one
  in a thousand of which is one of them: found where it stands alone, spaces and dashes in it allowed;
- *under a label*: everything shorter or commoner (a number of four digits is a year as often as a child): found only
  after a label such as `child id`, in a column with such a heading, or where nearly a whole column consists of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from swis.scan.hashes import KeyedHashes
from swis.scan.normal import shape_of
from swis.scan.parts import BIRTH_DATE, NAME
from swis.scan.sieve import Sieve

PREFIXED = re.compile(r"^(A{1,4})(9{6,})(A?)$")
MOST_BY_CHANCE_ANYWHERE = 1e-5
MOST_BY_CHANCE_AS_A_NUMBER = 1e-3
LEAST_LETTERS_OF_A_WORD = 6
LEAST_DIGITS_OF_A_WORD = 4
LEAST_DIGITS_OF_A_NUMBER = 9
BETWEEN = "/"
ANYWHERE, AS_A_WORD, UNDER_A_LABEL = "anywhere", "as a word", "under a label"


@dataclass
class Known:
    """Identifiers seen in the returns, held by kind and shape (the key of a set is `kind/shape`)."""

    hashes: KeyedHashes = field(default_factory=KeyedHashes)
    sieve: Sieve = field(default_factory=Sieve)

    def add(self, kind: str, squeezed: Iterable[str]) -> None:
        """Remember identifiers of a kind, given as letters and digits only."""
        by_shape: dict[str, set[str]] = {}
        for text in squeezed:
            by_shape.setdefault(shape_of(text), set()).add(text)
        for shape, texts in by_shape.items():
            if shape:
                self.hashes.add(f"{kind}{BETWEEN}{shape}", texts)
            if PREFIXED.match(shape):
                self.sieve.add(f"{kind}{BETWEEN}{shape}", sorted(texts))

    def add_names(self, pairs: Iterable[str]) -> None:
        """Remember names, given as `GIVEN|FAMILY`."""
        self.hashes.add(NAME, pairs)

    def add_birth_dates(self, dates: Iterable[str]) -> None:
        """Remember dates of birth, given as ISO dates."""
        self.hashes.add(BIRTH_DATE, dates)

    def take_in(self, other: Known) -> None:
        """Everything that another process found in other returns."""
        self.hashes.take_in(other.hashes)
        self.sieve.take_in(other.sieve)

    @property
    def is_empty(self) -> bool:
        """Whether no identifier is known."""
        return not self.hashes.kinds()

    @property
    def shapes(self) -> dict[tuple[str, str], int]:
        """How many different identifiers there are of each kind and shape."""
        keys = [key for key in self.hashes.kinds() if BETWEEN in key]
        return {(key.split(BETWEEN)[0], key.split(BETWEEN)[1]): self.hashes.size(key) for key in keys}

    @property
    def counts(self) -> dict[str, int]:
        """How many different ones are known, by kind."""
        counted: Counter[str] = Counter()
        for key in self.hashes.kinds():
            counted[key.split(BETWEEN)[0]] += self.hashes.size(key)
        return dict(sorted(counted.items()))

    def searched(self, way: str) -> list[tuple[str, str]]:
        """The kinds and shapes looked for in one of the three ways."""
        return [key for key, count in self.shapes.items() if way_of(key[1], count) == way]

    def those_known(self, kind: str, texts: Iterable[str]) -> Iterator[str]:
        """Those of the squeezed texts that are identifiers of that kind."""
        by_shape: dict[str, list[str]] = {}
        for text in texts:
            by_shape.setdefault(shape_of(text), []).append(text)
        for shape, listed in by_shape.items():
            yield from self.those_of(kind, shape, listed)

    def may_hold(self, kind: str, shape: str, candidates: np.ndarray) -> np.ndarray:
        """Which candidates (one a row of bytes) are worth a proper look (bool, one each)."""
        return self.sieve.may_hold(f"{kind}{BETWEEN}{shape}", candidates)

    def those_of(self, kind: str, shape: str, texts: Iterable[str]) -> Iterator[str]:
        """Those of the squeezed texts, all of one shape, that are identifiers of that kind."""
        listed = list(texts)
        for place in self.hashes.holds(f"{kind}{BETWEEN}{shape}", listed).nonzero()[0]:
            yield listed[place]


def way_of(shape: str, count: int) -> str:
    """How identifiers of a shape are looked for when there are `count` of them."""
    letters, digits = shape.count("A"), shape.count("9")
    by_chance = count / (26.0**letters * 10.0**digits)
    if letters + digits < len(shape):
        return UNDER_A_LABEL
    if PREFIXED.match(shape) and by_chance <= MOST_BY_CHANCE_ANYWHERE:
        return ANYWHERE
    if letters and digits >= LEAST_DIGITS_OF_A_WORD and len(shape) >= LEAST_LETTERS_OF_A_WORD:
        return AS_A_WORD
    if not letters and digits >= LEAST_DIGITS_OF_A_NUMBER and by_chance <= MOST_BY_CHANCE_AS_A_NUMBER:
        return AS_A_WORD
    return UNDER_A_LABEL
