"""R run again on our own tables, where it is installed."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from .references import OWN_FOLDER


def find_r() -> str | None:
    """Path of Rscript, or None where R is not installed."""
    return shutil.which("Rscript")


def run_r(rscript: str, folder: Path = OWN_FOLDER) -> dict[str, Any]:
    """What `fits.R` makes of the tables now; RuntimeError with R's last words when it fails."""
    with tempfile.TemporaryDirectory() as scratch:
        results = Path(scratch) / "results.json"
        command = [rscript, str(folder / "fits.R"), str(folder), str(results)]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        if ended.returncode != 0 or not results.exists():
            said = (ended.stderr or ended.stdout).strip()[-800:]
            raise RuntimeError(f"R ended with code {ended.returncode} on {folder / 'fits.R'}: {said}")
        return dict(json.loads(results.read_text(encoding="utf-8")))
