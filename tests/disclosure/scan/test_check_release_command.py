"""The command as a person uses it: what it says, what it never says, and its exit codes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from disclosure.scan.invented_child import CHILD, write_returns

from swis.cli import main


@pytest.fixture(scope="module")
def returns(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_returns(tmp_path_factory.mktemp("returns"))


@pytest.fixture
def release(tmp_path: Path) -> Path:
    folder = tmp_path / "release"
    folder.mkdir()
    (folder / "counts.csv").write_text("authority,children\nGateshead,40\n")
    return folder


def check(*words: object) -> Result:
    return CliRunner().invoke(main, ["check-release", *map(str, words), "--jobs", "1"])


def test_a_clean_folder_ends_with_0_and_says_so(release: Path, returns: Path) -> None:
    done = check(release, "--data", returns)
    assert done.exit_code == 0, done.output
    assert "Clean" in done.output
    assert "1 file, 0.0 MB read" in done.output


def test_a_leak_ends_with_1_and_its_file_and_kind(release: Path, returns: Path) -> None:
    (release / "note.txt").write_text(f"see {CHILD.child_id} {CHILD.forename} {CHILD.surname}")
    done = check(release, "--data", returns)
    assert done.exit_code == 1
    assert "note.txt: child's identifier, in text" in done.output
    assert "note.txt: name of a child, in text" in done.output
    for value in (CHILD.child_id, CHILD.forename, CHILD.surname):
        assert value.lower() not in done.output.lower()


def test_a_file_named_after_a_child_is_told_without_its_name(release: Path, returns: Path) -> None:
    (release / f"{CHILD.upn}.csv").write_text("a\n1\n")
    done = check(release, "--data", returns)
    assert done.exit_code == 1
    assert "[name withheld] file 1: unique pupil number, in name of the file" in done.output
    assert CHILD.upn not in done.output


def test_returns_may_be_given_more_than_once(release: Path, returns: Path) -> None:
    (release / "note.txt").write_text(f"see {CHILD.child_id}, child id {CHILD.short_id}")
    assert check(release, "--data", returns / "two").output.count("child's identifier") > 0
    both = check(release, "--data", returns / "one", "--data", returns / "two")
    assert "child's identifier (2)" in both.output


@pytest.mark.parametrize("words", [["nowhere"], ["RELEASE", "--data", "nowhere"], ["RETURNS/one", "--data", "RETURNS"]])
def test_bad_use_ends_with_2_and_what_to_do(words: Sequence[str], release: Path, returns: Path) -> None:
    done = check(*(word.replace("RELEASE", str(release)).replace("RETURNS", str(returns)) for word in words))
    assert done.exit_code == 2
    assert "; expected " in done.output


def test_data_and_without_returns_together_are_bad_use(release: Path, returns: Path) -> None:
    assert check(release, "--data", returns, "--without-returns").exit_code == 2


def test_a_folder_of_returns_without_any_identifier_is_bad_use(release: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert check(release, "--data", tmp_path / "empty").exit_code == 2


def test_any_folder_can_be_checked_from_anywhere(
    release: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    done = check(release)
    assert done.exit_code == 0, done.output
    assert "No returns given" in done.output


def test_a_damaged_return_is_said_and_the_rest_is_used(release: Path, tmp_path: Path) -> None:
    folder = write_returns(tmp_path / "damaged")
    (folder / "one" / "school_census" / "2022_spring_pupilonroll.csv").write_bytes(b"\0" * 900)
    (release / "note.txt").write_text(CHILD.child_id)
    done = check(release, "--data", folder)
    assert done.exit_code == 1
    assert "not read: 2022_spring_pupilonroll.csv" in done.output


def test_help_teaches_by_example() -> None:
    done = CliRunner().invoke(main, ["check-release", "--help"])
    assert "swis check-release reports/" in done.output
    assert "Exit codes: 0" in done.output
