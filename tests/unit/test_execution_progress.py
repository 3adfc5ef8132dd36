"""How a run is shown: a table that fits a terminal of 24 lines, plain lines elsewhere, and the time left."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import time

import pytest
from rich.console import Console

from swis.execution.board import Board, duration
from swis.execution.progress import is_live, line, table
from swis.execution.words import Begun, Event, Job, Planned
from swis.workflow import TARGET_STAGES

STAGES = ("validate", "derive", "outcomes")
SLUGS = [f"authority-{number:02}" for number in range(42)]
STEPS = [(slug, stage) for slug in SLUGS for stage in STAGES]


def drawn(board: Board, now: float = 0.0, height: int = 24) -> list[str]:
    console = Console(width=80, height=height, force_terminal=True, color_system=None)
    with console.capture() as captured:
        console.print(table(board, "synthetic", now, width=80, height=height))
    return captured.get().rstrip("\n").splitlines()


def board_after(*events: Event, jobs: int = 2, seconds_last: dict[tuple[str, str], float] | None = None) -> Board:
    board = Board(TARGET_STAGES, jobs, STEPS, seconds_last or {})
    for event in [Planned(dict.fromkeys(STAGES, len(SLUGS))), *events]:
        board.take(event, 0.0)
    return board


def finished(slug: str) -> list[Event]:
    return [Job(slug, stage, 0, 6.0) for stage in STAGES]


def test_forty_two_authorities_fit_24_lines_and_the_urgent_ones_are_shown() -> None:
    events = [event for slug in SLUGS[:-2] for event in finished(slug)]
    events[1] = Job(SLUGS[0], "derive", 1, 6.0)
    lines = drawn(board_after(*events, Begun(SLUGS[-1], "validate")), now=3.0)
    assert len(lines) < 24
    assert all(len(one) <= 80 for one in lines)
    assert any(one.startswith(SLUGS[0]) and "FAILED" in one for one in lines), "what went wrong long ago stays"
    assert any(one.startswith(SLUGS[-1]) and "running 3 s" in one for one in lines)
    assert any("41 " not in one and one.startswith("and ") and "more" in one for one in lines)
    assert any(one.split() == ["done", "40/42", "39/42", "40/42", "·"] for one in lines)


def test_what_is_pooled_stands_in_one_line() -> None:
    board = board_after(*finished(SLUGS[0]), Planned({"effects": 2}), Job("_swis", "effects", 0, 30.0))
    board.take(Begun("_dsls_group", "effects"), 0.0)
    assert drawn(board, now=4.0)[-1] == "over all: effects done/running 4 s"


def test_all_pooled_stages_together_fit_too_and_a_run_that_has_ended_takes_no_more_time() -> None:
    pooled = [stage for stages in list(TARGET_STAGES.values())[1:] for stage in stages if stage != "authority_report"]
    events = [event for slug in SLUGS for event in finished(slug)]
    events += [Planned(dict.fromkeys(pooled, 1)), *(Job("_pooled", stage, 0, 30.0) for stage in pooled)]
    lines = drawn(board_after(*events, seconds_last=dict.fromkeys(STEPS, 10.0)))
    assert len(lines) < 24
    said = " ".join(" ".join(lines).split())  # the line is broken between words
    assert all(f"{stage.replace('_', ' ')} done" in said for stage in pooled)
    assert lines[0] == "synthetic: 132 of 132 notebooks"


def test_the_time_left_is_what_the_last_run_took_over_the_jobs_at_a_time() -> None:
    last = dict.fromkeys(STEPS, 10.0) | {("_pooled", "disclosure"): 40.0}
    board = board_after(jobs=2, seconds_last=last)
    assert board.seconds_left(0.0) == len(STEPS) * 10.0 / 2
    board.take(Begun(SLUGS[0], "validate"), 0.0)
    assert board.seconds_left(4.0) == (len(STEPS) * 10.0 - 4.0) / 2
    for event in finished(SLUGS[0]):
        board.take(event, 5.0)
    assert board.seconds_left(5.0) == (len(STEPS) - 3) * 10.0 / 2
    board.take(Planned({"disclosure": 1}), 6.0)
    assert board.seconds_left(6.0) == 40.0, "what has not begun of the targets before never will"
    board.take(Begun("_pooled", "disclosure"), 6.0)
    assert board.seconds_left(60.0) == 0.0, "a notebook that takes longer than before makes no time negative"
    assert board_after().seconds_left(0.0) is None, "the first run has nothing to go by"


def test_a_notebook_that_is_tried_again_is_counted_once() -> None:
    board = board_after(Job("hull", "derive", 1, 2.0), Begun("hull", "derive"), Job("hull", "derive", 0, 3.0))
    assert board.ended == 1
    assert line(board, Job("hull", "derive", 0, 3.0)).split() == ["[", "1/126]", "hull", "derive", "done", "3.0", "s"]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(20.0, "less than a minute"), (119.0, "about 2 min"), (3599.0, "about 1 h 0 min"), (5000.0, "about 1 h 23 min")],
)
def test_a_time_is_said_no_more_exactly_than_it_is_known(seconds: float, said: str) -> None:
    assert duration(seconds) == said


SHOW = """
import sys
from swis.execution.board import Board
from swis.execution.progress import is_live, shown
from swis.execution.words import Begun, Job, Planned
with shown(Board({"authorities": ("validate",)}, 2), "demo", live=is_live("plain" not in sys.argv)) as follow:
    follow(Planned({"validate": 1}))
    follow(Begun("hull", "validate"))
    follow(Job("hull", "validate", 0, 2.0))
print("end")
"""


def in_a_terminal(*arguments: str) -> str:
    leader, follower = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80", "LINES": "24"}
    environment.pop("CI", None)
    command = [sys.executable, "-c", SHOW, *arguments]
    with subprocess.Popen(command, stdout=follower, stderr=follower, stdin=follower, env=environment) as process:
        os.close(follower)
        said = b""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                got = os.read(leader, 65536)
            except OSError:  # Linux's word for the end of a terminal
                break
            if not got:
                break
            said += got
        process.wait(timeout=60)
    os.close(leader)
    return said.decode()


def test_a_terminal_gets_a_table_and_takes_no_for_an_answer() -> None:
    live = in_a_terminal()
    assert "\x1b[" in live
    assert "demo: 1 of 1 notebooks" in live
    plain = in_a_terminal("plain")
    assert "\x1b[" not in plain
    assert plain.split("\r\n")[:2] == [f"[  1/1] {'hull':<34} {'validate':<18} {'done':<8}    2.0 s", "end"]


def test_no_table_is_drawn_where_no_terminal_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("CI", raising=False)
    assert not is_live(True), "what tests print goes to no terminal"
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert is_live(True)
    assert not is_live(False)
    monkeypatch.setenv("CI", "true")
    assert not is_live(True)
    monkeypatch.delenv("CI")
    monkeypatch.setenv("TERM", "dumb")
    assert not is_live(True)
