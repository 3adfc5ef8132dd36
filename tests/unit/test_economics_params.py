"""params/economics.yml: what it says, and that what does not fit together is refused, all at once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from swis.errors import InputError
from swis.params import load_params
from swis.schemas import table_schema


@pytest.fixture
def params_folder(tmp_path: Path, project_root: Path) -> Path:
    return Path(shutil.copytree(project_root / "params", tmp_path / "params"))


def refused(folder: Path, *changes: tuple[str, str]) -> list[str]:
    path = folder / "economics.yml"
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_params(folder)
    assert {problem.file for problem in caught.value.problems} == {"params/economics.yml"}
    return [problem.line() for problem in caught.value.problems]


def test_the_comparison_and_the_published_figures_beside_it(project_root: Path) -> None:
    economics = load_params(project_root / "params").economics
    assert (economics.comparison.trial, economics.comparison.window) == ("swis", "23 months")
    assert economics.discounting.percent == 3.5
    # Children and Youth Services Review: 1.3, 1.1 and 6.1 % at 1,000, 10,000 and 20,000 pounds; not rising steadily.
    assert [(one.pounds, one.percent) for one in economics.published] == [(1_000, 1.3), (10_000, 1.1), (20_000, 6.1)]
    assert economics.extension.funding_pounds == 4_790_000


def test_every_placement_code_of_the_return_is_in_one_group(project_root: Path) -> None:
    groups = load_params(project_root / "params").economics.consequences.placement_groups
    codes = [code for group in groups.values() for code in group.codes]
    assert sorted(codes) == sorted(table_schema("care_episodes").field("placement").allowed_values or [])


def test_a_misspelt_key_is_refused_with_the_nearest_name(params_folder: Path) -> None:
    (line,) = refused(params_folder, ("perspective:", "perspectiv:"))[-1:]
    assert "did you mean perspective?" in line


def test_faults_of_several_parts_come_at_once(params_folder: Path) -> None:
    said = "\n".join(
        refused(
            params_folder,
            ("price_year: 2021/22", "price_year: 2031/32"),
            ("weekly_cost: social_work", "weekly_cost: social_wrok"),
            ("codes: [R5]", "codes: [R5, U1]"),
            ("outcome: section47_enquiries", "outcome: section47_enquirys"),
            ("low: 0.8, high: 1.2", "low: 1.2, high: 0.8"),
            ('assumed: "the limits of its own interval"', 'assumed: ""'),
            ("table_pounds: [1000, 10000, 20000]", "table_pounds: [1000, 20000, 10000]"),
        )
    )
    assert "price_year: 2031/32; expected a year of deflator.index" in said
    assert "did you mean social_work?" in said
    assert "U1 in foster and custody" in said
    assert "did you mean section47_enquiries?" in said
    assert "one_way.pay: low and high" in said
    assert "one_way.effect: neither source nor assumed" in said
    assert "decision.table_pounds" in said


def test_an_unknown_trial_or_window_is_refused(params_folder: Path) -> None:
    (line,) = refused(params_folder, ("  window: 23 months", "  window: 24 months"))
    assert "comparison.window: 24 months" in line
    assert "did you mean 23 months?" in line
