"""What the registry says follows from what names real measures and statistics."""

from __future__ import annotations

import pytest

from swis.derive import events
from swis.outcomes.authority_returns import DENOMINATOR_IS, DENOMINATOR_PART_OF
from swis.outcomes.registry import OVER_TIME, measures

EVENTS = {
    events.REFERRAL, events.STARTED, events.COMPLETED, events.SECTION47, events.CONFERENCE, events.PLAN,
    events.CARE_START, events.EARLY_HELP, events.CIN_PLAN,
}  # fmt: skip


@pytest.mark.parametrize("name", list(measures()))
def test_what_a_measure_is_held_against_exists(name: str) -> None:
    measure = measures()[name]
    assert {*measure.sum_of, measure.part_of or name, measure.at_most or name} <= set(measures())
    assert measure.over_time in OVER_TIME
    assert measure.event in {"", *EVENTS}


@pytest.mark.parametrize("name", list(measures()))
def test_a_denominator_is_held_against_a_statistic_of_some_measure(name: str) -> None:
    measure = measures()[name]
    counts = {one.count_statistic for one in measures().values()}
    denominators = {one.denominator_statistic for one in measures().values()}
    assert measure.denominator_is.startswith("denominator:") or not measure.denominator_is
    if measure.denominator_near:
        assert measure.denominator_near in counts | denominators


@pytest.mark.parametrize("name", [name for name, one in measures().items() if one.kind in {"amount", "ratio"}])
def test_of_days_and_sessions_it_is_known_what_one_child_can_add(name: str) -> None:
    a_day, a_year = measures()[name].most_of_one_child
    assert 0 < a_day <= a_year


def test_equal_counts_and_shares_of_one_whole_name_what_they_go_with() -> None:
    known = measures()
    counts = {f"count:{name}" for name in known}
    for measure in known.values():
        assert not measure.count_is or measure.count_is in counts
        for name in measure.shares_with:
            other = known[name]
            assert (measure.kind, other.kind) == ("proportion", "proportion")
            assert other.denominator_statistic == measure.denominator_statistic


def test_a_part_is_of_the_same_kind_as_its_whole() -> None:
    for measure in measures().values():
        wholes = [measures()[name] for name in (measure.part_of, measure.at_most) if name]
        parts = [measures()[name] for name in measure.sum_of]
        assert all(one.denominator_statistic == measure.denominator_statistic for one in [*wholes, *parts])


def test_every_kind_of_event_but_conferences_is_counted_by_one_measure() -> None:
    counted = [one.event for one in measures().values() if one.event]
    assert sorted(counted) == sorted(EVENTS - {events.CONFERENCE})


def test_denominators_of_returns_name_measures_of_returns() -> None:
    assert set(DENOMINATOR_IS) <= set(measures())
    assert set(DENOMINATOR_IS.values()) <= set(measures())
    assert set(DENOMINATOR_PART_OF.values()) <= {*measures(), "conferences"}
