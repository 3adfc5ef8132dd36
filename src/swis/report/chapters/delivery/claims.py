"""Each claim made for the programmes, set against its estimate from the effects that passed the door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from swis.derive.lead_scores import FOLLOW_UP_WAVE
from swis.derive.waits import CONTACT, REFERRAL
from swis.disclosure.book.views import DECIMALS
from swis.outcomes.measures.safeguarding_leads import SUPPORT
from swis.plan.specification import RATIOS
from swis.report.chapters.delivery.views import mean_cell
from swis.report.chapters.effects.words import scale_words, symbol_words, whole_text
from swis.report.inputs import Inputs
from swis.report.model import Column, Section, Table, paragraph
from swis.report.tables import ARM_TITLES
from swis.report.wording import DASH, interval_text

OPENING = (
    "Early feedback claimed quicker referrals and assessments, good support of school staff on risk, and positive effects on "
    "attendance, attainment, behaviour and exclusions. Beside each claim stand the main estimates that bear on it, from the "
    "chapters on effects and on speed; beside that on support what safeguarding leads answered at the end, which is no "
    "estimate of an effect. No number is new. An estimate whose interval holds no difference does not show that there is none, "
    "and of twenty without a difference one interval says otherwise by chance: where several stand beside a claim, no single "
    "one settles it."
)
HAZARDS = "Ratio of subdistribution hazards"
NO_ESTIMATE = "No planned analysis estimates this"
MAIN = "main"
SUPPORTED = "School staff are supported well on risk"
NO_SURVEY = "No survey with a scale of support was returned"
DESCRIBED = "Described, not estimated"


@dataclass(frozen=True)
class Claim:
    """A claim in words, the measures that bear on it, whether it says fewer or more of each, and the wait it is about."""

    words: str
    measures: Mapping[str, str]
    wait: str = ""


FEWER, MORE = "fewer", "more"
CLAIMS = (
    Claim("Referrals are quicker", {}, CONTACT),
    Claim("Assessments are quicker", {"assessments_within_45_working_days": MORE}, REFERRAL),
    Claim("Attendance is better", {"overall_absence": FEWER, "persistent_absence": FEWER}),
    Claim("Attainment is better", {"attainment8": MORE, "progress8": MORE, "english_maths_grade5": MORE}),
    Claim("Behaviour is better", {"suspensions": FEWER}),
    Claim("Exclusions are fewer", {"permanent_exclusions": FEWER}),
)


def claims_section(inputs: Inputs) -> Section | None:
    """One row a claim, trial and estimate; absent where no trial's effects are there."""
    if not inputs.effects:
        return None
    rows = [row for claim in CLAIMS for row in _rows(inputs, claim)] + _of_support(inputs)
    columns = (
        Column("Claim"),
        Column("Outcome"),
        Column("Trial and window"),
        Column("Estimate with 95% interval", "value"),
        Column("What it says of the claim"),
    )
    table = Table(
        "delivery-claims-table",
        "Claims made for the programmes, and their estimates",
        columns,
        tuple(rows),
        f"effects of the trials; {inputs.data_source}",
        note=symbol_words(),
        row_headers=2,
        is_grouped=True,
    )
    return Section(
        "delivery-claims", "What was claimed, and what the trials show", (paragraph(OPENING), table),
        is_synthetic=inputs.is_synthetic,
    )  # fmt: skip


def _rows(inputs: Inputs, claim: Claim) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [
        (
            claim.words,
            inputs.measures[name].title,
            f"{held.trial.title}, {row['window']}",
            f"{scale_words(row['scale'], inputs.measures[name].unit)} {whole_text(row)}",
            _says(row, way),
        )
        for name, way in claim.measures.items()
        for held in inputs.effects.values()
        for row in _main(held.results.frame, name)
    ]
    found += _of_speed(inputs, claim)
    return found or [(claim.words, NO_ESTIMATE, DASH, DASH, "Open")]


def _of_speed(inputs: Inputs, claim: Claim) -> list[tuple[str, ...]]:
    """The exploratory ratios of the wait that a claim is about: above 1 is quicker."""
    tables = inputs.further.get("speed")
    rows = [] if tables is None else tables["ratios"].where(wait=claim.wait).frame.to_dict("records")
    return [
        (
            claim.words,
            f"Time from {claim.wait} (exploratory)",
            f"{inputs.trials[row['trial']].title}, {row['window']}",
            f"{HAZARDS} {whole_text(row)}",
            _says(row, MORE),
        )
        for row in rows
    ]


def _of_support(inputs: Inputs) -> list[tuple[str, ...]]:
    """What leads of both arms answered at the end of each trial, in the place of an estimate."""
    tables = inputs.further.get("delivery")
    views = [] if tables is None else tables["views"].where(wave=FOLLOW_UP_WAVE).frame.to_dict("records")
    found: list[tuple[str, ...]] = [
        (
            SUPPORTED,
            inputs.measures[SUPPORT].title,
            f"{inputs.trials[name].title}, {FOLLOW_UP_WAVE}",
            "; ".join(
                _answered(row) for arm in ARM_TITLES for row in views if (row["trial"], row["arm"]) == (name, arm)
            ),
            DESCRIBED,
        )
        for name in inputs.trials
        if any(row["trial"] == name for row in views)
    ]
    return found or [(SUPPORTED, NO_SURVEY, DASH, DASH, "Open")]


def _answered(row: Mapping[str, Any]) -> str:
    interval = interval_text(row["lower"], row["upper"], decimals=DECIMALS)
    return f"{ARM_TITLES[row['arm']]} {mean_cell(row)}" + (f" ({interval})" if interval != DASH else "")


def _main(results: pd.DataFrame, measure: str) -> list[Mapping[str, Any]]:
    """The first estimate of each main analysis of a measure: its own scale, before differences of the same model."""
    own = results[(results["outcome"] == measure) & (results["analysis"] == MAIN)]
    return list(own.drop_duplicates("analysis_id").to_dict("records"))


def _says(row: Mapping[str, Any], way: str) -> str:
    """Whether the interval lies on the claimed side of no difference."""
    if row["symbol"] or pd.isna(row["lower"]) or pd.isna(row["upper"]):
        return "Open: too little stands behind it"
    none = 1.0 if row["scale"] in RATIOS else 0.0
    if row["lower"] <= none <= row["upper"]:
        return "Not shown: the interval holds no difference"
    is_lower = row["upper"] < none
    return "In its favour" if is_lower == (way == FEWER) else "Against it"
