"""`make notebooks`: execute the reference copies anew on the demo data and keep them with their outputs.

Read the difference before you commit it: these copies are what the notebooks are held to.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from scratch import make_scratch

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "tests" / "notebooks" / "reference"
# One authority stands for all: each of its notebooks has the same cells.
AUTHORITY = "gateshead"


def main() -> int:
    """Run the demo in a scratch checkout and copy its executed notebooks back."""
    with tempfile.TemporaryDirectory(prefix="swis-notebooks-") as folder:
        scratch = make_scratch(ROOT, Path(folder) / "compendium")
        done = subprocess.run([sys.executable, "-m", "swis.cli", "run", "--dataset", "demo"], cwd=scratch)
        if done.returncode != 0:
            return done.returncode
        REFERENCE.mkdir(parents=True, exist_ok=True)
        derived = scratch / "data_derived" / "demo"
        for path in [*derived.glob(f"{AUTHORITY}/notebooks/*.ipynb"), *derived.glob("_*/notebooks/*.ipynb")]:
            shutil.copyfile(path, REFERENCE / path.name)
            print(f"kept {path.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
