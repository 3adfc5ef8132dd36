"""What must hold before a count model is fitted, and the plain sentence for what does not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from swis.effects.counts.families import LABELS
from swis.effects.counts.grouping import is_within, outer_first
from swis.effects.design import INTERCEPT, Design, aliased_columns
from swis.effects.fit import Status
from swis.errors import InputError, Problem

# The name formulaic gives to a level of a category: `C(la)[T.2]`, `la[T.Leeds]`; a product of terms has a colon first.
CATEGORY = re.compile(r"^(?P<term>[^:\[]+)\[[^\]]*\]$")

# The quick test of rank is good to 1e-8; what it does not clear by far is judged column by column.
CLEARLY_APART = 1e-5


@dataclass(frozen=True)
class Verdict:
    """Why a model cannot give numbers."""

    status: Status
    message: str


def refuse_bad_input(design: Design, family: str, random: Sequence[str], quadrature_points: int) -> None:
    """InputError naming everything that is wrong with the request or the response."""
    problems = []
    if family not in LABELS:
        problems.append(_problem(f"family {family}", f"one of {', '.join(LABELS)}", "correct the family"))
    for name in random:
        if name not in design.groups:
            problems.append(_problem(f"random effect {name}", "a grouping factor of the design", "add it to groups"))
    if len(set(random)) > 2 or len(set(random)) != len(random):
        problems.append(_problem(f"{len(random)} random effects", "at most two different ones", "leave some out"))
    if quadrature_points < 1:
        problems.append(_problem("quadrature points", "at least one", "give 1 for Laplace"))
    if (design.response < 0.0).any():
        problems.append(_problem("the response", "counts of zero or more", "correct the response"))
    if family == "binomial" and (design.response > (1.0 if design.trials is None else design.trials)).any():
        problems.append(_problem("the response", "no more successes than trials", "give the number of trials"))
    if problems:
        raise InputError(problems)


def impossible(design: Design, family: str, random: Sequence[str], arm: str) -> Verdict | None:
    """The first reason why no number can come of the model; None when nothing stands in the way."""
    checks = (
        lambda: _nothing_to_fit(design, family),
        lambda: _aliased(design),
        lambda: _grouping(design, random),
        lambda: single_school_arm(design, arm),
    )
    return next((verdict for verdict in (check() for check in checks) if verdict is not None), None)


def single_school_arm(design: Design, arm: str) -> Verdict | None:
    """An arm with one school: its effect cannot be told from that school's own level.

    The schools of an arm are counted as rows, and as groups of each factor within which the arm does not vary.
    """
    return lone_school(design.column(arm), arm, design.groups) if arm in design.names else None


def lone_school(column: np.ndarray, name: str, groups: Mapping[str, np.ndarray]) -> Verdict | None:
    """The same of any column of two values (n,), called `name`: an instrument, say."""
    sides = (float(column.min(initial=np.inf)), float(column.max(initial=-np.inf)))
    if sides[0] >= sides[1] or not ((column == sides[0]) | (column == sides[1])).all():
        return None
    upper = column == sides[1]
    for side, members in zip(sides, (~upper, upper), strict=True):
        if np.count_nonzero(members) == 1:
            return _lone(name, side, "row")
        for unit, codes in groups.items():
            # Whether all are of one group is told soonest by the first and the last of them.
            if _is_one_group(codes, members) and is_within(codes, upper.astype(np.intp)):
                return _lone(name, side, f"group of {unit}")
    return None


def _is_one_group(codes: np.ndarray, members: np.ndarray) -> bool:
    first, last = codes[members.argmax()], codes[members.size - 1 - members[::-1].argmax()]
    return bool(first == last and (codes[members] == first).all())


def _lone(arm: str, side: float, place: str) -> Verdict:
    return Verdict("single-school arm", f"one arm ({arm} = {side:g}) has a single {place}; not estimated")


def strata_columns(names: Sequence[str], arm: str) -> set[str]:
    """Columns that only set levels (the intercept and categories other than the arm)."""
    matches = {name: CATEGORY.match(name) for name in names}
    categories = {name for name, match in matches.items() if match and arm not in re.split(r"\W+", match["term"])}
    return categories | ({INTERCEPT} & set(names))


def _nothing_to_fit(design: Design, family: str) -> Verdict | None:
    """No rows, or a response that is the same bound everywhere."""
    if design.observations == 0:
        return Verdict("not estimable", "no row is complete; not estimated")
    if not design.response.any():
        return Verdict("all zero", "every count is zero; no rate can be compared")
    trials = np.ones(design.observations) if design.trials is None else design.trials
    if family == "binomial" and (design.response >= trials).all():
        return Verdict("separation", "every trial succeeded; no odds can be compared")
    return None


def _aliased(design: Design) -> Verdict | None:
    """Columns that are combinations of others."""
    lengths = np.sqrt((design.matrix**2).sum(axis=0))
    if design.observations >= len(design.names) and (lengths > 0.0).all():
        scaled = design.matrix / lengths
        # The diagonal is how much of each column is left of the earlier ones: well above rounding, nothing is aliased.
        with suppress(np.linalg.LinAlgError):
            if np.diag(np.linalg.cholesky(scaled.T @ scaled)).min() > CLEARLY_APART:
                return None
    aliased = [design.names[position] for position in aliased_columns(design.matrix)]
    if not aliased:
        return None
    return Verdict("not estimable", f"{', '.join(aliased)} cannot be told from the other columns; not estimated")


def _grouping(design: Design, random: Sequence[str]) -> Verdict | None:
    """Factors with one level, the same factor twice, or two that cross."""
    codes = [design.groups[name] for name in random]
    for name, groups in zip(random, codes, strict=True):
        if np.unique(groups).size < 2:
            return Verdict("not estimable", f"{name} has a single group, so it has no variance to estimate")
    if len(random) < 2:
        return None
    if outer_first(random, codes) is None:
        return Verdict("not nested", f"{random[0]} and {random[1]} cross; nested factors only are fitted")
    if is_within(codes[0], codes[1]) and is_within(codes[1], codes[0]):
        return Verdict("not estimable", f"{random[0]} and {random[1]} are the same groups; use one of them")
    return None


def _problem(where: str, expected: str, action: str) -> Problem:
    return Problem(file="model", where=where, expected=expected, action=action)
