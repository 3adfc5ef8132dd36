"""The statutory layer: every rule of `cin/` and `ssda903/`, found by looking into the two packages."""

from __future__ import annotations

from functools import cache

from swis.validate.rule import Rule, rules_in


@cache
def statutory_rules() -> tuple[Rule, ...]:
    """All statutory rules, census rules first, each family in order of its codes."""
    from swis.validate.statutory import cin, ssda903

    return (*rules_in(cin), *rules_in(ssda903))
