"""Run a notebook several times in one process, by one of the tools that `warm_kernels.py` compares.

    python run_notebooks.py TOOL NOTEBOOK COPY...

Tools: `papermill` and `engine`, papermill's Python API with its own engine and with ours; `nbclient`; `stage`, what a
job of `swis run` does.
"""

from __future__ import annotations

import sys
from pathlib import Path

from swis.kernels.names import PLAIN, WARM


def by_papermill(notebook: str, copy: str, engine: str | None = None, kernel: str = PLAIN) -> None:
    import papermill

    papermill.execute_notebook(notebook, copy, progress_bar=False, engine_name=engine, kernel_name=kernel)


def by_engine(notebook: str, copy: str) -> None:
    by_papermill(notebook, copy, WARM, WARM)


def by_nbclient(notebook: str, copy: str) -> None:
    import nbformat
    from nbclient import NotebookClient

    held = nbformat.read(notebook, as_version=4)
    NotebookClient(held, kernel_name=PLAIN).execute()
    nbformat.write(held, copy)


def by_stage(notebook: str, copy: str) -> None:
    from swis.notebook.execute import execute_notebook

    outcome = execute_notebook(Path(notebook), Path(copy), {}, Path(notebook).parent)
    if outcome.exit_code:
        raise SystemExit(str(outcome.lines))


TOOLS = {"papermill": by_papermill, "engine": by_engine, "nbclient": by_nbclient, "stage": by_stage}


def main() -> int:
    tool, notebook, *copies = sys.argv[1:]
    for copy in copies:
        TOOLS[tool](notebook, copy)
    return 0


if __name__ == "__main__":
    sys.exit(main())
