"""A policy as a checker reads it: each rule in words, with its numbers."""

from __future__ import annotations

from swis.disclosure.bundle.model import Rule
from swis.disclosure.policy import Policy


def rules_of(policy: Policy) -> tuple[Rule, ...]:
    """Every rule of a policy, in the order in which it is applied."""
    return (*_about_counts(policy), *_about_hidden(policy), *_about_derived(policy), *_about_schools(policy))


def _about_counts(policy: Policy) -> list[Rule]:
    low, high = policy.small
    hidden = "are hidden" if policy.hides_small else "are not hidden for their size; rounding protects them"
    zeros = "shown" if policy.zeros == "shown" else "hidden like small counts"
    rounding = f"rounded to the nearest {policy.round_to}" if policy.round_to > 1 else "not rounded"
    return [
        Rule("small", f"counts of children or events from {low} to {high} {hidden}", {"lowest": low, "highest": high}),
        Rule("zeros", f"zeros are {zeros}", {"zeros": policy.zeros}),
        Rule("round_to", f"shown counts are {rounding}", {"nearest": policy.round_to}),
    ]


def _about_hidden(policy: Policy) -> list[Rule]:
    low, high = policy.safe
    words = (
        f"from all that is released together nobody may be able to rule out any value from {low} to {high} of a hidden "
        "small count; further numbers are hidden until that is so"
    )
    if not policy.hides_small:
        words = (
            f"from all that is released together nobody may be able to tell a small count (about {low} to {high}) from "
            "its neighbours within the rounding; numbers are hidden where sums would undo it"
        )
    share = f"of a larger hidden number no value within {policy.safe_share:.0%} of it can be ruled out"
    return [
        Rule("safe", words, {"lowest": low, "highest": high}),
        Rule("safe_share", share, {"share": policy.safe_share}),
    ]


def _about_derived(policy: Policy) -> list[Rule]:
    decimals = {"percentages": policy.percent_decimals, "rates": policy.rate_decimals}
    return [
        Rule(
            "derived",
            "what is made from a hidden count is hidden: rates, percentages, means, intervals, numbers in sentences",
            {},
        ),
        Rule(
            "decimals",
            f"percentages have {policy.percent_decimals} decimals and rates {policy.rate_decimals}, both made from "
            "counts as shown",
            decimals,
        ),
        Rule(
            "minimum_behind_an_average",
            f"an average rests on at least {policy.minimum_behind_an_average} children",
            {"children": policy.minimum_behind_an_average},
        ),
        Rule(
            "minimum_events_behind_an_estimate",
            f"an estimate rests on at least {policy.minimum_events_behind_an_estimate} events in each arm",
            {"events": policy.minimum_events_behind_an_estimate},
        ),
    ]


def _about_schools(policy: Policy) -> list[Rule]:
    share = policy.largest_share_of_one_school
    return [
        Rule(
            "minimum_schools",
            f"a number rests on at least {policy.minimum_schools} schools, and no school is named",
            {"schools": policy.minimum_schools},
        ),
        Rule(
            "largest_share_of_one_school",
            f"no one school holds more than {share:.0%} of a number",
            {"share": share},
        ),
    ]
