"""The registry: every measure has a code file and a metadata twin that say the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from derive_tables import AUTHORITY, definitions, every_return, params, world

from swis.derive.periods import all_periods
from swis.outcomes import derive_and_outcomes, measures
from swis.outcomes.levels import OUTCOME_COLUMNS
from swis.outcomes.registry import FOLDER, KINDS, counters, families
from swis.schemas import table_names

NAMES = {
    "section47_enquiries", "section17_assessments_started", "section17_assessments_completed", "referrals",
    "referrals_from_schools", "rereferrals_within_12_months", "referrals_no_further_action",
    "assessments_within_45_working_days", "assessment_duration_median_working_days",
    "conferences_within_15_working_days",
    "protection_plans_started", "children_entering_care", "days_in_care", "overall_absence", "authorised_absence",
    "unauthorised_absence", "persistent_absence", "severe_absence", "suspensions", "pupils_suspended",
    "permanent_exclusions", "suspensions_persistent_disruptive_behaviour", "sessions_lost_to_suspension", "attainment8",
    "progress8", "english_maths_grade5", "ks2_expected_standard",
}  # fmt: skip
OF_SUPERVISION = {
    "contacts_from_schools", "contacts_no_further_action_rate", "contacts_no_further_action", "contacts_to_early_help",
    "contacts_to_referral", "contacts_sexual_abuse", "early_help_assessments", "cin_plans_started", "dsl_wellbeing",
    "dsl_anxiety", "dsl_confidence", "dsl_workload_pressure", "dsl_knowledge", "dsl_turnover",
}  # fmt: skip
OF_BOTH = {"dsl_support", "dsl_survey_response"}
EVERY = NAMES | OF_SUPERVISION | OF_BOTH


def test_every_measure_of_the_evaluation_is_registered() -> None:
    assert set(measures()) == EVERY


def test_every_family_has_code_and_twin() -> None:
    code = {path.stem for path in Path(FOLDER).glob("*.py")} - {"__init__", "event_rows"}
    assert code == set(families()) == {path.stem for path in Path(FOLDER).glob("*.yaml")}


@pytest.mark.parametrize("name", sorted(EVERY))
def test_metadata_are_complete_and_refer_to_real_tables(name: str) -> None:
    measure = measures()[name]
    assert measure.kind in KINDS and measure.base in {"pupil-years", "headcount", "rows"}
    assert all(
        [measure.title, measure.numerator, measure.denominator, measure.unit, measure.direction, measure.reference]
    )
    assert set(measure.source_tables) <= set(table_names())
    assert set(measure.breaks) == set(measure.comparability)
    assert set(measure.comparability.values()) <= {"break", "not published", "teacher assessed"}


def test_code_returns_exactly_the_measures_of_its_twin() -> None:
    shared = params()
    trials = {"swis": shared.trials["swis"]}
    derived, _ = derive_and_outcomes(world(), shared, AUTHORITY, every_return())
    period = all_periods(shared.definitions, trials)[0]
    counted = {name for count in counters().values() for name in count(derived, period, shared.definitions)}
    assert counted == EVERY


def test_units_follow_the_parameters() -> None:
    assert measures()["referrals"].unit_under(definitions(rate_per=100)) == "per 100 pupil-years"
    assert measures()["days_in_care"].unit_under(definitions()) == "days per 1,000 pupil-years"
    assert measures()["suspensions"].unit_under(definitions(rate_per=10)) == "per 100 pupils"


def test_outcomes_hold_every_school_arm_and_period_even_without_any_event() -> None:
    _, found = derive_and_outcomes(world(), params(), AUTHORITY, every_return())
    table = found.outcomes
    assert list(table.columns) == OUTCOME_COLUMNS
    periods = len(table.groupby(["period_kind", "period"]))
    # 26 measures of secondary schools; two schools, two arms, one authority; five years, two windows and the baseline.
    # The two measures of the survey belong to no year.
    assert (periods, len(table)) == (8, 26 * 5 * 8 + 2 * 5 * 3)
    assert not table.duplicated(["trial", "level", "urn", "arm", "period_kind", "period", "measure"]).any()


def test_tables_are_read_back_as_they_were_written(tmp_path: Path) -> None:
    from pandas.testing import assert_frame_equal

    from swis.derive import load_derived
    from swis.outcomes import load_outcomes

    derived, found = derive_and_outcomes(world(), params(), AUTHORITY, every_return())
    derived.save(tmp_path / "derive")
    found.save(tmp_path / "outcomes")
    for name, frame in load_derived(tmp_path / "derive").tables().items():
        assert_frame_equal(frame, derived.tables()[name])
    assert_frame_equal(load_outcomes(tmp_path / "outcomes").outcomes, found.outcomes)
