"""The identifiers really in the returns: split, spaced, dashed, in any case, backwards; as words; in whole columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from swis.scan.known import AS_A_WORD, UNDER_A_LABEL, Known
from swis.scan.looked_for.split_identifiers import SplitIdentifiers
from swis.scan.normal import shape_of, squeeze

# A column is taken for one of identifiers when so many different cells, and this share of all, are identifiers.
LEAST_OF_A_COLUMN = 8
LEAST_SHARE_OF_A_COLUMN = 0.9
# Years, postcodes of schools and counts are numbers too: shorter ones are never told from them by being many.
LEAST_DIGITS_OF_A_COLUMN = 6
MOST_BY_CHANCE_IN_A_COLUMN = 0.3
LOOKED_AT_FIRST = 30


class Identifiers:
    """Finds what is known; made once for a whole release."""

    def __init__(self, known: Known) -> None:
        """Prepare the searches for the shapes that the known identifiers have."""
        self.known = known
        self._shapes = known.shapes
        self._split = SplitIdentifiers(known)
        self._words = [(kind, _as_word(shape)) for kind, shape in known.searched(AS_A_WORD)]
        short = known.searched(UNDER_A_LABEL)
        self._labelled = [key for key in short if not _too_common(key[1], self._shapes[key])]

    def anywhere(self, squeezed: str) -> Iterator[tuple[str, str]]:
        """Kind and identifier of those found in text of which letters and digits only are left, either way round."""
        return self._split.found(squeezed)

    def as_words(self, upper: str) -> Iterator[tuple[str, str]]:
        """Kind and identifier of those that stand alone in upper-case text."""
        for kind, pattern in self._words:
            yield from self._those_known(kind, {squeeze(match.group()) for match in pattern.finditer(upper)})

    def of_kinds(self, kinds: Iterable[str], squeezed: set[str]) -> Iterator[tuple[str, str]]:
        """Kind and identifier of those among texts after a label that says of which kinds they may be."""
        for kind in kinds:
            yield from self._those_known(kind, squeezed)

    def whole_column(self, values: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Kind and identifier of those in a column nearly all of which are identifiers too short to be told alone."""
        if not self._labelled or len(values) < LEAST_OF_A_COLUMN:
            return
        cells = set(values)
        # Nearly all cells must be identifiers, so among any thirty there must be one with a right shape.
        seen = {shape_of(squeeze(cell)) for cell in islice(cells, LOOKED_AT_FIRST)}
        if not seen & {shape for _, shape in self._labelled}:
            return
        different = {squeeze(value) for value in cells if not _is_decimal(value)} - {""}
        for kind, shape in self._labelled:
            found = set(self._those_known(kind, {text for text in different if shape_of(text) == shape}))
            if len(found) >= max(LEAST_OF_A_COLUMN, LEAST_SHARE_OF_A_COLUMN * len(different)):
                yield from found

    def _those_known(self, kind: str, candidates: set[str]) -> Iterator[tuple[str, str]]:
        return ((kind, text) for text in self.known.those_known(kind, candidates))


def _as_word(shape: str) -> re.Pattern[str]:
    """Identifiers of a shape that stand alone; of letters and digits mixed, a space or dash may part any two."""
    between = r"[ \u00a0_-]?" if "A" in shape else "-?"
    body = between.join("[A-Z]" if letter == "A" else r"[0-9]" for letter in shape)
    return re.compile(rf"(?<![A-Z0-9])(?<![0-9][.,]){body}(?![A-Z0-9]|[.,][0-9])")


def _too_common(shape: str, count: int) -> bool:
    letters, digits = shape.count("A"), shape.count("9")
    if letters == 0 and digits < LEAST_DIGITS_OF_A_COLUMN:
        return True
    return count / (26.0**letters * 10.0**digits) > MOST_BY_CHANCE_IN_A_COLUMN


def _is_decimal(value: str) -> bool:
    whole, _, decimals = value.strip().partition(".")
    return whole.lstrip("-").isdigit() and decimals.strip("0").isdigit()
