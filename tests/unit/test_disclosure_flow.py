"""The flow of schools of all authorities, before it is protected."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from swis.disclosure.flow import COUNTS, PRIMARY, flow
from swis.params import load_params


def test_schools_with_and_without_outcomes_are_those_allocated_and_who_left_is_told_beside(project_root: Path) -> None:
    trial = load_params(project_root / "params").trials["swis"]
    schools = pd.DataFrame(
        {
            "trial": "swis",
            "arm": ["intervention"] * 5 + ["control"] * 4,
            "reason": [None, None, "withdrew", "closed", "no return", None, None, "merged", "no return"],
        }
    )
    arms = {"trial": "swis", "arm": ["intervention", "control"]}
    outcomes = pd.DataFrame(
        {**arms, "measure": PRIMARY, "period": next(iter(trial.windows)), "level": "arm", "schools": [4, 3]}
    )
    people = pd.DataFrame({**arms, "academic_year": "2020/21", "pupils": [4000, 3000]})
    found = flow(schools, outcomes, people, {"swis": trial}).set_index("arm")[COUNTS]
    assert found.loc["intervention"].tolist() == [5, 1, 4, 2, 4000]
    assert found.loc["control"].tolist() == [4, 1, 3, 1, 3000]
    assert (found["analysed"] + found["without_outcomes"] == found["allocated"]).all()
