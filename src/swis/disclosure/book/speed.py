"""Speed of help as cells: a curve gives back its counts, so each step of it stands on counts that the door protects.

Waits that began, those ended by each step, and by a competing end or open at last; what ends between two steps, and
what is left of all, are implied cells. A step of a curve is told as a whole percentage where the counts that it is
made of are shown. Waits that began are the pooled referrals or enquiries of the year, as a rule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from swis.derive.waits import ENQUIRY, REFERRAL
from swis.disclosure.book.book import Book
from swis.disclosure.book.effect_frames import few_digits, rests_on_little, without_estimates
from swis.disclosure.book.frames import Columns, protected_frame
from swis.disclosure.book.names import cell_names
from swis.disclosure.book.shown import Shown
from swis.disclosure.protected import Protected
from swis.outcomes.pool import ALL
from swis.outcomes.registry import measures
from swis.speed.curves import KEYS

STEP_KEYS = [*KEYS, "step"]
STARTS, ENDED, COMPETING, OPEN = (
    f"speed: waits {what}" for what in ("begun", "ended by the step", "ended otherwise", "open")
)
MEASURE_OF = {REFERRAL: "referrals", ENQUIRY: "section47_enquiries"}
FAMILIES = {"speed: ": "Speed of help"}
RATIO_NUMBERS = ("estimate", "lower", "upper", "standard_error", "p_value")
BEHIND_RATIOS = ("schools_intervention", "schools_control", "count_intervention", "count_control")


def speed_book(book: Book, held: Any, trials: Mapping[str, Any]) -> None:
    """Add the counts behind the curves of the speed stage (`Speed`), with what follows from what."""
    steps = held.curves
    whole = steps.drop_duplicates(KEYS)
    book.add(
        whole, statistic=STARTS, kind="children", value="starts", keys=KEYS, schools="schools",
        largest_share="share_of_starts",
    )  # fmt: skip
    book.add(
        steps, statistic=ENDED, kind="children", value="ended", keys=STEP_KEYS, schools="schools",
        largest_share="share_of_ended",
    )  # fmt: skip
    for column, statistic in {"competing": COMPETING, "open": OPEN}.items():
        book.add(whole, statistic=statistic, kind="children", value=column, keys=KEYS, schools="schools")
    book.relate(_between_steps(steps), what="waits ended by steps", rest="speed: waits ended between steps", like=ENDED)
    book.relate(_left(steps, whole), what="waits and their ends", rest="speed: waits longer than told", like=STARTS)
    _of_outcomes(book, whole)


def _between_steps(steps: pd.DataFrame) -> pd.DataFrame:
    """Terms of what ended at each step but the first: the step, less the one before."""
    ordered = steps.sort_values(STEP_KEYS).assign(name=lambda frame: cell_names(frame, ENDED, STEP_KEYS))
    before = ordered.groupby(KEYS)[["name", "ended"]].shift()
    later = before["name"].notna()
    plus = _terms(ordered.loc[later, "name"], ordered.loc[later, "name"], 1.0, ordered.loc[later, "ended"])
    minus = _terms(ordered.loc[later, "name"], before.loc[later, "name"], -1.0, before.loc[later, "ended"])
    return pd.concat([plus, minus], ignore_index=True)


def _left(steps: pd.DataFrame, whole: pd.DataFrame) -> pd.DataFrame:
    """Terms of waits begun, less those ended by the last step, otherwise, or open: what lasted longer."""
    last = steps.sort_values(STEP_KEYS).drop_duplicates(KEYS, keep="last")
    group = cell_names(whole, STARTS, KEYS)
    parts = [_terms(group, group, 1.0, whole["starts"])]
    for column, statistic in {"competing": COMPETING, "open": OPEN}.items():
        parts.append(_terms(group, cell_names(whole, statistic, KEYS), -1.0, whole[column]))
    parts.append(_terms(cell_names(last, STARTS, KEYS), cell_names(last, ENDED, STEP_KEYS), -1.0, last["ended"]))
    return pd.concat(parts, ignore_index=True)


def _of_outcomes(book: Book, whole: pd.DataFrame) -> None:
    """Waits begun against the pooled outcome of the same events, where it is in the book."""
    for wait, measure in MEASURE_OF.items():
        pooled = book.table(measures()[measure].count_statistic)
        if pooled.empty:
            continue
        own = whole[whole["wait"] == wait].assign(period=lambda frame: frame["academic_year"])
        mine = own.assign(waits=cell_names(own, STARTS, KEYS))
        joined = pooled[pooled["authority"] == ALL].merge(mine, on=["trial", "arm", "period"], how="inner")
        terms = pd.concat(
            [
                _terms(joined["name"], joined["name"], 1.0, joined["value"]),
                _terms(joined["name"], joined["waits"], -1.0, joined["starts"]),
            ],
            ignore_index=True,
        )
        book.nearly(terms, what=f"waits of {measure}", rest=f"speed: {measure} without a wait", like=STARTS)


def _terms(group: pd.Series, name: pd.Series, weight: float, value: pd.Series) -> pd.DataFrame:
    columns: dict[str, Sequence[Any]] = {
        "group": group.to_numpy(),
        "name": name.to_numpy(),
        "value": value.to_numpy(float),
    }
    return pd.DataFrame(columns).assign(weight=weight)


def protect_speed(held: Any, trials: Mapping[str, Any], shown: Shown) -> dict[str, Protected]:
    """Curves and ratios as shown; a step of a curve is missing where a count it is made of is hidden."""
    steps = held.curves.reset_index(drop=True)
    columns: Columns = {
        "starts": (cell_names(steps, STARTS, KEYS), "children"),
        "ended": (cell_names(steps, ENDED, STEP_KEYS), "children"),
    }
    made = protected_frame(steps, columns, shown)
    hidden = made["starts"].isna() | made["ended"].isna()
    told = {name: made[name].round().mask(hidden) for name in ("incidence", "lower", "upper")}
    kept = made.assign(**told, **{name: made[name].astype("Int64") for name in columns})
    curves = kept.drop(columns=["schools", "competing", "open", "share_of_starts", "share_of_ended"])
    thin = rests_on_little(held.ratios, shown.policy)
    ratios = without_estimates(held.ratios.reset_index(drop=True), thin, shown.policy, RATIO_NUMBERS)
    return {
        "curves": Protected(curves, ("starts", "ended"), shown.policy.title),
        "ratios": Protected(few_digits(ratios.drop(columns=list(BEHIND_RATIOS))), (), shown.policy.title),
    }
