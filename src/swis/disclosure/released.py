"""The protected tables of one area (an authority, or all together) as the door leaves them and reports read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from swis.disclosure.protected import DisclosureError, Protected
from swis.io import read_frame, read_json, write_frame, write_json

CONTENTS = "contents.json"


@dataclass(frozen=True)
class Released:
    """Protected tables by name; `policy` is the line that every output of the run carries."""

    area: str
    policy: str
    tables: Mapping[str, Protected]

    def __getitem__(self, name: str) -> Protected:
        """A table; DisclosureError for one that did not pass the door."""
        if name not in self.tables:
            raise DisclosureError(f"no table {name} of {self.area} has passed the door")
        return self.tables[name]

    def within(self, prefix: str) -> dict[str, Protected]:
        """The tables whose names begin with `prefix`, by the rest of the name."""
        return {name.removeprefix(prefix): table for name, table in self.tables.items() if name.startswith(prefix)}

    def numbers(self) -> frozenset[int]:
        """Every whole number that has passed the door for this area."""
        found: set[int] = set()
        for table in self.tables.values():
            for column in table.counts:
                found.update(np.unique(table.frame[column].dropna().astype("int64")).tolist())
        return frozenset(found)

    def save(self, folder: Path) -> None:
        """Write every table as parquet, and what is in them."""
        for name, table in self.tables.items():
            write_frame(folder / f"{name}.parquet", table.frame)
        counts = {name: list(table.counts) for name, table in self.tables.items()}
        write_json(folder / CONTENTS, {"area": self.area, "policy": self.policy, "tables": counts})


def load_released(folder: Path) -> Released:
    """The tables that `Released.save` wrote; DisclosureError where nothing of the area has passed the door."""
    if not (folder / CONTENTS).exists():
        raise DisclosureError(f"nothing of {folder.name} has passed the door")
    held = read_json(folder / CONTENTS)
    tables = {
        name: Protected(read_frame(folder / f"{name}.parquet"), tuple(counts), held["policy"])
        for name, counts in held["tables"].items()
    }
    return Released(held["area"], held["policy"], tables)
