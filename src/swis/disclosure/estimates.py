"""Every table of a trial's effects, through the door: what rests on too little is hidden in all of them alike.

A ratio of regression coefficients is not a count and gives none back while many schools stand behind it and it has few
digits: in full precision a mean times the number of its schools is the exact sum. So every number leaves with at most
3 decimals (1 from 10 on), on the page and in its file alike. Numbers of schools are shown where there are enough
of them: a school is not a child, and none is named.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from swis.disclosure.book import Shown
from swis.disclosure.book.effect_frames import RESULT_COUNTS, few_digits, protected_balance, protected_results
from swis.disclosure.book.flow import protected_flow
from swis.disclosure.book.rootogram import protected_rootogram
from swis.disclosure.policy import Policy
from swis.disclosure.protected import Protected
from swis.effects.analysis import Effects
from swis.params import Trial

ARMS = ("intervention", "control")
MAIN = "main"
BALANCE_NUMBERS = ("intervention", "control", "standardised_difference")
HARM_NUMBERS = ("estimate", "lower", "upper")


def protect_effects(held: Effects, trial: Trial, shown: Shown) -> dict[str, Protected]:
    """The tables of one trial's effects by name; whatever else is told of an outcome is hidden as its estimate is."""
    policy = shown.policy
    results = protected_results(held.results, trial, shown)
    main = results[results["analysis"] == MAIN].drop_duplicates("analysis_id")
    told = frozenset(main.loc[main["symbol"] == "", "analysis_id"])
    added = held.added_year[~held.added_year["outcome"].isin(main.loc[main["symbol"] != "", "outcome"])]
    schools = tuple(f"schools_{arm}" for arm in ARMS)
    return {
        "results": Protected(results, RESULT_COUNTS, policy.title),
        "excluded": Protected(held.excluded.reset_index(drop=True), ARMS, policy.title),
        "flow": Protected(protected_flow(held.flow, trial.name, shown), ("schools", "pupils"), policy.title),
        "balance": Protected(protected_balance(held.balance, shown, BALANCE_NUMBERS), schools, policy.title),
        "harms": without_counts(_only_told(held.harms, told, HARM_NUMBERS), policy),
        "design": without_counts(held.design, policy),
        "detectable": without_counts(held.detectable, policy),
        "published": without_counts(held.published[held.published["analysis_id"].isin(told)], policy),
        "curve": without_counts(held.curve, policy),
        "rootogram": Protected(
            protected_rootogram(held.rootogram, trial.name, shown), ("observed_schools",), policy.title
        ),
        "residuals": without_counts(held.residuals, policy),
        "added_year": without_counts(added, policy),
    }


def without_counts(frame: pd.DataFrame, policy: Policy) -> Protected:
    """A frame that holds no count of schools, children or events: spreads, detectable ratios, quantiles."""
    return Protected(few_digits(frame.reset_index(drop=True)), (), policy.title)


def _only_told(frame: pd.DataFrame, told: frozenset[str], numbers: Sequence[str]) -> pd.DataFrame:
    hidden = ~frame["analysis_id"].isin(told)
    return frame.assign(**{name: frame[name].mask(hidden) for name in numbers})
