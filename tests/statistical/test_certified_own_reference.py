"""Every estimator agrees with what R made of the small tables kept with the repository; nothing is left out."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest
from statistical.certification.comparison import Case, compare
from statistical.certification.own_cases import own_cases
from statistical.certification.references import OWN_FOLDER, own_reference
from statistical.certification.tables import Tables
from statistical.reference import make_data

OWN = own_reference()


@pytest.mark.parametrize("case", OWN.cases, ids=lambda case: case.fit)
def test_estimator_agrees_with_r_on_our_own_tables(case: Case) -> None:
    apart = [one for one in compare(case, OWN.stored[case.fit], OWN.name) if not one.is_within]
    assert apart == []


class ShuffledTables(Tables):
    """The same tables, rows in another order and schools under other numbers."""

    def __getitem__(self, name: str) -> Any:
        shuffled = super().__getitem__(name).sample(frac=1, random_state=7).reset_index(drop=True)
        return shuffled.assign(school=10.0 * shuffled["school"] + 0.5)


@pytest.mark.parametrize("case", own_cases(ShuffledTables(OWN_FOLDER), OWN.stored), ids=lambda case: case.fit)
def test_order_of_rows_and_coding_of_groups_do_not_matter(case: Case) -> None:
    apart = [one for one in compare(case, OWN.stored[case.fit], OWN.name) if not one.is_within]
    assert apart == []


def test_every_stored_fit_and_quantity_is_compared_or_listed() -> None:
    assert OWN.unaccounted() == []


def test_stored_results_name_the_versions_of_r_and_its_packages() -> None:
    held = json.loads((OWN_FOLDER / "results.json").read_text(encoding="utf-8"))
    assert held["r"][0].isdigit()
    assert {"lme4", "glmmTMB", "lmerTest", "clubSandwich", "geepack", "AER", "mice", "MASS"} <= set(held["packages"])


@pytest.mark.parametrize("name", ["school_years", "schools", "pupils", "supervision"])
def test_tables_are_those_that_the_script_simulates(name: str) -> None:
    kept = pd.read_csv(OWN_FOLDER / f"{name}.csv")
    pd.testing.assert_frame_equal(kept, make_data.simulate()[name], check_dtype=False, rtol=1e-9)


def test_tables_stay_small() -> None:
    assert sum(path.stat().st_size for path in OWN_FOLDER.glob("*.csv")) < 300_000
