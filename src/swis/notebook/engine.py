"""The papermill engine of this project: papermill's own without its waits.

The growing notebook is not written twice a cell, and a kernel is taken to be ready when it says so.
"""

from __future__ import annotations

import time
from queue import Empty
from typing import Any

from jupyter_client.asynchronous import AsyncKernelClient
from papermill.engines import NBClientEngine, papermill_engines

ENGINE = "swis"
REPLY_SECONDS = 1.0
# The second channel answers at once, or is not connected yet.
STATUS_SECONDS = 0.2


class WholeNotebookEngine(NBClientEngine):
    """Writes the notebook when it starts and when it ends, well or badly, a kernel that was killed included."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> Any:
        """Execute the cells; the manager saves after each of them only while it knows where to."""
        place, nb_man.output_path = nb_man.output_path, None
        try:
            return super().execute_managed_notebook(nb_man, kernel_name, **options)
        finally:
            nb_man.output_path = place


class PromptClient(AsyncKernelClient):
    """A client that is ready as soon as the kernel has answered a first request on both channels.

    jupyter_client's own waits until nothing has come for a fifth of a second, at every start.
    """

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Ask for the kernel's description until it has been given whole; RuntimeError where it never is."""
        until = float("inf") if timeout is None else time.monotonic() + timeout
        while time.monotonic() < until:
            if await self._answers(self.kernel_info()):
                return
            if not await self.is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
        raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")

    async def _answers(self, request: str) -> bool:
        """Whether the reply to a request has come, and on the other channel that the kernel is idle after it.

        Messages of the start stand before these; a channel that is not connected yet has lost them, then it is no.
        """
        try:
            while True:
                reply = await self.get_shell_msg(timeout=REPLY_SECONDS)
                if reply["parent_header"].get("msg_id") == request:
                    break
            while True:
                said = await self.get_iopub_msg(timeout=STATUS_SECONDS)
                is_idle = said["msg_type"] == "status" and said["content"]["execution_state"] == "idle"
                if is_idle and said["parent_header"].get("msg_id") == request:
                    return True
        except Empty:
            return False


def register_engine() -> None:
    """Make the engine known to papermill under `ENGINE`."""
    papermill_engines.register(ENGINE, WholeNotebookEngine)
