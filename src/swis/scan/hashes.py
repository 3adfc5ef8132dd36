"""Keyed hashes of the identifiers really in the returns: kept in memory, under a key that is never written down.

The scanner then holds no identifier of any child: neither a dump of its memory nor a message can tell one.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from hashlib import blake2b

import numpy as np

BYTES_OF_A_HASH = 8
KEY_BYTES = 32


class KeyedHashes:
    """Sets of texts, one for each kind of identifier, of which only blake2 hashes under a random key are held."""

    def __init__(self, key: bytes | None = None) -> None:
        """A new key where none is given; the same key is given only to processes that share the work."""
        self.key = key or secrets.token_bytes(KEY_BYTES)
        self._waiting: dict[str, list[np.ndarray]] = {}
        self._held: dict[str, np.ndarray] = {}

    def add(self, kind: str, texts: Iterable[str]) -> None:
        """Remember texts of a kind."""
        self._waiting.setdefault(kind, []).append(self._hashed(texts))

    def take_in(self, other: KeyedHashes) -> None:
        """Everything that another set under the same key remembers."""
        for kind in other.kinds():
            self._waiting.setdefault(kind, []).append(other._sorted(kind))

    def kinds(self) -> list[str]:
        """The kinds there are, sorted."""
        return sorted({*self._waiting, *self._held})

    def size(self, kind: str) -> int:
        """How many different texts of a kind are remembered."""
        return len(self._sorted(kind))

    def holds(self, kind: str, texts: Sequence[str]) -> np.ndarray:
        """Which of the texts are remembered as of that kind (bool, one each)."""
        held = self._sorted(kind)
        asked = self._hashed(texts)
        if not len(held) or not len(asked):
            return np.zeros(len(asked), dtype=bool)
        places = np.minimum(np.searchsorted(held, asked), len(held) - 1)
        return np.asarray(held[places] == asked)

    def _sorted(self, kind: str) -> np.ndarray:
        waiting = self._waiting.pop(kind, [])
        if waiting:
            held = self._held.get(kind, np.empty(0, dtype=np.uint64))
            self._held[kind] = np.unique(np.concatenate([held, *waiting]))
        return self._held.get(kind, np.empty(0, dtype=np.uint64))

    def _hashed(self, texts: Iterable[str]) -> np.ndarray:
        started = blake2b(digest_size=BYTES_OF_A_HASH, key=self.key)
        digests = []
        for text in texts:
            state = started.copy()
            state.update(text.encode())
            digests.append(state.digest())
        return np.frombuffer(b"".join(digests), dtype=np.uint64)
