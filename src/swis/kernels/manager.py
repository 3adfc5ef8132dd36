"""A manager of kernels without jupyter_client's waits: for programs that run notebooks, not for readers of them."""

from __future__ import annotations

import inspect
import os
from typing import Any

from jupyter_client import AsyncKernelManager
from traitlets import default


class PromptManager(AsyncKernelManager):
    """Starts and ends one kernel, reached through Unix sockets beside its connection file where there are such.

    TCP ports race when several kernels start at once. Sockets without a folder of their own do too: jupyter_client
    would put those of every kernel into the same working folder under the same names.
    """

    @default("client_factory")
    def _prompt_client(self) -> str:
        return "swis.kernels.client.PromptClient"

    @default("transport")
    def _unix_sockets(self) -> str:
        return "ipc" if os.name == "posix" else "tcp"

    async def start_kernel(self, **options: Any) -> Any:
        """As it is, without the sleep of a hundredth of a second that is there for jupyter_client's own tests."""
        return await _within(super().start_kernel)(self, **options)

    async def shutdown_kernel(self, now: bool = False, restart: bool = False) -> Any:
        """As it is, without that sleep."""
        return await _within(super().shutdown_kernel)(self, now=now, restart=restart)


def _within(method: Any) -> Any:
    """The function that a decorator wraps: `in_pending_state` is what sleeps."""
    return inspect.unwrap(method.__func__)
