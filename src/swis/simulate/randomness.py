"""One stream of random numbers for each purpose and authority, so that nothing depends on order or on workers."""

from __future__ import annotations

import zlib

import numpy as np


def stream(seed: int, *names: str) -> np.random.Generator:
    """Generator for a purpose named by words (an authority, what is drawn); the same words give the same numbers."""
    return np.random.default_rng(np.random.SeedSequence([seed, *(zlib.crc32(name.encode("utf-8")) for name in names)]))


def choose(codes: list[str], probabilities: np.ndarray, size: int, rng: np.random.Generator) -> np.ndarray:
    """Codes drawn with the given probabilities, as an array of text."""
    places = np.searchsorted(np.cumsum(probabilities), rng.random(size), side="right")
    return np.array(codes, dtype=object)[np.minimum(places, len(codes) - 1)]
