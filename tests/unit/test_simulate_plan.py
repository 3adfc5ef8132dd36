"""The full plan holds the numbers of schools and pupils that the trials are known to have had."""

from __future__ import annotations

from pathlib import Path

import pytest

from swis.params import Authority, Params, load_params
from swis.simulate import Size, full_size
from swis.simulate.plan import SchoolGroup, numbers_of_schools, planned


@pytest.fixture(scope="module")
def params(project_root: Path) -> Params:
    return load_params(project_root / "params")


@pytest.fixture(scope="module")
def size(params: Params) -> Size:
    return full_size(params)


def groups_of(size: Size, trial: str) -> list[SchoolGroup]:
    return [group for members in size.groups.values() for group in members if group.trial == trial]


def lost_of(groups: list[SchoolGroup], arm: str) -> int:
    return sum(1 for group in groups for lost_arm, _ in group.lost if lost_arm == arm)


def test_the_flow_of_schools_adds_up(size: Size) -> None:
    groups = groups_of(size, "swis")
    intervention, control = sum(group.intervention for group in groups), sum(group.control for group in groups)
    assert sum(group.only_assessed for group in groups) + intervention + control == 297
    assert (intervention, control) == (146, 145)
    assert intervention - lost_of(groups, "intervention") == 136
    assert control - lost_of(groups, "control") == 132


def test_every_authority_has_five_to_eight_schools_in_each_arm(size: Size) -> None:
    groups = groups_of(size, "swis")
    assert len(groups) == 21
    for group in groups:
        for arm in ("intervention", "control"):
            allocated = getattr(group, arm)
            assert 5 <= allocated - lost_of([group], arm) <= allocated <= 8


def test_analysed_schools_hold_the_published_number_of_pupils(size: Size) -> None:
    held = sum((group.schools - len(group.lost)) * group.pupils_per_school for group in groups_of(size, "swis"))
    assert held == pytest.approx(278_858, rel=0.001)


def test_supervision_trials_have_their_schools(size: Size, params: Params) -> None:
    assert numbers_of_schools(size) == {
        "dsls_greater_manchester": 160,
        "dsls_group": 56,
        "dsls_one_to_one": 300,
        "dsls_sexual_abuse": 160,
        "swis": 291,
    }
    assert all(size.groups[slug] for slug in params.authorities)


def test_primaries_of_the_one_to_one_trial_hold_about_325_pupils(size: Size) -> None:
    assert all(group.pupils_per_school == pytest.approx(325, rel=0.01) for group in groups_of(size, "dsls_one_to_one"))


def test_trial_schools_never_hold_more_pupils_than_the_authority_has(size: Size, params: Params) -> None:
    for slug, members in size.groups.items():
        for phase, cohorts in (("secondary", 5), ("primary", 7)):
            held = sum(group.schools * group.pupils_per_school for group in members if group.phase == phase)
            assert held <= params.authorities[slug].children_0_to_17 / 18 * cohorts


def supervised(params: Params) -> dict[str, Authority]:
    return {slug: own for slug, own in params.authorities.items() if any(name != "swis" for name in own.trials)}


def test_authorities_with_supervision_and_no_others_send_what_it_needs(size: Size, params: Params) -> None:
    wanted = {"contacts", "annex_a"}
    expecting = {slug for slug, own in params.authorities.items() if wanted & set(own.returns_expected)}
    assert expecting == set(supervised(params)) == set(size.annex_a)
    assert all(wanted <= set(own.returns_expected) for own in supervised(params).values())


def test_a_survey_is_expected_of_every_authority_with_a_trial_that_has_one(params: Params) -> None:
    asking = {name for name, trial in params.trials.items() if trial.survey is not None}
    for slug, own in params.authorities.items():
        assert ("dsl_survey" in own.returns_expected) == bool(asking & set(own.trials)), slug


def test_workbooks_cover_two_years_but_for_the_year_without_a_census(size: Size) -> None:
    missing = [case for case in planned()["missing_returns"] if case["returns"] == "cin_census"]
    without = {(case["authority"], case["period"]) for case in missing}
    for slug, years in size.annex_a.items():
        assert set(years) >= {year for year in (2021, 2022) if (slug, year) not in without}
        assert not {(slug, year) for year in years} & without


def test_known_gaps_of_the_plan_stand_in_the_parameters(params: Params) -> None:
    for case in planned()["missing_returns"]:
        gaps = {(gap.returns, gap.period) for gap in params.authorities[case["authority"]].known_gaps}
        assert ((case["returns"], str(case["period"])) in gaps) == case["known_gap"]
