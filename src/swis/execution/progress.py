"""Show how a run goes on: a table that is drawn anew in a terminal, one line a notebook everywhere else."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import click

from swis.execution.board import DONE, FAILED, REFUSED, RUNNING, Board, Cell, duration, state_of
from swis.execution.words import Event, Job

# What stands for a notebook that has not begun.
WAITING = "·"
# Lines that are not rows of authorities: heading, head and foot of the table, the line for all others, up to three of
# the pooled stages, and the line in which the terminal's cursor stands.
LINES_AROUND = 8
LEAST_ROWS = 3
NARROW = 80


def is_live(wanted: bool) -> bool:
    """Whether a table may be drawn: standard output is a terminal that can move its cursor, and nobody said no."""
    is_plain = os.environ.get("TERM", "dumb") == "dumb" or "CI" in os.environ
    return wanted and not is_plain and sys.stdout.isatty()


@contextlib.contextmanager
def shown(board: Board, title: str, *, live: bool) -> Iterator[Callable[[Event], None]]:
    """While inside, what is called with each event of a run shows it."""
    if not live:
        yield lambda event: _take_and_say(board, event)
        return
    # A fifth of a second, which a log has no use for.
    from rich.console import Console
    from rich.live import Live

    console = Console(highlight=False)

    def drawn() -> Any:
        return table(board, title, time.monotonic(), width=console.width, height=console.height)

    with Live(get_renderable=drawn, console=console, refresh_per_second=2) as display:

        def take(event: Event) -> None:
            board.take(event, time.monotonic())
            # What went wrong stays on the screen, above the table.
            if isinstance(event, Job) and state_of(event) != DONE:
                display.console.print(line(board, event), markup=False, no_wrap=True, overflow="ellipsis")

        yield take


def _take_and_say(board: Board, event: Event) -> None:
    board.take(event, time.monotonic())
    if isinstance(event, Job):
        click.echo(line(board, event))


def line(board: Board, job: Job) -> str:
    """The line for a notebook that has ended."""
    counted = f"[{board.ended:>3}/{board.total}]"
    return f"{counted} {job.authority:<34} {job.stage:<18} {state_of(job):<8} {job.seconds:6.1f} s"


def heading(board: Board, title: str, now: float) -> str:
    """How far the run is, and how long it may still take."""
    left = board.seconds_left(now) if board.ended < board.total else None
    time_left = "" if left is None else f", {duration(left)} left as the last run took"
    return f"{title}: {board.ended} of {board.total} notebooks{time_left}"


def rows(board: Board, columns: tuple[str, ...], now: float, most: int) -> tuple[list[list[str]], list[str]]:
    """The authorities that are shown, at most so many, and those that are not.

    First those that went wrong, then those that run, then those that ended last; what does not fit is counted only.
    """
    slugs = list(dict.fromkeys(slug for slug, stage in board.cells if stage in columns))
    states = {slug: [board.cells.get((slug, stage)) for stage in columns] for slug in slugs}
    slugs.reverse()
    recent = sorted(slugs, key=lambda slug: _urgency(states[slug]))
    chosen = recent[:most]
    return [[slug, *(_cell(cell, now) for cell in states[slug])] for slug in sorted(chosen)], recent[most:]


def _urgency(cells: list[Cell | None]) -> int:
    states = {cell.state for cell in cells if cell is not None}
    return 0 if states & {FAILED, REFUSED} else 1 if RUNNING in states else 2


def _cell(cell: Cell | None, now: float) -> str:
    if cell is None:
        return WAITING
    if cell.state == RUNNING:
        return f"{RUNNING} {now - cell.began_at:.0f} s"
    return f"{cell.seconds:.0f} s" if cell.state == DONE else cell.state


def table(board: Board, title: str, now: float, *, width: int, height: int) -> Any:
    """The table as it stands: authorities by stage, how many of each stage are done, and what is pooled."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    columns = (*next(iter(board.targets.values())), "authority_report")
    shown_rows, others = rows(board, columns, now, max(height - LINES_AROUND, LEAST_ROWS))
    found = Table(box=None, pad_edge=False, show_footer=True, width=min(width, NARROW + 20))
    found.add_column("", footer="done", no_wrap=True, overflow="ellipsis")
    for stage in columns:
        found.add_column(_name(stage), footer=_done_of(board, stage), no_wrap=True, justify="right")
    for slug, *cells in shown_rows:
        found.add_row(Text(slug), *(Text(cell, style=_style(cell)) for cell in cells))
    parts: list[Any] = [Text(heading(board, title, now), no_wrap=True, overflow="ellipsis"), found]
    if others:
        parts.insert(2, Text(f"and {len(others)} more that have begun", style="dim"))
    if said := pooled(board, columns, now):
        parts.append(Text(said))
    return Group(*parts)


def _done_of(board: Board, stage: str) -> str:
    done = board.number(stage, DONE)
    total = max(board.counts.get(stage, 0), done)
    return f"{done}/{total}" if total else WAITING


def pooled(board: Board, columns: tuple[str, ...], now: float) -> str:
    """The stages over all authorities in one line; empty before the first has begun."""
    found = {(slug, stage): cell for (slug, stage), cell in board.cells.items() if stage not in columns}
    stages = dict.fromkeys(stage for _, stage in found)
    said = []
    for stage in stages:
        cells = [cell for (_, one), cell in found.items() if one == stage]
        states = "/".join(sorted({_cell(cell, now) if cell.state == RUNNING else cell.state for cell in cells}))
        said.append(f"{_name(stage)} {states}")
    return f"over all: {', '.join(said)}" if said else ""


def _name(stage: str) -> str:
    return stage.replace("authority_report", "report").replace("_", " ")


def _style(cell: str) -> str:
    if cell in (FAILED, REFUSED):
        return "bold red"
    if cell.startswith(RUNNING):
        return "bold"
    return "dim" if cell == WAITING else ""
