"""The chapter on speed: absent without its stage, one row a trial and year, and claims of speed beside their ratios."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from invented_report_inputs import POLICY, invented_inputs

from swis.derive.waits import CONTACT, ENQUIRY
from swis.disclosure.protected import Protected
from swis.report.chapters.delivery.claims import CLAIMS, _rows
from swis.report.chapters.speed import speed
from swis.report.inputs import ALL, Inputs
from swis.report.model import Figure, Table
from swis.speed.ratios import NOT_ESTIMABLE


def row(arm: str, step: int, ended: int | None, incidence: float | None) -> dict[str, object]:
    symbol = "" if ended is not None else "[c]"
    told = {"starts": 140, "ended": ended, "incidence": incidence, "symbol": symbol}
    limits = {
        "lower": None if incidence is None else incidence - 5,
        "upper": None if incidence is None else incidence + 6,
    }
    return {"wait": ENQUIRY, "trial": "swis", "arm": arm, "academic_year": "2021/22", "step": step, **told, **limits}


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    types = {"starts": "Int64", "ended": "Int64", "incidence": "Float64", "lower": "Float64", "upper": "Float64"}
    curves = pd.DataFrame(
        [
            row("intervention", 10, 40, 29.0), row("intervention", 15, None, None), row("intervention", 20, 60, 43.0),
            row("control", 10, 40, 29.0), row("control", 15, 60, 43.0), row("control", 20, 80, 57.0),
        ]
    ).astype(types)  # fmt: skip
    ratio = {"wait": CONTACT, "trial": "swis", "window": "23 months", "scale": "rate ratio", "symbol": ""}
    told = {"estimate": 1.21, "lower": 1.05, "upper": 1.39, "standard_error": 0.0716, "p_value": 0.008, "message": ""}
    none = dict.fromkeys(told) | {"trial": "dsls_group", "symbol": "[x]", "message": NOT_ESTIMABLE}
    ratios = pd.DataFrame([ratio | told, ratio | none | {"window": "school year 2021/22"}])
    tables = {
        "curves": Protected(curves, ("starts", "ended"), POLICY.title),
        "ratios": Protected(ratios, (), POLICY.title),
    }
    return replace(invented_inputs(ALL), further={"speed": tables})


def test_without_its_stage_there_is_no_chapter() -> None:
    assert speed(invented_inputs(ALL)) is None


def test_the_statutory_day_stands_in_a_table_with_both_arms(inputs: Inputs) -> None:
    chapter = speed(inputs)
    assert chapter is not None
    tables = {block.id: block for block in chapter.walk() if isinstance(block, Table)}
    assert tables["speed-enquiry-to-conference-table"].rows == (
        ("Social Workers in Schools", "2021/22", "140", "[c]", "[c]", "–", "140", "60", "43", "38 to 49"),
    )
    found = tables["speed-ratios-table"]
    assert found.rows[0] == (
        "From contact to referral", "Social Workers in Schools, 23 months", "1.210", "1.050 to 1.390", "0.072", "0.008",
    )  # fmt: skip
    assert found.rows[1][2:] == ("[x]", "–", "–", "–")
    assert f"DSL supervision, group, from contact to referral: {NOT_ESTIMABLE}." in found.note


def test_the_figure_says_its_numbers_and_keeps_quiet_of_hidden_ones(inputs: Inputs) -> None:
    chapter = speed(inputs)
    assert chapter is not None
    (figure,) = [block for block in chapter.walk() if isinstance(block, Figure)]
    assert "Intervention: day 10 29, day 15 [c], day 20 43" in figure.long_description
    assert len(figure.behind.frame) == 6


def test_a_claim_of_speed_stands_beside_its_exploratory_ratio(inputs: Inputs) -> None:
    (claim,) = [one for one in CLAIMS if one.wait == CONTACT]
    assert _rows(inputs, claim) == [
        (
            "Referrals are quicker", "Time from contact to referral (exploratory)",
            "Social Workers in Schools, 23 months",
            "Ratio of subdistribution hazards 1.210 (1.050 to 1.390)", "In its favour",
        ),
        (
            "Referrals are quicker", "Time from contact to referral (exploratory)",
            "DSL supervision, group, school year 2021/22", "Ratio of subdistribution hazards [x]",
            "Open: too little stands behind it",
        ),
    ]  # fmt: skip
