"""What a rule is: a code, what it means, how bad it is, how to mend it at source, and a function that finds rows."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Literal, NotRequired, TypedDict, Unpack

import pandas as pd

from swis.validate.tables import Tables

Severity = Literal["stop", "set aside", "note"]
Layer = Literal["shape", "statutory", "plausibility"]
Masks = Mapping[str, pd.Series]
Finder = Callable[[Tables], pd.Series] | Callable[[Tables], Masks]

SOCIAL_CARE_TEAM = "authority: children's social care data team"
SCHOOLS_TEAM = "authority: schools data team"
TRIAL_TEAM = "trial team"
EVALUATION_TEAM = "evaluation team"


@dataclass(frozen=True)
class Rule:
    """One rule about rows.

    `find` takes the tables and gives, for each table of `tables`, a boolean Series on that table's index, True
    where the row breaks the rule. It must not change a table. `needs` are further tables it looks into.
    """

    code: str
    layer: Layer
    tables: tuple[str, ...]
    fields: tuple[str, ...]
    title: str
    severity: Severity
    reason: str
    how_to_mend: str
    owner: str
    find: Finder
    needs: tuple[str, ...] = ()

    def failing(self, tables: Tables) -> dict[str, pd.Series]:
        """Boolean Series of failing rows by table, without missing values and on each table's index."""
        found = self.find(tables)
        masks = {self.tables[0]: found} if isinstance(found, pd.Series) else dict(found)
        return {name: _as_mask(mask, tables[name]) for name, mask in masks.items()}


def _as_mask(mask: pd.Series, rows: pd.DataFrame) -> pd.Series:
    if len(mask) != len(rows):
        raise ValueError("a rule must answer for every row of its table")
    return pd.Series(mask.fillna(False).to_numpy(dtype=bool), index=rows.index)


class Meaning(TypedDict):
    """The fields of a rule that every rule states for itself, whatever family it belongs to."""

    fields: tuple[str, ...]
    title: str
    severity: Severity
    reason: str
    how_to_mend: str
    needs: NotRequired[tuple[str, ...]]


@dataclass(frozen=True)
class Family:
    """What all rules of one family share; called with the rest of a rule, it decorates the function that finds rows.

    `prefix` comes before each code; `owner` and `tables` hold where a rule names none of its own.
    """

    prefix: str
    layer: Layer
    owner: str
    tables: str = ""

    def __call__(
        self, code: str, *, tables: str | tuple[str, ...] = "", owner: str = "", **meaning: Unpack[Meaning]
    ) -> Callable[[Finder], Rule]:
        """Turn a function that finds failing rows into a `Rule` of this family; the keywords are the rule's fields."""
        named = tables or self.tables
        names = (named,) if isinstance(named, str) else named

        def made(find: Finder) -> Rule:
            return Rule(f"{self.prefix} {code}", self.layer, names, owner=owner or self.owner, find=find, **meaning)

        return made


def rules_in(package: ModuleType) -> tuple[Rule, ...]:
    """Every rule defined in the modules of a package, sorted by module name; one rule a module.

    ValueError where a module holds no rule or more than one, or two rules share a code.
    """
    found: dict[str, Rule] = {}
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda item: item.name):
        content = importlib.import_module(f"{package.__name__}.{module.name}")
        rules = [value for value in vars(content).values() if isinstance(value, Rule)]
        if len(rules) != 1 or rules[0].code in found:
            raise ValueError(f"{content.__name__} must hold exactly one rule, with a code of its own")
        found[rules[0].code] = rules[0]
    return tuple(found.values())
