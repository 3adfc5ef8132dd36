"""One small authority whose returns break no statutory rule; tests spoil one thing at a time."""

from __future__ import annotations

from typing import Any

import pandas as pd

from swis.schemas import conform, table_schema
from swis.sources.upn import make_upns
from swis.validate.tables import SCALE_COLUMNS, Tables

Row = dict[str, Any]
CIN_FILE = {"authority": "demo-authority", "source_file": "cin/2021.xml", "source_record": 1, "return_year": 2021}
CASE = CIN_FILE | {"la_child_id": "SYN1", "referral_date": "2020-06-01"}
HEADER_FILE = {"authority": "demo-authority", "source_file": "ssda903/2021/header.csv", "source_record": 1}
EPISODE_FILE = HEADER_FILE | {"source_file": "ssda903/2021/episodes.csv"}
UPN, OTHER_UPN = make_upns(["999120000001", "999120000002"])
EPISODE = EPISODE_FILE | {
    "return_year": 2021, "la_child_id": "SYN1", "episode_start_date": "2020-09-01", "reason_new_episode": "S",
    "legal_status": "C2", "category_of_need": "N1", "placement": "U1", "placement_provider": "PR1",
}  # fmt: skip
BASE: dict[str, list[Row]] = {
    "children": [
        CIN_FILE | {"la_child_id": "SYN1", "upn": UPN, "birth_date": "2008-05-04", "sex": "F", "ethnicity": "WBRI"}
    ],
    "referrals": [CASE | {"referral_source": "2A", "primary_need": "N1", "no_further_action": False}],
    "assessments": [CASE | {"assessment_start_date": "2020-06-02", "assessment_end_date": "2020-07-02"}],
    "section47": [
        CASE | {"section47_start_date": "2020-06-08", "conference_date": "2020-06-22", "conference_not_required": False}
    ],
    "conferences": [CASE | {"conference_date": "2020-06-22", "recorded_in": "section47"}],
    "protection_plans": [
        CASE
        | {
            "plan_start_date": "2020-06-22",
            "plan_end_date": "2020-12-01",
            "initial_category": "NEG",
            "latest_category": "NEG",
            "number_of_previous_plans": 0,
        }
    ],
    "cin_plans": [CASE | {"plan_start_date": "2020-12-02"}],
    "looked_after_children": [
        HEADER_FILE
        | {
            "return_year": 2021,
            "la_child_id": "SYN1",
            "sex": "F",
            "birth_date": "2008-05-04",
            "ethnicity": "WBRI",
            "upn": UPN,
        }
    ],
    "care_episodes": [EPISODE],
}


PUPIL_FILE = {
    "authority": "demo-authority",
    "source_file": "school_census/2020_autumn_pupilonroll.csv",
    "source_record": 1,
}
SCHOOL = {"trial": "swis", "stratum": "gateshead", "allocated_on": "2020-09-01"}
REGISTER = {"old_la_code": "390", "school_name": "Synthetic School", "phase": "secondary", "status": "open"}
BASE |= {
    "allocation": [SCHOOL | {"urn": "900001", "arm": "intervention"}],
    "schools": [REGISTER | {"urn": "900001"}],
    "pupils": [
        PUPIL_FILE
        | {"urn": "900001", "census_year": 2020, "census_term": "autumn", "upn": UPN, "birth_date": "2008-05-04"}
        | {"sex": "F", "is_on_roll": True, "entry_date": "2019-09-03", "year_group": 8, "enrolment_status": "C"}
    ],
    "attendance": [
        PUPIL_FILE
        | {"urn": "900001", "upn": UPN, "academic_year": "2020/21", "absence_term": "autumn"}
        | {"sessions_possible": 140, "sessions_authorised": 3, "sessions_unauthorised": 1}
    ],
    "suspensions": [
        PUPIL_FILE
        | {"urn": "900001", "upn": UPN, "start_date": "2020-03-03", "sessions": 4.0, "category": "suspension"}
    ],
    "attainment": [
        PUPIL_FILE
        | {"source_file": "attainment/attainment.csv", "upn": UPN, "urn": "900001", "academic_year": "2022/23"}
        | {"key_stage": "KS4", "attainment8": 45.0, "graded_by": "exam"}
    ],
    "contacts": [
        CIN_FILE
        | {"source_file": "contacts.csv", "la_child_id": "SYN1", "upn": UPN, "urn": "900001", "source_code": "2A"}
        | {"contact_date": "2020-05-29", "outcome": "referral", "decision_date": "2020-06-01"}
    ],
    "early_help": [
        CIN_FILE
        | {"source_file": "annex_a/annex_a_2021.xlsx (List 2)", "la_child_id": "SYN1"}
        | {"assessment_start_date": "2020-10-05", "assessment_end_date": "2020-11-05"}
    ],
    "dsl_survey": [
        CIN_FILE
        | {"source_file": "dsl_survey.csv", "urn": "900001", "respondent": "R1", "wave": "baseline", "item": 1}
        | {"scale": "Wellbeing", "score": 3.0, "left_post_on": "2021-06-30"}
    ],
    "delivery": [
        {"worker": "W1", "role": "social worker", "urn": "900001", "from_date": "2020-09-14", "to_date": "2021-07-16"}
        | {"fte": 1.0}
    ],
}


SCALES = pd.DataFrame([("Wellbeing", 7, 1.0, 5.0)], columns=SCALE_COLUMNS)


def frame_of(name: str, rows: list[Row]) -> pd.DataFrame:
    """A conformed table from rows whose dates are ISO text."""
    frame = pd.DataFrame(rows)
    for column in table_schema(name).fields:
        if column.type == "date" and column.name in frame:
            frame[column.name] = pd.to_datetime(frame[column.name])
    return conform(frame, name)


def returns_with(changes: dict[str, list[Row]]) -> Tables:
    """The sound returns with rows replaced: row n of a change overlays row n of the base, further rows are added.

    Added rows start from the base row, so a change states only what differs.
    """
    tables = {}
    for name, base in BASE.items():
        overlaid = [base[0] | change for change in changes.get(name, [{}])]
        tables[name] = frame_of(name, overlaid)
    return Tables(tables, SCALES)
