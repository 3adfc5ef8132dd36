"""What is known of a run while it goes on: each notebook's state, how many there are, how long it may still take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
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

    `targets` are the stages of each target in their order, `jobs` how many notebooks run at a time, `planned` those
    that will certainly run. `seconds_last` are the wall seconds that each took when it was last run.
    """

    targets: Mapping[str, tuple[str, ...]]
    jobs: int
    planned: Iterable[Key] = ()
    seconds_last: Mapping[Key, float] = field(default_factory=dict)
    cells: dict[Key, Cell] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Count what is planned by stage."""
        self.counts: dict[str, int] = dict(Counter(stage for _, stage in self.planned))

    def take(self, event: Event, now: float) -> None:
        """Take in what has happened at a time."""
        if isinstance(event, Planned):
            self._begin_target(event)
        elif isinstance(event, Begun):
            self.cells[event.authority, event.stage] = Cell(RUNNING, began_at=now)
        else:
            self.cells[event.authority, event.stage] = Cell(state_of(event), seconds=event.seconds)

    def _begin_target(self, event: Planned) -> None:
        """What has not begun of the targets before never will."""
        for stages in self.targets.values():
            if set(stages) & set(event.counts):
                break
            self.counts.update({stage: self.number(stage) for stage in stages})
        self.counts.update(event.counts)

    @property
    def ended(self) -> int:
        """How many notebooks have ended."""
        return sum(cell.state != RUNNING for cell in self.cells.values())

    @property
    def total(self) -> int:
        """How many notebooks there are to run, as far as is known."""
        return max(sum(self.counts.values()), self.ended)

    def number(self, stage: str, state: str | None = None) -> int:
        """How many notebooks of a stage have begun, or are in a state."""
        cells = [cell for (_, one), cell in self.cells.items() if one == stage]
        return sum(state in (None, cell.state) for cell in cells)

    def seconds_left(self, now: float) -> float | None:
        """Seconds by the clock until the end, as the last run took them; None where there is none to go by.

        One target follows the other, and none is over before its longest notebook. A notebook that was not there the
        last time is taken to last as long as its stage did in the middle.
        """
        if not self.seconds_last:
            return None
        return sum(self._left_of(stages, now) for stages in self.targets.values())

    def _left_of(self, stages: tuple[str, ...], now: float) -> float:
        spans = [span for stage in stages for span in self._spans_left(stage, now)]
        return max(sum(spans) / self.jobs, max(spans, default=0.0))

    def _spans_left(self, stage: str, now: float) -> list[float]:
        before = [seconds for (_, one), seconds in self.seconds_last.items() if one == stage]
        usual = median(before) if before else 0.0
        running = [
            max(self.seconds_last.get(key, usual) - (now - cell.began_at), 0.0)
            for key, cell in self.cells.items()
            if key[1] == stage and cell.state == RUNNING
        ]
        waiting = max(self.counts.get(stage, 0) - self.number(stage), 0)
        known = [key for key in self.planned if key[1] == stage and key not in self.cells][:waiting]
        named = [self.seconds_last.get(key, usual) for key in known]
        return [*running, *named, *[usual] * (waiting - len(named))]


def state_of(job: Job) -> str:
    """The word for how a notebook ended."""
    return {EXIT_OK: DONE, EXIT_BAD_INPUT: REFUSED}.get(job.exit_code, FAILED)


def duration(seconds: float) -> str:
    """A time left, no more exact than it is known."""
    if seconds < 60:
        return "less than a minute"
    minutes = round(seconds / 60)
    return f"about {minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"about {minutes} min"
