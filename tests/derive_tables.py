"""A small invented authority, built table by table: every number in it is invented and of no child."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from swis.params import Definitions, Params, load_params
from swis.schemas import conform, empty_table

ROOT = Path(__file__).resolve().parents[1]
AUTHORITY = "gateshead"
SCHOOL_A, SCHOOL_B = "900001", "900002"
PROVENANCE = {"authority": AUTHORITY, "source_file": "invented.csv", "source_record": 1}
DEFAULTS: dict[str, dict[str, Any]] = {
    "pupils": {"is_on_roll": True, "enrolment_status": "C", "sex": "F", "entry_date": "2018-09-01", "urn": SCHOOL_A},
    "children": {"sex": "F", "ethnicity": "WBRI", "return_year": 2022},
    "referrals": {"referral_source": "3A", "no_further_action": False, "return_year": 2022},
    "assessments": {"return_year": 2022},
    "section47": {"conference_not_required": True, "return_year": 2022},
    "conferences": {"recorded_in": "referral", "return_year": 2022},
    "protection_plans": {
        "initial_category": "NEG", "latest_category": "NEG", "number_of_previous_plans": 0, "return_year": 2022,
    },
    "care_episodes": {
        "reason_new_episode": "S", "legal_status": "C2", "category_of_need": "N1", "placement": "U6",
        "return_year": 2022,
    },
    "looked_after_children": {"return_year": 2022},
    "attendance": {"urn": SCHOOL_A, "sessions_code_x": 0},
    "suspensions": {"urn": SCHOOL_A, "category": "suspension", "sessions": 2.0},
    "attainment": {"urn": SCHOOL_A, "graded_by": "exam"},
    "contacts": {"urn": SCHOOL_A, "source_code": "2A"},
    "early_help": {"source_file": "annex_a/annex_a_2022.xlsx (List 2)"},
    "cin_plans": {"return_year": 2022},
}  # fmt: skip


def pupil_number(number: int) -> str:
    """A permanent pupil number of the invented kind (its digits begin 999); the check letter is not asked here."""
    return f"Z999{number:09d}"


def temporary_number(number: int) -> str:
    return f"Z999{number:08d}A"


def rows(table: str, *records: dict[str, Any]) -> pd.DataFrame:
    """A canonical table from the few values a test is about."""
    if not records:
        return empty_table(table)
    complete = [{**PROVENANCE, **DEFAULTS.get(table, {}), **record} for record in records]
    frame = pd.DataFrame(complete)
    for column in frame.columns[frame.columns.str.endswith("_date")]:
        frame[column] = pd.to_datetime(frame[column])
    return conform(frame, table)


def on_rolls(
    number: int, *, year_group: int, first: int = 2018, last: int = 2024, urn: str = SCHOOL_A, **more: Any
) -> list[dict[str, Any]]:
    """Census rows of one pupil from autumn `first` to spring `last`; year_group is that of the first."""
    found = []
    for year in range(first, last + 1):
        for term in ("spring", "summer", "autumn"):
            if (year == first and term != "autumn") or (year == last and term != "spring"):
                continue
            start_year = year - (term != "autumn")
            group = year_group + start_year - first
            row = {
                "upn": pupil_number(number),
                "census_year": year,
                "census_term": term,
                "year_group": group,
                "urn": urn,
            }
            found.append({**row, "entry_date": f"{first}-09-01", **more})
    return found


def schools() -> pd.DataFrame:
    known = [{"urn": urn, "phase": "secondary", "status": "open", "old_la_code": "390", "school_name": urn}
             for urn in (SCHOOL_A, SCHOOL_B)]  # fmt: skip
    return conform(pd.DataFrame(known), "schools")


def allocation(trial: str = "swis") -> pd.DataFrame:
    arms = {SCHOOL_A: "intervention", SCHOOL_B: "control"}
    known = [{"urn": urn, "trial": trial, "stratum": AUTHORITY, "arm": arm, "allocated_on": pd.Timestamp("2020-09-01")}
             for urn, arm in arms.items()]  # fmt: skip
    return conform(pd.DataFrame(known), "allocation")


def world(**tables: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Two trial schools and whatever tables a test gives."""
    return {"schools": schools(), "allocation": allocation(), **tables}


def every_return(source: str = "cin_census", missing: tuple[int, ...] = ()) -> pd.DataFrame:
    """Completeness: the returns of 2018 to 2024 of a source, and of the other one, but for the missing years."""
    found = [
        {"authority": AUTHORITY, "returns": name, "period": str(year), "reason": "",
         "status": "missing" if name == source and year in missing else "received"}
        for name in ("cin_census", "ssda903")
        for year in range(2018, 2025)
    ]  # fmt: skip
    return pd.DataFrame(found)


@cache
def _as_committed() -> Params:
    return load_params(ROOT / "params")


def params(**changed: Any) -> Params:
    """The project's parameters, some definitions changed."""
    loaded = _as_committed()
    return Params(
        definitions=loaded.definitions.model_copy(update=changed),
        trials=loaded.trials,
        authorities=loaded.authorities,
        economics=loaded.economics,
    )


def params_of(*trials: str, **changed: Any) -> Params:
    """The project's parameters, with the invented authority in these trials."""
    loaded = params(**changed)
    own = loaded.authorities[AUTHORITY].model_copy(update={"trials": list(trials)})
    return Params(
        definitions=loaded.definitions,
        trials=loaded.trials,
        authorities={**loaded.authorities, AUTHORITY: own},
        economics=loaded.economics,
    )


def definitions(**changed: Any) -> Definitions:
    return params(**changed).definitions


def cut_on(day: str) -> Definitions:
    return definitions(data_cut=date.fromisoformat(day))
