"""Faults of what happens in a case: assessments, enquiries, conferences, protection plans."""

from __future__ import annotations

import re
from datetime import date, timedelta

from swis.simulate.faults import NO_SUCH_CODE
from swis.simulate.faults_cin_text import Context, block_of, is_single, shifted, value_of, with_value, without


def assessment_before_referral(text: str, context: Context) -> str | None:
    """An assessment that begins before its referral."""
    referral = value_of(text, "CINreferralDate")
    if not is_single(text) or text.count("<Assessments>") != 1 or referral is None:
        return None
    return with_value(text, "AssessmentActualStartDate", shifted(referral, -9))


def assessment_ends_before_start(text: str, context: Context) -> str | None:
    """An assessment that ends before it begins."""
    start, end = value_of(text, "AssessmentActualStartDate"), value_of(text, "AssessmentAuthorisationDate")
    if not is_single(text) or text.count("<Assessments>") != 1 or start is None or end is None:
        return None
    return (
        with_value(text, "AssessmentAuthorisationDate", shifted(start, -1))
        if start > shifted(context.first_day, 5)
        else None
    )


def assessment_repeated(text: str, context: Context) -> str | None:
    """The same assessment twice."""
    block = block_of(text, "Assessments")
    if block is None or "<AssessmentAuthorisationDate>" not in block or text.count("<Assessments>") != 1:
        return None
    return text.replace(block, block + block, 1)


def assessment_start_no_date(text: str, context: Context) -> str | None:
    """An assessment that begins on 30 February."""
    if text.count("<Assessments>") != 1:
        return None
    return with_value(text, "AssessmentActualStartDate", f"{context.year - 1}-02-30")


def closed_with_open_assessment(text: str, context: Context) -> str | None:
    """A closed case with an assessment that never ended."""
    start = value_of(text, "AssessmentActualStartDate")
    fits = is_single(text) and "<CINclosureDate>" in text and text.count("<Assessments>") == 1
    if not fits or start is None or start < context.first_day or "<AssessmentAuthorisationDate>" not in text:
        return None
    factors = block_of(text, "FactorsIdentifiedAtAssessment") or ""
    return without(text.replace(factors, ""), "AssessmentAuthorisationDate")


def enquiry_before_referral(text: str, context: Context) -> str | None:
    """An enquiry before its referral."""
    referral = value_of(text, "CINreferralDate")
    if (
        not is_single(text)
        or text.count("<Section47>") != 1
        or referral is None
        or referral < shifted(context.first_day, 20)
    ):
        return None
    return with_value(text, "S47ActualStartDate", shifted(referral, -6))


def enquiry_after_return(text: str, context: Context) -> str | None:
    """An enquiry after the end of the return."""
    if not is_single(text) or text.count("<Section47>") != 1 or "<DateOfInitialCPC>" in text:
        return None
    return with_value(text, "S47ActualStartDate", f"{context.year}-04-21")


def two_open_enquiries(text: str, context: Context) -> str | None:
    """Two enquiries without outcome at once."""
    start = value_of(text, "S47ActualStartDate")
    if not is_single(text) or start is None or text.count("<Section47>") != 1 or start < shifted(context.first_day, 15):
        return None
    day = shifted(start, 1)
    openings = "".join(
        f"<Section47><S47ActualStartDate>{when}</S47ActualStartDate><ICPCnotRequired>0</ICPCnotRequired></Section47>"
        for when in (day, shifted(day, 1))
    )
    return (
        re.sub(r"(</Section47>)", rf"\1{openings}", text, count=1)
        if shifted(day, 1) < f"{context.year}-04-01"
        else None
    )


def conference_before_enquiry(text: str, context: Context) -> str | None:
    """A conference before its enquiry."""
    held, start = value_of(text, "DateOfInitialCPC"), value_of(text, "S47ActualStartDate")
    if (
        not is_single(text)
        or held is None
        or start is None
        or text.count("<Section47>") != 1
        or "<ChildProtectionPlans>" in text
    ):
        return None
    earlier = shifted(start, -7)
    referral = value_of(text, "CINreferralDate") or ""
    return with_value(text, "DateOfInitialCPC", earlier) if earlier >= max(context.first_day, referral) else None


def conference_on_saturday(text: str, context: Context) -> str | None:
    """A conference on a Saturday."""
    held = value_of(text, "DateOfInitialCPC")
    if held is None or not is_single(text) or text.count("<DateOfInitialCPC>") != 1:
        return None
    when = date.fromisoformat(held)
    saturday = (when + timedelta(days=5 - when.weekday())).isoformat()
    return text.replace(f">{held}<", f">{saturday}<") if saturday <= f"{context.year}-03-31" else None


def conference_twice(text: str, context: Context) -> str | None:
    """A conference told in the case and in the enquiry."""
    held = value_of(text, "DateOfInitialCPC")
    if held is None or not is_single(text) or text.count("<DateOfInitialCPC>") != 1:
        return None
    again = f"<DateOfInitialCPC>{held}</DateOfInitialCPC>"
    before = (
        "<Assessments>" if "<Assessments>" in text else "<CINPlanDates>" if "<CINPlanDates>" in text else "<Section47>"
    )
    return text.replace(before, again + before, 1)


def plan_before_referral(text: str, context: Context) -> str | None:
    """A protection plan before the referral."""
    referral = value_of(text, "CINreferralDate")
    if referral is None or not is_single(text) or text.count("<ChildProtectionPlans>") != 1:
        return None
    return with_value(text, "CPPstartDate", shifted(referral, -15))


def plan_not_on_conference_day(text: str, context: Context) -> str | None:
    """A protection plan four days after the conference."""
    held, start = value_of(text, "DateOfInitialCPC"), value_of(text, "CPPstartDate")
    fits = is_single(text) and text.count("<ChildProtectionPlans>") == 1 and text.count("<DateOfInitialCPC>") == 1
    if (
        not fits
        or held is None
        or held != start
        or shifted(held, 4) > f"{context.year}-03-31"
        or "<CPPendDate>" in text
    ):
        return None
    return with_value(text, "CPPstartDate", shifted(held, 4))


def plan_of_no_days(text: str, context: Context) -> str | None:
    """A protection plan that ends the day it begins."""
    start = value_of(text, "CPPstartDate")
    fits = is_single(text) and text.count("<ChildProtectionPlans>") == 1 and "<CPPendDate>" in text
    return with_value(text, "CPPendDate", start) if fits and start is not None and start >= context.first_day else None


def plan_ends_before_start(text: str, context: Context) -> str | None:
    """A protection plan that ends before it begins."""
    start = value_of(text, "CPPstartDate")
    fits = is_single(text) and text.count("<ChildProtectionPlans>") == 1 and "<CPPendDate>" in text
    if not fits or start is None or start < shifted(context.first_day, 40):
        return None
    return with_value(text, "CPPendDate", shifted(start, -30))


def plan_category_unknown(text: str, context: Context) -> str | None:
    """A category of abuse that does not exist, as long as those that do."""
    is_single_plan = text.count("<ChildProtectionPlans>") == 1
    return with_value(text, "InitialCategoryOfAbuse", NO_SUCH_CODE[:3]) if is_single_plan else None
