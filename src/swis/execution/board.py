"""What is known of a run while it goes on: each notebook's state, how many there are, how long it may still take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median

from swis.errors import EXIT_BAD_INPUT, EXIT_OK
from swis.execution.words import Begun, Event, Job, Planned

RUNNING, DONE, REFUSED, FAILED = "running", "done", "REFUSED", "FAILED"
Key = tuple[str, str]


@dataclass
class Cell:
    """One notebook: its state, when it began (seconds of a clock), how long it took."""

    state: str
    began_at: float = 0.0
    seconds: float = 0.0


@dataclass
class Board:
    """The state of a run, kept up to date by `take`.

    `seconds_last` are the wall seconds that each authority's (trial's, or pooled) stage took when it was last run;
    `targets` are the stages of each target in their order, `jobs` how many notebooks run at a time.
    """

    targets: Mapping[str, tuple[str, ...]]
    jobs: int
    seconds_last: Mapping[Key, float] = field(default_factory=dict)
    cells: dict[Key, Cell] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def take(self, event: Event, now: float) -> None:
        """Take in what has happened at a time."""
        if isinstance(event, Planned):
            self.counts |= event.counts
        elif isinstance(event, Begun):
            self.cells[event.authority, event.stage] = Cell(RUNNING, began_at=now)
        else:
            self.cells[event.authority, event.stage] = Cell(state_of(event), seconds=event.seconds)

    @property
    def ended(self) -> int:
        """How many notebooks have ended."""
        return sum(cell.state != RUNNING for cell in self.cells.values())

    @property
    def total(self) -> int:
        """How many notebooks there are to run, of the targets that have begun."""
        return max(sum(self.counts.values()), self.ended)

    def number(self, stage: str, *states: str) -> int:
        """How many notebooks of a stage are in one of these states."""
        return sum(cell.state in states for (_, one), cell in self.cells.items() if one == stage)

    def seconds_left(self, now: float) -> float | None:
        """Seconds by the clock until the end, as the last run took them; None where there is none to go by.

        What this target has not begun is taken to last as long as its stage did in the middle of all authorities; the
        targets to come are taken to be as long as they were, and no shorter than their longest notebook.
        """
        if not self.seconds_last:
            return None
        return sum(self._left_of(stages, now) for stages in self.targets.values())

    def _left_of(self, stages: tuple[str, ...], now: float) -> float:
        has_begun = any(stage in self.counts for stage in stages)
        if not has_begun and any(stage in self.counts for stage in self._after(stages)):
            return 0.0
        spans = [span for stage in stages for span in self._spans_left(stage, now, has_begun)]
        return max(sum(spans) / self.jobs, max(spans, default=0.0))

    def _after(self, stages: tuple[str, ...]) -> list[str]:
        order = list(self.targets.values())
        return [stage for later in order[order.index(stages) + 1 :] for stage in later]

    def _spans_left(self, stage: str, now: float, has_begun: bool) -> list[float]:
        before = [seconds for (_, one), seconds in self.seconds_last.items() if one == stage]
        if not has_begun:
            return before
        usual = median(before) if before else 0.0
        running = [
            max(self.seconds_last.get(key, usual) - (now - cell.began_at), 0.0)
            for key, cell in self.cells.items()
            if key[1] == stage and cell.state == RUNNING
        ]
        waiting = self.counts.get(stage, 0) - self.number(stage, RUNNING, DONE, REFUSED, FAILED)
        return [*running, *[usual] * max(waiting, 0)]


def state_of(job: Job) -> str:
    """The word for how a notebook ended."""
    return {EXIT_OK: DONE, EXIT_BAD_INPUT: REFUSED}.get(job.exit_code, FAILED)


def duration(seconds: float) -> str:
    """A time left, no more exact than it is known."""
    if seconds < 60:
        return "less than a minute"
    minutes = round(seconds / 60)
    return f"about {minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"about {minutes} min"
