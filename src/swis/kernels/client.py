"""A client of a kernel without jupyter_client's wait: a kernel is taken to be ready when it says so."""

from __future__ import annotations

import time
from queue import Empty

from jupyter_client.asynchronous import AsyncKernelClient

REPLY_SECONDS = 1.0
# The second channel answers at once, or is not connected yet.
STATUS_SECONDS = 0.2


class PromptClient(AsyncKernelClient):
    """A client that is ready as soon as the kernel has answered a first request on both channels.

    jupyter_client's own waits until nothing has come for a fifth of a second, at every start.
    """

    def start_channels(
        self, shell: bool = True, iopub: bool = True, stdin: bool = False, hb: bool = False, control: bool = True
    ) -> None:
        """Start the channels, by themselves neither the heartbeat's thread nor the one for questions to a reader.

        Whether the kernel lives is asked of the process; a notebook that is executed has no reader.
        """
        super().start_channels(shell=shell, iopub=iopub, stdin=stdin, hb=hb, control=control)

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
