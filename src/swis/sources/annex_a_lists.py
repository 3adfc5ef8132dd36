"""Lists 1 to 6 of Annex A: the table each fills and its columns in the spellings authorities give them.

The names are those of Ofsted's Annex A workbook for inspections of local authority children's services.
"""

from __future__ import annotations

from dataclasses import dataclass

CHILD = ["Child Unique ID", "Child ID", "Child Unique Identifier", "Unique Child ID", "Child's Unique ID"]


@dataclass(frozen=True)
class AnnexList:
    """One list: the table it fills, its columns in their spellings, what must be there, and the date of its events."""

    number: int
    table: str
    event_date: str
    columns: dict[str, list[str]]
    required: tuple[str, ...]


LISTS = (
    AnnexList(
        1,
        "contacts",
        "contact_date",
        {
            "la_child_id": CHILD,
            "contact_date": ["Date of Contact", "Contact Date"],
            "source_code": ["Contact Source", "Source of Contact"],
        },
        ("contact_date",),
    ),
    AnnexList(
        2,
        "early_help",
        "assessment_start_date",
        {
            "la_child_id": CHILD,
            "assessment_start_date": ["Assessment start date", "Early Help Assessment start date"],
            "assessment_end_date": ["Assessment completion date", "Assessment completed date", "Assessment end date"],
            "organisation": ["Organisation completing assessment", "Organisation completing the assessment"],
        },
        ("la_child_id", "assessment_start_date"),
    ),
    AnnexList(
        3,
        "referrals",
        "referral_date",
        {
            "la_child_id": CHILD,
            "referral_date": ["Date of Referral", "Referral Date"],
            "referral_source": ["Referral Source", "Source of Referral"],
            "no_further_action": ["Referral NFA?", "Referral NFA", "NFA"],
        },
        ("la_child_id", "referral_date"),
    ),
    AnnexList(
        4,
        "assessments",
        "assessment_start_date",
        {
            "la_child_id": CHILD,
            "assessment_start_date": ["Continuous Assessment Start Date", "Assessment Start Date"],
            "assessment_end_date": ["Continuous Assessment Date of Authorisation", "Date of Authorisation"],
        },
        ("la_child_id", "assessment_start_date"),
    ),
    AnnexList(
        5,
        "section47",
        "section47_start_date",
        {
            "la_child_id": CHILD,
            "section47_start_date": [
                "Strategy discussion initiating Section 47 Enquiry Start Date",
                "Section 47 Enquiry Start Date",
                "Section 47 Start Date",
                "Strategy discussion date",
            ],
            "conference_not_required": [
                "Was an Initial Child Protection Conference deemed unnecessary?",
                "Was an ICPC deemed unnecessary?",
                "ICPC deemed unnecessary",
            ],
            "conference_date": ["Date of Initial Child Protection Conference", "Date of ICPC"],
        },
        ("la_child_id", "section47_start_date"),
    ),
    AnnexList(
        6,
        "cin_plans",
        "plan_start_date",
        {
            "la_child_id": CHILD,
            "plan_start_date": ["CIN Start Date", "Child in Need Start Date", "CIN Plan Start Date"],
            "plan_end_date": ["CIN Closure Date", "CIN End Date", "CIN Plan End Date"],
        },
        ("la_child_id", "plan_start_date"),
    ),
)
