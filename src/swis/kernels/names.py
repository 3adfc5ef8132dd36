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
    """Name of the kernel to run a notebook in: the warm one where a template is said to answer, else the plain one.

    An environment that was made before there were warm kernels does not know them: it gets plain ones.
    """
    if not os.environ.get(SOCKET) or not sys.platform.startswith("linux"):
        return PLAIN
    is_known = bool(entry_points(group="jupyter_client.kernel_provisioners", name=WARM))
    is_found = str(SHARE) in os.environ.get("JUPYTER_PATH", "").split(os.pathsep)
    return WARM if is_known and is_found else PLAIN


def template_folder() -> str | None:
    """The private folder of the template that jobs of this environment may ask, or None where there is none."""
    named = os.environ.get(SOCKET)
    return str(Path(named).parent) if named and Path(named).exists() else None
