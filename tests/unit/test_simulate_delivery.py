"""Simulated records of who worked where, and pupils without prior attainment, from streams of their own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from swis.params import Params, load_params
from swis.simulate.calibration import numbers, targets_for
from swis.simulate.delivery import COLUMNS, delivery_summary, simulate_delivery, true_delivery
from swis.simulate.plan import demo_size, full_size
from swis.simulate.randomness import stream
from swis.simulate.schools import Schools, simulate_schools
from swis.simulate.world import World, authority_numbers, simulate_world
from swis.sources.own_csv import own_form

SEED = 9


@pytest.fixture(scope="module")
def params(project_root: Path) -> Params:
    return load_params(project_root / "params")


@pytest.fixture(scope="module")
def schools(params: Params) -> dict[str, Schools]:
    """Schools of every authority of the first trial in the full plan."""
    groups = full_size(params).groups
    numbered = authority_numbers(params)
    made = {}
    for slug, authority in params.authorities.items():
        if "swis" in authority.trials:
            targets, rng = targets_for(slug, stream(SEED, slug, "targets")), stream(SEED, slug, "schools")
            made[slug] = simulate_schools(groups[slug], authority, numbered[slug], targets, rng)
    return made


@pytest.fixture(scope="module")
def delivery(schools: dict[str, Schools]) -> pd.DataFrame:
    made = [
        true_delivery(simulate_delivery(own, number, stream(SEED, slug, "delivery")), slug)
        for number, (slug, own) in enumerate(schools.items(), start=1)
    ]
    return pd.concat(made, ignore_index=True)


@pytest.fixture(scope="module")
def worked(delivery: pd.DataFrame) -> pd.DataFrame:
    return delivery[delivery["role"] == "social worker"]


@pytest.fixture(scope="module")
def fates(schools: dict[str, Schools]) -> pd.DataFrame:
    columns = ("urn", "trial", "arm", "reason")
    parts = [pd.DataFrame({name: getattr(own, name) for name in columns}) for own in schools.values()]
    return pd.concat(parts).query("trial == 'swis'")


def urns(fates: pd.DataFrame, reason: str, arm: str = "intervention") -> set[str]:
    return set(fates.loc[(fates["reason"] == reason) & (fates["arm"] == arm), "urn"])


def test_the_columns_are_those_of_our_own_form() -> None:
    assert [column.name for column in own_form("delivery")] == COLUMNS


def test_every_intervention_school_has_a_worker_but_for_the_vacant_post(
    worked: pd.DataFrame, fates: pd.DataFrame
) -> None:
    treated = set(fates.loc[fates["arm"] == "intervention", "urn"])
    assert len(treated) == 146
    later = urns(fates, "later given a worker", "control")
    assert len(later) == 1
    assert set(worked["urn"]) == treated - urns(fates, "post vacant") | later


def test_spells_lie_inside_the_programme_and_end_with_the_school(worked: pd.DataFrame, fates: pd.DataFrame) -> None:
    first = worked.groupby("urn")["from"].min()
    assert first.drop(urns(fates, "later given a worker", "control")).between("2020-09-01", "2020-11-30").all()
    assert (first[list(urns(fates, "later given a worker", "control"))] >= "2022-01-01").all()
    assert (worked["from"] <= worked["to"]).all()
    assert worked["to"].max() == "2023-07-31"
    assert (worked.loc[worked["urn"].isin(urns(fates, "withdrew")), "to"] <= "2021-01-31").all()
    assert worked["fte"].between(0.8, 1.0).all()


def test_a_school_has_one_worker_at_a_time_and_gaps_between_two(worked: pd.DataFrame) -> None:
    ordered = worked.sort_values(["urn", "from"])
    before = ordered.groupby("urn")["to"].shift()
    again = before.notna()
    gaps = (pd.to_datetime(ordered["from"]) - pd.to_datetime(before))[again].dt.days
    assert 0.1 < again.sum() / worked["urn"].nunique() < 0.8
    assert (gaps >= numbers()["delivery"]["gap_days"][0]).all()
    assert worked["worker"].is_unique


def test_most_posts_were_extended_and_each_team_has_a_manager(delivery: pd.DataFrame, worked: pd.DataFrame) -> None:
    assert (worked.groupby("urn")["to"].max() > "2022-07-31").mean() > 0.6
    managers = delivery[delivery["role"] == "team manager"]
    assert managers["urn"].eq("").all()
    assert managers["authority"].nunique() == 21


def test_the_truth_counts_full_time_months_of_each_window(params: Params) -> None:
    spell = {"worker": "W1", "role": "social worker", "urn": "900001", "from": "2020-07-01", "to": "2020-09-30"}
    summary = delivery_summary(pd.DataFrame([{**spell, "fte": 0.5}]), params, [])
    assert summary["full_time_months"] == {"23 months": 0.49, "35 months": 0.49}, "30 days of half a post"


def test_an_authority_of_other_trials_has_no_record(params: Params) -> None:
    slug = "invented-group-authority-1"
    targets = targets_for(slug, stream(SEED, slug, "targets"))
    own = simulate_schools(
        full_size(params).groups[slug], params.authorities[slug], 1, targets, stream(SEED, slug, "schools")
    )
    assert simulate_delivery(own, 1, stream(SEED, slug, "delivery")).empty


@pytest.fixture(scope="module")
def world(params: Params) -> World:
    """One authority of the demonstration, with ten times its children."""
    size = demo_size()
    group = replace(size.groups["gateshead"][0], pupils_per_school=400)
    size = replace(size, groups={**size.groups, "gateshead": (group,)}, population_share=0.3)
    return simulate_world("gateshead", params, SEED, size)


def test_about_four_percent_have_no_prior_attainment_and_late_joiners_more_often(world: World) -> None:
    results = world.attainment
    with_scores = results[results["KS4_ATT8"].ne("") & (results["academic_year"] >= "2020/21")]
    missing = with_scores["KS2_READ_SCALED"].eq("")
    assert 0.02 < missing.mean() < 0.06
    assert (missing == with_scores["KS2_MATH_SCALED"].eq("")).all()
    exams = with_scores["graded_by"].eq("exam")
    assert (with_scores.loc[exams, "KS4_P8SCORE"].eq("") == missing[exams]).all(), "Progress 8 needs a prior"
    population, spells = world.population, world.exposure.spells
    entry = pd.Series(spells.first[spells.is_main]).groupby(spells.child[spells.is_main]).max()
    child = pd.Series(np.arange(population.number), index=population.upn)[with_scores["upn"]].to_numpy()
    begins = pd.to_datetime(with_scores["academic_year"].str[:4] + "-10-31") - pd.DateOffset(years=4)
    is_late = entry[child].to_numpy() > (begins - pd.Timestamp(1970, 1, 1)).dt.days.to_numpy()
    assert missing[is_late].mean() > 2 * missing[~is_late].mean()
