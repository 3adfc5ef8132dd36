"""How frames lie in memory: text in one piece, whatever it came in, and nothing of it changed."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest

from swis.frames import in_one_piece, keep_freed_memory, stacked


def part(dtype: str) -> pd.DataFrame:
    return pd.DataFrame({"text": pd.array(["a", None], dtype=dtype), "number": pd.array([1, None], dtype="Int64")})


def pieces(text: pd.Series) -> int:
    held = pa.array(text)
    return held.num_chunks if isinstance(held, pa.ChunkedArray) else 1


@pytest.mark.parametrize("dtype", ["string", "str"])
def test_stacked_frames_hold_each_text_in_one_piece(dtype: str) -> None:
    parts = [part(dtype), part(dtype)]
    plain = pd.concat(parts, ignore_index=True)
    assert pieces(plain["text"]) == 2
    assert pieces(stacked(parts)["text"]) == 1
    pd.testing.assert_frame_equal(stacked(parts), plain)


@pytest.mark.parametrize("dtype", ["string", "str"])
def test_a_frame_without_rows_keeps_its_types_and_index(dtype: str) -> None:
    empty = part(dtype).iloc[:0]
    pd.testing.assert_frame_equal(in_one_piece(empty), empty)
    kept = part(dtype).set_index(pd.Index([7, 5]))
    pd.testing.assert_frame_equal(in_one_piece(kept), kept)


def test_memory_comes_from_the_system_once_asked_for() -> None:
    before = pa.default_memory_pool()
    try:
        keep_freed_memory()
        assert pa.default_memory_pool().backend_name == "system"
    finally:
        pa.set_memory_pool(before)
