"""What a kernel and the process that started it agree on: how it is told to be offline, and where it notes attempts."""

from __future__ import annotations

# On the kernel's command line.
ARGUMENT = "--IPKernelApp.kernel_class=swis.offline.kernel.OfflineKernel"
# Beside the kernel's connection file, in a private folder that the process that started it reads at the end. A line is
# 'cell 4 (socket.connect)'.
NAME = "network-attempts"
