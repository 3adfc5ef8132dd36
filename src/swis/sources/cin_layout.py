"""Where each column of the social care tables stands in the CIN census: block, element, kind of value.

From the DfE children in need census technical specifications of 2017 to 2026. Names are compared in lower case and
without namespace, because suppliers differ in both.
"""

from __future__ import annotations

from dataclasses import dataclass

CHILD = "child"
CASE = "cindetails"
SECTION_47 = "section47"


@dataclass(frozen=True)
class Block:
    """One repeated block of the return and the table its rows go to.

    `columns` maps our column to its elements (the first that holds something is read) by kind of value; `lists` are
    repeated codes joined with spaces, `counts` repeated elements that are only counted.
    """

    table: str
    element: str
    texts: dict[str, tuple[str, ...]]
    dates: dict[str, str]
    booleans: dict[str, str]
    integers: dict[str, str]
    lists: dict[str, str]
    counts: dict[str, str]


def _block(table: str, element: str, **kinds: dict) -> Block:
    every = ("texts", "dates", "booleans", "integers", "lists", "counts")
    return Block(table, element, **{kind: kinds.get(kind, {}) for kind in every})


CHILDREN = _block(
    "children",
    CHILD,
    texts={
        "la_child_id": ("lachildid",),
        "upn": ("upn",),
        "former_upn": ("formerupn",),
        "upn_unknown_reason": ("upnunknown",),
        "sex": ("sex", "gendercurrent"),
        "ethnicity": ("ethnicity",),
    },
    dates={
        "birth_date": "personbirthdate",
        "expected_birth_date": "expectedpersonbirthdate",
        "death_date": "persondeathdate",
    },
    lists={"disabilities": "disability"},
)
REFERRALS = _block(
    "referrals",
    CASE,
    texts={
        "referral_source": ("referralsource",),
        "primary_need": ("primaryneedcode",),
        "closure_reason": ("reasonforclosure",),
    },
    dates={"referral_date": "cinreferraldate", "closure_date": "cinclosuredate"},
    booleans={"no_further_action": "referralnfa"},
)
ASSESSMENTS = _block(
    "assessments",
    "assessments",
    dates={
        "assessment_start_date": "assessmentactualstartdate",
        "assessment_review_date": "assessmentinternalreviewdate",
        "assessment_end_date": "assessmentauthorisationdate",
    },
    lists={"assessment_factors": "assessmentfactors"},
)
ENQUIRIES = _block(
    "section47",
    SECTION_47,
    dates={
        "section47_start_date": "s47actualstartdate",
        "conference_target_date": "initialcpctarget",
        "conference_date": "dateofinitialcpc of section47",
    },
    booleans={"conference_not_required": "icpcnotrequired"},
)
PROTECTION_PLANS = _block(
    "protection_plans",
    "childprotectionplans",
    texts={
        "initial_category": ("initialcategoryofabuse",),
        "latest_category": ("latestcategoryofabuse",),
    },
    dates={"plan_start_date": "cppstartdate", "plan_end_date": "cppenddate"},
    integers={"number_of_previous_plans": "numberofpreviouscpp"},
    counts={"reviews_count": "cppreviewdate"},
)
CIN_PLANS = _block(
    "cin_plans",
    "cinplandates",
    dates={"plan_start_date": "cinplanstartdate", "plan_end_date": "cinplanenddate"},
)
# The date of a conference stands in the enquiry or directly in the case, under one name; the reader tells them apart
# by the parent and appends ' of section47' to the first.
CONFERENCE = "dateofinitialcpc"
CONFERENCE_OF_ENQUIRY = "dateofinitialcpc of section47"
BLOCKS = (CHILDREN, REFERRALS, ASSESSMENTS, ENQUIRIES, PROTECTION_PLANS, CIN_PLANS)
TABLES = (*(block.table for block in BLOCKS), "conferences")

CONTAINERS = {
    "childidentifiers",
    "childcharacteristics",
    "disabilities",
    "factorsidentifiedatassessment",
    "reviews",
    *(block.element for block in BLOCKS),
}


def known_elements() -> set[str]:
    """Every element inside a Child that is read or is only a container."""
    known = set(CONTAINERS) | {CONFERENCE, CONFERENCE_OF_ENQUIRY}
    for block in BLOCKS:
        known.update(element for elements in block.texts.values() for element in elements)
        for kind in (block.dates, block.booleans, block.integers, block.lists, block.counts):
            known.update(kind.values())
    return known
