"""How use grows with returns: a line for each stage, measured at full size and scaled by this machine's last run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median

from swis.execution.use import Use
from swis.io import read_yaml

FILE = Path(__file__).with_name("measured.yml")
Key = tuple[str, str]


@dataclass(frozen=True)
class Line:
    """A quantity that is `fixed` for an empty return and grows by `per_megabyte` of returns."""

    fixed: float
    per_megabyte: float

    def at(self, megabytes: float) -> float:
        """The quantity for so many megabytes of returns."""
        return self.fixed + self.per_megabyte * megabytes

    def times(self, factor: float) -> Line:
        """The line of a machine that needs so many times as much."""
        return Line(self.fixed * factor, self.per_megabyte * factor)


@dataclass(frozen=True)
class StageLines:
    """Seconds of processors and megabytes of memory at the peak of one stage."""

    cpu_seconds: Line
    peak_megabytes: Line


@dataclass(frozen=True)
class Measured:
    """What has been measured, and on what (`basis`).

    `megabytes_per_child` is of social care, for each child of an authority; `megabytes_of_schools` is what an
    authority's trial schools send; `cluster_seconds` is what a stage costs more as a job of a cluster.
    """

    basis: str
    stages: Mapping[str, StageLines]
    megabytes_per_child: float
    megabytes_of_schools: float
    cluster_seconds: float
    cluster_megabytes: float


@cache
def load_measured() -> Measured:
    """The lines that come with the package."""
    held = read_yaml(FILE)
    stages = {
        name: StageLines(Line(**lines["cpu_seconds"]), Line(**lines["peak_megabytes"]))
        for name, lines in held.pop("stages").items()
    }
    return Measured(stages=stages, **held)


def scaled(measured: Measured, used: Mapping[Key, Use], megabytes: Mapping[Key, float]) -> Mapping[str, StageLines]:
    """The lines of this machine: those that came with the package, by the middle of what each stage used last.

    `megabytes` are those of the returns of what was used. A stage that has not been run here keeps its line.
    """
    return {name: _scaled(name, lines, used, megabytes) for name, lines in measured.stages.items()}


def _scaled(stage: str, lines: StageLines, used: Mapping[Key, Use], megabytes: Mapping[Key, float]) -> StageLines:
    known = [(use, megabytes[key]) for key, use in used.items() if key[1] == stage and key in megabytes]
    if not known:
        return lines
    seconds = median(use.cpu_seconds / lines.cpu_seconds.at(size) for use, size in known)
    peak = median(use.peak_megabytes / lines.peak_megabytes.at(size) for use, size in known)
    return StageLines(lines.cpu_seconds.times(seconds), lines.peak_megabytes.times(peak))
