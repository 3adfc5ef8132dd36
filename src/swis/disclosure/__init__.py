"""The door out: what leaves the restricted side is rounded, hidden where small, and labelled, here only."""

from swis.disclosure.estimates import (
    protect_estimates,
    protect_exclusions,
    protect_flow,
    protect_schools_by_bin,
    without_counts,
)
from swis.disclosure.protected import DisclosureError, Protected
from swis.disclosure.rounding import (
    protect_counts,
    protect_outcomes,
    protect_participants,
    protect_returns,
    round_count,
)

__all__ = [
    "DisclosureError",
    "Protected",
    "protect_counts",
    "protect_estimates",
    "protect_exclusions",
    "protect_flow",
    "protect_outcomes",
    "protect_participants",
    "protect_returns",
    "protect_schools_by_bin",
    "round_count",
    "without_counts",
]
