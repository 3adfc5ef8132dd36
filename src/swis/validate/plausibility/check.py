"""What a check of counts is: it looks at everything of one authority and says of each unit whether it holds."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import ModuleType

import pandas as pd

from swis.params import Authority, Definitions
from swis.validate.engine import Judged, judge_masks
from swis.validate.results import Finding
from swis.validate.rule import EVALUATION_TEAM, Severity
from swis.validate.tables import Tables

NAMED_UNITS = 12


class NotRunError(Exception):
    """Raised by a check that has nothing to look at; the text says why and holds no value of a child."""


@dataclass(frozen=True)
class Context:
    """All that a check may look at.

    `completeness` has columns returns, period, status, reason; `published` the published figures of this authority
    as columns measure, time_period and value, or None where none are at hand.
    """

    tables: Tables
    authority: Authority
    definitions: Definitions
    completeness: pd.DataFrame
    published: pd.DataFrame | None = None

    def table(self, name: str) -> pd.DataFrame:
        """A table with rows; NotRunError where it is missing or empty."""
        if name not in self.tables or not len(self.tables[name]):
            raise NotRunError(f"there are no rows of {name}")
        return self.tables[name]


@dataclass(frozen=True)
class Check:
    """One check of counts; `find` gives a frame with columns unit (text) and holds (boolean), one row a unit."""

    code: str
    table: str
    title: str
    severity: Severity
    reason: str
    how_to_mend: str
    owner: str
    find: Callable[[Context], pd.DataFrame]


def check(
    code: str,
    *,
    table: str,
    title: str,
    severity: Severity,
    reason: str,
    how_to_mend: str,
    owner: str = EVALUATION_TEAM,
) -> Callable[[Callable[[Context], pd.DataFrame]], Check]:
    """Turn a function from a `Context` to units into a `Check`."""

    def made(find: Callable[[Context], pd.DataFrame]) -> Check:
        return Check(f"trial {code}", table, title, severity, reason, how_to_mend, owner, find)

    return made


def checks_in(package: ModuleType) -> tuple[Check, ...]:
    """Every check defined in the modules of a package, one a module; ValueError where a module holds another number."""
    found = []
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda item: item.name):
        content = importlib.import_module(f"{package.__name__}.{module.name}")
        checks = [value for value in vars(content).values() if isinstance(value, Check)]
        if len(checks) != 1:
            raise ValueError(f"{content.__name__} must hold exactly one check")
        found += checks
    return tuple(found)


def units(names: Sequence[str] | pd.Series | pd.Index, holds: Sequence[bool] | pd.Series) -> pd.DataFrame:
    """The frame a check answers with: one row a unit."""
    return pd.DataFrame({"unit": list(names), "holds": [bool(value) for value in holds]})


def judge_checks(context: Context, checks: Sequence[Check]) -> list[Finding]:
    """One finding for each check; one that had nothing to look at is 'not run', one that raised is 'crashed'."""
    return [_judge(context, one) for one in checks]


def _judge(context: Context, one: Check) -> Finding:
    try:
        answer = one.find(context)
    except NotRunError as why:
        return _finding(one, Judged("crashed", 0, 0, str(why)), outcome="not run")
    except (
        Exception
    ) as error:  # any error of a check is a crash of the check, to be reported and not to stop the others
        return _finding(one, judge_masks({}, {one.code: type(error).__name__})[one.code])
    if not len(answer):
        return _finding(one, Judged("crashed", 0, 0, "there was nothing to compare"), outcome="not run")
    judged = judge_masks({one.code: ~answer["holds"].astype(bool)}, {})[one.code]
    failing = answer.loc[~answer["holds"].astype(bool), "unit"].tolist()
    more = f" and {len(failing) - NAMED_UNITS} more" if len(failing) > NAMED_UNITS else ""
    message = "; ".join(failing[:NAMED_UNITS]) + more if failing else judged.message
    return _finding(one, Judged(judged.outcome, judged.checked, judged.failed, message))


def _finding(one: Check, judged: Judged, outcome: str | None = None) -> Finding:
    return Finding(
        layer="plausibility",
        rule=one.code,
        table=one.table,
        title=one.title,
        severity=one.severity,
        owner=one.owner,
        outcome="not run" if outcome == "not run" else judged.outcome,
        reason=one.reason,
        how_to_mend=one.how_to_mend,
        rows_checked=judged.checked,
        rows_failed=judged.failed,
        message=judged.message,
    )
