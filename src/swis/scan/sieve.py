"""A quick first look: which of very many candidates may be known at all, before any of them is hashed properly.

A table of digits gives a million candidates a second, and hashing each with blake2 in Python takes longer than
reading the file. A keyed multiplication in numpy lets by every known identifier and one other in some hundreds.
"""

from __future__ import annotations

import secrets

import numpy as np

BITS = 26
WORD = 8
MOST_WORDS = 8


class Sieve:
    """One bit table for each key (a kind and shape of identifier); it never turns away what was added."""

    def __init__(self, factors: np.ndarray | None = None) -> None:
        """New random factors where none are given; processes that share the work share them."""
        made = np.frombuffer(secrets.token_bytes(WORD * 2 * MOST_WORDS), dtype=np.uint64)
        self.factors: np.ndarray = made | np.uint64(1) if factors is None else factors
        self.tables: dict[str, np.ndarray] = {}

    def add(self, key: str, texts: list[str]) -> None:
        """Remember texts of one length, letters and digits only."""
        table = self.tables.setdefault(key, np.zeros(1 << (BITS - 3), dtype=np.uint8))
        rows = np.frombuffer("".join(texts).encode("ascii"), dtype=np.uint8).reshape(len(texts), -1)
        places = self._places(rows)
        np.bitwise_or.at(table, places >> 3, np.left_shift(1, places & 7).astype(np.uint8))

    def may_hold(self, key: str, rows: np.ndarray) -> np.ndarray:
        """Which candidates, one a row of bytes, may have been added."""
        table = self.tables.get(key)
        if table is None or not len(rows):
            return np.zeros(len(rows), dtype=bool)
        places = self._places(rows)
        return np.asarray((table[places >> 3] >> (places & 7).astype(np.uint8)) & 1, dtype=bool)

    def take_in(self, other: Sieve) -> None:
        """Everything another sieve with the same factors remembers."""
        for key, table in other.tables.items():
            self.tables[key] = self.tables[key] | table if key in self.tables else table

    def _places(self, rows: np.ndarray) -> np.ndarray:
        words = -(-rows.shape[1] // WORD)
        padded = np.zeros((len(rows), words * WORD), dtype=np.uint8)
        padded[:, : rows.shape[1]] = rows
        values = padded.view(np.uint64)
        mixed = np.zeros(len(rows), dtype=np.uint64)
        for place in range(words):
            mixed = (mixed ^ values[:, place]) * self.factors[place % MOST_WORDS]
            mixed ^= mixed >> np.uint64(29)
        mixed *= self.factors[MOST_WORDS]
        return np.asarray(mixed >> np.uint64(64 - BITS), dtype=np.int64)
