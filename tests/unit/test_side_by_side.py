"""Many things at a time come back in their order, from as many processes as were asked for."""

from __future__ import annotations

import os
import time

import pytest

from swis.errors import InputError, Problem
from swis.side_by_side import side_by_side

ITEMS = (3, 1, 2, 0)


def _slow_square(number: int) -> tuple[int, int]:
    # Those given last end first, so that the order of ending is not the order of the items.
    time.sleep(number / 50)
    return number * number, os.getpid()


def _refuse(number: int) -> int:
    raise InputError([Problem(f"file {number}", "cut off", "a whole file", "send it again")])


def test_results_come_in_the_order_of_the_items_from_other_processes() -> None:
    made = side_by_side(_slow_square, ITEMS, 2)
    assert [square for square, _ in made] == [9, 1, 4, 0]
    assert os.getpid() not in {process for _, process in made}


@pytest.mark.parametrize(("items", "jobs"), [(ITEMS, 1), (ITEMS[:1], 2)])
def test_nothing_is_forked_for_one_at_a_time_or_for_one_thing(items: tuple[int, ...], jobs: int) -> None:
    assert {process for _, process in side_by_side(_slow_square, items, jobs)} == {os.getpid()}


def test_the_problems_of_an_error_come_through_whole() -> None:
    with pytest.raises(InputError) as raised:
        side_by_side(_refuse, ITEMS, 2)
    assert [problem.file for problem in raised.value.problems] == ["file 3"]
