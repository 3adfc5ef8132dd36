"""Large pages for the template's memory, of which every job gets a copy of the tables.

A process that has imported much has some 70,000 pages. To copy their table at a fork, and to take it down when the job
ends, would take as long as a quarter of a small notebook; in pages of 2 MB, which a job that writes splits for itself,
it takes a third of that.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from pathlib import Path

MADV_COLLAPSE = 25
LARGE_PAGE_BYTES = 2 << 20


def gather() -> int:
    """Put the memory of this process into large pages where the system can (Linux 6.1); gives how many there are."""
    advise = ctypes.CDLL(None).madvise
    advise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    # What cannot be gathered is refused and stays as it is.
    return sum(advise(start, LARGE_PAGE_BYTES, MADV_COLLAPSE) == 0 for start in _large_pages())


def _large_pages() -> Iterator[int]:
    """Where large pages would lie in what this process itself has written: neither files nor shared memory."""
    for line in Path("/proc/self/maps").read_text(encoding="utf-8").splitlines():
        addresses, rights, _, _, _, *name = line.split()
        if rights == "rw-p" and name in ([], ["[heap]"]):
            first, end = (int(text, 16) for text in addresses.split("-"))
            yield from range(
                -(-first // LARGE_PAGE_BYTES) * LARGE_PAGE_BYTES, end - LARGE_PAGE_BYTES + 1, LARGE_PAGE_BYTES
            )
