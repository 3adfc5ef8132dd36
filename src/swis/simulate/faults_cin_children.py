"""Faults of a child of the CIN census itself: numbers, dates of birth and death, codes."""

from __future__ import annotations

import re

from swis.simulate.faults import NO_SUCH_CODE
from swis.simulate.faults_cin_text import Context, is_single, shifted, value_of, with_value, without


def upn_check_letter(text: str, context: Context) -> str | None:
    """A wrong check letter."""
    upn = value_of(text, "UPN")
    return with_value(text, "UPN", ("B" if upn[0] != "B" else "C") + upn[1:]) if upn else None


def upn_of_another_child(text: str, context: Context) -> str | None:
    """Another child's number."""
    upn = value_of(text, "UPN")
    return with_value(text, "UPN", context.other_upn) if upn and context.other_upn not in ("", upn) else None


def upn_too_short(text: str, context: Context) -> str | None:
    """Two characters lost."""
    upn = value_of(text, "UPN")
    return with_value(text, "UPN", upn[:-2]) if upn else None


def upn_changed(text: str, context: Context) -> str | None:
    """A number nobody else has, without the former one, in a case known the year before."""
    known_before = (value_of(text, "CINreferralDate") or "") < context.first_day and is_single(text)
    born = value_of(text, "PersonBirthDate")
    old_enough = born is not None and int(born[:4]) <= context.year - 7
    usable = value_of(text, "UPN") and "<FormerUPN>" not in text
    return with_value(text, "UPN", context.new_upn) if known_before and old_enough and usable else None


def child_identifier_missing(text: str, context: Context) -> str | None:
    """No identifier."""
    return with_value(text, "LAchildID", "")


def birth_after_return(text: str, context: Context) -> str | None:
    """Born after the end of the return."""
    return with_value(text, "PersonBirthDate", f"{context.year}-05-17") if "<PersonBirthDate>" in text else None


def no_birth_date(text: str, context: Context) -> str | None:
    """No date of birth."""
    return without(text, "PersonBirthDate") if "<PersonBirthDate>" in text else None


def birth_date_differs(text: str, context: Context) -> str | None:
    """Another date of birth than the year before."""
    born, referred = value_of(text, "PersonBirthDate"), value_of(text, "CINreferralDate")
    if born is None or referred is None or referred >= context.first_day or int(born[:4]) > context.year - 6:
        return None
    return with_value(text, "PersonBirthDate", shifted(born, 61))


def death_before_birth(text: str, context: Context) -> str | None:
    """Died before birth."""
    born = value_of(text, "PersonBirthDate")
    if born is None:
        return None
    died = f"<PersonDeathDate>{shifted(born, -12)}</PersonDeathDate>"
    return re.sub(r"(</GenderCurrent>)", rf"\1{died}", text, count=1)


def ethnicity_unknown_code(text: str, context: Context) -> str | None:
    """A code of ethnic group that does not exist, though it begins as those of white groups do."""
    return with_value(text, "Ethnicity", "W" + NO_SUCH_CODE[1:])


def un7_with_action(text: str, context: Context) -> str | None:
    """UN7 (no further action) where there was action."""
    is_excused = value_of(text, "UPNunknown") in {"UN2", "UN3", "UN4", "UN5"}
    # With no further action the reason would be true, and no fault.
    fits = is_excused and is_single(text) and "<ReferralNFA>0" in text
    return with_value(text, "UPNunknown", "UN7") if fits else None
