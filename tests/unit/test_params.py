"""Parameter files are checked whole: unknown, misspelt and ill-typed keys are refused, all at once."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from swis.errors import InputError
from swis.params import load_params


@pytest.fixture
def params_folder(tmp_path: Path, project_root: Path) -> Path:
    return Path(shutil.copytree(project_root / "params", tmp_path / "params"))


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_forty_two_authorities_in_five_trials(project_root: Path) -> None:
    params = load_params(project_root / "params")
    trials = [trial for authority in params.authorities.values() for trial in authority.trials]
    assert len(params.authorities) == 42
    assert trials.count("swis") == 21
    assert sum(any(trial != "swis" for trial in authority.trials) for authority in params.authorities.values()) == 23
    assert {slug for slug, authority in params.authorities.items() if len(authority.trials) > 1} == {
        "salford",
        "tameside",
    }


def test_swis_windows_are_23_and_35_months(project_root: Path) -> None:
    windows = load_params(project_root / "params").trials["swis"].windows
    assert (windows["23 months"].first_day, windows["23 months"].last_day) == (date(2020, 9, 1), date(2022, 7, 31))
    assert windows["35 months"].last_day == date(2023, 7, 31)


@pytest.mark.parametrize(
    ("authority", "year", "codes"),
    [
        ("cumbria", 2023, ["909"]),
        ("cumbria", 2024, ["942", "943"]),
        ("somerset", 2023, ["933"]),
        ("somerset", 2024, ["933"]),
    ],
)
def test_codes_valid_on_the_last_day_of_a_return(
    project_root: Path, authority: str, year: int, codes: list[str]
) -> None:
    found = load_params(project_root / "params").authorities[authority].codes_in_return(year)
    assert [code.old_la_code for code in found] == codes


def test_somerset_changes_its_nine_character_code_in_april_2023(project_root: Path) -> None:
    somerset = load_params(project_root / "params").authorities["somerset"]
    assert [somerset.codes_in_return(year)[0].new_la_code for year in (2023, 2024)] == ["E10000027", "E06000066"]


def test_misspelt_key_is_refused_with_the_nearest_name(params_folder: Path) -> None:
    replace(params_folder / "definitions.yml", "data_cut:", "data_ctu:")
    with pytest.raises(InputError) as caught:
        load_params(params_folder)
    lines = [problem.line() for problem in caught.value.problems]
    assert any("unknown key data_ctu" in line and "did you mean data_cut?" in line for line in lines)
    assert any("data_cut" in line and "field required" in line for line in lines)


def test_value_outside_the_variants_is_refused(params_folder: Path) -> None:
    replace(params_folder / "definitions.yml", "count_basis: enquiries", "count_basis: families")
    with pytest.raises(InputError, match="count_basis"):
        load_params(params_folder)


def test_faults_of_several_files_come_at_once(params_folder: Path) -> None:
    replace(params_folder / "authorities" / "hull.yml", "region:", "reigon:")
    replace(params_folder / "trials" / "swis.yml", "programme: SWIS", "programme: SWISS")
    (params_folder / "authorities" / "devon.yml").write_text("slug: [", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_params(params_folder)
    files = {problem.file for problem in caught.value.problems}
    assert files == {"params/authorities/devon.yml", "params/authorities/hull.yml", "params/trials/swis.yml"}


@pytest.mark.parametrize("trial", ["dsls_greater_manchester", "dsls_group", "dsls_one_to_one", "dsls_sexual_abuse"])
def test_each_trial_of_supervision_names_the_scales_of_its_survey(project_root: Path, trial: str) -> None:
    survey = load_params(project_root / "params").trials[trial].survey
    assert survey is not None
    assert set(survey.scales) == {"wellbeing", "anxiety", "confidence", "workload_pressure", "knowledge", "support"}
    assert len({scale.name for scale in survey.scales.values()}) == len(survey.scales)


def test_the_trial_of_social_workers_asks_about_support_alone_and_says_that_this_is_assumed(project_root: Path) -> None:
    survey = load_params(project_root / "params").trials["swis"].survey
    assert survey is not None
    assert set(survey.scales) == {"support"}
    assert "no public source says who was asked or how" in survey.assumed


def test_support_is_in_no_plan_of_analysis(project_root: Path) -> None:
    for trial in load_params(project_root / "params").trials.values():
        assert trial.plan is not None
        assert trial.plan.outcome("dsl_support") is None, trial.name


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("wellbeing:", "wellness:", "survey.scales.wellness"),
        ("items: 7, lowest: 1, highest: 5", "items: 7, lowest: 5, highest: 5", "highest must be above lowest"),
        ("items: 7, lowest: 1, highest: 5", "items: 7, lowest: 1, higest: 5", "did you mean highest"),
    ],
)
def test_a_scale_that_cannot_be_is_refused(params_folder: Path, old: str, new: str, said: str) -> None:
    replace(params_folder / "trials" / "dsls_group.yml", old, new)
    with pytest.raises(InputError) as caught:
        load_params(params_folder)
    assert any(said in problem.line() for problem in caught.value.problems)
