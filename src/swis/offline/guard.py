"""Both halves of the guard, put on together and for good."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from swis.offline.filter import refuse_sockets
from swis.offline.hook import refuse_connections


def go_offline(record: Path | None = None, place: Callable[[], str] = str) -> bool:
    """Cut this process, and all it starts, off from other machines; gives whether the system enforces it too.

    Where it does not (another system than Linux, or one that allows no filter), the hook alone holds: Python's own
    connections are refused, but for those to this machine itself, and those of code in C are not. Where it does, no
    internet socket can be opened at all: a proxy on this machine would be a way out. `record` is the file in which
    attempts are noted, `place` says where they happened.
    """
    is_enforced = refuse_sockets()
    refuse_connections(record, place=place, even_opening=is_enforced)
    return is_enforced
