"""Where all goes that a stage and its kernel say besides their result: it may quote a child's values."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

OUTPUTS = (1, 2)


@contextlib.contextmanager
def private_streams(log: Path) -> Iterator[None]:
    """While inside, what this process and all it starts write to their standard streams goes to the file `log`.

    Only its owner can read it; it is removed where nothing was said. It holds below Python's own streams, so for
    libraries in C, for other programs and for the last words of a dying kernel too.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    log.unlink(missing_ok=True)
    with contextlib.ExitStack() as kept:
        into = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        kept.callback(os.close, into)
        for number in OUTPUTS:
            saved = os.dup(number)
            kept.callback(os.close, saved)
            kept.callback(os.dup2, saved, number)
        _flush()
        for number in OUTPUTS:
            os.dup2(into, number)
        try:
            yield
        finally:
            _flush()
    if log.stat().st_size == 0:
        log.unlink()


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
