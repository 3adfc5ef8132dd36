"""Every estimator agrees with the larger references of R, which are not part of the repository (SWIS_REFERENCE)."""

from __future__ import annotations

from pathlib import Path

import pytest
from statistical.certification.comparison import Case, compare
from statistical.certification.dataset_cases import dataset_cases
from statistical.certification.references import Reference, dataset_reference, trial_reference
from statistical.certification.tables import Tables
from statistical.certification.trial_cases import trial_cases

# Only the names are taken from these: the tables are read where the folder is known.
NOWHERE = Tables(Path("nowhere"))


def named(cases: list[Case]) -> list[str]:
    return [case.fit for case in cases]


def assert_agrees(reference: Reference, fit: str) -> None:
    case = next(case for case in reference.cases if case.fit == fit)
    assert [one for one in compare(case, reference.stored[fit], reference.name) if not one.is_within] == []


@pytest.fixture(scope="module")
def trials(reference: Path) -> Reference:
    return trial_reference(reference)


@pytest.fixture(scope="module")
def data_sets(reference: Path) -> Reference:
    return dataset_reference(reference)


@pytest.mark.parametrize("fit", named(trial_cases(NOWHERE)))
def test_estimator_agrees_with_r_on_the_simulated_trials(trials: Reference, fit: str) -> None:
    assert_agrees(trials, fit)


@pytest.mark.parametrize("fit", named(dataset_cases(NOWHERE)))
def test_estimator_agrees_with_r_on_well_known_data(data_sets: Reference, fit: str) -> None:
    assert_agrees(data_sets, fit)


def test_every_stored_fit_of_the_trials_is_compared_or_listed(trials: Reference) -> None:
    assert trials.unaccounted() == []
    assert len(trials.stored) == len(trials.cases) + len(trials.not_claimed)


def test_every_stored_fit_of_the_data_sets_is_compared_or_listed(data_sets: Reference) -> None:
    assert data_sets.unaccounted() == []
    assert len(data_sets.stored) == len(data_sets.cases) + len(data_sets.not_claimed)
