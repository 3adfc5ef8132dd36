"""A disclosure policy: what a data controller wants hidden, and when a hidden number is safe.

One file each in `params/disclosure/`; a run names one, and every output carries its title. A policy says what counts as
small, whether zeros are shown, what a reader may still be unable to tell apart, and how shown numbers are rounded.
"""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any, Literal

import numpy as np
import yaml
from numpy.typing import ArrayLike, NDArray
from pydantic import Field, ValidationError, model_validator

from swis.errors import InputError, Problem
from swis.io import read_yaml
from swis.strict import Strict, known_keys

DEFAULT_POLICY = "dfe_children_in_need"
Floats = NDArray[np.float64]


class Symbols(Strict):
    """What stands where a number does not."""

    hidden: str
    low: str


class Policy(Strict):
    """One data controller's rules; counts are of children or events unless a line says otherwise.

    `small` and `safe` hold both ends. Where `hides_small` is false small counts are shown rounded, and only hidden
    where the sums they stand in would undo the rounding.
    """

    name: str
    title: str = Field(max_length=160)
    source: str
    assumed: str
    small: tuple[int, int]
    hides_small: bool
    zeros: Literal["shown", "hidden"]
    safe: tuple[int, int]
    safe_share: float = Field(ge=0, le=1)
    round_to: Literal[1, 5, 10]
    percent_decimals: int = Field(ge=0, le=2)
    rate_decimals: int = Field(ge=0, le=2)
    minimum_schools: int = Field(ge=1)
    largest_share_of_one_school: float = Field(gt=0, le=1)
    minimum_behind_an_average: int = Field(ge=1)
    minimum_events_behind_an_estimate: int = Field(ge=1)
    symbols: Symbols

    @model_validator(mode="after")
    def _fits_together(self) -> Policy:
        if not 1 <= self.small[0] <= self.small[1]:
            raise ValueError("small must be two counts of at least 1, the smaller first")
        if self.hides_small and not self.safe[0] <= self.small[0] <= self.small[1] <= self.safe[1]:
            raise ValueError("safe must contain small, or a hidden number could be told from its size")
        if self.hides_small and self.safe[0] < self.least_hidden:
            raise ValueError("safe cannot begin below 1 where zeros are shown: a hidden number is then at least 1")
        if not self.hides_small and self.round_to == 1:
            raise ValueError("a policy that does not hide small counts must round")
        return self

    @property
    def least_hidden(self) -> int:
        """What a reader knows of a hidden count: at least 1 where zeros are shown, at least 0 otherwise.

        A zero that is rounded like any other count is not shown as a zero.
        """
        return 1 if self.zeros == "shown" and self.hides_small else 0

    def is_small(self, values: ArrayLike) -> NDArray[np.bool_]:
        """Counts that the policy protects for their size; zero is one of them where zeros are hidden."""
        counts = np.asarray(values, dtype=float)
        small: NDArray[np.bool_] = (counts > self.small[0] - 1) & (counts <= self.small[1])
        return small | (counts == 0) if self.zeros == "hidden" else small

    def required(self, values: ArrayLike) -> tuple[Floats, Floats]:
        """Lower and upper end of what a reader must be unable to rule out about protected counts.

        Small counts: the policy's `safe`, or where they are shown rounded at least one neighbour in the rounding.
        Larger ones, hidden for another reason (few schools): `safe_share` of the value below and above it, and never
        less than half the width of `safe`.
        """
        counts = np.asarray(values, dtype=float)
        reach = np.maximum(self.safe_share * counts, (self.safe[1] - self.safe[0]) / 2)
        lower = np.maximum(np.floor(counts - reach), float(self.least_hidden))
        upper = np.ceil(counts + reach)
        small = self.is_small(counts)
        if self.hides_small:
            return np.where(small, float(self.safe[0]), lower), np.where(small, float(self.safe[1]), upper)
        first, last = self.shown_interval(counts)
        return np.where(small, np.maximum(counts - 1, first), lower), np.where(
            small, np.minimum(counts + 1, last), upper
        )

    def rounded(self, values: ArrayLike) -> Floats:
        """Counts as shown: the nearest multiple of `round_to`, halves up; unchanged where that is 1."""
        counts = np.asarray(values, dtype=float)
        if self.round_to == 1:
            return counts
        made: Floats = np.floor(counts / self.round_to + 0.5) * self.round_to
        return made

    def shown_interval(self, values: ArrayLike) -> tuple[Floats, Floats]:
        """The least and the greatest whole number shown as these counts are; the count itself where not rounded."""
        shown = self.rounded(values)
        if self.round_to == 1:
            return shown, shown
        return np.maximum(np.ceil(shown - self.round_to / 2), 0.0), np.ceil(shown + self.round_to / 2) - 1


def load_policy(folder: Path, name: str) -> Policy:
    """The policy `name` of `folder` (`params/disclosure`); InputError: every fault, or the nearest known name."""
    path = folder / f"{name}.yml"
    file = f"params/{folder.name}/{name}.yml"
    known = sorted(other.stem for other in folder.glob("*.yml"))
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        action = f"did you mean {near[0]}?" if near else "name one of these"
        raise InputError([Problem(file, "no such policy", f"one of {', '.join(known)}", action)])
    try:
        policy = Policy.model_validate(read_yaml(path))
    except yaml.YAMLError:
        raise InputError([Problem(file, "not readable as YAML", "key: value lines", "mend the indentation")]) from None
    except ValidationError as error:
        raise InputError([_problem(file, fault) for fault in error.errors()]) from None
    if policy.name != name:
        raise InputError([Problem(file, "name", f"the file's own name, {name}", "rename one of the two")])
    return policy


def _problem(file: str, fault: Any) -> Problem:
    where = ".".join(str(part) for part in fault["loc"]) or "the policy as a whole"
    if fault["type"] == "extra_forbidden":
        known = known_keys(Policy, fault["loc"][:-1])
        near = difflib.get_close_matches(str(fault["loc"][-1]), known, n=1)
        action = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
        return Problem(file, f"unknown key {where}", "a known parameter", action)
    return Problem(file, where, fault["msg"].lower(), "correct the value")
