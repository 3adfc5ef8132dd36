"""A simulation of three authorities at full size shows the published rates it is drawn towards.

Tolerances: counts of an authority are Poisson with hundreds to thousands of events, and rates not set exactly
(conferences, care, stocks) inherit the chance of the cases they come from; three authorities pooled over seven years
leave a few per cent. Stocks also carry the warm-up before 2018.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from swis.params import Params, load_params
from swis.simulate import middle_size
from swis.simulate.calibration import Targets, numbers, targets_for
from swis.simulate.randomness import stream
from swis.simulate.truth import authority_years, pupil_days, school_months, school_years
from swis.simulate.world import World, simulate_world

SLUGS = ("gateshead", "wolverhampton", "bury")
SEED = 7


@pytest.fixture(scope="module")
def params(project_root: Path) -> Params:
    return load_params(project_root / "params")


@pytest.fixture(scope="module")
def worlds(params: Params) -> dict[str, World]:
    size = replace(middle_size(params, SLUGS), borders=())
    return {slug: simulate_world(slug, params, SEED, size) for slug in SLUGS}


@pytest.fixture(scope="module")
def targets(params: Params) -> dict[str, Targets]:
    return {slug: targets_for(slug, stream(SEED, slug, "targets")) for slug in SLUGS}


@pytest.fixture(scope="module")
def counts(worlds: dict[str, World], params: Params) -> pd.DataFrame:
    frames = [authority_years(world, params.authorities[slug].children_0_to_17) for slug, world in worlds.items()]
    return pd.concat(frames).pivot_table(
        index=["authority", "reporting_year"], columns="measure", values="count", fill_value=0
    )


@pytest.fixture(scope="module")
def education(worlds: dict[str, World]) -> pd.DataFrame:
    frame = pd.concat([school_years(world) for world in worlds.values()])
    return frame.pivot_table(index="academic_year", columns="measure", values="total", aggfunc="sum")


def expected(targets: dict[str, Targets], params: Params, name: str) -> float:
    """Events of the three authorities in the reporting years 2018 to 2024."""
    total = 0.0
    for slug, target in targets.items():
        rates = target.rates[name][list(target.years).index(2018) :]
        total += float(rates.sum()) * params.authorities[slug].children_0_to_17 / 10_000
    return total


def test_referrals_of_every_authority_and_year_are_as_published(
    counts: pd.DataFrame, targets: dict[str, Targets], params: Params
) -> None:
    for (slug, year), row in counts.iterrows():
        rate = targets[slug].rates["referrals"][targets[slug].years.index(year)]
        assert row["referrals"] == pytest.approx(rate * params.authorities[slug].children_0_to_17 / 10_000, rel=0.03)


@pytest.mark.parametrize(
    ("measure", "name", "tolerance"),
    [
        ("section47_enquiries", "section47", 0.04),
        ("conferences", "conferences", 0.08),
        ("children_entering_care", "entering_care", 0.10),
    ],
)
def test_events_that_follow_referrals_are_as_published(
    counts: pd.DataFrame, targets: dict[str, Targets], params: Params, measure: str, name: str, tolerance: float
) -> None:
    assert counts[measure].sum() == pytest.approx(expected(targets, params, name), rel=tolerance)


@pytest.mark.parametrize(
    ("part", "whole", "lowest", "highest"),
    [
        ("rereferrals_within_12_months", "referrals", 0.195, 0.245),
        ("referrals_no_further_action", "referrals", 0.06, 0.085),
        ("referrals_not_in_need", "referrals", 0.28, 0.315),
        ("protection_plans_started", "conferences", 0.80, 0.92),
        ("section17_assessments_completed", "referrals", 0.92, 1.08),
    ],
)
def test_shares_are_near_the_published_ones(
    counts: pd.DataFrame, part: str, whole: str, lowest: float, highest: float
) -> None:
    assert lowest <= counts[part].sum() / counts[whole].sum() <= highest


def test_schools_referred_a_third_less_in_the_pandemic(counts: pd.DataFrame) -> None:
    share = counts.groupby("reporting_year")[["referrals_from_schools", "referrals"]].sum()
    fall = share.loc[2021, "referrals_from_schools"] / share.loc[2020, "referrals_from_schools"] - 1
    assert fall == pytest.approx(-0.306, abs=0.10)


def test_timeliness_is_the_authoritys_own(counts: pd.DataFrame, targets: dict[str, Targets]) -> None:
    for slug, target in targets.items():
        row = counts.loc[(slug, 2022)]
        place = target.years.index(2022)
        within_45 = 100 * row["assessments_within_45_working_days"] / row["section17_assessments_completed"]
        within_15 = 100 * row["conferences_within_15_working_days"] / row["conferences"]
        assert within_45 == pytest.approx(target.within_45[place], abs=3)
        assert within_15 == pytest.approx(target.within_15[place], abs=7)


def test_looked_after_children_at_31_march_are_near_the_published_number(
    counts: pd.DataFrame, targets: dict[str, Targets], params: Params
) -> None:
    wanted = sum(targets[slug].looked_after * params.authorities[slug].children_0_to_17 / 10_000 for slug in SLUGS)
    assert counts.xs(2022, level="reporting_year")["looked_after_at_31_march"].sum() == pytest.approx(wanted, rel=0.15)


@pytest.mark.parametrize(("year", "place"), [("2018/19", 1), ("2021/22", 4), ("2022/23", 5)])
def test_absence_follows_the_published_shares(
    education: pd.DataFrame, targets: dict[str, Targets], worlds: dict[str, World], year: str, place: int
) -> None:
    row = education.loc[year]
    table = numbers()["education"]
    ratio = _weighted(targets, worlds, 0 if place <= 3 else 1)
    overall = (row["sessions_authorised"] + row["sessions_unauthorised"]) / row["sessions_possible"] * 100
    assert overall == pytest.approx(table["overall_absence_secondary"][place] * ratio, rel=0.05)
    assert row["sessions_unauthorised"] / row["sessions_possible"] * 100 == pytest.approx(
        table["unauthorised_secondary"][place] * ratio, rel=0.08
    )
    assert row["persistently_absent"] / row["enrolments"] * 100 == pytest.approx(
        table["persistent_secondary"][place] * ratio**1.1, rel=0.12
    )


def _weighted(targets: dict[str, Targets], worlds: dict[str, World], period: int) -> float:
    pupils = np.array([worlds[slug].schools.pupils.sum() for slug in SLUGS])
    ratios = np.array([targets[slug].absence_ratio[period] for slug in SLUGS])
    return float((pupils * ratios).sum() / pupils.sum())


def test_sessions_lost_to_code_x_in_the_autumn_and_spring_of_2020_are_29_percent(worlds: dict[str, World]) -> None:
    lost = possible = 0
    for world in worlds.values():
        for term in ("autumn", "spring"):
            sessions = world.rolls.sessions[f"2020/21 {term}"]
            lost += int(sessions.code_x.sum())
            possible += int(sessions.possible.sum())
    assert 100 * lost / possible == pytest.approx(29.4, abs=1.5)


def test_there_is_no_absence_for_the_terms_that_were_not_collected(worlds: dict[str, World]) -> None:
    for world in worlds.values():
        assert not {"2019/20 spring", "2019/20 summer", "2019/20 summer half-term 2"} & set(world.rolls.sessions)


@pytest.mark.parametrize(("year", "place"), [("2018/19", 1), ("2019/20", 2), ("2021/22", 4), ("2022/23", 5)])
def test_suspensions_and_results_follow_the_published_figures(
    education: pd.DataFrame, targets: dict[str, Targets], worlds: dict[str, World], year: str, place: int
) -> None:
    row, table = education.loc[year], numbers()["education"]
    pupils = np.array([worlds[slug].schools.pupils.sum() for slug in SLUGS])
    ratios = np.array([targets[slug].suspension_ratio for slug in SLUGS])
    shifts = np.array([targets[slug].attainment8_shift[0 if place < 3 else 1] for slug in SLUGS])
    rate = 100 * row["suspensions"] / row["enrolments"]
    assert rate == pytest.approx(
        table["suspensions_secondary"][place] * float((ratios * pupils).sum() / pupils.sum()), rel=0.12
    )
    score = row["attainment8_sum"] / row["attainment8_results"]
    assert score == pytest.approx(table["attainment8"][place] + float((shifts * pupils).sum() / pupils.sum()), abs=1.0)


def test_rates_of_enquiries_differ_between_schools_about_as_assumed(worlds: dict[str, World]) -> None:
    logs = [np.log(np.exp(world.schools.log_rate[:, 7:9]).mean(axis=1)) for world in worlds.values()]
    spread = np.concatenate([values - values.mean() for values in logs]).std()
    assert spread == pytest.approx(0.38, abs=0.12)


def test_the_effect_shows_in_schools_with_a_worker_from_the_first_day_of_the_window(worlds: dict[str, World]) -> None:
    world = worlds["wolverhampton"]
    places = np.flatnonzero((world.schools.trial == "swis") & world.schools.is_treated)
    before = np.full(len(places), 18_505)
    assert world.exposure.effect(places, before, "section47").tolist() == [1.0] * len(places)
    assert set(world.exposure.effect(places, before + 1, "section47")) == {numbers()["effects"]["swis"]["section47"]}


def test_truth_by_month_adds_up_to_a_plausible_rate_of_enquiries(worlds: dict[str, World]) -> None:
    events = pd.concat([school_months(world) for world in worlds.values()])
    days = pd.concat([pupil_days(world) for world in worlds.values()])
    enquiries = events.loc[events["measure"] == "section47_enquiries", "count"].sum()
    rate = enquiries / (days["pupil_days"].sum() / 365.25) * 1000
    assert 8 < rate < 35
