"""A small figure of every kind, made of invented protected numbers: what tests of figures draw."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from swis.disclosure.protected import Protected
from swis.params import load_params
from swis.report.figures.authorities import authorities_figure
from swis.report.figures.beside_published import context_figure
from swis.report.figures.by_year import outcomes_figure
from swis.report.figures.completeness import completeness_figure
from swis.report.figures.curves import error_curve_figure, rootogram_figure
from swis.report.figures.flow import flow_figure
from swis.report.figures.forest import ForestRow, forest_figure
from swis.report.figures.incidence import incidence_figure
from swis.report.figures.logic_model import logic_model_figure
from swis.report.figures.participants import participants_figure
from swis.report.figures.planned import planned_figure
from swis.report.figures.timeline import timeline_figure
from swis.report.figures.value import acceptability_figure, plane_figure
from swis.report.figures.views import views_figure
from swis.report.measures import measure_texts
from swis.report.model import Figure

POLICY = "a policy"
ARMS = ("intervention", "control")
YEARS = ["2018/19", "2019/20", "2020/21"]
NA = float("nan")
MEASURE = measure_texts(load_params(Path(__file__).resolve().parents[1] / "params").definitions)["section47_enquiries"]
NAMED: Mapping[str, Any] = {"id": "one", "caption": "A caption < 5 & more", "source": "a source", "is_synthetic": True}


def whole(frame: pd.DataFrame, *counts: str) -> Protected:
    return Protected(frame.astype(dict.fromkeys(counts, "Int64")), counts, POLICY)


def outcome_rows(authority: str = "all") -> pd.DataFrame:
    values = {"intervention": (16.4, NA, 20.2), "control": (16.1, 17.3, 18.4)}
    rows = [
        {
            "authority": authority, "trial": "swis", "arm": arm, "period_kind": "academic year", "period": year,
            "measure": "section47_enquiries", "count": None if pd.isna(value) else round(value * 10),
            "denominator": 10_000, "value": value, "lower": value - 1.5, "upper": value + 1.5,
            "comparability": "break" if year == YEARS[1] else "",
            "observed_share": 1.0, "symbol": "[c]" if pd.isna(value) else "", "decimals": 1,
        }
        for arm in ARMS
        for year, value in zip(YEARS, values[arm], strict=True)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def by_year() -> Figure:
    return outcomes_figure(whole(outcome_rows(), "count", "denominator"), [MEASURE], YEARS, **NAMED)


def authorities() -> Figure:
    rows = pd.concat([outcome_rows("cumbria"), outcome_rows("hull")], ignore_index=True)
    names = {"cumbria": "Cumbria", "hull": "Hull"}
    return authorities_figure(whole(rows, "count", "denominator"), MEASURE, names, YEARS, **NAMED)


def context() -> Figure:
    rows = [
        {"measure": "section47_enquiries", "area": area, "time_period": year, "value": value + shift, "symbol": ""}
        for shift, area in enumerate(("own", "authority", "England", "statistical neighbours"))
        for year, value in (("2022", 147.5), ("2023", 162.25))
    ]
    return context_figure(Protected(pd.DataFrame(rows), (), POLICY), [MEASURE], "Year ending 31 March", **NAMED)


def completeness() -> Figure:
    rows = [
        {"authority": slug, "returns": kind, "period": period, "status": status, "reason": ""}
        for slug, status in (("cumbria", "received"), ("hull", "missing"))
        for kind, period in (("cin_census", "2021"), ("cin_census", "2022"), ("delivery", "all"))
    ]
    titles = {"cin_census": "Children in need census", "delivery": "Delivery"}
    return completeness_figure(
        Protected(pd.DataFrame(rows), (), POLICY),
        {"cumbria": "Cumbria", "hull": "Hull", "bury": "Bury"},
        titles,
        **NAMED,
    )


def error_curve() -> Figure:
    curve = pd.DataFrame({"between_school_sd": [0.0, 0.3, 0.6], "standard_error": [0.02, 0.041, 0.074]})
    published = pd.Series(
        {
            "implied_between_school_sd": 0.39, "published_standard_error": 0.051, "our_between_school_sd": 0.23,
            "our_standard_error": 0.036,
        }
    )  # fmt: skip
    return error_curve_figure(Protected(curve, (), POLICY), published, **NAMED)


def rootogram() -> Figure:
    bins = pd.DataFrame(
        {
            "from_count": [0, 11, 17], "to_count": [10, 16, 17], "observed_schools": [18, 29, None],
            "expected_schools": [16.1, 33.1, 13.9], "symbol": ["", "", "[c]"],
        }
    )  # fmt: skip
    return rootogram_figure(whole(bins, "observed_schools"), "Section 47 enquiries", **NAMED)


def flow() -> Figure:
    steps = {"allocated": 146, "left out": 3, "analysed": 143, "stayed to the end": 136}
    rows = [
        {"step": step, "arm": arm, "schools": schools, "pupils": schools * 1_000, "symbol": ""}
        for step, schools in steps.items()
        for arm in ARMS
    ]
    return flow_figure(whole(pd.DataFrame(rows), "schools", "pupils"), **NAMED)


def forest() -> Figure:
    rows = [
        ForestRow("By sex", words="p 0.016", is_heading=True),
        ForestRow("female", 0.981, 0.902, 1.067, "0.981 (0.902 to 1.067)"),
        ForestRow("male", 1.092, 1.005, 1.187, "1.092 (1.005 to 1.187)", is_main=True),
    ]
    return forest_figure(rows, axis_title="Ratio", sides=("less", "more"), policy=POLICY, **NAMED)


def incidence() -> Figure:
    rows = [
        {"arm": arm, "academic_year": year, "step": step, "starts": 140, "ended": None if pd.isna(share) else 60,
         "incidence": share, "symbol": "[c]" if pd.isna(share) else ""}
        for arm in ARMS
        for year in YEARS[:2]
        for step, share in ((10, 29.0), (15, NA if arm == "control" else 43.0), (20, 57.0))
    ]  # fmt: skip
    return incidence_figure(whole(pd.DataFrame(rows), "starts", "ended"), **NAMED)


def participants() -> Figure:
    rows = [
        {"trial": "swis", "arm": arm, "academic_year": year, "pupils": pupils, "symbol": "" if pupils else "[c]"}
        for arm in ARMS
        for year, pupils in zip(YEARS, (8_693, 8_682, None), strict=True)
    ]
    return participants_figure(whole(pd.DataFrame(rows), "pupils"), {"swis": "Social Workers in Schools"}, **NAMED)


def planned() -> Figure:
    rows = pd.DataFrame(
        {
            "academic_year": YEARS[:2], "planned": [228, 230], "delivered": [213, None], "symbol": ["", "[c]"],
            "verb": ["delivered"] * 2,
        }
    )  # fmt: skip
    return planned_figure({"Months": rows.astype({"planned": "Int64", "delivered": "Int64"})}, policy=POLICY, **NAMED)


def acceptability() -> Figure:
    chances = pd.DataFrame(
        {
            "pounds": [0.0, 20_000.0, 50_000.0], "probability": [0.0, 12.0, 48.0],
            "with_uncertain_prices": [1.0, 13.0, 44.0], "published": [NA, 0.061, NA],
        }
    )  # fmt: skip
    return acceptability_figure(Protected(chances, (), POLICY), **NAMED)


def plane() -> Figure:
    cells = pd.DataFrame(
        {
            "cost_from": [50_000.0, 51_000.0], "cost_to": [51_000.0, 52_000.0], "prevented_from": [-2.5, -1.25],
            "prevented_to": [-1.25, 0.5], "share": [38.0, 62.0],
        }
    )  # fmt: skip
    quadrants = pd.DataFrame({"quadrant": ["dominated", "dominant"], "share": [95.0, 5.0]})
    return plane_figure(Protected(cells, (), POLICY), Protected(quadrants, (), POLICY), **NAMED)


def views() -> Figure:
    rows = [
        {"trial": "swis", "arm": arm, "wave": wave, "mean": mean, "lower": mean - 0.13, "upper": mean + 0.13,
         "lowest": 1.0, "highest": 5.0, "asked": 139, "symbol": ""}
        for arm in ARMS
        for wave, mean in (("baseline", 3.06), ("follow-up", 3.41))
    ]  # fmt: skip
    return views_figure(whole(pd.DataFrame(rows), "asked"), {"swis": "Social Workers in Schools"}, **NAMED)


def logic_model() -> Figure:
    boxes = [{"words": "A social worker", "measured": True}, {"words": "Advice", "measured": False}]
    model = {"title": "Social Workers in Schools", "columns": [{"title": "What was given", "boxes": boxes}] * 2}
    return logic_model_figure(model, policy=POLICY, **NAMED)


def timeline() -> Figure:
    spans = pd.DataFrame(
        [
            ("Social Workers in Schools", kind, kind, "right", date(year, 9, 1), date(year + 1, 7, 31))
            for kind, year in (("baseline", 2018), ("window", 2019), ("extension", 2020))
        ],
        columns=["name", "kind", "words", "side", "first_day", "last_day"],
    )
    return timeline_figure(spans, YEARS, policy=POLICY, **NAMED)


KINDS: Mapping[str, Callable[[], Figure]] = {
    "outcomes_figure": by_year,
    "authorities_figure": authorities,
    "context_figure": context,
    "completeness_figure": completeness,
    "error_curve_figure": error_curve,
    "rootogram_figure": rootogram,
    "flow_figure": flow,
    "forest_figure": forest,
    "incidence_figure": incidence,
    "participants_figure": participants,
    "planned_figure": planned,
    "acceptability_figure": acceptability,
    "plane_figure": plane,
    "views_figure": views,
    "logic_model_figure": logic_model,
    "timeline_figure": timeline,
}
