"""The CIN census reader holds one batch at a time: a file five times as large takes no more memory."""

from __future__ import annotations

import importlib.util
import tracemalloc
from pathlib import Path

from swis.sources.cin_census import read_batches

SPEC = importlib.util.spec_from_file_location("made_returns", Path(__file__).with_name("sources_made_returns.py"))
assert SPEC is not None and SPEC.loader is not None
made = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(made)


def peak_bytes(path: Path) -> int:
    tracemalloc.start()
    for _ in read_batches(path, children_per_batch=200):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    small, large = tmp_path / "small.xml", tmp_path / "large.xml"
    small.write_text(made.cin_xml(*(made.child_xml(number) for number in range(1, 601))))
    large.write_text(made.cin_xml(*(made.child_xml(number) for number in range(1, 3001))))
    peak_bytes(small)
    assert peak_bytes(large) < 1.2 * peak_bytes(small)
