"""The identifiers really in the returns: split, spaced, dashed, in any case, backwards; as words; in whole columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from swis.scan.known import ANYWHERE, AS_A_WORD, PREFIXED, UNDER_A_LABEL, Known
from swis.scan.normal import shape_of, squeeze

# A column is taken for one of identifiers when so many different cells, and this share of all, are identifiers.
LEAST_OF_A_COLUMN = 8
LEAST_SHARE_OF_A_COLUMN = 0.9
# Years, postcodes of schools and counts are numbers too: shorter ones are never told from them by being many.
LEAST_DIGITS_OF_A_COLUMN = 6
MOST_BY_CHANCE_IN_A_COLUMN = 0.3


class Identifiers:
    """Finds what is known; made once for a whole release."""

    def __init__(self, known: Known) -> None:
        """Prepare the searches for the shapes that the known identifiers have."""
        self.known = known
        self._shapes = known.shapes
        self._anywhere = [(kind, *_lengths(shape)) for kind, shape in known.searched(ANYWHERE)]
        self._runs = _runs_of_digits(self._anywhere)
        self._words = [(kind, _as_word(shape)) for kind, shape in known.searched(AS_A_WORD)]
        self._labelled = known.searched(UNDER_A_LABEL)

    def anywhere(self, squeezed: str) -> Iterator[tuple[str, str]]:
        """Kind and identifier of those found in text of which letters and digits only are left, either way round."""
        if self._runs is None:
            return
        for text in (squeezed, squeezed[::-1]):
            for kind, found in self._candidates(text).items():
                yield from self._those_known(kind, found)

    def as_words(self, upper: str) -> Iterator[tuple[str, str]]:
        """Kind and identifier of those that stand alone in upper-case text."""
        for kind, pattern in self._words:
            yield from self._those_known(kind, {squeeze(match.group()) for match in pattern.finditer(upper)})

    def any_way(self, texts: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Kind and identifier of those among texts that a label says are identifiers."""
        asked = {squeezed for text in texts if (squeezed := squeeze(text))}
        for kind in sorted({kind for kind, _ in self._shapes}):
            yield from self._those_known(kind, asked)

    def whole_column(self, values: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Kind and identifier of those in a column nearly all of which are identifiers too short to be told alone."""
        if not self._labelled or len(values) < LEAST_OF_A_COLUMN:
            return
        different = {squeeze(value) for value in values if not _is_decimal(value)} - {""}
        for kind, shape in self._labelled:
            if _too_common(shape, self._shapes[kind, shape]):
                continue
            found = set(self._those_known(kind, {text for text in different if shape_of(text) == shape}))
            if len(found) >= max(LEAST_OF_A_COLUMN, LEAST_SHARE_OF_A_COLUMN * len(different)):
                yield from found

    def _candidates(self, squeezed: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {kind: set() for kind, *_ in self._anywhere}
        if self._runs is None:
            return found
        for match in self._runs.finditer(squeezed):
            start, end = match.span()
            for kind, before, digits, after in self._anywhere:
                if start >= before and end - start >= digits and (not after or end - start == digits):
                    found[kind].add(squeezed[start - before : start + digits + after])
        return found

    def _those_known(self, kind: str, candidates: set[str]) -> Iterator[tuple[str, str]]:
        return ((kind, text) for text in self.known.those_known(kind, candidates))


def _lengths(shape: str) -> tuple[int, int, int]:
    """Letters, digits, letters of a shape found anywhere."""
    match = PREFIXED.match(shape)
    if match is None:
        raise ValueError(f"not letters, then digits: {shape}")
    return len(match.group(1)), len(match.group(2)), len(match.group(3))


def _runs_of_digits(lengths: list[tuple[str, int, int, int]]) -> re.Pattern[str] | None:
    """The runs of digits that could belong to one of the shapes: an identifier's digits start where a run starts."""
    if not lengths:
        return None
    return re.compile(rf"[0-9]{{{min(digits for _, _, digits, _ in lengths)},}}")


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
