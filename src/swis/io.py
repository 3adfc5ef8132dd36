"""Input and output of everything but the returns (those are read in `swis.sources`).

Every write is atomic: a private file in the same folder, then a rename, so that nothing half-written is ever
seen. Every write is deterministic: the same frame gives the same bytes.

pandas is imported where a frame is read: the process that only starts notebooks need not wait for it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    import pandas as pd

# libyaml's parser is ten times as fast; not every build of PyYAML carries it.
PLAIN_VALUES: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@contextlib.contextmanager
def atomic_writer(path: Path, mode: str = "wb", **options: Any) -> Iterator[IO[Any]]:
    """Open a private neighbour of `path` for writing and rename it into place when the block ends well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, private = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, mode, **options) as stream:
            yield stream
        Path(private).chmod(0o644)
        Path(private).replace(path)
    except BaseException:
        Path(private).unlink(missing_ok=True)
        raise


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text with Unix line ends."""
    with atomic_writer(path, "w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)


def read_text(path: Path) -> str:
    """Read a UTF-8 text file."""
    return path.read_text(encoding="utf-8")


def write_bytes(path: Path, content: bytes) -> None:
    """Write bytes."""
    with atomic_writer(path) as stream:
        stream.write(content)


def write_json(path: Path, value: Any) -> None:
    """Write JSON with sorted keys, two spaces and a final newline."""
    write_text(path, json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n")


def read_json(path: Path) -> Any:
    """Read a UTF-8 JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))


def read_yaml(path: Path) -> Any:
    """Read a UTF-8 YAML file without constructing anything but plain values; YAMLError where it is none."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=PLAIN_VALUES)


def write_frame(path: Path, frame: pd.DataFrame) -> None:
    """Write a frame as parquet (no index)."""
    with atomic_writer(path) as stream:
        frame.reset_index(drop=True).to_parquet(stream, index=False)


def read_frame(path: Path, columns: list[str] | None = None) -> pd.DataFrame:
    """Read a parquet frame, or only some of its columns."""
    import pandas as pd

    from swis.frames import in_one_piece

    return in_one_piece(pd.read_parquet(path, columns=columns))


def write_csv(path: Path, frame: pd.DataFrame) -> None:
    """Write a frame as UTF-8 CSV with Unix line ends."""
    write_text(path, frame.to_csv(index=False, lineterminator="\n"))


def read_csv(path: Path) -> pd.DataFrame:
    """Read a table that `write_csv` wrote."""
    import pandas as pd

    return pd.read_csv(path, encoding="utf-8")


def sha256_of_file(path: Path) -> str:
    """Hexadecimal SHA-256 of a file's bytes, read in blocks."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def file_bytes(path: Path) -> bytes:
    """The bytes of a file."""
    return path.read_bytes()
