"""One function of many things, several at a time, each in a process of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")


def side_by_side(function: Callable[[Given], Made], items: Sequence[Given], jobs: int) -> list[Made]:
    """What `function` makes of each item, in the order of the items; `jobs` at a time where that is more than one.

    The function and the items are pickled. The processes are forks, which have imported what this one has.
    """
    if jobs < 2 or len(items) < 2:
        return [function(item) for item in items]
    with ProcessPoolExecutor(min(jobs, len(items)), get_context("fork")) as pool:
        return list(pool.map(function, items))
