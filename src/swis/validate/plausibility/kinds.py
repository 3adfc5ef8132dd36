"""The decorator of plausibility rules about rows."""

from __future__ import annotations

from collections.abc import Callable

from swis.validate.rule import SCHOOLS_TEAM, Finder, Rule, Severity, rule


def plausible(
    code: str,
    *,
    tables: str | tuple[str, ...],
    fields: tuple[str, ...],
    title: str,
    severity: Severity,
    reason: str,
    how_to_mend: str,
    owner: str = SCHOOLS_TEAM,
    needs: tuple[str, ...] = (),
) -> Callable[[Finder], Rule]:
    """A plausibility rule about rows, under a name of our own."""
    return rule(
        f"trial {code}",
        layer="plausibility",
        tables=tables,
        fields=fields,
        title=title,
        severity=severity,
        reason=reason,
        how_to_mend=how_to_mend,
        owner=owner,
        needs=needs,
    )
