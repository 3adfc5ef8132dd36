"""The plausibility layer: rules about rows and checks of counts, found by looking into the two packages."""

from __future__ import annotations

from functools import cache

from swis.validate.plausibility.check import Check, checks_in
from swis.validate.rule import Rule, rules_in


@cache
def plausibility_rules() -> tuple[Rule, ...]:
    """All plausibility rules about rows, by module name."""
    from swis.validate.plausibility import rows

    return rules_in(rows)


@cache
def plausibility_checks() -> tuple[Check, ...]:
    """All plausibility checks of counts, by module name."""
    from swis.validate.plausibility import totals

    return checks_in(totals)
