"""What a job asks a cluster for. A job that takes more than it asked for is killed; one that asks for more waits."""

from __future__ import annotations

import math

from swis.execution.cost.lines import load_measured

# Returns of the same size differ in what they hold; measured peaks lie within a tenth of their line.
MEMORY_MARGIN = 1.3
MEMORY_STEP_MEGABYTES = 100
# Nodes may be slower than the machine the lines were measured on, and share their disk with many others.
TIME_MARGIN = 4
LEAST_MINUTES = 5


def memory_megabytes(stage: str, megabytes: float, attempt: int) -> int:
    """Memory to ask for, for so many megabytes of returns; a job that was killed gets more at its next attempt."""
    measured = load_measured()
    peak = measured.stages[stage].peak_megabytes.at(megabytes) * MEMORY_MARGIN + measured.cluster_megabytes
    return math.ceil(peak * attempt / MEMORY_STEP_MEGABYTES) * MEMORY_STEP_MEGABYTES


def minutes(stage: str, megabytes: float, attempt: int) -> int:
    """Time to ask for."""
    measured = load_measured()
    seconds = measured.stages[stage].cpu_seconds.at(megabytes) + measured.cluster_seconds
    return max(LEAST_MINUTES, math.ceil(seconds * TIME_MARGIN / 60)) * attempt
