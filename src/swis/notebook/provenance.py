"""What a notebook's last cell prints: enough to find for any number where it came from, and nothing secret.

No path, no clock and no user name, so that the same inputs print the same block on every machine.
"""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import swis
from swis.io import sha256_of_file
from swis.params import Definitions
from swis.workspace import Workspace

SHOWN = 12


def provenance_text(workspace: Workspace, stage: str, slug: str, definitions: Definitions) -> str:
    """The provenance block of one executed notebook."""
    data = "SYNTHETIC returns: the numbers are not findings" if workspace.is_synthetic else "real returns"
    lines = {
        "stage": stage,
        "authority": slug,
        "data set": f"{workspace.dataset} ({data})",
        "data cut": definitions.data_cut.isoformat(),
        "parameters": tree_hash(workspace.params, "*.yml"),
        "code": f"swis {swis.__version__}, {tree_hash(Path(swis.__file__).parent, '*.py')}",
        "commit": commit(workspace.root),
        "libraries": sha256_of_file(workspace.root / "requirements.lock")[:SHOWN],
    }
    return "Provenance\n" + "\n".join(f"  {name}: {value}" for name, value in lines.items())


def tree_hash(folder: Path, pattern: str) -> str:
    """Short hash over the names and contents of all files below a folder that match a pattern."""
    digest = hashlib.sha256()
    files = (path for path in folder.rglob(pattern) if path.is_file() and "__pycache__" not in path.parts)
    for path in sorted(files):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:SHOWN]


def commit(root: Path) -> str:
    """The commit of the checkout, marked when it has changes, or 'not under version control'."""
    try:
        head = _git(root, "rev-parse", f"--short={SHOWN}", "HEAD")
        changed = _git(root, "status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.CalledProcessError):
        return "not under version control"
    return f"{head} with local changes" if changed else head


def _git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", "-C", str(root), *words], capture_output=True, text=True, check=True)
    return done.stdout.strip()
