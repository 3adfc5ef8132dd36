"""What kinds of number there are, and what a reader may be told of each under a policy.

children: children or events; records: rows of returns. Both are whole and the policy's threshold applies.
pupils: pupils or pupil-years behind a rate, shown as whole numbers; the threshold applies.
amount: days or sessions, shown with four figures (assumed: what one child adds to a large sum is then not to be seen);
protected where few children can stand behind it.
sum: scores added up, never shown, but as good as shown where a mean stands beside its number of pupils.
schools: schools counted by something that children did; fewer than the policy's minimum are protected.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from swis.disclosure.policy import Policy

Kind = Literal["children", "records", "pupils", "amount", "sum", "schools"]
KINDS: tuple[Kind, ...] = ("children", "records", "pupils", "amount", "sum", "schools")
FIGURES = 4
WHOLE = 1e-9
Floats = NDArray[np.float64]


def amount_base(values: Floats) -> Floats:
    """The unit an amount is rounded to: four figures are left, and never less than one day or session."""
    size = np.floor(np.log10(np.maximum(np.abs(values), 1.0)))
    base: Floats = 10.0 ** np.maximum(size - (FIGURES - 1), 0.0)
    return base


def shown_amount(values: Floats) -> Floats:
    """Amounts as they are shown: four figures, halves up."""
    base = amount_base(values)
    shown: Floats = np.floor(values / base + 0.5) * base
    return shown


def shown_values(values: Floats, kind: str, policy: Policy) -> Floats:
    """Numbers of one kind as they are shown; a sum never is."""
    if kind == "amount":
        return policy.rounded(shown_amount(values))
    if kind == "sum":
        return np.full(len(values), np.nan)
    if kind == "schools":
        return values
    # Pupil-years are shown without decimals; whole counts stay as they are.
    return policy.rounded(np.floor(values + 0.5))


def shown_limits(values: Floats, kind: str, half_width: Floats, policy: Policy) -> tuple[Floats, Floats]:
    """The least and greatest number that would be shown as these are; `half_width` is only for sums."""
    if kind == "sum":
        return values - half_width, values + half_width
    shown = shown_values(values, kind, policy)
    if kind == "schools":
        return shown, shown
    if kind == "amount":
        half = np.maximum(amount_base(values), float(policy.round_to)) / 2
        # One session is the unit: amounts below the figures kept are shown exactly.
        half = np.where((half <= 0.5) & (np.abs(values - shown) < WHOLE), 0.0, half)
        return np.minimum(shown - half, values), np.maximum(shown + half, values)
    is_whole = np.abs(values - np.round(values)) < WHOLE
    lower, upper = policy.shown_interval(np.round(values))
    half = np.full(len(values), max(policy.round_to / 2, 0.5))
    # A sum of fractions may miss its whole number by a rounding error.
    lower, upper = np.minimum(lower, values), np.maximum(upper, values)
    return np.where(is_whole, lower, np.maximum(shown - half, 0.0)), np.where(is_whole, upper, shown + half)


def limits_by_kind(values: Floats, kinds: NDArray[Any], half_width: Floats, policy: Policy) -> tuple[Floats, Floats]:
    """The same for numbers of several kinds."""
    lower, upper = values.copy(), values.copy()
    for kind in KINDS:
        mine = kinds == kind
        lower[mine], upper[mine] = shown_limits(values[mine], kind, half_width[mine], policy)
    return lower, upper


def hidden_limits(values: Floats, entries: Any, policy: Policy) -> tuple[Floats, Floats]:
    """What a reader knows of a hidden number: at least 1 where zeros are shown.

    `entries` has kind, least (0, or minus infinity where the number may be negative), is_implied, is_few and
    is_judged: an estimate beside such a number is hidden unless it is large enough, which tells on which side it is;
    not where too few schools hide the estimate anyway.
    """
    counted = np.isin(entries["kind"].to_numpy(), ["children", "records", "schools"])
    at_least_one = counted & ~entries["is_implied"].to_numpy(bool)
    lower = np.where(at_least_one, float(policy.least_hidden), entries["least"].to_numpy(float))
    judged = entries["is_judged"].to_numpy(dtype=bool) & ~entries["is_few"].to_numpy(dtype=bool)
    enough = float(policy.minimum_events_behind_an_estimate)
    lower = np.where(judged & (values >= enough), np.maximum(lower, enough), lower)
    return lower, np.where(judged & (values < enough), enough - 1, np.inf)
