"""Where jobs are carried out: on this machine, or on the nodes of a Slurm cluster by Snakemake's own plug-in."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from swis.errors import Problem, raise_if
from swis.execution.words import FOLDER
from swis.kernels.ask import SOCKET

DEFAULT_JOBS: Mapping[str, int] = {"local": 2, "slurm": 100}
DEFAULT_RETRIES: Mapping[str, int] = {"local": 0, "slurm": 1}
PLUGIN = "snakemake_executor_plugin_slurm"
# One job of the cluster for all stages of an authority: a stage alone would wait in the queue longer than it runs.
GROUP = "authority"
GROUPED = ("validate", "derive", "outcomes")
# A look at the queue is one question for all jobs of the run. Snakemake looks less often while nothing ends.
FIRST_LOOK_SECONDS = 5
# How long a file that another node has written may take to be seen.
SEEN_WITHIN_SECONDS = 60


@dataclass(frozen=True)
class Executor:
    """Where jobs are carried out, how many at a time, and how often one that was lost is tried again.

    `profile` is a folder with a Snakemake profile, in which a cluster's users keep its account, partitions and limits;
    `partition` and `account` do for a cluster that asks no more.
    """

    name: str = "local"
    jobs: int = 2
    retries: int = 0
    partition: str | None = None
    account: str | None = None
    profile: Path | None = None

    @property
    def is_cluster(self) -> bool:
        """Whether jobs run on other machines."""
        return self.name != "local"

    def arguments(self, groups: Sequence[str] = GROUPED) -> list[str]:
        """What Snakemake is told; `groups` are the stages of an authority that make one job of a cluster."""
        if not self.is_cluster:
            return ["--cores", str(self.jobs), *(["--retries", str(self.retries)] if self.retries else [])]
        return [
            "--executor", self.name, "--jobs", str(self.jobs), "--retries", str(self.retries),
            "--groups", *(f"{stage}={GROUP}" for stage in groups),
            # A stage's folder is put in its place whole, so what is there is finished, whatever came of those behind
            # it in the same job.
            "--keep-incomplete",
            "--latency-wait", str(SEEN_WITHIN_SECONDS),
            "--slurm-init-seconds-before-status-checks", str(FIRST_LOOK_SECONDS),
            *([] if keeps_accounts() else ["--slurm-status-command", "squeue"]),
            *self._place(),
        ]  # fmt: skip

    def _place(self) -> list[str]:
        if self.profile is not None:
            return ["--profile", str(self.profile.resolve())]
        asked = {"slurm_partition": self.partition, "slurm_account": self.account}
        named = [f"{name}={value}" for name, value in asked.items() if value is not None]
        return [
            *(["--default-resources", *named] if named else []),
            *([] if self.account else ["--slurm-no-account"]),
        ]

    def words_folder(self, data_set: Path) -> Path | None:
        """The folder in which jobs say how they ended, where their output does not come back to the run."""
        return data_set / "_words" if self.is_cluster else None

    def environment(self, words: Path | None) -> dict[str, str]:
        """The variables every job of a run gets."""
        found = job_environment()
        if words is not None:
            # The template's socket is on one machine only, and a job it started would run outside its allocation.
            found.pop(SOCKET, None)
            found[FOLDER] = str(words)
        return found


LOCAL = Executor()


def job_environment() -> dict[str, str]:
    """The variables every job of a run gets.

    One thread for linear algebra: the matrices are small, several jobs share the cores, and the same bytes come out of
    one core and of many.
    """
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    own = {"GX_ANALYTICS_ENABLED": "false", "PYTHONHASHSEED": "0", "PYTHONUNBUFFERED": "1"}
    return {**os.environ, **threads, **own}


def choose_executor(
    name: str,
    jobs: int | None,
    retries: int | None,
    partition: str | None = None,
    account: str | None = None,
    profile: Path | None = None,
) -> Executor:
    """The executor asked for; InputError where it cannot be used here or an option is of no use to it."""
    problems = _needless(name, partition, account, profile)
    if name == "slurm":
        problems += _unusable()
    raise_if(problems)
    return Executor(
        name=name,
        jobs=DEFAULT_JOBS[name] if jobs is None else jobs,
        retries=DEFAULT_RETRIES[name] if retries is None else retries,
        partition=partition,
        account=account,
        profile=profile,
    )


def _needless(name: str, partition: str | None, account: str | None, profile: Path | None) -> list[Problem]:
    given = {"--partition": partition, "--account": account, "--profile": profile}
    named = [option for option, value in given.items() if value is not None]
    if named and name == "local":
        return [Problem(", ".join(named), "an option of a cluster", "--executor slurm", "add it or leave this out")]
    if profile is None:
        return []
    if len(named) > 1:
        return [Problem(", ".join(named), "two places for one setting", "the profile alone", "put it into the profile")]
    if not any((profile / f"config.{ending}").is_file() for ending in ("yaml", "v8+.yaml", "v9+.yaml")):
        return [Problem("--profile", "no profile of Snakemake", "a folder with config.yaml", "correct the path")]
    return []


def _unusable() -> list[Problem]:
    problems = []
    if importlib.util.find_spec(PLUGIN) is None:
        action = "make it with `python3 workflow/set_up.py --with cluster` and use .venv-cluster/bin/swis"
        problems.append(Problem("--executor slurm", "the plug-in is not installed", "the environment for it", action))
    if shutil.which("sbatch") is None:
        action = "run this on a login node, or leave --executor out"
        problems.append(Problem("--executor slurm", "sbatch is not on the path", "a machine that submits jobs", action))
    return problems


def keeps_accounts() -> bool:
    """Whether the cluster keeps an account of ended jobs; where it does not, only its queue can be asked of them."""
    try:
        said = subprocess.run(["scontrol", "show", "config"], capture_output=True, text=True, timeout=60).stdout
    except (OSError, subprocess.TimeoutExpired):
        return False
    kind = re.search(r"^AccountingStorageType\s*=\s*(\S+)", said, re.MULTILINE)
    return kind is not None and kind.group(1) == "accounting_storage/slurmdbd"
