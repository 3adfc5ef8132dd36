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
from swis.io import read_text, write_text
from swis.kernels.names import WARM, kernel_name, template_folder
from swis.notebook.parameters import check_parameters
from swis.offline.record import ARGUMENT, NAME

SLOW_NOTEBOOK_SECONDS = 1800
LONGEST_NAME = 60
NO_NETWORK = "a run on children's returns has none"


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
        place = executed if outcome.exit_code == EXIT_OK else failed
        write_text(place, nbformat.writes(_without_traces(kept)) + "\n")
        if place == failed:
            # A traceback shows rows: for the eyes of its owner only.
            failed.chmod(0o600)
        private.unlink()
    return outcome


def _run_papermill(notebook: Path, private: Path, parameters: dict[str, Any], working_folder: Path) -> Outcome:
    # Beside the template's socket, which goes away with the run even if this process is killed.
    folder = Path(tempfile.mkdtemp(prefix="swis-kernel-", dir=template_folder()))
    try:
        outcome = _run_with_kernel_in(folder, notebook, private, parameters, working_folder)
        tried = _noted(folder / NAME)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    # Even where the cell went on as if nothing had happened, as telemetry does.
    lines = [f"{place} tried to reach the network: {NO_NETWORK}" for place in tried]
    return Outcome(EXIT_FAILED, lines) if lines else outcome


def _noted(record: Path) -> list[str]:
    return list(dict.fromkeys(read_text(record).splitlines())) if record.exists() else []


def _run_with_kernel_in(
    folder: Path, notebook: Path, private: Path, parameters: dict[str, Any], working_folder: Path
) -> Outcome:
    # Imported here because it takes half a second that a refused parameter or a help text need not wait for.
    import papermill
    from papermill.engines import papermill_engines
    from papermill.exceptions import PapermillExecutionError
    from traitlets.config import Config

    from swis.kernels.engine import WarmEngine

    kernel = kernel_name()
    if kernel == WARM:
        # Known by an entry point too, but not in an environment that was made before there was one.
        papermill_engines.register(WARM, WarmEngine)
    logging.getLogger("papermill").setLevel(logging.ERROR)
    try:
        papermill.execute_notebook(
            str(notebook),
            str(private),
            parameters=parameters,
            cwd=str(working_folder),
            progress_bar=False,
            # Where kernels are plain, so is papermill: that both give the same bytes is what the tests prove.
            engine_name=WARM if kernel == WARM else None,
            kernel_name=kernel,
            language="python",
            execution_timeout=SLOW_NOTEBOOK_SECONDS,
            config=Config(_kernel_options(folder)),
        )
    except PapermillExecutionError as error:
        return _failure(error)
    except Exception as error:  # a killed kernel, a timeout: whatever it is, its text may quote a cell's values
        return Outcome(EXIT_FAILED, [f"{notebook.name}: the kernel ended early ({type(error).__name__})"])
    return Outcome(EXIT_OK)


def _kernel_options(folder: Path) -> dict[str, dict[str, Any]]:
    """How to start the kernel: offline, with its channels beside the record of what it tried.

    Through Unix sockets where there are such, because TCP ports race when several kernels start at once.
    """
    options = {"connection_file": str(folder / "kernel.json"), "transport": "ipc" if os.name == "posix" else "tcp"}
    return {"KernelManager": options, "NotebookClient": {"extra_arguments": [ARGUMENT]}}


def _failure(error: Any) -> Outcome:
    """What may be said of a failed cell: an InputError is written for its reader; anything else by its class only."""
    if error.ename == "InputError":
        return Outcome(EXIT_BAD_INPUT, str(error.evalue).splitlines())
    # A class can be made at run time and be called anything.
    name = error.ename if str(error.ename).isidentifier() and len(error.ename) < LONGEST_NAME else "an exception"
    return Outcome(EXIT_FAILED, [f"cell {error.exec_count} raised {name}"])


def _without_traces(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook without times, paths and random identifiers, so that the same run gives the same bytes."""
    notebook.metadata.pop("papermill", None)
    for number, cell in enumerate(notebook.cells):
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = f"injected-{number}"
    return notebook
