"""The pages of docs/reference that are made from schemas and measures are the ones that are committed."""

from __future__ import annotations

from pathlib import Path

import pytest

from swis.codebook import MADE, analysis_plan_text, codebook_text, measures_text, rules_text
from swis.outcomes.registry import measures
from swis.params import load_params
from swis.plan import MODELS, planned_analyses
from swis.report.open_data.page import open_data_text
from swis.report.screener import CHECKS
from swis.report.screener.screen import name_of
from swis.schemas import table_names, table_schema

PAGES = [
    ("codebook.md", codebook_text),
    ("measures.md", measures_text),
    ("open-data.md", lambda: open_data_text(MADE)),
    ("validation-rules.md", rules_text),
]


@pytest.mark.parametrize(("page", "made"), PAGES)
def test_committed_page_is_the_made_one(project_root: Path, page: str, made) -> None:
    committed = (project_root / "docs" / "reference" / page).read_text(encoding="utf-8")
    assert committed == made(), "run `make codebook`"


def test_the_codebook_names_every_column_with_its_sensitivity() -> None:
    text = codebook_text()
    for name in table_names():
        for column in table_schema(name).fields:
            assert f"| `{column.name}` | {column.type} |" in text
            assert column.sensitivity in {"identifier", "quasi", "sensitive", "safe"}


def test_every_measure_is_described_with_numerator_denominator_and_source() -> None:
    text = measures_text()
    for measure in measures().values():
        assert f"(`{measure.name}`)" in text
        assert measure.numerator in text
        assert measure.reference in text


def test_the_committed_page_of_plans_is_the_made_one_and_holds_every_analysis(project_root: Path) -> None:
    trials = load_params(project_root / "params").trials
    committed = (project_root / "docs" / "reference" / "analysis-plan.md").read_text(encoding="utf-8")
    assert committed == analysis_plan_text(trials), "run `make codebook`"
    plan = trials["swis"].plan
    assert plan is not None
    assert all(f"| `{one}` |" in committed for one in planned_analyses(plan, trials["swis"].deviations))
    assert all(f"| `{name}` |" in committed for name in MODELS)


def test_the_page_of_open_data_names_every_check() -> None:
    text = open_data_text(MADE)
    assert all(f"- **{name_of(check)}**: " in text for check in CHECKS)
