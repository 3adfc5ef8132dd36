"""The cost of a run by stage, and what it comes to on so many processors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from swis.execution.cost.lines import StageLines


@dataclass(frozen=True)
class Cost:
    """What one stage costs over all that it is run for: seconds of processors, the longest, megabytes at the peak."""

    stage: str
    notebooks: int
    cpu_seconds: float
    longest_seconds: float
    peak_megabytes: float


def cost_of(stage: str, lines: StageLines, megabytes: Sequence[float], more_seconds: float = 0.0) -> Cost:
    """The cost of one stage for returns of these sizes; `more_seconds` come to each notebook."""
    seconds = [lines.cpu_seconds.at(size) + more_seconds for size in megabytes]
    return Cost(
        stage=stage,
        notebooks=len(seconds),
        cpu_seconds=sum(seconds),
        longest_seconds=max(seconds, default=0.0),
        peak_megabytes=max((lines.peak_megabytes.at(size) for size in megabytes), default=0.0),
    )


def wall_seconds(costs: Mapping[str, Cost], targets: Mapping[str, Sequence[str]], processors: int) -> float:
    """Seconds by the clock on so many free processors: targets follow each other, and none is over before its longest
    notebook. An authority's own stages follow each other too."""
    total = 0.0
    for stages in targets.values():
        held = [costs[stage] for stage in stages if stage in costs]
        longest = sum if _is_chain(stages) else max
        total += max(
            sum(cost.cpu_seconds for cost in held) / processors, longest([c.longest_seconds for c in held] or [0])
        )
    return total


def memory_megabytes(costs: Mapping[str, Cost], targets: Mapping[str, Sequence[str]], processors: int) -> float:
    """Megabytes of memory that the largest notebooks of a target use where they run at one time."""
    most = 0.0
    for stages in targets.values():
        held = [costs[stage] for stage in stages if stage in costs]
        peaks = [cost.peak_megabytes for cost in held for _ in range(min(cost.notebooks, processors))]
        most = max(most, sum(sorted(peaks, reverse=True)[:processors]))
    return most


def _is_chain(stages: Sequence[str]) -> bool:
    return "derive" in stages
