"""Where jobs are carried out: what Snakemake is told, and what is refused before anything starts."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import pytest

from swis.errors import InputError
from swis.execution import executor
from swis.execution.executor import GROUPED, LOCAL, Executor, choose_executor
from swis.execution.words import FOLDER
from swis.kernels.ask import SOCKET


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that looks like the login node of a cluster that keeps no accounts."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(executor, "keeps_accounts", lambda: False)


def after(arguments: list[str], option: str) -> str:
    return arguments[arguments.index(option) + 1]


def test_one_machine_is_told_its_cores_only() -> None:
    assert LOCAL.arguments() == ["--cores", "2"]
    assert Executor(jobs=3, retries=1).arguments() == ["--cores", "3", "--retries", "1"]


def test_all_stages_of_an_authority_are_one_job_of_a_cluster(cluster: None) -> None:
    arguments = choose_executor("slurm", None, None, partition="short", account="team").arguments()
    grouped = [f"{stage}=authority" for stage in GROUPED]
    place = arguments.index("--groups") + 1
    assert arguments[place : place + 3] == grouped
    assert (after(arguments, "--jobs"), after(arguments, "--retries")) == ("100", "1")
    place = arguments.index("--default-resources") + 1
    assert arguments[place:] == ["slurm_partition=short", "slurm_account=team"]
    assert after(arguments, "--slurm-status-command") == "squeue", "without accounts only the queue can be asked"


def test_a_profile_says_all_of_the_place_itself(cluster: None, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("default-resources: [slurm_partition=short]\n", encoding="utf-8")
    arguments = choose_executor("slurm", 5, 0, profile=tmp_path).arguments()
    assert after(arguments, "--profile") == str(tmp_path)
    assert not {"--default-resources", "--slurm-no-account"} & set(arguments)


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("local", {"partition": "short"}, "--partition: an option of a cluster"),
        ("slurm", {"profile": Path("absent")}, "--profile: no profile of Snakemake"),
        ("slurm", {"profile": Path("absent"), "account": "team"}, "two places for one setting"),
    ],
)
def test_options_that_are_of_no_use_are_refused(
    cluster: None, name: str, options: dict[str, object], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        choose_executor(name, None, None, **options)  # type: ignore[arg-type]


def test_a_machine_that_cannot_submit_says_both_reasons_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(InputError) as refused:
        choose_executor("slurm", None, None)
    assert [problem.where for problem in refused.value.problems] == [
        "sbatch is not on the path",
        "the plug-in is not installed",
    ]


def test_a_job_on_another_node_knows_the_folder_of_words_and_no_template(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(SOCKET, "/tmp/template")
    assert LOCAL.environment(None)[SOCKET] == "/tmp/template"
    there = Executor(name="slurm").environment(tmp_path)
    assert there[FOLDER] == str(tmp_path)
    assert SOCKET not in there
    assert there["OMP_NUM_THREADS"] == "1"
