"""Simulated contacts: one behind each referral by a school, the others at the schools of the trials and in term."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from swis.params import Params, load_params
from swis.simulate.authority import write_authority
from swis.simulate.calibration import numbers, targets_for
from swis.simulate.contact_rates import FIRST_DAY, LAST_DAY, MONTHS, Wanted, wanted_contacts
from swis.simulate.contacts import EARLY_HELP, NO_FURTHER_ACTION, REFERRAL, UNDECIDED
from swis.simulate.days import OPEN, count_working_days, day, month_of
from swis.simulate.plan import SchoolGroup, Size, full_size
from swis.simulate.randomness import stream
from swis.simulate.truth import school_months
from swis.simulate.world import World, simulate_world
from swis.simulate.write_contacts import COLUMNS, contact_rows
from swis.sources.annex_a import read_annex_a
from swis.sources.own_csv import own_form, read_own_csv

SEED = 9
TRIAL = "dsls_one_to_one"


@pytest.fixture(scope="module")
def params(project_root: Path) -> Params:
    return load_params(project_root / "params")


@pytest.fixture(scope="module")
def world(params: Params) -> World:
    """An authority of sixty primary schools, the one in which a school makes no contact for a year."""
    return simulate_world("invented-one-to-one-authority-1", params, SEED, full_size(params))


@pytest.fixture(scope="module")
def rows(world: World) -> pd.DataFrame:
    return contact_rows(world.contacts, world.contact_ids, world.population, world.schools)


@pytest.fixture(scope="module")
def wanted(world: World) -> dict[str, Wanted]:
    """What is expected with the programme and without, for the same schools."""
    begins = {"with": world.exposure.effect_from[TRIAL], "without": OPEN}
    exposures = {name: replace(world.exposure, effect_from={TRIAL: begin}) for name, begin in begins.items()}
    targets = targets_for(world.slug, stream(SEED, world.slug, "targets"))
    return {
        name: wanted_contacts(world.population, exposure, targets, 1.0, np.random.default_rng(1))
        for name, exposure in exposures.items()
    }


def test_the_columns_are_those_of_our_own_form() -> None:
    assert [column.name for column in own_form("contacts")] == COLUMNS


def test_every_referral_by_a_school_has_its_contact_shortly_before(world: World) -> None:
    cases, contacts = world.events.cases, world.contacts
    by_school = (world.texts.source == "2A") & (cases.school >= 0)
    inside = by_school & (cases.referral >= FIRST_DAY + 7) & (cases.referral <= LAST_DAY)
    behind = contacts.take(np.flatnonzero(contacts.case >= 0))
    assert set(np.flatnonzero(inside)) <= set(behind.case) <= set(np.flatnonzero(by_school))
    assert (behind.outcome == REFERRAL).all()
    assert (behind.decided == cases.referral[behind.case]).all()
    assert (behind.child == cases.child[behind.case]).all()
    waits = count_working_days(behind.made, behind.decided)
    assert set(waits) == {0, 1, 2, 3}


def test_every_contact_is_about_a_pupil_of_a_trial_school_who_lives_here(world: World) -> None:
    contacts = world.contacts
    assert (world.exposure.spells.school_on(contacts.child, contacts.made) == contacts.school).all()
    assert set(world.schools.trial[contacts.school]) == {TRIAL}
    assert set(world.schools.arm[contacts.school]) == {"intervention", "control"}
    assert world.population.lives_here[contacts.child].all()


def test_a_contact_without_a_referral_is_made_on_a_working_day_of_term(world: World) -> None:
    made = world.contacts.made[world.contacts.case < 0]
    assert (count_working_days(made - 1, made) == 1).all()
    assert not np.isin(month_of(made), [8]).any()
    assert (made >= day(2019, 9, 3)).all()
    assert (made <= day(2023, 7, 20)).all()


def test_a_few_contacts_are_not_decided_and_have_no_day_of_decision(rows: pd.DataFrame) -> None:
    is_open = rows["outcome"].eq(UNDECIDED)
    # Four in a hundred of those without a referral, which are four in five of all.
    assert 0.02 < is_open.mean() < 0.045
    assert (rows["decision_date"].eq("") == is_open).all()
    decided = rows[~is_open]
    assert (decided["decision_date"] >= decided["contact_date"]).all()
    assert set(decided["outcome"]) == {NO_FURTHER_ACTION, EARLY_HELP, REFERRAL}


def test_one_school_makes_no_contact_in_the_year_of_its_trial(world: World) -> None:
    contacts, begins = world.contacts, world.exposure.effect_from[TRIAL]
    in_year = (contacts.made >= begins) & (contacts.made < begins + 365)
    silent = set(range(world.schools.number)) - set(contacts.school[in_year])
    assert silent
    assert silent & set(contacts.school[~in_year]), "it makes contacts before and after"


def test_children_have_one_identifier_the_one_of_the_other_returns(world: World, rows: pd.DataFrame) -> None:
    child = world.contacts.child
    known = np.isin(child, world.children.place)
    position = world.children.position(child[known])
    assert (rows.loc[known, "la_child_id"] == world.children.la_child_id[position]).all()
    assert not set(rows.loc[~known, "la_child_id"]) & set(world.children.la_child_id)
    assert rows.groupby("la_child_id")["upn"].nunique().max() == 1
    assert rows["la_child_id"].nunique() == len(np.unique(child))


def test_pupil_numbers_are_temporary_or_missing_as_in_the_census(world: World, rows: pd.DataFrame) -> None:
    link = world.population.link[world.contacts.child]
    assert rows.loc[link == "unknown", "upn"].eq("").all()
    assert rows.loc[link != "unknown", "upn"].ne("").all()
    assert rows.loc[link == "temporary", "upn"].str[-1].str.isalpha().all()


def effect_months(world: World) -> np.ndarray:
    """Treated schools and months in which the programme works and contacts are made."""
    works = (world.exposure.effect_from[TRIAL] <= MONTHS) & (month_of(MONTHS) != 8)
    return world.schools.is_treated[:, None] & works[None, :]


def total(wanted: Wanted) -> np.ndarray:
    return wanted.no_further_action + wanted.early_help + wanted.referral


def odds(wanted: Wanted, where: np.ndarray) -> np.ndarray:
    return np.asarray(wanted.no_further_action[where] / (wanted.early_help + wanted.referral)[where])


def test_the_effects_hold_in_every_treated_school_and_month(world: World, wanted: dict[str, Wanted]) -> None:
    effects, where = numbers()["effects"][TRIAL], effect_months(world)
    with_it, without = wanted["with"], wanted["without"]
    assert (with_it.early_help[where] > 0).all(), "nothing was cut off at nought"
    assert (total(with_it) / total(without))[where] == pytest.approx(effects["contacts"])
    assert odds(with_it, where) / odds(without, where) == pytest.approx(effects["contacts_no_further_action_odds"])
    assert (with_it.referral / without.referral)[where] == pytest.approx(effects["referrals_from_schools"])


def test_control_schools_and_the_time_before_are_as_without_the_programme(
    world: World, wanted: dict[str, Wanted]
) -> None:
    elsewhere = ~effect_months(world) & (month_of(MONTHS) != 8)[None, :]
    assert total(wanted["with"])[elsewhere] == pytest.approx(total(wanted["without"])[elsewhere])
    assert odds(wanted["with"], elsewhere) == pytest.approx(odds(wanted["without"], elsewhere))


def test_the_truth_counts_every_contact_by_outcome(world: World) -> None:
    truth = school_months(world)
    sums = truth[truth["measure"].str.startswith("contacts_")].groupby("measure")["count"].sum()
    outcomes = ["contacts_no_further_action", "contacts_early_help", "contacts_to_referral", "contacts_undecided"]
    assert sums["contacts_from_schools"] == sums[outcomes].sum() == world.contacts.number
    assert sums["contacts_sexual_abuse"] == world.contacts.is_about_sexual_abuse.sum() > 0


def test_an_authority_of_the_first_trial_alone_has_no_contacts(project_root: Path) -> None:
    demo = project_root / "data_raw" / "demo"
    assert not (demo / "gateshead" / "contacts.csv").exists()
    allocation = pd.read_csv(demo / "national" / "allocation.csv", dtype=str)
    supervised = set(allocation.loc[allocation["trial"].ne("swis"), "urn"])
    faults = pd.read_csv(demo / "truth" / "faults.csv")
    malformed = int(faults["kind"].eq("contact_school_malformed").sum())
    urns = pd.read_csv(demo / "tameside" / "contacts.csv", dtype=str)["urn"]
    assert (~urns.isin(supervised)).sum() == malformed


@pytest.mark.parametrize("year", [2021, 2022, 2023])
def test_the_workbook_holds_the_contacts_of_its_half_year_and_their_early_help(project_root: Path, year: int) -> None:
    home = project_root / "data_raw" / "demo" / "tameside"
    book = read_annex_a(home / "annex_a" / f"annex_a_{year}.xlsx", authority="tameside", folder=home).tables
    form = read_own_csv(home / "contacts.csv", "contacts", authority="tameside", folder=home).tables["contacts"]
    half = form[form["contact_date"].between(pd.Timestamp(year - 1, 10, 1), pd.Timestamp(year, 3, 31))]
    asked = half[half["outcome"].ne(REFERRAL).fillna(False)]
    keys = ["la_child_id", "contact_date"]
    assert len(asked.merge(book["contacts"], on=keys)) == len(asked)
    helped = half[half["outcome"].eq(EARLY_HELP).fillna(False)]
    assert set(helped["la_child_id"]) <= set(book["early_help"]["la_child_id"])


def test_an_authority_that_keeps_no_record_sends_no_contacts_and_is_asked_all_the_same(
    params: Params, tmp_path: Path
) -> None:
    slug = "invented-sexual-abuse-authority-4"
    group = SchoolGroup("dsls_sexual_abuse", "primary", 2, 2, 24)
    size = Size("full", {slug: (group,)}, (), population_share=0.02, is_indented=False)
    written = write_authority(slug, tmp_path, params, SEED, size)
    sent = {path.name for path in (tmp_path / slug).glob("*.csv")}
    assert sent == {"dsl_survey.csv", "delivery.csv"}
    assert written.truth["school_months"]["measure"].eq("contacts_from_schools").any(), "there were some"
    assert "file_return_missing" not in [fault.kind for fault in written.faults], "a known gap is no fault"
