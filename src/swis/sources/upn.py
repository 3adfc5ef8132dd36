"""Unique pupil numbers: the check letter, permanent and temporary numbers, and making right ones.

A UPN is a check letter, three digits of an authority, two of a year, six of a serial number and, as last character,
a digit (permanent) or a letter (temporary). The check letter is the sum of the twelve characters after it, each
times its place (2 to 13), modulo 23, looked up in an alphabet without I, O and S (DfE unique pupil number guide;
children in need census rule 1510).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from swis.sources.text import as_arrow_text

ALPHABET = "ABCDEFGHJKLMNPQRTUVWXYZ"
PERMANENT = "permanent"
TEMPORARY = "temporary"
WRONG_SHAPE = "wrong shape"
WRONG_CHECK_LETTER = "wrong check letter"
SHAPE = f"^[A-Z][0-9]{{11}}[0-9{ALPHABET}]$"
LENGTH = 13
WEIGHTS = np.arange(2, LENGTH + 1)


def _values_of_characters() -> np.ndarray:
    """What each byte is worth: a digit itself, a letter its place in the alphabet."""
    worth = np.zeros(256, dtype=np.int64)
    for place, letter in enumerate(ALPHABET):
        worth[ord(letter)] = place
    for digit in range(10):
        worth[ord(str(digit))] = digit
    return worth


WORTH = _values_of_characters()
LETTERS = np.frombuffer(ALPHABET.encode(), dtype=np.uint8)


def _check_letters(bodies: np.ndarray) -> np.ndarray:
    """Check letters, as bytes, of characters 2 to 13 given as rows of twelve bytes."""
    return LETTERS[(WORTH[bodies] @ WEIGHTS) % len(ALPHABET)]


def classify_upns(values: Any) -> pd.Series:
    """What each UPN is: permanent, temporary, wrong shape or wrong check letter; missing where blank."""
    index = values.index if isinstance(values, pd.Series) else None
    encoded = as_arrow_text(values).dictionary_encode()
    kinds = pd.array(_kinds_of(encoded.dictionary), dtype="string")
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
    return pd.Series(kinds.take(codes, allow_fill=True), index=index)


def _kinds_of(upns: pa.Array) -> np.ndarray:
    """The kind of each of some distinct texts, None for a blank one."""
    shaped = pc.match_substring_regex(upns, SHAPE)
    kinds = pc.if_else(pc.equal(upns, ""), None, WRONG_SHAPE).to_pandas().astype(object).to_numpy(copy=True)
    rows = _as_bytes(upns.filter(shaped))
    right = _check_letters(rows[:, 1:]) == rows[:, 0]
    kind = np.where(rows[:, -1] >= ord("A"), TEMPORARY, PERMANENT)
    kinds[shaped.to_numpy(zero_copy_only=False)] = np.where(right, kind, WRONG_CHECK_LETTER)
    return kinds


def _as_bytes(upns: pa.Array) -> np.ndarray:
    joined = "".join(upns.to_pylist()).encode("ascii")
    return np.frombuffer(joined, dtype=np.uint8).reshape(-1, LENGTH)


def is_usable_upn(values: Any) -> pd.Series:
    """Whether each UPN can link a child to a roll: permanent, of the right shape and with the right check letter."""
    return classify_upns(values).eq(PERMANENT).fillna(False).astype(bool)


def make_upns(bodies: Any) -> pd.Series:
    """UPNs with their right check letters for twelve-character bodies (characters 2 to 13); ValueError for others."""
    texts = as_arrow_text(bodies)
    if not pc.all(pc.match_substring_regex(texts, f"^[0-9]{{11}}[0-9{ALPHABET}]$")).as_py() or texts.null_count:
        raise ValueError("the body of a UPN is eleven digits and then a digit or a letter of the UPN alphabet")
    rows = np.frombuffer("".join(texts.to_pylist()).encode("ascii"), dtype=np.uint8).reshape(-1, LENGTH - 1)
    letters = _check_letters(rows).tobytes().decode("ascii")
    return pd.Series([letter + body for letter, body in zip(letters, texts.to_pylist(), strict=True)], dtype="string")
