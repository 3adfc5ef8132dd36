"""The harness itself: it fails on what it does not know, on what differs, and on what is missing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from statistical.certification import __main__ as program
from statistical.certification.comparison import Case, Tolerance, compare, quantities_of
from statistical.certification.ledger import unaccounted
from statistical.certification.page import shown
from statistical.certification.references import own_reference

NEAR = Tolerance(1e-3, "relative", "rounded by hand")
STORED = {"coef": {"(Intercept)": 2.0, "arm": -0.5}, "se": {"(Intercept)": 0.1, "arm": 0.2}, "software": "R"}


def case(coefficients: object, **claims: Tolerance) -> Case:
    return Case("one", "an estimator", lambda: {"coef": coefficients}, claims or {"coef": NEAR})


def test_a_stored_fit_that_is_neither_compared_nor_listed_fails_the_run() -> None:
    own = own_reference()
    with_a_fake = replace(own, stored={**own.stored, "a_fit_nobody_knows": {"coef": {"arm": 1.0}}})
    assert with_a_fake.unaccounted() == ["a_fit_nobody_knows is stored, but neither compared nor listed as not claimed"]


def test_the_program_ends_with_code_1_on_a_fit_it_does_not_know(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own = own_reference()
    fake = replace(own, stored={**own.stored, "a_fit_nobody_knows": {"coef": {"arm": 1.0}}}, cases=own.cases[-1:])
    monkeypatch.setattr(program, "references", lambda folder: [fake])
    assert program.main(["--without-r"]) == 1
    assert "a_fit_nobody_knows is stored" in capsys.readouterr().err


def test_a_fit_that_r_makes_and_nobody_keeps_is_no_agreement() -> None:
    own = own_reference()
    few = replace(own, stored={}, cases=[])
    [found] = few.against({"a_new_fit": {"coef": {"arm": 1.0}}}, "own tables")
    assert found.fit == "a_new_fit"
    assert not found.is_within


def test_the_program_says_plainly_when_r_is_not_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own = own_reference()
    few = {one.fit: own.stored[one.fit] for one in own.cases[-1:]}
    monkeypatch.setattr(program, "references", lambda folder: [replace(own, stored=few, cases=own.cases[-1:])])
    monkeypatch.setattr(program, "find_r", lambda: None)
    assert program.main([]) == 0
    assert "R is not installed here" in capsys.readouterr().out


def test_a_quantity_that_is_neither_compared_nor_listed_fails_the_run() -> None:
    said = unaccounted({"one": STORED}, [case([2.0, -0.5])], {})
    assert said == ["one: se is stored, but neither compared nor not claimed"]


def test_what_is_listed_but_not_stored_fails_the_run() -> None:
    said = unaccounted({}, [case([2.0, -0.5])], {"other": "why"})
    assert said == ["one is compared or listed, but not stored", "other is compared or listed, but not stored"]


def test_a_fit_both_compared_and_not_claimed_fails_the_run() -> None:
    assert unaccounted({"one": STORED}, [case([2.0, -0.5])], {"one": "why"}) == [
        "one is both compared and listed as not claimed"
    ]


@pytest.mark.parametrize(
    ("ours", "difference"),
    [
        ([2.0, -0.5], 0.0),
        ([2.0, -0.6], 0.2),
        ({"arm": -0.6, "(Intercept)": 2.0}, 0.2),
        ([2.0], np.inf),
        ([2.0, np.nan], np.inf),
        ({"arm": -0.6, "other": 2.0}, np.inf),
        (None, np.inf),
    ],
)
def test_the_largest_difference_is_found_and_a_missing_number_never_agrees(ours: object, difference: float) -> None:
    [found] = compare(case(ours), STORED, "here")
    assert found.largest_difference == pytest.approx(difference)
    assert found.is_within == (difference == 0.0)


def test_differences_are_measured_in_the_stored_standard_errors_when_asked() -> None:
    [found] = compare(case([2.0, -0.6], coef=Tolerance(1.0, "standard errors", "")), STORED, "here")
    assert found.largest_difference == pytest.approx(0.5)


def test_nested_quantities_have_paths_and_derived_ones_are_left_out() -> None:
    stored = {"coef": {"a": 1}, "CR2": {"se": {"a": 1}, "p": {"a": 0.1}, "seconds": 1}, "aic": 3, "df": 4, "zi": None}
    assert set(quantities_of(stored)) == {"coef", "CR2/se"}


def test_rounding_error_is_not_written_out_in_the_page() -> None:
    assert [shown(3.2e-14), shown(2.34e-5), shown(np.inf)] == ["< 1e-10", "2e-05", "not comparable"]


def test_the_program_writes_its_section_and_leaves_the_others(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    own = own_reference()
    few = {one.fit: own.stored[one.fit] for one in own.cases[-1:]}
    monkeypatch.setattr(program, "references", lambda folder: [replace(own, stored=few, cases=own.cases[-1:])])
    page = tmp_path / "checks.md"
    page.write_text(
        "# Checks\n\n## Agreement with R\n\nstale numbers\n\n## Coverage\n\nanother section\n", encoding="utf-8"
    )
    assert program.main(["--without-r", "--write", str(page)]) == 0
    written = page.read_text(encoding="utf-8")
    assert "stale numbers" not in written
    assert written.index("own tables") < written.index("another section")
