"""Tables that a stage leaves: a dataclass whose every field is a frame, kept as a parquet file of the field's name."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any, Self

import pandas as pd

from swis.io import read_frame, write_frame


class KeptTables:
    """Base of such dataclasses; what they compute from their tables and hold beside them is not kept."""

    @classmethod
    def names(cls) -> list[str]:
        """Names of the tables, in the order of the fields."""
        this: Any = cls
        return [field.name for field in dataclasses.fields(this)]

    def tables(self) -> dict[str, pd.DataFrame]:
        """Tables by name."""
        return {name: getattr(self, name) for name in self.names()}

    def save(self, folder: Path) -> pd.DataFrame:
        """Write every table as parquet into `folder`; returns table and rows, for display."""
        held = self.tables()
        for name, frame in held.items():
            write_frame(folder / f"{name}.parquet", frame)
        return pd.DataFrame({"table": list(held), "rows": [len(frame) for frame in held.values()]})

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The tables that `save` wrote; FileNotFoundError where one is missing."""
        return cls(**{name: read_frame(folder / f"{name}.parquet") for name in cls.names()})
