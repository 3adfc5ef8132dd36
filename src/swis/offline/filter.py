"""The filter: Linux itself refuses this process and all it starts every internet socket (seccomp, no root needed).

It holds for code in C and for other programs too, neither of which the audit hook sees, and cannot be taken off.
A network namespace of one's own would do the same, but many systems let no ordinary user make one (Ubuntu since 24.04,
Docker by default); a filter is allowed nearly everywhere, because it can only take rights away.

Source: Linux manual pages seccomp(2) and prctl(2), and the kernel's `linux/filter.h`, `linux/seccomp.h`.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
import sys
from dataclasses import dataclass

PR_SET_NO_NEW_PRIVS, SECCOMP_SET_MODE_FILTER = 38, 1
# All threads of the process at once; with a descriptor by which another process is asked; errors as error numbers.
TSYNC, NEW_LISTENER, TSYNC_ESRCH = 1, 8, 16
LOAD_WORD, JUMP_EQUAL, JUMP_AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
ALLOW, REFUSE, ASK = 0x7FFF0000, 0x00050000 | errno.EACCES, 0x7FC00000
# Offsets in `struct seccomp_data`: number of the call, architecture, lower half of the first argument.
NUMBER, ARCHITECTURE, FIRST = 0, 4, 16
# Families that stay on this machine: AF_UNIX and AF_NETLINK, by which a process asks its own kernel.
LOCAL_FAMILIES = (1, 16)


@dataclass(frozen=True)
class Machine:
    """The numbers of one architecture: its own, those of the calls, and from where on numbers are of another ABI."""

    audit: int
    socket: int
    seccomp: int
    foreign_from: int
    io_uring_setup: int = 425


MACHINES = {
    "x86_64": Machine(audit=0xC000003E, socket=41, seccomp=317, foreign_from=0x40000000),
    "aarch64": Machine(audit=0xC00000B7, socket=198, seccomp=277, foreign_from=0x40000000),
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def refuse_sockets() -> bool:
    """Refuse this process and what it starts all but local sockets; False where the system cannot do it.

    A refused call ends with 'permission denied', at once and without a word to the outside.
    """
    return _take_on(TSYNC, REFUSE) == 0


def ask_about_sockets() -> int | None:
    """As `refuse_sockets`, but whoever reads the descriptor that is returned decides and answers (Linux 5.7 or later).

    None where the system cannot do it. With the descriptor closed everywhere, Linux refuses by itself.
    """
    listener = _take_on(TSYNC | NEW_LISTENER | TSYNC_ESRCH, ASK)
    return listener if listener >= 0 else None


def _take_on(flags: int, answer: int) -> int:
    machine = MACHINES.get(platform.machine()) if sys.platform == "linux" else None
    if machine is None or sys.maxsize < 2**32:
        return -1
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return -1
    code = program(machine, answer)
    held = _Program(len(code) // 8, code)
    return int(library.syscall(machine.seccomp, SECCOMP_SET_MODE_FILTER, flags, ctypes.byref(held)))


def program(machine: Machine, answer: int = REFUSE) -> bytes:
    """The filter's instructions: one jump a question, all questions before the answers at the end.

    `answer` is for a socket that would not stay on this machine; what tries to get round the question is refused.
    """
    questions = [
        (LOAD_WORD, ARCHITECTURE, None, None),
        # Calls of another architecture (32 bit) have other numbers: none of ours makes one.
        (JUMP_EQUAL, machine.audit, "next", "refuse"),
        (LOAD_WORD, NUMBER, None, None),
        (JUMP_AT_LEAST, machine.foreign_from, "refuse", "next"),
        # It opens sockets without asking for one.
        (JUMP_EQUAL, machine.io_uring_setup, "refuse", "next"),
        (JUMP_EQUAL, machine.socket, "next", "allow"),
        (LOAD_WORD, FIRST, None, None),
        *((JUMP_EQUAL, family, "allow", "next") for family in LOCAL_FAMILIES),
    ]
    answers = {"answer": answer, "refuse": REFUSE, "allow": ALLOW}
    places = {name: len(questions) + place for place, name in enumerate(answers)}

    def step(target: str | None, place: int) -> int:
        return 0 if target in (None, "next") else places[str(target)] - place - 1

    coded = [
        struct.pack("HBBI", code, step(yes, place), step(no, place), value)
        for place, (code, value, yes, no) in enumerate(questions)
    ]
    return b"".join([*coded, *(struct.pack("HBBI", RETURN, 0, 0, value) for value in answers.values())])
