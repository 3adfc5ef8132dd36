"""The tables of the economics stage as they leave: hidden where few schools, events or children stand behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from swis.disclosure.book.economics import ARMS, COMPARED, COMPARED_KEYS, COSTED, COSTED_KEYS, compared_rows
from swis.disclosure.book.effect_frames import few_digits, rests_on_little
from swis.disclosure.book.frames import protected_frame
from swis.disclosure.book.names import cell_names
from swis.disclosure.book.shown import Shown
from swis.disclosure.policy import Policy
from swis.disclosure.protected import Protected
from swis.outcomes.pool import ALL

COSTS = ("per_school", "undiscounted_per_school", "per_pupil", "per_supervised_lead")
VALUES = ("estimate", "lower", "upper")
CURVE = ("probability", "with_uncertain_prices")
CONSEQUENCES = ("intervention", "control", "difference", "lower", "upper", "cost", "cost_lower", "cost_upper")
BENEFITS = ("benefit_low", "benefit_high")
SCENARIO = ("incremental_cost", "net_benefit")
# Of the year that was added: what rests on the schools with a worker then.
OF_THE_YEAR = ("pounds_per_school", "pounds_per_full_time_year", "times_micro_costing")


def protect_economics(held: Any, trials: Mapping[str, Any], shown: Shown) -> dict[str, Protected]:
    """Tables by name. Chances and shares of replicates leave as whole per cents, money in whole pounds.

    What the comparison says is hidden where an arm has fewer schools or events than the policy asks of an estimate.
    """
    policy = shown.policy
    thin = held.behind.set_index("window")[[]].assign(thin=rests_on_little(held.behind, policy).to_numpy())["thin"]
    is_thin = bool(thin.iloc[:1].any()) if len(thin) else True
    behind = compared_rows(held.behind)
    compared = protected_frame(behind, {"schools": (cell_names(behind, COMPARED, COMPARED_KEYS), "schools")}, shown)
    return {
        "prices": Protected(few_digits(held.prices.reset_index(drop=True)), (), policy.title),
        "costs": _costs(held.costs.assign(authority=ALL), shown),
        "by_authority": _costs(held.by_authority, shown),
        "compared": _counted(compared, ("schools",), policy),
        "left_out": Protected(held.left_out.reset_index(drop=True), ARMS, policy.title),
        "value": _told(held.value, VALUES, is_thin, policy),
        "curve": _told(_percent(held.curve, CURVE), CURVE, is_thin, policy),
        "quadrants": _told(_percent(held.quadrants, ("share",)), ("share",), is_thin, policy),
        "plane": _plane(held.plane, is_thin, policy),
        "consequences": _consequences(held.consequences, is_thin, policy),
        "one_way": _told(held.one_way, BENEFITS, is_thin, policy),
        "assumptions": Protected(held.assumptions.reset_index(drop=True), (), policy.title),
        "extension": _extension(held.extension, is_thin, policy),
    }


def _costs(frame: pd.DataFrame, shown: Shown) -> Protected:
    names = cell_names(frame.reset_index(drop=True), COSTED, COSTED_KEYS)
    made = protected_frame(frame, {"schools": (names, "schools")}, shown)
    numbers = {name: made[name].mask(made["schools"].isna()) for name in COSTS if name in made}
    return _counted(few_digits(made.assign(**numbers)), ("schools",), shown.policy)


def _counted(frame: pd.DataFrame, counts: Sequence[str], policy: Policy) -> Protected:
    whole = {name: frame[name].astype("Int64") for name in counts}
    return Protected(frame.assign(**whole), tuple(counts), policy.title)


def _told(frame: pd.DataFrame, numbers: Sequence[str], hidden: bool | pd.Series, policy: Policy) -> Protected:
    """The frame in few digits, the named numbers and the word in their place gone where it is hidden, and `symbol`."""
    kept = frame.reset_index(drop=True)
    gone = pd.Series(hidden, index=kept.index) if isinstance(hidden, bool) else hidden.reset_index(drop=True)
    made = few_digits(kept.assign(**{name: kept[name].astype(float).mask(gone) for name in numbers}))
    if "word" in made:
        made["word"] = made["word"].mask(gone, "")
    symbol = pd.Series("", index=kept.index, dtype=object).mask(gone, policy.symbols.hidden)
    return Protected(made.assign(symbol=symbol.astype("str")), (), policy.title)


def _percent(frame: pd.DataFrame, shares: Sequence[str]) -> pd.DataFrame:
    return frame.assign(**{name: (100 * frame[name].astype(float)).round() for name in shares})


def _plane(plane: pd.DataFrame, is_thin: bool, policy: Policy) -> Protected:
    """Cells of the plane that hold at least half a per cent of the replicates; none where it is hidden."""
    made = _percent(plane, ("share",))
    kept = made[(made["share"] > 0) & (not is_thin)]
    return Protected(few_digits(kept.reset_index(drop=True)), (), policy.title)


def _consequences(frame: pd.DataFrame, is_thin: bool, policy: Policy) -> Protected:
    fewest = max(policy.minimum_behind_an_average, policy.minimum_events_behind_an_estimate)
    hidden = is_thin | (frame["behind"].astype(float) < fewest)
    return _told(frame.drop(columns="behind"), CONSEQUENCES, hidden, policy)


def _extension(frame: pd.DataFrame, is_thin: bool, policy: Policy) -> Protected:
    few = (frame["schools"].astype(float) < policy.minimum_schools).astype(bool)
    made = frame.assign(**{name: frame[name].astype(float).mask(few) for name in OF_THE_YEAR})
    return _told(made.drop(columns="schools"), SCENARIO, is_thin | few, policy)
