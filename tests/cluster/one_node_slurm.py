"""A Slurm of one node for the length of a test: its own key, ports and folders, on the loopback address only."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from swis.errors import EXIT_BAD_INPUT, EXIT_OK

# Jobs look for the configuration here; a variable in the environment does not reach all of Slurm's own steps.
CONFIGURATION = Path("/etc/slurm/slurm.conf")
DAEMONS = ("munged", "slurmctld", "slurmd")
PROGRAMS = (*DAEMONS, "mungekey", "sbatch", "srun", "squeue", "scancel", "scontrol", "sinfo", "setpriv")
PARTITION = "main"
PATIENCE_SECONDS = 30.0
TEXT = """\
ClusterName=swistest
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller_port}
SlurmdPort={node_port}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerParameters=sched_interval=2,batch_sched_delay=0
MinJobAge=3600
SlurmdTimeout={lost_after_seconds}
ReturnToService=2
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory={memory_mb} State=UNKNOWN
PartitionName={partition} Nodes={host} Default=YES MaxTime=60 State=UP
"""


def missing() -> str | None:
    """What keeps a Slurm from being set up here, in one line; None where nothing does."""
    absent = [name for name in PROGRAMS if shutil.which(name, path=search_path()) is None]
    if absent:
        return f"{', '.join(absent)} not on the path; Debian has them in the packages slurm-wlm and munge"
    if os.geteuid() != 0:
        return "a Slurm of one node is set up by root only, since its jobs must be started for others"
    if CONFIGURATION.exists():
        return f"{CONFIGURATION} is there already: a machine that is part of a cluster is left alone"
    return None


def search_path() -> str:
    """The folders of programs, with those of daemons, which not every environment names."""
    return os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])


@dataclass
class OneNode:
    """The running Slurm: its folder, and what a test does to it."""

    folder: Path
    host: str
    daemons: dict[str, subprocess.Popen[bytes]]

    def start(self, name: str, *arguments: str) -> None:
        """Start one daemon in the foreground, as a process of ours that can be ended by its number."""
        log = (self.folder / f"{name}.output").open("ab")
        program = shutil.which(name, path=search_path()) or name
        # Not even a test that is killed leaves a daemon behind: each ends with the process that started it.
        command = ["setpriv", "--pdeathsig", "KILL", program, *arguments]
        self.daemons[name] = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        log.close()

    def start_node(self) -> None:
        """Start the node's daemon and wait until jobs can be run on it."""
        self.start("slurmd", "-D", "-f", str(CONFIGURATION))
        wait_until(lambda: ask("sinfo", "-h", "-o", "%t") in {"idle", "mix", "alloc"}, "the node never came up")

    def stop_node(self, number: int = signal.SIGKILL) -> None:
        """End the node's daemon; the steps of running jobs are processes of their own and go on."""
        self.stop("slurmd", number)

    def stop(self, name: str, number: int = signal.SIGTERM) -> None:
        """End one daemon and wait for it."""
        daemon = self.daemons.pop(name)
        daemon.send_signal(number)
        try:
            daemon.wait(timeout=PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            daemon.kill()
            daemon.wait()

    def running_jobs(self) -> list[str]:
        """Numbers of the jobs that run now."""
        return ask("squeue", "-h", "-t", "running", "-o", "%A").split()


def ask(*command: str) -> str:
    """What one of Slurm's commands prints; empty where it cannot answer."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS)
    return done.stdout.strip() if done.returncode == 0 else ""


def wait_until(is_so: Callable[[], bool], otherwise: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until a condition holds; AssertionError with `otherwise` where it never does."""
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, otherwise
        time.sleep(0.1)


@contextlib.contextmanager
def one_node(folder: Path, *, cpus: int = 2, memory_mb: int = 8000, lost_after_seconds: int = 10) -> Iterator[OneNode]:
    """A Slurm while inside; whatever happens, its jobs are cancelled, its daemons ended and its file taken away."""
    host = socket.gethostname().partition(".")[0]
    for name in ("state", "spool"):
        (folder / name).mkdir()
    ports = _free_ports(2)
    text = TEXT.format(
        host=host, controller_port=ports[0], node_port=ports[1], folder=folder, cpus=cpus, memory_mb=memory_mb,
        lost_after_seconds=lost_after_seconds, partition=PARTITION,
    )  # fmt: skip
    (folder / "slurm.conf").write_text(text, encoding="utf-8")
    subprocess.run(["mungekey", "--create", f"--keyfile={folder}/munge.key"], check=True, env=_environment())
    slurm = OneNode(folder, host, {})
    CONFIGURATION.parent.mkdir(exist_ok=True)
    # A link to nowhere is what a test that was killed has left.
    CONFIGURATION.unlink(missing_ok=True)
    CONFIGURATION.symlink_to(folder / "slurm.conf")
    try:
        slurm.start(
            "munged", "--foreground", "--force", f"--key-file={folder}/munge.key", f"--socket={folder}/munge.socket",
            f"--pid-file={folder}/munged.pid", f"--log-file={folder}/munged.log", f"--seed-file={folder}/munged.seed",
        )  # fmt: skip
        wait_until((folder / "munge.socket").exists, "munged never opened its socket")
        slurm.start("slurmctld", "-D", "-f", str(CONFIGURATION))
        slurm.start_node()
        yield slurm
    finally:
        if {"slurmctld", "slurmd"} <= set(slurm.daemons):
            _cancel_all(slurm)
        for name in reversed(DAEMONS):
            if name in slurm.daemons:
                slurm.stop(name)
        CONFIGURATION.unlink(missing_ok=True)


def _cancel_all(slurm: OneNode) -> None:
    ask("scancel", "--state=pending", "--user=root")
    ask("scancel", "--state=running", "--user=root")
    with contextlib.suppress(AssertionError):
        wait_until(lambda: ask("squeue", "-h", "-t", "running,completing,pending", "-o", "%A") == "", "jobs stay")


def _environment() -> dict[str, str]:
    return {**os.environ, "PATH": search_path()}


def _free_ports(how_many: int) -> list[int]:
    with contextlib.ExitStack() as held:
        opened = [held.enter_context(socket.socket()) for _ in range(how_many)]
        for one in opened:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in opened]


def main() -> int:
    """Say in one line what is missing for the tests on a cluster; returns 2 where something is."""
    lacking = missing()
    if lacking:
        print(lacking)
    return EXIT_BAD_INPUT if lacking else EXIT_OK


if __name__ == "__main__":
    sys.exit(main())
