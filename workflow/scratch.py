"""A scratch copy of the checkout, so that tests never write into the one they test."""

from __future__ import annotations

import shutil
from pathlib import Path

COPIED = ("params", "notebooks", "workflow", "src", "tests/notebooks", "data_raw/demo", "data_raw/published")
FILES = ("requirements.lock", "pyproject.toml", "data_raw/README.md")


def make_scratch(root: Path, scratch: Path) -> Path:
    """Copy what a run of the demo needs from `root` to `scratch`, which must not exist yet; returns `scratch`."""
    for folder in COPIED:
        if (root / folder).is_dir():
            shutil.copytree(root / folder, scratch / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        if (root / name).exists():
            (scratch / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / name, scratch / name)
    return scratch
