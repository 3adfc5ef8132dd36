"""Our side of `pipeline.py`: the code cells of notebooks 1 to 3, in order, in one process.

The cells themselves are executed, so the benchmark cannot drift from what a run does: reading, checks, set-aside rows,
parquet files, the page and the hashes of the provenance are all in the time.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import pkgutil
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd

NOTEBOOKS = ("1_validate", "2_derive", "3_outcomes")
LINKED = ("params", "notebooks", "data_raw", "requirements.lock")
PACKAGES = ("academic_year", "derive", "io", "notebook", "outcomes", "params", "published", "sources", "validate")


def import_everything() -> None:
    """Every module the notebooks will use, the slow library of the rules among them, before any clock starts."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import swis

    for found in pkgutil.walk_packages(swis.__path__, "swis."):
        if found.name.split(".")[1] in PACKAGES:
            importlib.import_module(found.name)
    import pyarrow.parquet  # noqa: F401

    from swis.validate import engine

    engine._library()


@contextlib.contextmanager
def scratch_checkout(root: Path) -> Any:
    """A folder that looks like the checkout but keeps its own derived tables; the working directory while inside."""
    with tempfile.TemporaryDirectory() as name:
        for linked in LINKED:
            (Path(name) / linked).symlink_to(root / linked)
        with contextlib.chdir(name):
            yield Path(name)


def cells(notebook: Path, given: dict[str, str]) -> list[str]:
    """The code of a notebook's cells, the values given standing after its parameters."""
    held = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    found = []
    for cell in held:
        if cell["cell_type"] == "code":
            found.append("".join(cell["source"]))
        if "parameters" in cell["metadata"].get("tags", []):
            found.append("\n".join(f"{name} = {value!r}" for name, value in given.items()))
    return found


def run(root: Path, dataset: str, authority: str) -> dict[str, pd.DataFrame]:
    """Validate, derive and outcomes of one authority; the tables whose numbers are compared."""
    space: dict[str, Any] = {}
    for name in NOTEBOOKS:
        space = {}
        with contextlib.redirect_stdout(io.StringIO()):
            for code in cells(root / "notebooks" / f"{name}.ipynb", {"dataset": dataset, "authority": authority}):
                exec(compile(code, name, "exec"), space)
    return {
        "outcomes": space["table"],
        "participants": space["participants"],
        "group_counts": space["analysis"].group_counts,
        "waits": space["derived"].waits,
    }
