"""The truth folder of a simulated data set: what is true, what was spoilt, and which cases are awkward on purpose."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from swis.io import write_csv, write_frame, write_json
from swis.params import Params
from swis.simulate.calibration import numbers
from swis.simulate.costs import costs_summary
from swis.simulate.days import as_dates
from swis.simulate.delivery import delivery_summary
from swis.simulate.faults import FAULT_FIELDS, as_rows, kinds
from swis.simulate.plan import Size, numbers_of_schools, planned
from swis.simulate.sessions import sessions_summary

if TYPE_CHECKING:
    from swis.simulate.authority import Written

TABLES = ("school_months", "pupil_days", "school_years", "school_rates", "authority_years", "delivery", "survey")


@dataclass(frozen=True)
class Truth:
    """What is true of a data set: the content of truth.json, and the planted faults (columns FAULT_FIELDS)."""

    summary: dict[str, Any]
    faults: pd.DataFrame


def write_truth(folder: Path, written: list[Written], params: Params, seed: int, size: Size) -> Truth:
    """Write truth.json, faults.csv and the parquet tables (see `swis.simulate.truth`)."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        write_frame(folder / f"{name}.parquet", pd.concat([one.truth[name] for one in written], ignore_index=True))
    write_frame(folder / "cross_border.parquet", cross_border(written))
    faults = pd.DataFrame(as_rows([fault for one in written for fault in one.faults]), columns=FAULT_FIELDS)
    write_csv(folder / "faults.csv", faults)
    summary = _summary(written, faults, params, seed, size)
    write_json(folder / "truth.json", summary)
    return Truth(summary, faults)


def cross_border(written: list[Written]) -> pd.DataFrame:
    """Events in one authority's returns of pupils at another's schools: urn, month, measure, count."""
    events = pd.concat([one.truth["border_events"] for one in written], ignore_index=True)
    spells = pd.concat([one.truth["visitor_spells"] for one in written], ignore_index=True)
    both = events.merge(spells, on="upn")
    both = both[(both["day"] >= both["first"]) & (both["day"] <= both["last"])]
    months = as_dates(both["day"].to_numpy()).astype("datetime64[M]").astype("datetime64[s]")
    keys = ["authority", "urn", "month", "measure"]
    return both.assign(month=months).groupby(keys, as_index=False).size().rename(columns={"size": "count"})


def _summary(written: list[Written], faults: pd.DataFrame, params: Params, seed: int, size: Size) -> dict[str, Any]:
    allocation = pd.concat([one.allocation for one in written], ignore_index=True)
    delivery = pd.concat([one.truth["delivery"] for one in written], ignore_index=True)
    planted = faults["kind"].value_counts()
    return {
        "synthetic": True,
        "seed": seed,
        "size": size.name,
        "schools_allocated": numbers_of_schools(size),
        "schools_by_arm_and_fate": _fates(allocation),
        "schools_assessed": {"swis": _assessed(size)},
        "pupils_on_roll_january_2021_analysed_swis": _pupils_january_2021(written, allocation),
        "effects": numbers()["effects"],
        "survey_effects": numbers()["survey_effects"],
        "effects_begin": {
            name: min(window.first_day for window in trial.windows.values()).isoformat()
            for name, trial in sorted(params.trials.items())
        },
        "between_schools": numbers()["between_schools"],
        "faults_planted": {kind: int(planted.get(kind, 0)) for kind in sorted(kinds())},
        "delivery": delivery_summary(delivery, params, _without_delivery(size)),
        "delivery_months": sessions_summary(
            pd.concat([one.truth["delivery_months"] for one in written], ignore_index=True),
            dict(pd.concat([one.allocation for one in written])[["urn", "trial"]].itertuples(index=False)),
        ),
        "costs": costs_summary(delivery, params, size.name == "full"),
        "ks2_prior_missing": numbers()["ks2_prior_missing"],
        "contacts": numbers()["contacts"],
        "survey": numbers()["survey"],
        "awkward_cases": _awkward(size),
        "volumes": {
            one.slug: {
                "files": one.files,
                "bytes": dict(sorted(one.bytes.items())),
                "rows": dict(sorted(one.rows.items())),
            }
            for one in written
        },
    }


def _without_delivery(size: Size) -> list[str]:
    """Authorities that send no record of delivery."""
    cases = planned()["missing_returns"] if size.name == "full" else []
    return [str(case["authority"]) for case in cases if case["returns"] == "delivery"]


def _fates(allocation: pd.DataFrame) -> dict[str, dict[str, int]]:
    fate = allocation["reason"].where(allocation["withdrawn_on"].ne(""), "analysed")
    groups = allocation["trial"] + " " + allocation["arm"]
    table = pd.crosstab(groups, fate)
    return {str(group): {str(name): int(count) for name, count in row.items()} for group, row in table.iterrows()}


def _assessed(size: Size) -> int:
    groups = [group for members in size.groups.values() for group in members if group.trial == "swis"]
    return int(np.sum([group.schools + group.only_assessed for group in groups]))


def _pupils_january_2021(written: list[Written], allocation: pd.DataFrame) -> int:
    """Mean pupils on roll in January 2021 in the analysed schools of the first trial (days on roll by 31)."""
    days = pd.concat([one.truth["pupil_days"] for one in written], ignore_index=True)
    analysed = allocation.loc[allocation["withdrawn_on"].eq("") & allocation["trial"].eq("swis"), "urn"]
    rows = days["urn"].isin(analysed) & days["month"].eq(pd.Timestamp("2021-01-01"))
    return round(float(days.loc[rows, "pupil_days"].sum()) / 31)


def _awkward(size: Size) -> dict[str, Any]:
    always = {
        "children_in_two_authorities": [list(pair) for pair in size.borders],
        "siblings": "brothers and sisters are referred on the same day",
        "late_joiners": "pupils who enter during a year, and movers between trial schools",
        "temporary_numbers": "in the census in place of the permanent one",
        "code_changes": {"cumbria": "two returns in 2024 (942, 943)", "somerset": "E06000066 in the register"},
        "annex_a": {slug: list(years) for slug, years in size.annex_a.items()},
        "contacts_not_decided": "a few contacts have no outcome yet",
        "leads_lost_to_follow_up": "some leads answer before the trial only; of those who left, most",
    }
    if size.name != "full":
        return always
    plan = planned()
    return always | {
        "missing_returns": [{**case, "period": str(case["period"])} for case in plan["missing_returns"]],
        "missing_census": plan["missing_census_month"],
        "missing_month": plan["missing_month"],
        "empty_arm": {**plan["empty_arm"], "withdrawn_on": plan["empty_arm"]["withdrawn_on"].isoformat()},
        "one_child_cell": plan["one_child_cell"],
        "later_given_a_worker": plan["later_given_a_worker"],
        "post_vacant": plan["post_vacant"],
        "no_contact_in_a_year": plan["no_contact_in_a_year"],
    }
