"""Checks of counts find the month, year, school or arm that is out of line, and nothing in ordinary data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from swis.params import Params, load_params
from swis.schemas import conform
from swis.sources.upn import make_upns
from swis.validate.plausibility import plausibility_checks
from swis.validate.plausibility.check import Check, Context, NotRunError, judge_checks
from swis.validate.tables import Tables

CHECKS = {one.code.removeprefix("trial "): one for one in plausibility_checks()}
SCHOOLS = ["900001", "900002", "900003", "900004"]
PUPILS_OF_A_SCHOOL = 60


@pytest.fixture(scope="module")
def params(project_root: Path) -> Params:
    return load_params(project_root / "params")


def context_of(params: Params, published: pd.DataFrame | None = None, **tables: pd.DataFrame) -> Context:
    completeness = pd.DataFrame(
        {"returns": ["cin_census"] * 2, "period": ["2021", "2022"], "status": ["received", "received"]}
    )
    made = {name: conform(frame, name) for name, frame in tables.items()}
    return Context(Tables(made), params.authorities["gateshead"], params.definitions, completeness, published)


def failing(name: str, context: Context) -> list[str]:
    answer = CHECKS[name].find(context)
    return answer.loc[~answer["holds"], "unit"].tolist()


def enquiries(months: int = 48, of_each: int = 30, without: str = "") -> pd.DataFrame:
    """Section 47 enquiries on the days 1 to `of_each` of each month from April 2018."""
    starts = [month + pd.Timedelta(days=day % 28) for month in pd.date_range("2018-04-01", periods=months, freq="MS")
              for day in range(of_each) if str(month)[:7] != without]  # fmt: skip
    frame = pd.DataFrame({"section47_start_date": starts})
    frame["referral_date"] = frame["section47_start_date"]
    frame["la_child_id"] = [f"SYN{place}" for place in range(len(frame))]
    frame["return_year"] = frame["section47_start_date"].dt.year + (frame["section47_start_date"].dt.month > 3)
    return frame


def rolls(sizes: dict[str, int] | None = None, terms: tuple[str, ...] = ("autumn", "spring", "summer")) -> pd.DataFrame:
    """Rolls of 2019/20: `sizes` may change the number of pupils of one school's spring roll."""
    parts = []
    for urn in SCHOOLS:
        for term in terms:
            count = (sizes or {}).get(urn, PUPILS_OF_A_SCHOOL) if term == "spring" else PUPILS_OF_A_SCHOOL
            upns = make_upns([f"999{urn[-3:]}{place:06d}"[:12].ljust(12, "0") for place in range(count)])
            part = pd.DataFrame({"upn": upns, "urn": urn, "census_term": term, "is_on_roll": True})
            part["census_year"] = 2019 if term == "autumn" else 2020
            part["is_fsm_eligible"] = np.arange(count) % 5 == int(urn[-1]) % 2
            parts.append(part)
    return pd.concat(parts, ignore_index=True)


def allocation(arms: str = "icic", **columns: list[str | None]) -> pd.DataFrame:
    words = {"i": "intervention", "c": "control"}
    frame = pd.DataFrame({"urn": SCHOOLS[: len(arms)], "arm": [words[arm] for arm in arms], "trial": "swis"})
    return frame.assign(**{name: pd.Series(values, dtype=object) for name, values in columns.items()})


def register(pupils: int = PUPILS_OF_A_SCHOOL) -> pd.DataFrame:
    return pd.DataFrame({"urn": SCHOOLS, "pupils_on_register": pupils})


def test_a_month_without_events_among_full_months_is_found(params: Params) -> None:
    assert failing("month missing", context_of(params, section47=enquiries())) == []
    lost = context_of(params, section47=enquiries(without="2020-02"))
    assert failing("month missing", lost) == ["section47 2020-02"]


def test_a_month_without_events_is_ordinary_where_events_are_few(params: Params) -> None:
    assert failing("month missing", context_of(params, section47=enquiries(of_each=3, without="2020-02"))) == []


def test_a_month_lost_by_its_own_return_is_found_though_the_next_return_holds_its_open_cases(params: Params) -> None:
    lost, rows = enquiries(without="2020-02"), enquiries()
    still_open = rows[(rows["section47_start_date"].dt.strftime("%Y-%m") == "2020-02") & (rows.index % 2 == 0)]
    both = pd.concat([lost, still_open.assign(return_year=2021)])
    assert failing("month missing", context_of(params, section47=both)) == ["section47 2020-02"]


def test_a_lost_month_of_schools_contacts_is_found_beside_a_workbook_that_has_it(params: Params) -> None:
    days = enquiries()["section47_start_date"]
    made = pd.DataFrame({"contact_date": days, "urn": "900001", "la_child_id": [f"SYN{n}" for n in range(len(days))]})
    form = made[days.dt.month.ne(2) | days.dt.year.ne(2020)]
    workbook = made[days >= "2021-10-01"].assign(urn=pd.NA)
    both = conform(pd.concat([form, workbook], ignore_index=True).assign(authority="gateshead"), "contacts")
    assert failing("month missing", context_of(params, contacts=both)) == ["contacts 2020-02"]


def test_a_month_with_two_thirds_of_the_usual_events_is_ordinary(params: Params) -> None:
    rows = enquiries()
    fewer = rows[(rows["section47_start_date"].dt.strftime("%Y-%m") != "2020-08") | (rows.index % 3 > 0)]
    assert failing("month missing", context_of(params, section47=fewer)) == []


def test_a_month_of_a_return_that_never_came_is_not_called_missing(params: Params) -> None:
    rows = enquiries()
    kept = rows[rows["return_year"] != 2020]
    assert failing("month missing", context_of(params, section47=kept)) == []


def test_an_event_returned_in_two_years_is_counted_once(params: Params) -> None:
    rows = enquiries()
    twice = pd.concat([rows, rows[rows["return_year"] == 2020].assign(return_year=2021)])
    assert failing("jump between years", context_of(params, section47=twice)) == []


def test_a_doubling_between_returns_is_found(params: Params) -> None:
    rows = enquiries()
    more = rows[rows["return_year"] == 2021]
    doubled = pd.concat([rows, more.assign(la_child_id="SYNX" + more["la_child_id"])])
    assert failing("jump between years", context_of(params, section47=doubled)) == ["section47 2021", "section47 2022"]


def test_a_missing_return_is_found(params: Params) -> None:
    context = context_of(params)
    missing = context.completeness.assign(status=["received", "missing"])
    answer = CHECKS["return missing"].find(Context(**{**vars(context), "completeness": missing}))
    assert answer["holds"].tolist() == [True, False]


def test_counts_far_from_the_published_ones_are_found(params: Params) -> None:
    published = pd.DataFrame(
        {"measure": "section47_enquiries", "time_period": ["2020", "2021"], "value": [360.0, 700.0]}
    )
    context = context_of(params, published, section47=enquiries())
    assert failing("counts not as published", context) == ["section47 2021"]


def test_without_published_figures_the_comparison_is_not_run(params: Params) -> None:
    assert judge_checks(context_of(params), [CHECKS["counts not as published"]])[0].outcome == "not run"


@pytest.mark.parametrize(("arms", "found"), [("icic", []), ("iiic", ["swis"]), ("iiii", ["swis"])])
def test_an_uneven_allocation_is_found(params: Params, arms: str, found: list[str]) -> None:
    assert failing("allocation ratio", context_of(params, allocation=allocation(arms))) == found


@pytest.mark.parametrize(
    ("reasons", "found"),
    [
        ([None, "later given a worker", "post vacant", "withdrew"], []),
        (["later given a worker", None, None, None], ["school 900001 (reason)"]),
        ([None, "post vacant", None, None], ["school 900002 (reason)"]),
    ],
)
def test_a_school_whose_story_contradicts_its_arm_is_found(
    params: Params, reasons: list[str | None], found: list[str]
) -> None:
    assert failing("arm contradicted", context_of(params, allocation=allocation(reason=reasons))) == found


def workers(*urns: str, role: str = "social worker") -> pd.DataFrame:
    return pd.DataFrame({"worker": [f"w{urn}" for urn in urns], "urn": urns, "role": role})


@pytest.mark.parametrize(
    ("delivery", "found"),
    [
        (workers("900002", "900004"), ["school 900002 (delivery)", "school 900004 (delivery)"]),
        (workers("900002", "900003"), ["school 900002 (delivery)"]),
        (workers("900001", "900002", "900003"), []),
        (workers("900002", role="supervising social worker"), []),
    ],
)
def test_workers_mostly_in_control_schools_contradict_the_arms(
    params: Params, delivery: pd.DataFrame, found: list[str]
) -> None:
    context = context_of(params, allocation=allocation(), delivery=delivery)
    assert failing("arm contradicted", context) == found


def test_an_intervention_school_without_a_worker_is_found_unless_its_post_is_vacant(params: Params) -> None:
    context = context_of(params, allocation=allocation(), delivery=workers("900001"))
    assert failing("school without a worker", context) == ["school 900003"]
    vacant = allocation(reason=[None, None, "post vacant", None])
    assert failing("school without a worker", context_of(params, allocation=vacant, delivery=workers("900001"))) == []


def test_arms_of_very_different_size_before_the_trial_are_found(params: Params) -> None:
    even = context_of(params, pupils=rolls({"900003": 70, "900004": 72}), allocation=allocation())
    uneven = rolls({"900001": 100, "900002": 30, "900003": 102, "900004": 32})
    assert "swis pupils" not in failing("arms unlike at baseline", even)
    assert "swis pupils" in failing(
        "arms unlike at baseline", context_of(params, pupils=uneven, allocation=allocation())
    )


def test_a_roll_far_from_the_register_is_found(params: Params) -> None:
    tables = {"pupils": rolls(), "allocation": allocation()}
    assert failing("roll not as in the register", context_of(params, schools=register(), **tables)) == []
    assert len(failing("roll not as in the register", context_of(params, schools=register(100), **tables))) == 4


def test_a_census_that_lost_half_a_school_is_found(params: Params) -> None:
    assert failing("roll jumps", context_of(params, pupils=rolls())) == []
    assert failing("roll jumps", context_of(params, pupils=rolls({"900002": 30}))) == ["school 900002 2020 spring"]


def test_a_school_left_out_of_a_census_is_found_unless_it_had_left_the_trial(params: Params) -> None:
    rows = rolls()
    without = rows[(rows["urn"] != "900002") | (rows["census_term"] != "summer")]
    staying = context_of(params, pupils=without, allocation=allocation())
    assert failing("school without roll", staying) == ["school 900002 2020 summer"]
    left = allocation(withdrawn_on=[None, "2020-02-01", None, None])
    left["withdrawn_on"] = pd.to_datetime(left["withdrawn_on"])
    assert failing("school without roll", context_of(params, pupils=without, allocation=left)) == []


def test_a_school_without_any_absence_is_found(params: Params) -> None:
    rows = rolls(terms=("autumn",))[["urn", "upn"]].assign(academic_year="2019/20", absence_term="autumn")
    rows = rows.assign(sessions_possible=140, sessions_unauthorised=1)
    rows["sessions_authorised"] = (rows["urn"] != "900003") * 6
    rows.loc[rows["urn"] == "900003", "sessions_unauthorised"] = 0
    assert failing("absence of a school", context_of(params, attendance=rows)) == ["school 900003 2019/20 autumn"]


def test_a_year_with_few_usable_numbers_is_found(params: Params) -> None:
    upns = make_upns([f"999{place:09d}" for place in range(200)])
    children = pd.DataFrame({"upn": upns, "return_year": [2020, 2021] * 100, "birth_date": pd.Timestamp("2008-05-04")})
    assert failing("children without a usable number", context_of(params, children=children)) == []
    children.loc[(children["return_year"] == 2021) & (children.index % 3 > 0), "upn"] = None
    assert failing("children without a usable number", context_of(params, children=children)) == ["2021"]


def test_a_year_whose_numbers_are_on_no_roll_is_found(params: Params) -> None:
    pupils = pd.concat([rolls(terms=("spring",)).assign(census_year=year) for year in (2020, 2021, 2022)])
    pupils["birth_date"] = pd.Timestamp("2008-05-04")
    children = pd.DataFrame({"upn": pupils["upn"].tolist()[:50] * 3, "return_year": np.repeat([2020, 2021, 2022], 50)})
    children["birth_date"] = pd.Timestamp("2008-05-04")
    assert failing("links to rolls fall away", context_of(params, children=children, pupils=pupils)) == []
    strangers = make_upns([f"998{place:09d}" for place in range(50)])
    children.loc[children["return_year"] == 2021, "upn"] = strangers.tolist()
    assert failing("links to rolls fall away", context_of(params, children=children, pupils=pupils)) == ["2021"]


def test_suspensions_are_not_missed_while_schools_were_closed(params: Params) -> None:
    months = pd.date_range("2018-09-01", "2021-07-01", freq="MS").difference(
        pd.DatetimeIndex(["2020-04-01", "2020-05-01", "2020-06-01"])
    )
    starts = [month + pd.Timedelta(days=day) for month in months for day in range(25)]
    rows = pd.DataFrame({"start_date": starts, "urn": "900001"}).assign(upn=[f"P{n}" for n in range(len(starts))])
    assert failing("month missing", context_of(params, suspensions=rows)) == []
    lost = rows[rows["start_date"].dt.strftime("%Y-%m") != "2019-11"]
    assert failing("month missing", context_of(params, suspensions=lost)) == ["suspensions 2019-11"]


def test_a_file_appended_twice_is_found(params: Params) -> None:
    rows = enquiries()
    assert failing("many repeats", context_of(params, section47=rows)) == []
    assert failing("many repeats", context_of(params, section47=pd.concat([rows, rows]))) == ["section47"]


def test_a_check_that_raises_is_crashed_and_says_only_the_class(params: Params) -> None:
    def raising(context: Context) -> pd.DataFrame:
        raise ValueError("SYN-SECRET")

    broken = Check("trial broken", "all", "title", "note", "why", "mend", "owner", raising)
    found = judge_checks(context_of(params), [broken])[0]
    assert found.outcome == "crashed"
    assert "SYN-SECRET" not in repr(found)
    assert "ValueError" in found.message


def test_every_check_without_tables_is_not_run_and_never_passes(params: Params) -> None:
    context = context_of(params)
    for name, one in CHECKS.items():
        if name not in {"return missing", "many repeats"}:
            with pytest.raises(NotRunError):
                one.find(context)
