"""When a vector chart shows a child a mark: more marks of one kind, at different places, than there are authorities.

A vector chart gives the exact place of every mark, so a mark a child is a table of children. One mark an authority
is the finest a release may show, and the trials have 42. Marks on a common line (ticks of axes) count by their
different places along it, lines only where one is drawn a child (more than 42 of three points or more).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

MOST_MARKS = 42


def too_many(marks: Iterable[tuple[str, float, float]]) -> int:
    """How many marks there are of those kinds that have too many; each mark is (kind, x, y)."""
    by_kind: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for kind, across, down in marks:
        by_kind[kind].append((round(across, 2), round(down, 2)))
    return sum(len(points) for points in by_kind.values() if _spread(points))


def _spread(points: list[tuple[float, float]]) -> bool:
    return max(len({x for x, _ in points}), len({y for _, y in points})) > MOST_MARKS
