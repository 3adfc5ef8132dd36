"""What several parameter files share is written once: filled in with each file's words, and overlaid by the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from swis.io import read_yaml
from swis.params import Trial, load_params
from swis.shared_parameters import merged, with_shared

TRIALS = ("dsls_greater_manchester", "dsls_one_to_one", "dsls_group", "dsls_sexual_abuse")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shared").mkdir()
    shared = "plan:\n  text: Read over <window>\n  rules: {level: 0.05, lists: [a, b]}\n  outcomes:\n"
    shared += "    - {measure: first, role: primary}\n    - {measure: second, role: secondary}\n"
    (tmp_path / "shared" / "all.yml").write_text(shared, encoding="utf-8")
    return tmp_path


def content(**own: Any) -> dict[str, Any]:
    return {"name": "one", "shares": "shared/all.yml", "words": {"window": "a year"}, **own}


def test_words_fill_the_places_and_the_file_comes_on_top(folder: Path) -> None:
    own = {"rules": {"lists": ["c"]}, "outcomes": [{"measure": "second", "role": "primary"}, {"measure": "third"}]}
    found, faults = with_shared(content(plan=own), folder)
    assert faults == []
    assert found == {
        "name": "one",
        "plan": {
            "text": "Read over a year",
            "rules": {"level": 0.05, "lists": ["c"]},
            "outcomes": [
                {"measure": "first", "role": "primary"}, {"measure": "second", "role": "primary"}, {"measure": "third"},
            ],
        },
    }  # fmt: skip


def test_a_file_that_shares_nothing_stays_as_it_is(folder: Path) -> None:
    assert with_shared({"name": "one"}, folder) == ({"name": "one"}, [])


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"words": {}}, "words: none for <window>"),
        ({"words": {"window": "a year", "windw": "x"}}, "words: windw is asked for nowhere"),
        ({"shares": "shared/al.yml"}, "shares: no file shared/al.yml"),
    ],
)
def test_a_missing_word_a_useless_one_and_a_missing_file_are_faults(
    folder: Path, change: dict[str, Any], where: str
) -> None:
    _, faults = with_shared(content() | change, folder)
    assert [fault[0] for fault in faults] == [where]


def test_a_list_of_parts_without_a_name_is_replaced() -> None:
    assert merged([{"text": "a"}], [{"text": "b"}]) == [{"text": "b"}]
    assert merged({"a": None}, {"a": {"b": 1}}) == {"a": {"b": 1}}


@pytest.fixture(scope="module")
def trials(project_root: Path) -> dict[str, Trial]:
    return load_params(project_root / "params").trials


def test_each_trial_of_supervision_has_its_own_window_and_primary_outcome(trials: dict[str, Trial]) -> None:
    found = {}
    for name in TRIALS:
        plan = trials[name].plan
        assert plan is not None
        (primary,) = [
            (one.measure, point.window) for one in plan.outcomes for point in one.time_points if point.role == "primary"
        ]
        window = trials[name].windows[primary[1]]
        found[name] = (primary[0], window.first_day.isoformat(), window.last_day.isoformat())
    school_year = ("2021-09-01", "2022-07-31")
    share = "contacts_no_further_action"
    assert found == {
        "dsls_greater_manchester": (share, "2021-01-01", "2021-12-31"),
        "dsls_one_to_one": (share, *school_year),
        "dsls_group": (share, *school_year),
        "dsls_sexual_abuse": ("contacts_sexual_abuse", *school_year),
    }


def test_what_is_read_in_july_2023_is_exploratory_and_logged(trials: dict[str, Trial]) -> None:
    from swis.plan import planned_analyses

    for name in TRIALS:
        trial = trials[name]
        assert trial.plan is not None
        later = [one for one in planned_analyses(trial.plan, trial.deviations).values() if one.window == "to July 2023"]
        assert later
        assert {(one.role, one.deviation) for one in later} == {("exploratory", "D-01")}


def test_the_share_is_never_planned_without_both_rates_beside_it(trials: dict[str, Trial]) -> None:
    for name in TRIALS[:3]:
        plan = trials[name].plan
        assert plan is not None
        share = plan.outcome("contacts_no_further_action")
        assert share is not None
        assert share.beside == ["contacts_from_schools", "contacts_no_further_action_rate"]
        for beside in share.beside:
            other = plan.outcome(beside)
            assert other is not None
            assert {point.window for point in other.time_points} >= {share.time_points[0].window}


def test_what_the_trials_share_is_written_once(project_root: Path) -> None:
    folder = project_root / "params" / "trials"
    for name in TRIALS:
        own = read_yaml(folder / f"{name}.yml")
        assert own["shares"] == "shared/dsls.yml"
        assert len(own.get("plan", {}).get("outcomes", [])) <= 2, "only the outcomes whose role differs"
