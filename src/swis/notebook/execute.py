"""Execute one notebook with papermill: parameters checked first, output private until it has run to its end."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from swis.errors import EXIT_BAD_INPUT, EXIT_FAILED, EXIT_OK, raise_if
from swis.io import write_text
from swis.kernels.names import kernel_name, template_folder
from swis.notebook.parameters import check_parameters

SLOW_NOTEBOOK_SECONDS = 1800


@dataclass(frozen=True)
class Outcome:
    """How a notebook ended. `lines` may be shown to anyone: problems of the input, or cell and exception class."""

    exit_code: int
    lines: list[str] = field(default_factory=list)


def execute_notebook(notebook: Path, executed: Path, parameters: dict[str, Any], working_folder: Path) -> Outcome:
    """Run `notebook` and keep the executed copy at `executed`, or at `<executed>.failed.ipynb` when it fails.

    The executed copy may hold values of children: it stays in data_derived. InputError for refused parameters.
    """
    raise_if(check_parameters(notebook, parameters))
    private = executed.with_suffix(".running.ipynb")
    failed = executed.with_suffix(".failed.ipynb")
    executed.parent.mkdir(parents=True, exist_ok=True)
    for stale in (executed, failed):
        stale.unlink(missing_ok=True)
    outcome = _run_papermill(notebook, private, parameters, working_folder)
    if private.exists():
        kept = nbformat.read(private, as_version=4)
        write_text(
            executed if outcome.exit_code == EXIT_OK else failed,
            nbformat.writes(_without_traces(kept)) + "\n",
        )
        private.unlink()
    return outcome


def _run_papermill(notebook: Path, private: Path, parameters: dict[str, Any], working_folder: Path) -> Outcome:
    # Imported here because it takes half a second that a refused parameter or a help text need not wait for.
    import papermill
    from papermill.exceptions import PapermillExecutionError
    from traitlets.config import Config

    from swis.notebook.engine import ENGINE, register_engine

    register_engine()
    logging.getLogger("papermill").setLevel(logging.ERROR)
    # Beside the template's socket, which goes away with the run even if this process is killed.
    folder = tempfile.mkdtemp(prefix="swis-kernel-", dir=template_folder())
    try:
        papermill.execute_notebook(
            str(notebook),
            str(private),
            parameters=parameters,
            cwd=str(working_folder),
            progress_bar=False,
            engine_name=ENGINE,
            kernel_name=kernel_name(),
            language="python",
            execution_timeout=SLOW_NOTEBOOK_SECONDS,
            config=Config(_kernel_options(folder)),
        )
    except PapermillExecutionError as error:
        return _failure(error)
    except Exception as error:  # a killed kernel, a timeout: whatever it is, its text may quote a cell's values
        return Outcome(EXIT_FAILED, [f"{notebook.name}: the kernel ended early ({type(error).__name__})"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return Outcome(EXIT_OK)


def _kernel_options(folder: str) -> dict[str, dict[str, str]]:
    """How to talk to the kernel: without waits, and through Unix sockets in a private folder of its own.

    TCP ports race when several kernels start at once. Sockets without a folder of their own do too: jupyter_client
    would put those of every kernel into the same working folder under the same names.
    """
    options = {"client_factory": "swis.notebook.engine.PromptClient"}
    if os.name == "posix":
        options |= {"transport": "ipc", "connection_file": str(Path(folder) / "kernel.json")}
    return {"KernelManager": options}


def _failure(error: Any) -> Outcome:
    """What may be said of a failed cell: an InputError is written for its reader; anything else by its class only."""
    if error.ename == "InputError":
        return Outcome(EXIT_BAD_INPUT, str(error.evalue).splitlines())
    return Outcome(EXIT_FAILED, [f"cell {error.exec_count} raised {error.ename}"])


def _without_traces(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook without times, paths and random identifiers, so that the same run gives the same bytes."""
    notebook.metadata.pop("papermill", None)
    for number, cell in enumerate(notebook.cells):
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = f"injected-{number}"
    return notebook
