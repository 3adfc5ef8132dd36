"""The audit hook: Python itself asks it before every connection, and it cannot be taken off again.

It sees what goes through Python's sockets, so every library written in Python, and can say so: an attempt is recorded
even where the library swallows the error, as telemetry does. It does not see sockets opened in C (the filter does).
What is recorded is the kind of attempt and never its address: a host name may carry what must not leave.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path

# Where the address stands among the arguments of each event (Python's table of audit events).
ADDRESS = {"socket.connect": 1, "socket.sendto": 1, "socket.sendmsg": 1}
# What asks a name server, and with it says a name to the outside.
HOST = {"socket.getaddrinfo": 0, "socket.gethostbyname": 0, "socket.gethostbyaddr": 0, "socket.getnameinfo": 0}
INTERNET = frozenset({socket.AF_INET, socket.AF_INET6})
_is_on, _was_tried = threading.Event(), threading.Event()


class NetworkError(PermissionError):
    """Something tried to reach another machine; the message says what kind of attempt it was, not where to."""


def refuse_connections(
    record: Path | None = None, *, place: Callable[[], str] = str, even_opening: bool = False
) -> None:
    """From now on every attempt to reach another machine raises NetworkError and is noted in the file `record`.

    `place` says where the process is at that time, for the note. With `even_opening` an internet socket may not be
    opened at all, to this machine itself neither. It holds for the rest of the process and for those forked from it;
    a second call changes nothing.
    """
    if _is_on.is_set():
        return
    _is_on.set()
    write = _writer(record) if record else lambda line: None

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if not event.startswith("socket."):
            return
        opens = even_opening and event == "socket.__new__" and arguments[1] in INTERNET
        if not opens and not _leaves(event, arguments):
            return
        # Libraries try out at import what the machine can do (urllib3, whether there is IPv6): that reaches nobody.
        if not (opens and _is_importing()):
            _was_tried.set()
            write(f"{place()} ({event})")
        raise NetworkError(f"no network here: {event} was refused")

    sys.addaudithook(hook)


def raise_if_tried() -> None:
    """NetworkError where an attempt was refused before, even if whoever made it went on: nothing may be kept then."""
    if _was_tried.is_set():
        raise NetworkError("something tried to reach the network before this")


def _writer(record: Path) -> Callable[[str], None]:
    # Opened once, so that neither a change of folder nor a full table of files stands between attempt and note.
    descriptor = os.open(record, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)

    def write(line: str) -> None:
        os.write(descriptor, f"{line}\n".encode())

    return write


def _is_importing() -> bool:
    frame = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_filename == "<frozen importlib._bootstrap>":
            return True
        frame = frame.f_back  # type: ignore[assignment]
    return False


def _leaves(event: str, arguments: tuple[object, ...]) -> bool:
    """Whether what an audit event announces would go beyond this machine."""
    if event in HOST:
        return not is_local(_host(arguments[HOST[event]]))
    if event not in ADDRESS:
        return False
    opened, address = arguments[0], arguments[ADDRESS[event]]
    # Without an address the socket is connected already, and that was asked.
    if address is None or getattr(opened, "family", None) == socket.AF_UNIX:
        return False
    return not is_local(_host(address)) if getattr(opened, "family", None) in INTERNET else _is_foreign(opened)


def _host(address: object) -> object:
    return address[0] if isinstance(address, tuple) and address else address


def _is_foreign(opened: object) -> bool:
    # Netlink only talks to this machine's own system; all that is not known to stay here is refused.
    return getattr(opened, "family", None) != getattr(socket, "AF_NETLINK", None)


def is_local(host: object) -> bool:
    """Whether a host is this machine's own loopback: named, numbered, or left out."""
    if host is None or host in ("", b""):
        return True
    text = host.decode("ascii", "replace") if isinstance(host, bytes | bytearray) else str(host)
    if text.lower() == "localhost":
        return True
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return bool((mapped or found).is_loopback)
