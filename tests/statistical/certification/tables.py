"""The tables the stored fits were made from, read as R read them: NA is missing, base levels are R's."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

# Levels in R's order, which CSV loses; elsewhere R's order is the sorted one.
LEVELS = {"exam": {"schgend": ("mixed", "boys", "girls")}}


class Tables:
    """The CSV files of one folder by name, each read once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._read:
            table = pd.read_csv(self.folder / f"{name}.csv", na_values=["NA", ""], keep_default_na=False)
            levels = LEVELS.get(name, {})
            self._read[name] = table.assign(
                **{column: pd.Categorical(table[column], levels[column]) for column in levels}
            )
        return self._read[name]

    @cached_property
    def contacted(self) -> Any:
        """Schools of the supervision trial with at least one contact (the table is `dsls` or `supervision`)."""
        name = "dsls" if (self.folder / "dsls.csv").exists() else "supervision"
        return self[name].loc[lambda frame: frame["contacts"] > 0].reset_index(drop=True)
