"""What a check came to, kept with a hash of all that it went by: as long as that holds, it need not run again."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from swis.io import read_json, write_json


def hash_of(went_by: Any) -> str:
    """Hash of what a check goes by; JSON values only."""
    return hashlib.sha256(json.dumps(went_by, sort_keys=True).encode()).hexdigest()


def recall(path: Path, went_by: str) -> Any:
    """What a check came to that went by the same; None where none is kept, or it went by something else."""
    with suppress(FileNotFoundError, ValueError, KeyError, TypeError):
        held = read_json(path)
        return held["came_to"] if held["went_by"] == went_by else None
    return None


def remember(path: Path, went_by: str, came_to: Any) -> None:
    """Keep what a check came to; JSON values only, and not None."""
    write_json(path, {"went_by": went_by, "came_to": came_to})
