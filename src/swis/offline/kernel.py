"""The kernel that notebooks of a run execute in: IPython's own, offline before its first cell.

Named to the kernel by an argument on its command line, so it holds in a warm kernel and in a plain one alike, and a
kernel that could not take the guard on does not start.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ipykernel.ipkernel import IPythonKernel

from swis.offline.guard import go_offline
from swis.offline.record import NAME


class OfflineKernel(IPythonKernel):
    """IPython's kernel without a network."""

    def __init__(self, **options: Any) -> None:
        """Take on the guard, then become the kernel; its own channels are bound already."""
        # Counted here, because from when on a cell has its number differs between versions of IPython.
        self._cells = 0
        connection = Path(options["parent"].abs_connection_file)
        go_offline(connection.with_name(NAME), self._place)
        super().__init__(**options)
        self.shell.events.register("pre_run_cell", self._count)

    def _count(self, cell: Any) -> None:
        self._cells += bool(cell.store_history)

    def _place(self) -> str:
        return f"cell {self._cells}"
