"""The watcher beside a kernel: Linux asks it about each internet socket that the filter caught; it notes and refuses.

    python -I -S watch.py LISTENER RECORD

So that a run fails by attempts of code in C and of other programs too, even where nobody looks at their errors. It ends
when its standard input does, which is when the kernel has ended. If it is lost, Linux refuses without asking. A process
of its own, because a thread would need the interpreter's lock, which the code that is asked about may hold.

Source: Linux manual page seccomp_unotify(2). Needs the standard library only, so it starts in 15 ms.
"""

from __future__ import annotations

import errno
import fcntl
import os
import select
import signal
import struct
import sys

# _IOWR('!', 0, struct seccomp_notif) and _IOWR('!', 1, struct seccomp_notif_resp).
RECEIVE, SEND = 0xC0502100, 0xC0182101
QUESTION_BYTES = 80
ANSWER = struct.Struct("QqiI")
NOTE = b"code in C or a program it started (socket)\n"


def watch(listener: int, owner: int, record: int) -> None:
    """Answer until the owner's end of the pipe is closed."""
    poll = select.poll()
    for descriptor in (listener, owner):
        poll.register(descriptor, select.POLLIN)
    while not any(descriptor == owner for descriptor, _ in poll.poll()):
        question = bytearray(QUESTION_BYTES)
        try:
            fcntl.ioctl(listener, RECEIVE, question)
            # Before the answer, so that the note is there whatever the program does next.
            os.write(record, NOTE)
            number = int.from_bytes(question[:8], sys.byteorder)
            fcntl.ioctl(listener, SEND, ANSWER.pack(number, 0, -errno.EACCES, 0))
        except OSError as error:
            # Who asked has ended meanwhile.
            if error.errno not in (errno.ENOENT, errno.EINTR):
                raise


def main() -> int:
    """Serve the listener and the record named on the command line."""
    # Interrupts go to the kernel's whole group.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    record = os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    watch(int(sys.argv[1]), 0, record)
    return 0


if __name__ == "__main__":
    sys.exit(main())
