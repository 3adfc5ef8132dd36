"""The papermill engine `swis-warm`: papermill's own without its waits, in a warm kernel where there is one.

    papermill --engine swis-warm in.ipynb out.ipynb

Kernel and client speak through Unix sockets in a private folder; a kernel is taken to be ready when it says so; the
growing notebook is written when it starts and when it ends, not twice a cell. What it gives is what papermill gives.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from papermill.engines import NBClientEngine
from traitlets.config import Config

from swis.kernels.names import PLAIN, kernel_name, template_folder

MANAGER = "swis.kernels.manager.PromptManager"


class WarmEngine(NBClientEngine):
    """Runs a notebook whole, well or badly, one whose kernel was killed included."""

    @classmethod
    def nb_kernel_name(cls, nb: Any, name: str | None = None) -> str:
        """The kernel that is asked for; a notebook that names Python's plain one gets a warm one where there is one."""
        found = str(super().nb_kernel_name(nb, name))
        return kernel_name() if name is None and found == PLAIN else found

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, *, config: Config | None = None, **options: Any
    ) -> Any:
        """Execute the cells; the manager saves after each of them only while it knows where to.

        `config` may name the kernel's connection file (KernelManager.connection_file): its sockets go beside it.
        """
        place, nb_man.output_path = nb_man.output_path, None
        # Beside the template's socket, which goes away with the run even if this process is killed.
        with tempfile.TemporaryDirectory(prefix="swis-kernel-", dir=template_folder()) as folder:
            chosen = Config(
                NotebookClient=Config(kernel_manager_class=MANAGER),
                KernelManager=Config(connection_file=str(Path(folder, "kernel.json"))),
            )
            chosen.merge(config or {})
            try:
                return super().execute_managed_notebook(nb_man, kernel_name, config=chosen, **options)
            finally:
                nb_man.output_path = place
