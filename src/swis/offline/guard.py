"""Both halves of the guard, put on together and for good."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from swis.offline.filter import ask_about_sockets, refuse_sockets
from swis.offline.hook import refuse_connections

WATCHER = Path(__file__).with_name("watch.py")


def go_offline(record: Path | None = None, place: Callable[[], str] = str) -> bool:
    """Cut this process, and all it starts, off from other machines; gives whether the system enforces it too.

    Where it does not (another system than Linux, or one that allows no filter), the hook alone holds: Python's own
    connections are refused, but for those to this machine itself, and those of code in C are not. Where it does, no
    internet socket can be opened at all: a proxy on this machine would be a way out. `record` is the file in which
    attempts are noted, `place` says where those of Python happened.
    """
    listener = ask_about_sockets() if record else None
    if listener is not None and record is not None:
        _start_watcher(listener, record)
    is_enforced = listener is not None or refuse_sockets()
    refuse_connections(record, place=place, even_opening=is_enforced)
    return is_enforced


def _start_watcher(listener: int, record: Path) -> None:
    """Start the process that is asked; it ends with this one, whose end of a pipe stays open as long as it lives."""
    reading, _ = os.pipe()
    os.set_inheritable(listener, True)
    nothing = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_WRONLY, 0) for number in (1, 2)]
    words = [sys.executable, "-I", "-S", str(WATCHER), str(listener), str(record)]
    actions = [(os.POSIX_SPAWN_DUP2, reading, 0), *nothing]
    # A group of its own: a kernel that is to end waits for what its group still runs, and this ends after the kernel.
    os.posix_spawn(words[0], words, {}, file_actions=actions, setpgroup=0)
    os.close(reading)
    os.close(listener)
