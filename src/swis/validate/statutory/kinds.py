"""The two families of statutory rules, as decorators that fill in what all rules of a family share."""

from __future__ import annotations

from collections.abc import Callable

from swis.validate.rule import SOCIAL_CARE_TEAM, Finder, Rule, Severity, rule


def cin(
    code: str,
    *,
    tables: str | tuple[str, ...],
    fields: tuple[str, ...],
    title: str,
    severity: Severity,
    reason: str,
    how_to_mend: str,
    needs: tuple[str, ...] = (),
) -> Callable[[Finder], Rule]:
    """A rule of the children in need census, under the DfE's code for it."""
    return rule(
        f"CIN {code}",
        layer="statutory",
        tables=tables,
        fields=fields,
        title=title,
        severity=severity,
        reason=reason,
        how_to_mend=how_to_mend,
        owner=SOCIAL_CARE_TEAM,
        needs=needs,
    )


def ssda903(
    code: str,
    *,
    tables: str | tuple[str, ...] = "care_episodes",
    fields: tuple[str, ...],
    title: str,
    severity: Severity,
    reason: str,
    how_to_mend: str,
    needs: tuple[str, ...] = (),
) -> Callable[[Finder], Rule]:
    """A rule of the SSDA903 return, under the DfE's code for it."""
    return rule(
        f"903 {code}",
        layer="statutory",
        tables=tables,
        fields=fields,
        title=title,
        severity=severity,
        reason=reason,
        how_to_mend=how_to_mend,
        owner=SOCIAL_CARE_TEAM,
        needs=needs,
    )
