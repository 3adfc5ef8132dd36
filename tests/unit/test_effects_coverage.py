"""The simulation study: streams, summary, and the page, on trials invented by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from swis.effects.coverage import Scenario, simulate, smallest_safe, summarise
from swis.effects.coverage.__main__ import main
from swis.effects.coverage.intervals import wald_row
from swis.effects.coverage.page import (
    BESIDE_TITLE,
    COVERAGE_TITLE,
    PUBLISHED_TITLE,
    RECEIVED_TITLE,
    SUPERVISION_TITLE,
    coverage_section,
    with_section,
)
from swis.effects.coverage.published import what_the_interval_implies
from swis.effects.coverage.summary import margin


def invented(model: str, interval: str, authorities: int, *, error: float, trials: int = 2_000) -> pd.DataFrame:
    """Normal estimates of spread 1 with a stated standard error of `error`, half of the trials without an effect."""
    rng = np.random.default_rng(authorities)
    rows = []
    for number in range(trials):
        truth = float(number % 2)
        row = wald_row(model, interval, truth, rng.normal(truth, 1.0), error, np.inf)
        labels = {"kind": "primary", "authorities": authorities, "schools": 13 * authorities}
        rows.append({**labels, "has_effect": bool(number % 2), "trial": number, **row.__dict__})
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def summary() -> pd.DataFrame:
    parts = [
        invented("model", "z", 8, error=0.7),
        invented("model", "t", 8, error=1.0),
        invented("model", "z", 21, error=1.0),
        invented("model", "t", 21, error=1.5),
        invented("other", "z", 8, error=1.0),
        invented("other", "z", 21, error=0.7),
    ]
    return summarise(pd.concat(parts, ignore_index=True))


def test_the_summary_finds_coverage_bias_and_type_i_error(summary: pd.DataFrame) -> None:
    row = summary.set_index(["model", "interval", "authorities"]).loc[("model", "t", 8)]
    assert (row["trials"], row["null_trials"], row["schools"]) == (1_000, 1_000, 104)
    assert row["coverage"] == pytest.approx(0.95, abs=0.02)
    assert row["type_i"] == pytest.approx(0.05, abs=0.02)
    assert abs(row["bias"]) < 3 * row["bias_error"]
    assert row["error_ratio"] == pytest.approx(1.0, abs=0.06)
    assert row["coverage_error"] == pytest.approx(np.sqrt(row["coverage"] * (1 - row["coverage"]) / 1000))
    assert row["uniform_p"] > 0.01


def test_intervals_are_called_what_they_are(summary: pd.DataFrame) -> None:
    verdicts = summary.set_index(["model", "interval", "authorities"])["verdict"]
    assert verdicts["model", "z", 8] == "too narrow"
    assert verdicts["model", "t", 8] == verdicts["model", "z", 21] == "nominal"
    assert verdicts["model", "t", 21] == "wide"


def test_the_fewest_authorities_are_read_from_the_results(summary: pd.DataFrame) -> None:
    fewest = smallest_safe(summary).set_index(["model", "interval"])["authorities"]
    assert fewest["model", "z"] == 21
    assert fewest["model", "t"] == 8
    assert pd.isna(fewest["other", "z"])


def test_the_margin_is_that_of_the_binomial() -> None:
    assert margin(1_000) == pytest.approx(2.58 * np.sqrt(0.95 * 0.05 / 1_000))


def test_the_page_says_where_nominal_is_missed_and_what_to_prefer(summary: pd.DataFrame) -> None:
    text = coverage_section(summary, seed=1)
    assert "model, 8 authorities: nominal is **missed** by z (covers" in text
    assert "prefer t." in text
    assert "other, 21 authorities: nominal is **missed** by z" in text
    assert "no interval of this model tried here holds" in text
    assert "more than 21" in text
    assert "nan" not in text


def test_an_analysis_that_mostly_gives_no_number_is_not_usable() -> None:
    frame = invented("model", "z", 8, error=1.0, trials=100)
    frame.loc[frame.index[10:], ["estimate", "lower", "upper", "p_value"]] = np.nan
    summary = summarise(frame)
    assert summary["verdict"].tolist() == ["not usable"]
    assert "gave a number in 5 of 50 trials and is **not usable**" in coverage_section(summary, seed=1)


def test_a_section_replaces_itself_and_leaves_the_others() -> None:
    page = with_section(None, "One", "first")
    page = with_section(page, "Two", "other")
    page = with_section(page, "One", "second")
    assert page.count("## One") == page.count("## Two") == 1
    assert "second" in page
    assert "first" not in page
    assert page.index("## One") < page.index("## Two")
    assert with_section(page, "One", "second") == page


def test_trials_do_not_depend_on_the_number_of_processes() -> None:
    scenario = Scenario("primary", 8)
    one, two = (simulate(scenario, trials=12, jobs=jobs, seed=5) for jobs in (1, 2))
    pd.testing.assert_frame_equal(one, two)
    assert one["trial"].nunique() == 12


def test_more_trials_begin_with_the_same_ones_and_another_seed_gives_others() -> None:
    scenario = Scenario("secondary", 8, has_effect=True)
    few, more, other = (simulate(scenario, trials=trials, seed=seed) for trials, seed in ((1, 5), (2, 5), (1, 6)))
    pd.testing.assert_frame_equal(few, more[more["trial"] == 0])
    assert not np.isclose(few["estimate"], other["estimate"]).any()


def test_the_published_interval_implies_more_spread_before_adjustment_than_after() -> None:
    implied = what_the_interval_implies()
    assert implied["implied"] == pytest.approx(0.38, abs=0.01)
    assert implied["before"] > implied["implied"]


def test_the_command_writes_its_own_sections_and_goes_on_from_what_was_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page, kept = tmp_path / "page.md", tmp_path / "kept"
    page.write_text("# Checks\n\n## Agreement with R\n\nkept\n", encoding="utf-8")
    options = ["--trials", "2", "--jobs", "1", "--authorities", "8", "--write", str(page), "--keep", str(kept)]
    assert main(options) == 0
    first = page.read_text(encoding="utf-8")
    assert main(options) == 0
    assert page.read_text(encoding="utf-8") == first
    assert "kept" in first
    assert f"## {COVERAGE_TITLE}" in first
    assert f"## {PUBLISHED_TITLE}" in first
    assert f"## {BESIDE_TITLE}" in first
    assert f"## {SUPERVISION_TITLE}" in first
    assert f"## {RECEIVED_TITLE}" in first
    assert len(list(kept.iterdir())) == 11, "each kind without and with an effect, the tests beside them without"
    assert "primary, 8 authorities, without effect" in capsys.readouterr().out


def test_a_kind_simulated_alone_leaves_the_sections_of_the_others(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# Checks\n\n## {COVERAGE_TITLE}\n\nof before\n", encoding="utf-8")
    options = ["--trials", "2", "--jobs", "1", "--authorities", "8", "--kinds", "beside", "--write", str(page)]
    assert main(options) == 0
    written = page.read_text(encoding="utf-8")
    assert "of before" in written
    assert f"## {PUBLISHED_TITLE}" not in written
    assert "Heterogeneity between authorities" in written
