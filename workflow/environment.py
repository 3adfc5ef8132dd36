"""environment.yml, made from pyproject.toml and the lock: conda supplies Python and the tools, pip the locked rest."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

HEAD = """\
# Made by `make lock` from pyproject.toml and requirements-lab.lock; do not edit. Holds every group, JupyterLab too.
#   conda env create -f environment.yml && conda activate swis && pip install --no-deps --no-build-isolation -e .
name: swis
channels: [conda-forge, nodefaults]
dependencies:
  - python {python}
  - git
  - make
  - pip
  - pip:
"""


def locked_requirements(lock: str) -> list[str]:
    """The `name==version ; marker` lines of a lock file, without hashes."""
    return [line.removesuffix("\\").strip() for line in lock.splitlines() if re.match(r"[a-z0-9]", line)]


def environment_text(root: Path) -> str:
    """The text of environment.yml for the project at `root`."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lock = (root / "requirements-lab.lock").read_text(encoding="utf-8")
    lines = [f'      - "{requirement}"' for requirement in locked_requirements(lock)]
    return HEAD.format(python=project["requires-python"]) + "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(environment_text(Path(__file__).resolve().parents[1]))
