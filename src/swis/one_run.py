"""One run of a data set at a time: a lock that goes with the processes that hold it, however they end.

Snakemake's own lock is a file that stays when it is killed, and the next run would be refused for ever.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

from swis.errors import Problem, raise_if

LOCK = "run.lock"


@contextlib.contextmanager
def one_run(folder: Path) -> Iterator[list[int]]:
    """While inside, no other run of the data set kept in `folder` gets in; InputError where one is in already.

    Gives the open file descriptors that hold the lock: a process that takes them over holds it too. On a system without
    such locks nothing is given, and Snakemake's own has to do.
    """
    if sys.platform == "win32":
        yield []
        return
    import fcntl

    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("a") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            action = "wait until it has ended"
            raise_if([Problem(folder.name, "another run is at work on this data set", "one run at a time", action)])
        yield [held.fileno()]
