"""What jobs say of themselves, on their output and in a folder that nodes share, and what is lost when they do not."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from swis.execution.executor import Executor
from swis.execution.follow import run_jobs
from swis.execution.words import FOLDER, SIGNAL, Begun, Job, Planned, has_ended, new_words, say_begun, say_ended

HANDED_OUT = """\
rule {stage}:
    input: /checkout/a.csv
    output: /checkout/data_derived/demo/{slug}/{stage}/done.json
    jobid: 1
"""


def test_words_go_to_the_output_where_there_is_no_folder(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(FOLDER, raising=False)
    say_begun("hull", "derive")
    say_ended("hull", "derive", 1, 2.54)
    assert capsys.readouterr().out == f"{SIGNAL} hull derive begun\n{SIGNAL} hull derive 1 2.5\n"
    assert not has_ended("hull", "derive", 1), "without a folder nothing is known of an earlier attempt"


def test_words_in_a_folder_are_read_once_each_and_only_whole_lines(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    read_to: dict[Path, int] = {}
    say_begun("hull", "derive")
    assert new_words(tmp_path, read_to) == [f"{SIGNAL} hull derive begun\n"]
    with (tmp_path / "hull.derive").open("a", encoding="utf-8") as words:
        words.write(f"{SIGNAL} hull derive 2 ")
        words.flush()
        assert new_words(tmp_path, read_to) == []
        words.write("1.5\n")
    assert new_words(tmp_path, read_to) == [f"{SIGNAL} hull derive 2 1.5\n"]
    assert capsys.readouterr().out == ""
    assert has_ended("hull", "derive", 2)
    assert not has_ended("hull", "derive", 1)
    assert not has_ended("hull", "validate", 2)


def test_a_run_on_a_cluster_hears_words_while_snakemake_is_silent(tmp_path: Path) -> None:
    say = (
        "import time; from swis.execution.words import say_begun, say_ended; say_begun('hull', 'derive'); "
        "time.sleep(1.5); say_ended('hull', 'derive', 0, 1.5); time.sleep(1.5); print('end')"
    )
    heard = []
    for event in run_jobs([sys.executable, "-c", say], tmp_path / "authorities.log", Executor(name="slurm")):
        heard.append((event, time.monotonic()))
    assert [event for event, _ in heard] == [Begun("hull", "derive"), Job("hull", "derive", 0, 1.5)]
    assert heard[1][1] - heard[0][1] > 1, "each word is heard when it is said, not at the end"


def test_what_an_earlier_run_said_is_not_heard_again(tmp_path: Path) -> None:
    (tmp_path / "_words").mkdir()
    (tmp_path / "_words" / "hull.derive").write_text(f"{SIGNAL} hull derive 0 1.5\n", encoding="utf-8")
    command = [sys.executable, "-c", "print('nothing')"]
    assert list(run_jobs(command, tmp_path / "authorities.log", Executor(name="slurm"))) == []


def followed(tmp_path: Path, printed: str, code: int) -> list[object]:
    command = [sys.executable, "-c", f"print({printed!r}); raise SystemExit({code})"]
    return list(run_jobs(command, tmp_path / "authorities.log"))


def test_a_job_that_was_handed_out_and_never_ended_is_lost_by_its_name(tmp_path: Path) -> None:
    printed = HANDED_OUT.format(slug="hull", stage="derive") + HANDED_OUT.format(slug="bury", stage="derive")
    printed += f"{SIGNAL} hull derive begun\n{SIGNAL} bury derive begun\n{SIGNAL} bury derive 0 1.0\n"
    lost = Job("hull", "derive", 1, 0.0, is_lost=True)
    assert followed(tmp_path, printed, 1) == [
        Begun("hull", "derive"), Begun("bury", "derive"), Job("bury", "derive", 0, 1.0), lost,
    ]  # fmt: skip


def test_a_job_that_was_lost_and_came_to_its_end_the_second_time_is_not_lost(tmp_path: Path) -> None:
    printed = HANDED_OUT.format(slug="hull", stage="derive") + f"{SIGNAL} hull derive begun\n"
    printed += f"{SIGNAL} hull derive begun\n{SIGNAL} hull derive 0 1.0\n"
    assert followed(tmp_path, printed, 0)[-1] == Job("hull", "derive", 0, 1.0)


def test_stages_behind_one_that_failed_are_not_lost(tmp_path: Path) -> None:
    """On a cluster all stages of an authority are handed out in one job, and end with the first that fails."""
    printed = HANDED_OUT.format(slug="hull", stage="outcomes") + HANDED_OUT.format(slug="hull", stage="derive")
    printed += f"{SIGNAL} hull derive begun\n{SIGNAL} hull derive 2 1.0\n"
    assert followed(tmp_path, printed, 1) == [Begun("hull", "derive"), Job("hull", "derive", 2, 1.0)]


def test_a_killed_job_is_lost_beside_one_that_failed(tmp_path: Path) -> None:
    printed = HANDED_OUT.format(slug="hull", stage="derive") + HANDED_OUT.format(slug="bury", stage="derive")
    printed += f"{SIGNAL} hull derive 2 1.0\n"
    assert followed(tmp_path, printed, 1)[-1] == Job("bury", "derive", 1, 0.0, is_lost=True)


def test_only_the_first_of_an_authority_s_stages_is_lost_and_none_of_those_behind_it(tmp_path: Path) -> None:
    printed = HANDED_OUT.format(slug="hull", stage="outcomes") + HANDED_OUT.format(slug="hull", stage="derive")
    assert followed(tmp_path, printed + f"{SIGNAL} hull derive begun\n", 1)[1:] == [
        Job("hull", "derive", 1, 0.0, is_lost=True)
    ]


def test_words_that_are_seen_late_are_waited_for(tmp_path: Path) -> None:
    late = (
        "import subprocess, sys; "
        "print('rule derive:\\n    output: /a place/demo/hull/derive/done.json', flush=True); "
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(2); "
        'from swis.execution.words import say_ended; say_ended("hull", "derive", 2, 1.0)\'], '
        "stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL); raise SystemExit(1)"
    )
    heard = list(run_jobs([sys.executable, "-c", late], tmp_path / "authorities.log", Executor(name="slurm")))
    assert heard == [Job("hull", "derive", 2, 1.0)]


def test_what_is_planned_is_counted_by_stage_without_the_target(tmp_path: Path) -> None:
    table = (
        "job            count\n-----------  -------\nvalidate           2\nauthorities        1\ntotal              3\n"
    )
    assert followed(tmp_path, table, 0) == [Planned({"validate": 2})]
