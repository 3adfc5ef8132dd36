"""Simulated supervision sessions and meetings: what the calibration says, and nothing of it in the spells of work."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from swis.params import Params, load_params
from swis.simulate.calibration import numbers, targets_for
from swis.simulate.delivery import COLUMNS, simulate_delivery, true_delivery
from swis.simulate.plan import full_size
from swis.simulate.randomness import stream
from swis.simulate.schools import Schools, simulate_schools
from swis.simulate.sessions import sessions_summary, simulate_community, simulate_sessions, with_months
from swis.simulate.world import authority_numbers

SEED = 9


@pytest.fixture(scope="module")
def params(project_root: Path) -> Params:
    return load_params(project_root / "params")


@pytest.fixture(scope="module")
def schools(params: Params) -> dict[str, Schools]:
    groups, numbered = full_size(params).groups, authority_numbers(params)
    return {
        slug: simulate_schools(
            groups[slug], authority, numbered[slug], targets_for(slug, stream(SEED, slug, "targets")),
            stream(SEED, slug, "schools"),
        )
        for slug, authority in params.authorities.items()
    }  # fmt: skip


@pytest.fixture(scope="module")
def sessions(schools: dict[str, Schools], params: Params) -> pd.DataFrame:
    parts = [
        simulate_sessions(own, params.trials, number, stream(SEED, slug, "supervision"))
        for number, (slug, own) in enumerate(schools.items(), start=1)
    ]
    made = pd.concat(parts, ignore_index=True)
    return made.assign(planned=made["sessions_planned"].astype(int), held=made["sessions_held"].astype(int))


def test_every_supervised_school_has_a_session_planned_in_each_month_of_its_trial_but_august(
    sessions: pd.DataFrame, schools: dict[str, Schools], params: Params
) -> None:
    wanted = {
        str(urn)
        for own in schools.values()
        for urn in own.urn[own.is_treated & (own.trial != "swis") & (own.trial != "")]
    }
    assert set(sessions["urn"]) == wanted
    assert not sessions["month"].str.endswith("-08").any()
    by_school = sessions.groupby("urn")["planned"].sum()
    assert set(by_school) <= {11, *range(1, 11)}
    assert (by_school == 11).mean() > 0.9
    assert sessions["planned"].eq(1).all()
    assert (sessions["held"] <= sessions["planned"]).all()


def test_fewer_sessions_are_held_in_months_of_the_pandemic(sessions: pd.DataFrame) -> None:
    early = sessions[sessions["month"].between("2021-01", "2021-03")]
    late = sessions[sessions["month"].between("2022-02", "2022-07")]
    assert early["held"].mean() < late["held"].mean() - 0.1
    # The mean over schools of a logistic with this spread lies a little under the share of the middle school.
    assert 0.75 < late["held"].mean() < numbers()["supervision"]["share_held"] + 0.02


def test_schools_differ_by_more_than_chance(sessions: pd.DataFrame) -> None:
    late = sessions[sessions["month"] >= "2021-09"]
    share = late.groupby("urn")["held"].mean()
    by_chance = (late["held"].mean() * (1 - late["held"].mean())) / 11
    assert share.var() > 1.3 * by_chance


def test_a_supervisor_has_no_more_schools_than_the_calibration_says(sessions: pd.DataFrame) -> None:
    assert sessions.groupby("worker")["urn"].nunique().max() <= numbers()["supervision"]["schools_per_supervisor"]


def test_meetings_are_of_staff_in_post_and_leave_the_spells_as_they_are(schools: dict[str, Schools]) -> None:
    spells = simulate_delivery(schools["hull"], 1, stream(SEED, "hull", "delivery"))
    met = simulate_community(spells, stream(SEED, "hull", "community of practice"))
    assert set(met["worker"]) <= set(spells["worker"])
    assert met["month"].between("2022-09", "2023-07").all()
    attended = met["community_of_practice"].eq("true").mean()
    assert abs(attended - numbers()["community_of_practice"]["share_attended"]) < 0.15, "about 60 draws: 2.5 errors"
    both = with_months(spells, met)
    assert list(both.columns) == COLUMNS
    pd.testing.assert_frame_equal(true_delivery(both, "hull"), true_delivery(spells, "hull"), check_dtype=False)


def test_the_truth_counts_sessions_by_trial_and_months_attended() -> None:
    rows = pd.DataFrame(
        [
            ("S1", "supervising social worker", "1", "1", "1", ""),
            ("S1", "supervising social worker", "1", "1", "0", ""),
            ("W1", "social worker", "2", "", "", "true"),
            ("W1", "social worker", "2", "", "", "false"),
        ],
        columns=["worker", "role", "urn", "sessions_planned", "sessions_held", "community_of_practice"],
    )
    assert sessions_summary(rows, {"1": "dsls_group", "2": "swis"}) == {
        "sessions": {"dsls_group": {"sessions_planned": 2, "sessions_held": 1}},
        "community_of_practice": {"worker_months": 2, "attended": 1},
    }
