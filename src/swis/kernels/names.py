"""The kernel `swis-warm`: where its specification lies, and when a notebook should ask for it."""

from __future__ import annotations

import os
import sys
from importlib.metadata import entry_points
from pathlib import Path

from swis.kernels.ask import SOCKET

WARM = "swis-warm"
PLAIN = "python3"
# Stands in JUPYTER_PATH for clients of Jupyter to find the specification.
SHARE = Path(__file__).parent / "share"


def kernel_name() -> str:
    """Name of the kernel to run a notebook in: the warm one where a template is said to answer, else the plain one."""
    is_found = str(SHARE) in os.environ.get("JUPYTER_PATH", "").split(os.pathsep)
    return WARM if os.environ.get(SOCKET) and is_found and sys.platform.startswith("linux") else PLAIN


def is_known() -> bool:
    """Whether Jupyter knows of the kernel's provisioner: not in an environment that was made before there was one."""
    return bool(entry_points(group="jupyter_client.kernel_provisioners", name=WARM))


def template_folder() -> str | None:
    """The private folder of the template that jobs of this environment may ask, or None where there is none."""
    named = os.environ.get(SOCKET)
    return str(Path(named).parent) if named and Path(named).exists() else None
