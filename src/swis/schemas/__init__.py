"""The canonical tables, each described once in a Frictionless Table Schema file of this folder.

The files are YAML in the Table Schema vocabulary with four extra keys a field may carry: `unit`, `sensitivity`
(identifier, quasi, sensitive, safe), `source` (field of the return) and `missing` (reason → meaning). Everything
that needs to know a column (readers, expectations, codebook, empty forms) reads it from here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from swis.io import read_yaml

FOLDER = Path(__file__).parent
PANDAS_TYPES = {
    "string": "string",
    "date": "datetime64[us]",
    "integer": "Int64",
    "number": "float64",
    "boolean": "boolean",
}


@dataclass(frozen=True)
class Field:
    """One column of a canonical table."""

    name: str
    type: str
    description: str
    sensitivity: str
    source: str
    unit: str = ""
    constraints: dict[str, Any] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)

    @property
    def is_required(self) -> bool:
        """Whether a row without this value is faulty."""
        return bool(self.constraints.get("required", False))

    @property
    def allowed_values(self) -> list[Any] | None:
        """The closed list of values, where there is one."""
        return self.constraints.get("enum")


@dataclass(frozen=True)
class TableSchema:
    """One canonical table: its columns, key, and the returns it is read from."""

    name: str
    title: str
    description: str
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...]
    returns: tuple[str, ...]

    @property
    def columns(self) -> list[str]:
        """Column names in order."""
        return [column.name for column in self.fields]

    def field(self, name: str) -> Field:
        """The column of that name; KeyError where there is none."""
        return {column.name: column for column in self.fields}[name]

    def columns_of_sensitivity(self, *levels: str) -> list[str]:
        """Names of the columns with one of these sensitivities."""
        return [column.name for column in self.fields if column.sensitivity in levels]


@cache
def table_names() -> tuple[str, ...]:
    """Names of all canonical tables, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("[a-z]*.yaml")))


@cache
def table_schema(name: str) -> TableSchema:
    """The schema of one canonical table; KeyError with the known names for an unknown one."""
    if name not in table_names():
        raise KeyError(f"no table {name!r}; tables are {', '.join(table_names())}")
    described = read_yaml(FOLDER / f"{name}.yaml")
    own = described["fields"]
    provenance = read_yaml(FOLDER / "_provenance.yaml")["fields"] if described.get("provenance", True) else []
    authority, located = provenance[:1], provenance[1:]
    return TableSchema(
        name=described["name"],
        title=described["title"],
        description=described["description"],
        fields=tuple(Field(**column) for column in [*authority, *own, *located]),
        primary_key=tuple(described.get("primaryKey", ())),
        returns=tuple(described["returns"]),
    )


def empty_table(name: str) -> pd.DataFrame:
    """A table with no rows and the schema's columns and types."""
    return conform(pd.DataFrame(), name)


def conform(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """The frame with exactly the schema's columns, in order and in the schema's types; absent ones are missing.

    Values must already be of the right kind (readers parse dates and numbers and report what does not parse);
    a value that cannot be cast raises.
    """
    columns = {column.name: _typed(frame, column) for column in table_schema(name).fields}
    return pd.DataFrame(columns, index=frame.index, copy=False).reset_index(drop=True)


def _typed(frame: pd.DataFrame, column: Field) -> pd.Series:
    dtype = PANDAS_TYPES[column.type]
    if column.name not in frame:
        return pd.Series(index=frame.index, dtype=dtype)
    values = frame[column.name]
    if str(values.dtype) == dtype:
        return values
    if column.type == "date":
        return pd.to_datetime(values).astype(dtype)
    if column.type == "number":
        return pd.to_numeric(values).astype(dtype)
    return values.astype(dtype)
