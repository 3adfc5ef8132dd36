"""`python -m swis.offline`: put the guard on and try it, so that a data owner can see what holds on this machine."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys

from swis.offline.guard import go_offline
from swis.offline.hook import NetworkError

# An address of the block kept for documentation (RFC 5737): nobody is there.
NOBODY = ("192.0.2.1", 9)
CHILD = "import socket; socket.socket(socket.AF_INET)"


def main() -> int:
    """Try three ways out and say how each ended; 0 where all are closed, 1 where one is open."""
    is_enforced = go_offline()
    said = {
        "connections of Python": _is_refused(),
        "internet sockets of any code (enforced by Linux)": is_enforced,
        "internet sockets of programs it starts": _is_child_refused(),
    }
    for what, is_closed in said.items():
        print(f"{what}: {'refused' if is_closed else 'NOT refused'}")
    return 0 if all(said.values()) else 1


def _is_refused() -> bool:
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as opened:
        opened.settimeout(0.1)
        try:
            opened.connect(NOBODY)
        except NetworkError:
            return True
        return False
    return True


def _is_child_refused() -> bool:
    done = subprocess.run([sys.executable, "-S", "-E", "-c", CHILD], capture_output=True)
    return done.returncode != 0


if __name__ == "__main__":
    sys.exit(main())
