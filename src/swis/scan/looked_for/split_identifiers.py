"""Identifiers of letters and then digits in text of which only letters and digits are left, either way round."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from swis.scan.known import ANYWHERE, PREFIXED, Known

NINE = ord("9")
Lengths = tuple[int, int, int]


class SplitIdentifiers:
    """Finds those of the known identifiers whose shape is unlikely enough to be looked for anywhere."""

    def __init__(self, known: Known) -> None:
        """Prepare the shapes."""
        self.known = known
        self.shapes = [(kind, shape, _lengths(shape)) for kind, shape in known.searched(ANYWHERE)]
        self.least = min((digits for *_, (_, digits, _) in self.shapes), default=0)

    def found(self, squeezed: str) -> Iterator[tuple[str, str]]:
        """Kind and identifier of each one in squeezed text.

        An identifier's digits begin where a run of digits begins (its letters stand before it); of one written
        backwards they end where a run ends. So every run gives one candidate each way, whatever stands around it.
        """
        if not self.shapes or not squeezed:
            return
        letters = np.frombuffer(squeezed.encode("ascii"), dtype=np.uint8)
        is_digit = letters <= NINE
        edges = np.flatnonzero(np.diff(np.concatenate([[False], is_digit, [False]])))
        starts, ends = edges[0::2], edges[1::2]
        long = ends - starts >= self.least
        starts, ends = starts[long], ends[long]
        if not len(starts):
            return
        for kind, shape, lengths in self.shapes:
            for rows in (_forwards(is_digit, starts, ends, lengths), _backwards(is_digit, starts, ends, lengths)):
                yield from ((kind, text) for text in self._known_among(kind, shape, letters[rows]))

    def _known_among(self, kind: str, shape: str, candidates: np.ndarray) -> Iterator[str]:
        likely = candidates[self.known.may_hold(kind, shape, candidates)]
        texts = {row.tobytes().decode("ascii") for row in likely}
        yield from self.known.those_of(kind, shape, texts)


def _lengths(shape: str) -> Lengths:
    """Letters, digits, letters of a shape found anywhere."""
    match = PREFIXED.match(shape)
    if match is None:
        raise ValueError(f"not letters, then digits: {shape}")
    return len(match.group(1)), len(match.group(2)), len(match.group(3))


def _long_enough(starts: np.ndarray, ends: np.ndarray, lengths: Lengths) -> np.ndarray:
    """Runs that can hold the digits: longer ones too where no letter must follow."""
    _, digits, after = lengths
    return ends - starts == digits if after else ends - starts >= digits


def _forwards(is_digit: np.ndarray, starts: np.ndarray, ends: np.ndarray, lengths: Lengths) -> np.ndarray:
    """Places (candidate, letter) of what begins some letters before a run and takes its first digits."""
    before, digits, after = lengths
    first = starts[_long_enough(starts, ends, lengths)] - before
    first = first[(first >= 0) & (first + before + digits + after <= len(is_digit))]
    rows = first[:, None] + np.arange(before + digits + after)
    return rows[_of_letters(is_digit, rows, before)]


def _backwards(is_digit: np.ndarray, starts: np.ndarray, ends: np.ndarray, lengths: Lengths) -> np.ndarray:
    """The same read from the other end: the letters follow a run, whose last digits are the first ones."""
    before, digits, after = lengths
    last = ends[_long_enough(starts, ends, lengths)] + before - 1
    last = last[(last < len(is_digit)) & (last - before - digits - after + 1 >= 0)]
    rows = last[:, None] - np.arange(before + digits + after)
    return rows[_of_letters(is_digit, rows, before)]


def _of_letters(is_digit: np.ndarray, rows: np.ndarray, before: int) -> np.ndarray:
    """Whether the first places of each candidate are letters all."""
    return np.asarray(~is_digit[rows[:, :before]].any(axis=1))
