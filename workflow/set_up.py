"""Make the environment from the hash-locked requirements, with nothing but Python's standard library.

uv is used where it is on the path, else pip. Bytecode is compiled here, once, because a notebook that has to
compile its libraries at every start takes three times as long.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OLDEST_PYTHON = (3, 11)


def main() -> int:
    """Make `.venv` (or that of another lock) and mark it ready; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--with", dest="more", choices=["lab", "browser", "cluster"],
        help="an environment of its own: with JupyterLab in .venv-lab, with a browser's driver in .venv-browser, "
        "with what submits to a Slurm cluster in .venv-cluster",
    )  # fmt: skip
    chosen = parser.parse_args()
    if sys.version_info < OLDEST_PYTHON:
        print(f"Python {sys.version.split()[0]} is too old; expected 3.11 or later; try: make PYTHON=python3.11 …")
        return 2
    ending = f"-{chosen.more}" if chosen.more else ""
    folder, lock = ROOT / f".venv{ending}", ROOT / f"requirements{ending}.lock"
    (folder / ".ready").unlink(missing_ok=True)
    print(f"Installing {lock.name} into {folder.name} …", flush=True)
    try:
        make_environment(folder)
    except subprocess.CalledProcessError:
        print(f"{folder.name} cannot be made; expected a Python with venv and pip; Debian has them in python3-venv")
        return 2
    install(folder, lock)
    (folder / ".ready").write_text("ready\n", encoding="utf-8")
    print(f"{folder.name} is ready.")
    return 0


def make_environment(folder: Path) -> None:
    """A virtual environment with pip, where there is none yet; no half of one is left for the next try."""
    if (folder / "bin" / "python").exists():
        return
    try:
        venv.create(folder, with_pip=True, symlinks=True)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def install(folder: Path, lock: Path) -> None:
    """Install the locked packages and this one (editable), then compile bytecode."""
    python = folder / "bin" / "python"
    uv = shutil.which("uv")
    pip = [uv, "pip", "install", "-q", "--python", str(python)] if uv else [str(python), "-m", "pip", "install", "-q"]
    # The lock is complete, so nothing is resolved here; pip would otherwise complain about markers of other systems.
    subprocess.run([*pip, "--require-hashes", "--no-deps", "-r", str(lock)], check=True)
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "-e", str(ROOT)], check=True)
    ask = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    site = subprocess.run(ask, check=True, capture_output=True, text=True).stdout.strip()
    compile_bytecode(python, Path(site), ROOT / "src")


def compile_bytecode(python: Path, *folders: Path) -> None:
    """Compile every module below the folders; compileall writes even where PYTHONDONTWRITEBYTECODE is set.

    A few libraries ship templates that are not valid Python: compileall counts them as errors, we do not.
    """
    for folder in folders:
        subprocess.run([str(python), "-m", "compileall", "-q", "-j", "0", str(folder)], capture_output=True)


if __name__ == "__main__":
    sys.exit(main())
