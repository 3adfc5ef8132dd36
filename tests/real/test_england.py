"""The children of each authority of England that a plan goes by, against the DfE's own file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from swis.execution.cost.sizes import ENGLAND

pytestmark = pytest.mark.real
FILE = "ons_mid-year_population_estimates_2012_to_2023.csv"


def test_the_children_of_each_authority_are_those_of_the_release(real_data: Path) -> None:
    (path,) = sorted(real_data.rglob(FILE))
    released = pd.read_csv(path, dtype=str, encoding="utf-8-sig")
    local = released[released["geographic_level"].eq("Local authority") & released["time_period"].eq("2023")]
    wanted = local.set_index("old_la_code")["population_estimate"].to_dict()
    ours = pd.read_csv(ENGLAND, dtype=str)
    assert ours.set_index("old_la_code")["children_0_to_17"].to_dict() == wanted
    assert len(ours) == 153
