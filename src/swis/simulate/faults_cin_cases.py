"""Faults of referrals, cases and child in need plans, and oddities that a reader must bear."""

from __future__ import annotations

from swis.simulate.faults_cin_text import Context, cases_of, is_single, shifted, value_of, with_value, without


def closure_before_referral(text: str, context: Context) -> str | None:
    """A case closed before its referral."""
    referral = value_of(text, "CINreferralDate")
    if (
        not is_single(text)
        or "<CINclosureDate>" not in text
        or referral is None
        or referral < shifted(context.first_day, 30)
    ):
        return None
    return with_value(text, "CINclosureDate", shifted(referral, -20))


def closure_without_reason(text: str, context: Context) -> str | None:
    """A closed case without a reason."""
    return without(text, "ReasonForClosure") if is_single(text) and "<ReasonForClosure>" in text else None


def reason_without_closure(text: str, context: Context) -> str | None:
    """A reason for closing without the day."""
    return without(text, "CINclosureDate") if is_single(text) and "<CINclosureDate>" in text else None


def two_open_cases(text: str, context: Context) -> str | None:
    """Two open cases of one child."""
    referral, need = value_of(text, "CINreferralDate"), value_of(text, "PrimaryNeedCode")
    if (
        not is_single(text)
        or "<CINclosureDate>" in text
        or referral is None
        or need is None
        or referral > f"{context.year}-01-31"
    ):
        return None
    again = (
        f"<CINdetails><CINreferralDate>{shifted(max(referral, context.first_day), 20)}</CINreferralDate>"
        f"<ReferralSource>6</ReferralSource><PrimaryNeedCode>{need}</PrimaryNeedCode><ReferralNFA>0</ReferralNFA></CINdetails>"
    )
    return text.replace("</Child>", f"{again}</Child>")


def overlapping_cases(text: str, context: Context) -> str | None:
    """A case that is closed after the next began."""
    cases = cases_of(text)
    if len(cases) != 2 or "<CINclosureDate>" not in cases[0] or "<ReferralNFA>1" in text:
        return None
    later, closed = value_of(cases[1], "CINreferralDate"), value_of(cases[0], "CINclosureDate")
    ends = value_of(cases[1], "CINclosureDate") or f"{context.year}-03-31"
    if later is None or closed is None or shifted(later, 3) >= ends:
        return None
    return text.replace(cases[0], with_value(cases[0], "CINclosureDate", shifted(later, 3)))


def activity_without_action(text: str, context: Context) -> str | None:
    """An assessment in a referral without further action."""
    referral = value_of(text, "CINreferralDate") or ""
    fits = is_single(text) and "<Assessments>" in text and referral >= context.first_day
    return with_value(text, "ReferralNFA", "1") if fits else None


def referral_source_unknown(text: str, context: Context) -> str | None:
    """A source of referral that does not exist."""
    return with_value(text, "ReferralSource", "2C") if is_single(text) else None


def need_missing(text: str, context: Context) -> str | None:
    """No primary need."""
    return without(text, "PrimaryNeedCode") if is_single(text) and "<PrimaryNeedCode>" in text else None


def action_flag_missing(text: str, context: Context) -> str | None:
    """No word on further action."""
    return with_value(text, "ReferralNFA", "") if is_single(text) and "<ReferralNFA>0" in text else None


def referral_date_missing(text: str, context: Context) -> str | None:
    """No date of referral."""
    return with_value(text, "CINreferralDate", "") if is_single(text) and "<ReferralNFA>0" in text else None


def need_plan_ends_before_start(text: str, context: Context) -> str | None:
    """A child in need plan that ends before it begins."""
    start = value_of(text, "CINPlanStartDate")
    fits = is_single(text) and text.count("<CINPlanDates>") == 1 and "<CINPlanEndDate>" in text
    return (
        with_value(text, "CINPlanEndDate", shifted(start, -4))
        if fits and start and start > shifted(context.first_day, 10)
        else None
    )


def need_plan_before_referral(text: str, context: Context) -> str | None:
    """A child in need plan before the referral."""
    referral = value_of(text, "CINreferralDate")
    fits = is_single(text) and text.count("<CINPlanDates>") == 1 and referral is not None
    return with_value(text, "CINPlanStartDate", shifted(referral, -11)) if fits and referral else None


def boolean_as_word(text: str, context: Context) -> str | None:
    """true or false instead of 1 or 0."""
    flag = value_of(text, "ReferralNFA")
    return with_value(text, "ReferralNFA", {"0": "false", "1": "true"}[flag]) if flag in {"0", "1"} else None


def stray_text(text: str, context: Context) -> str | None:
    """Text between two elements."""
    return (
        text.replace("<PersonBirthDate>", "PersonBirthDate<PersonBirthDate>", 1)
        if "<PersonBirthDate>" in text
        else None
    )


def sex_as_letter(text: str, context: Context) -> str | None:
    """M or F instead of 1 or 2."""
    sex = value_of(text, "GenderCurrent")
    return with_value(text, "GenderCurrent", {"1": "M", "2": "F"}[sex]) if sex in {"1", "2"} else None


def plausible_wrong_source(text: str, context: Context) -> str | None:
    """A wrong but possible source of referral."""
    return with_value(text, "ReferralSource", "3A") if value_of(text, "ReferralSource") == "6" else None
