"""A policy in words, as reports, notebook and bundle tell it."""

from __future__ import annotations

from swis.disclosure.policy import Policy


def policy_words(policy: Policy) -> list[str]:
    """A policy's rules as points of a list."""
    first, last = policy.small
    symbol = policy.symbols.hidden
    small = (
        f"Numbers of children and events from {first} to {last} are hidden and shown as {symbol}."
        if policy.hides_small
        else f"Numbers are rounded to the nearest {policy.round_to}; {policy.symbols.low} is one that rounds to zero."
    )
    zeros = {
        "shown": f"Zeros are shown, so {symbol} stands for at least 1." if policy.hides_small else "",
        "hidden": "Zeros are hidden like small numbers.",
    }[policy.zeros]
    safe = (
        f"A small number counts as safe when nothing shown rules out any of {policy.safe[0]} to {policy.safe[1]}."
        if policy.hides_small
        else "A small number counts as safe when what is shown leaves more than one number open."
    )
    symbols = (
        f"A total of hidden numbers is known to be at least as many as these are, because each {symbol} is at least "
        "1; no hiding can help that."
        if policy.hides_small and policy.zeros == "shown"
        else ""
    )
    decimals = {0: "whole numbers", 1: "with one decimal", 2: "with two decimals"}
    others = [
        f"A figure needs at least {policy.minimum_schools} schools, none of them with over "
        f"{policy.largest_share_of_one_school:.0%} of it; a mean or a median needs {policy.minimum_behind_an_average} "
        f"pupils; an estimate needs {policy.minimum_events_behind_an_estimate} events in each arm.",
        "Rates, percentages and intervals are made from the numbers shown, and hidden with them; percentages of "
        f"children are {decimals[policy.percent_decimals]}.",
        "Nothing is told of one school, of a month, or of anything below an authority's arm in an academic year. "
        "Numbers of schools are shown: a school is not a child.",
    ]
    return [part for part in (small, zeros, safe, symbols, *others) if part]
