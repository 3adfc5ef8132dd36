"""Resolve the requirements and write the lock files and environment.yml. Needs uv; run by `make lock`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from environment import environment_text

ROOT = Path(__file__).resolve().parents[1]
# A lock without host names, for every system, that `pip install --require-hashes` takes.
OPTIONS = [
    "--universal", "--python-version", "3.11", "--generate-hashes",
    "--no-header", "--no-annotate", "--no-emit-index-url", "--upgrade",
]  # fmt: skip


def compile_lock(groups: list[str], target: str, *constraints: str) -> None:
    """Write one lock file for the package and these dependency groups."""
    chosen = [part for group in groups for part in ("--group", group)]
    bound = [part for name in constraints for part in ("-c", name)]
    command = ["uv", "pip", "compile", "-q", "pyproject.toml", *chosen, *OPTIONS, *bound, "-o", target]
    subprocess.run(command, cwd=ROOT, check=True)


def main() -> int:
    """Write requirements.lock, those of the lab, the browser tests and a cluster, and environment.yml."""
    compile_lock(["build", "test"], "requirements.lock")
    # JupyterLab's own packages make every process slower, so they have a lock and an environment of their own.
    compile_lock(["build", "test", "lab"], "requirements-lab.lock", "requirements.lock")
    # The browser's driver is large, and only `make test-browser` asks for it.
    compile_lock(["build", "test", "browser"], "requirements-browser.lock", "requirements.lock")
    # Only a cluster needs Snakemake's plug-in for it; the tests come along for `make test-cluster`.
    compile_lock(["build", "test", "cluster"], "requirements-cluster.lock", "requirements.lock")
    (ROOT / "environment.yml").write_text(environment_text(ROOT), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
