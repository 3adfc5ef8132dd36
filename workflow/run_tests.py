"""`make test`: the tests by purpose, then every notebook again on the demo data against its reference copy."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from scratch import make_scratch

ROOT = Path(__file__).resolve().parents[1]
WORKERS = "2"


def pytest_command(*words: str) -> list[str]:
    """pytest by the running interpreter, one file to one worker (nbval needs a notebook's cells together)."""
    return [sys.executable, "-m", "pytest", *words]


def run_tests_by_purpose() -> int:
    """All tests but the notebooks'; returns pytest's exit code."""
    return subprocess.run(pytest_command("-q", "-n", WORKERS, "--dist", "loadfile", "tests"), cwd=ROOT).returncode


def run_notebooks() -> int:
    """Run the demo in a scratch checkout, then nbval, strictly, on the reference copies there."""
    with tempfile.TemporaryDirectory(prefix="swis-notebooks-") as folder:
        scratch = make_scratch(ROOT, Path(folder) / "compendium")
        environment = {**os.environ, "PYTHONHASHSEED": "0", "GX_ANALYTICS_ENABLED": "false"}
        demo = [sys.executable, "-m", "swis.cli", "run", "--dataset", "demo", "--jobs", WORKERS]
        code = subprocess.run(demo, cwd=scratch, env=environment).returncode
        if code != 0:
            print("the demo did not run to its end, so the notebooks were not compared")
            return code
        reference = scratch / "tests" / "notebooks" / "reference"
        options = ["--nbval", "--nbval-sanitize-with", str(reference / "sanitize.cfg"), "-p", "no:xdist"]
        command = pytest_command("-q", *options, *sorted(str(path) for path in reference.glob("*.ipynb")))
        return subprocess.run([*command, "-W", "default"], cwd=scratch, env=environment).returncode


def main() -> int:
    """The worse of the two exit codes."""
    return max(run_tests_by_purpose(), run_notebooks())


if __name__ == "__main__":
    sys.exit(main())
