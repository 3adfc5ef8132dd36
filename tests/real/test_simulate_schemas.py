"""Simulated CIN census returns without planted faults are valid by the XML schemas others made from the DfE's guide."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from swis.params import load_params
from swis.simulate import demo_size, simulate_dataset

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def clean(project_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clean") / "demo"
    params = load_params(project_root / "params")
    simulate_dataset(folder, params, seed=3, size=replace(demo_size(), fault_share=0.0), jobs=1)
    return folder


@pytest.mark.parametrize("year", range(2018, 2025))
def test_returns_are_valid_by_the_schema_of_their_year(clean: Path, real_data: Path, year: int) -> None:
    described = real_data / "sf-liia-pipeline" / "cin_census" / f"CIN_schema_{year}.xsd"
    schema = etree.XMLSchema(etree.parse(described))
    for slug in ("gateshead", "tameside"):
        tree = etree.parse(clean / slug / "cin" / f"CIN_{year}.xml")
        schema.assertValid(tree)
