"""The papermill engine of this project: papermill's own, but the growing notebook is not written twice a cell."""

from __future__ import annotations

from typing import Any

from papermill.engines import NBClientEngine, papermill_engines

ENGINE = "swis"


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


def register_engine() -> None:
    """Make the engine known to papermill under `ENGINE`."""
    papermill_engines.register(ENGINE, WholeNotebookEngine)
