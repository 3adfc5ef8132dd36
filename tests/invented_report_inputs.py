"""Stage outputs of the contract's columns, invented from a seed: shared by tests of the door and of the pages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from swis.disclosure.book import Shown, outcome_names, protected_outcomes
from swis.disclosure.letting_through import with_decimals
from swis.disclosure.policy import DEFAULT_POLICY, load_policy
from swis.disclosure.protected import Protected
from swis.disclosure.released import Released
from swis.outcomes.levels import NUMBERS
from swis.outcomes.registry import Measure, measures
from swis.params import load_params
from swis.report.gather import in_reading_order
from swis.report.inputs import ALL, Inputs
from swis.report.measures import measure_texts

ROOT = Path(__file__).resolve().parents[1]
POLICY = load_policy(ROOT / "params" / "disclosure", DEFAULT_POLICY)
DEFINITIONS = load_params(ROOT / "params").definitions
OUTCOME_COUNTS = ("count", "denominator", "schools")


def let_through(frame: pd.DataFrame, counts: list[str]) -> Protected:
    """A frame as the door leaves it: small numbers hidden with the symbol of the policy, the others as they are."""
    numbers = {name: frame[name].astype("Float64").round().astype("Int64") for name in counts}
    small = {name: values.isin(range(POLICY.small[0], POLICY.small[1] + 1)) for name, values in numbers.items()}
    shown = {name: values.mask(small[name]) for name, values in numbers.items()}
    symbol = pd.Series("", index=frame.index).mask(pd.DataFrame(small).any(axis=1), POLICY.symbols.hidden)
    return Protected(frame.assign(**shown, symbol=symbol), tuple(counts), POLICY.title)


def let_through_outcomes(outcomes: pd.DataFrame) -> Protected:
    """Outcome rows as the door leaves them where it hides small counts of events and nothing else."""
    kept = outcomes[outcomes["level"] != "school"].reset_index(drop=True)
    names = outcome_names(kept)
    small = kept["count"].between(*POLICY.small).to_numpy(bool)
    hidden = pd.Series(False, index=pd.unique(names.to_numpy().ravel()))
    hidden[names.loc[small, "count"].to_numpy()] = True
    shown = protected_outcomes(kept, Shown(hidden, POLICY), DEFINITIONS)
    return Protected(with_decimals(shown, POLICY), OUTCOME_COUNTS, POLICY.title)


# Levels of each measure in its own unit, so that invented tables look like real ones.
LEVELS = {
    "section47_enquiries": 18,
    "referrals": 55,
    "assessment_duration_median_working_days": 32,
    "assessments_within_45_working_days": 84,
    "protection_plans_started": 4,
    "children_entering_care": 0.4,
    "overall_absence": 8,
    "attainment8": 47,
    "progress8": 0.1,
    "suspensions": 12,
    "permanent_exclusions": 0.02,
}


def invented_outcomes(
    authority: str, trials: list[str], academic_years: list[str], *, schools: int, seed: int
) -> pd.DataFrame:
    """Rows of the outcomes stage: schools, arms and the authority, by academic year and one window."""
    rng = np.random.default_rng(seed)
    periods = [("academic year", year) for year in academic_years] + [("window", "23 months")]
    levels = [("school", "intervention"), ("arm", "intervention"), ("arm", "control"), ("authority", "all")]
    rows = [
        _row(rng, measures()[name], kind, period, arm, 1 if level == "school" else schools * (1 + (arm == "all")))
        | {
            "authority": authority,
            "trial": trial,
            "level": level,
            "urn": "900001" if level == "school" else "",
            "arm": arm,
        }
        for trial in trials
        for name in LEVELS
        for kind, period in periods
        for level, arm in levels
    ]
    return pd.DataFrame(rows)


def _row(
    rng: np.random.Generator, measure: Measure, kind: str, period: str, arm: str, schools: int
) -> dict[str, object]:
    pupils = float(schools * 950 + int(rng.integers(0, 300)))
    per, level = measure.rate_per, LEVELS[measure.name]
    is_average = measure.kind in {"mean", "median"}
    count = round(pupils * level) if is_average else float(rng.poisson(pupils * level / per))
    value = level * (1 + rng.normal(0, 0.05)) if is_average else count / pupils * per
    part = period == "2018/19" and measure.name == "referrals"
    word = "partly observed" if part else measure.comparability.get(period, "comparable")
    status = "not published" if word == "not published" else "ok"
    numbers = dict(zip(NUMBERS, [count, pupils, value, value * 0.9 - 0.2, value * 1.1 + 0.2], strict=True))
    return {
        "period_kind": kind,
        "period": period,
        "measure": measure.name,
        "unit": measure.unit,
        "schools": schools,
        "observed_share": 0.67 if part else 1.0,
        "comparability": word,
        "status": status,
        **(numbers if status == "ok" else dict.fromkeys(NUMBERS, np.nan)),
    }


def invented_participants(
    authority: str, trials: list[str], academic_years: list[str], *, schools: int
) -> pd.DataFrame:
    arms = {"intervention": schools, "control": schools, "all": 2 * schools}
    return pd.DataFrame(
        [
            {
                "authority": authority,
                "trial": trial,
                "arm": arm,
                "academic_year": year,
                "schools": number,
                "pupils": number * 953 + place,
                "pupil_years": number * 948.4 + place,
            }
            for trial in trials
            for arm, number in arms.items()
            for place, year in enumerate(academic_years)
        ]
    )


def invented_completeness(authorities: list[str]) -> pd.DataFrame:
    years = [str(year) for year in range(2018, 2025)]
    terms = [f"{year} {term}" for year in range(2018, 2025) for term in ("spring", "summer", "autumn")][2:19]
    rows = []
    for place, authority in enumerate(authorities):
        for kind, periods in {
            "cin_census": years,
            "ssda903": years,
            "school_census": terms,
            "attainment": ["2018/19", "2021/22"],
        }.items():
            for number, period in enumerate(periods):
                missing, gap = (place + number) % 29 == 7, (place + number) % 31 == 9
                status = "missing" if missing else "known gap" if gap else "received"
                reason = "system was replaced in that year" if gap else None
                rows.append(
                    {"authority": authority, "returns": kind, "period": period, "status": status, "reason": reason}
                )
    return pd.DataFrame(rows)


def invented_context(areas: list[str]) -> pd.DataFrame:
    rows = [
        {"measure": name, "area": area, "time_period": str(year), "value": base + step * (year - 2018) + 9.5 * place}
        for name, base, step in (("section47_enquiries", 160, 4), ("referrals", 540, -3))
        for place, area in enumerate(areas)
        for year in range(2018, 2025)
    ]
    frame = pd.DataFrame(rows).assign(breakdown="Total", unit="per 10,000 children", release="2024", symbol=None)
    withheld = (frame["area"] == "authority") & (frame["time_period"] == "2021")
    return frame.assign(
        value=frame["value"].mask(withheld),
        symbol=frame["symbol"].mask(withheld, "not available"),
        source="Children in need, release 2024",
    )


def invented_returns(authority: str) -> pd.DataFrame:
    rows = [
        {"measure": name, "time_period": str(year), "count": base * 4 + year % 7}
        for name, base in (("section47_enquiries", 170), ("referrals", 530))
        for year in range(2018, 2025)
    ]
    return pd.DataFrame(rows).assign(authority=authority, denominator=38564, value=1.0, unit="per 10,000 children")


def invented_inputs(area: str = "salford", *, is_synthetic: bool = True, schools: int = 6) -> Inputs:
    """Inputs of a page as the gathering of stage outputs makes them."""
    params = load_params(ROOT / "params")
    definitions, years = params.definitions, params.definitions.academic_years
    pooled = area == ALL
    slugs = [slug for slug, one in params.authorities.items() if pooled or slug == area]
    trial_names = list(params.trials) if pooled else params.authorities[area].trials
    of_each = pd.concat(
        [
            invented_outcomes(slug, params.authorities[slug].trials, years, schools=schools, seed=place)
            for place, slug in enumerate(slugs)
        ]
    )
    outcomes = invented_outcomes(ALL, trial_names, years, schools=100, seed=99) if pooled else of_each
    failed = pd.DataFrame(
        {
            "rule": ["roll-against-headcount", "arm-balance"],
            "table": ["pupils", "allocation"],
            "title": ["The roll agrees with the published headcount", "Arms are of like size"],
            "severity": ["note", "note"],
            "rows_failed": [23, 1],
            "authorities": [2, 1],
            "how_to_mend": ["Check the leavers of the term.", "Check the allocation file."],
        }
    )
    aside = failed.rename(columns={"rows_failed": "rows"}).assign(rule=["8500", "8510"], severity="set aside")
    linked = pd.DataFrame(
        {
            "event": ["section47"] * 4,
            "academic_year": ["2021/22"] * 4,
            "link_status": ["counted", "not on a trial roll", "outside the year groups", "unlinked"],
            "count": [812, 3333, 91, 2],
        }
    )
    reasons = pd.DataFrame({"reason": ["UN1", "temporary UPN"], "count": [33, 2]})
    flow = pd.DataFrame(
        {
            "trial": ["swis", "swis"],
            "arm": ["intervention", "control"],
            "allocated": [147, 144],
            "without_outcomes": [11, 12],
            "analysed": [136, 132],
            "left": [7, 6],
            "pupils": [140_123, 138_735],
        }
    )
    tables = {
        "outcomes": let_through_outcomes(outcomes),
        "participants": let_through(
            invented_participants(area, trial_names, years, schools=100 if pooled else schools),
            ["pupils", "schools", "pupil_years"],
        ),
        "failed_checks": let_through(failed, ["rows_failed"]),
        "set_aside": let_through(aside, ["rows"]),
        "records": let_through(
            pd.DataFrame({"rows_set_aside": [23], "rows_read": [51_234]}), ["rows_set_aside", "rows_read"]
        ),
        "linkage": let_through(linked, ["count"]),
        "unlinked": let_through(reasons, ["count"]),
        "protection": let_through(
            pd.DataFrame({"table": ["Outcomes"], "cells": [900], "hidden": [110]}),
            ["cells", "hidden"],
        ),
    }
    if pooled:
        tables |= {
            "by_authority": let_through_outcomes(of_each),
            "flow": let_through(flow, ["allocated", "without_outcomes", "analysed", "left", "pupils"]),
        }
    else:
        tables["returns"] = let_through(invented_returns(area), ["count", "denominator"])
    shared = ("outcomes", "participants", "failed_checks", "set_aside", "records", "linkage", "unlinked")
    return Inputs(
        area=area,
        area_name="All authorities" if pooled else params.authorities[area].name,
        authorities={slug: params.authorities[slug].name for slug in slugs},
        trials=in_reading_order({name: params.trials[name] for name in trial_names}),
        definitions=definitions,
        measures=measure_texts(definitions),
        is_synthetic=is_synthetic,
        completeness=invented_completeness(slugs),
        checks=pd.DataFrame(
            {
                "layer": ["shape"] * 20 + ["statutory"] * 30,
                "outcome": ["passed"] * 19 + ["failed"] * 3 + ["passed"] * 28,
            }
        ),
        verdicts=dict.fromkeys(slugs, "review"),
        context=invented_context(["England"] if pooled else ["authority", "England", "statistical neighbours"]),
        released=Released(area, POLICY.title, tables),
        policy=POLICY,
        returns=tables.get("returns"),
        by_authority=tables.get("by_authority"),
        flow=tables.get("flow"),
        places={slug: params.authorities[slug] for slug in slugs} if pooled else {},
        provenance="Provenance\n  stage: test",
        **{name: tables[name] for name in shared},
    )
