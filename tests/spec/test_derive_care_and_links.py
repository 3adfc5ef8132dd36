"""Care, links of children to pupils, borders: this input, this period, link or count."""

from __future__ import annotations

import pandas as pd
import pytest
from derive_tables import (
    AUTHORITY,
    SCHOOL_A,
    SCHOOL_B,
    definitions,
    every_return,
    on_rolls,
    params,
    pupil_number,
    rows,
    schools,
    temporary_number,
    world,
)

from swis.derive import cross_border_events, cross_border_summary, derive
from swis.derive.care import care_periods
from swis.derive.link import link_children
from swis.derive.pupils import pupil_numbers
from swis.outcomes import derive_and_outcomes
from swis.outcomes.stage import measure_outcomes


def episode(start: str, end: str | None = None, reason: str | None = None, **more: object) -> dict[str, object]:
    row = {"la_child_id": "SYN1", "episode_start_date": start, "episode_end_date": end, "reason_ceased": reason}
    return {**row, **more}


# Episodes of one child → periods of care as (first day, day it ceased)
EPISODES = {
    "one open episode": ([episode("2021-03-01")], [("2021-03-01", None)]),
    "joined where the next begins the day the last ceased, with X1": (
        [episode("2021-03-01", "2021-04-10", "X1"), episode("2021-04-10", "2021-06-01", "E4A", reason_new_episode="P")],
        [("2021-03-01", "2021-06-01")],
    ),
    "three in a row": (
        [episode("2021-03-01", "2021-04-10", "X1"), episode("2021-04-10", "2021-05-01", "X1", reason_new_episode="L"),
         episode("2021-05-01", reason_new_episode="P")],
        [("2021-03-01", None)],
    ),
    "not joined over a gap": (
        [episode("2021-03-01", "2021-04-10", "X1"), episode("2021-04-11", "2021-06-01", "E4A")],
        [("2021-03-01", "2021-04-10"), ("2021-04-11", "2021-06-01")],
    ),
    "not joined where care ceased that day": (
        [episode("2021-03-01", "2021-04-10", "E4A"), episode("2021-04-10", "2021-06-01", "E4A")],
        [("2021-03-01", "2021-04-10"), ("2021-04-10", "2021-06-01")],
    ),
    "short breaks are not care": (
        [episode("2021-03-01", "2021-03-03", "X1", legal_status="V3"),
         episode("2021-05-01", "2021-05-04", "E8", legal_status="V4")],
        [],
    ),
    "an episode open over two returns is one, with the end of the latest": (
        [episode("2021-03-01", return_year=2021), episode("2021-03-01", "2021-06-01", "E4A", return_year=2022)],
        [("2021-03-01", "2021-06-01")],
    ),
    "an episode left open goes on in the next": (
        [episode("2021-03-01", return_year=2021), episode("2021-05-01", "2021-06-01", "E4A", reason_new_episode="P")],
        [("2021-03-01", "2021-06-01")],
    ),
    "an episode left open ends where care starts anew": (
        [episode("2021-03-01", return_year=2021), episode("2021-05-01", "2021-06-01", "E4A", reason_new_episode="S")],
        [("2021-03-01", "2021-05-01"), ("2021-05-01", "2021-06-01")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", EPISODES)
def test_periods_of_care(case: str) -> None:
    given, expected = EPISODES[case]
    found = care_periods(rows("care_episodes", *given))
    ends = [None if pd.isna(end) else f"{end:%Y-%m-%d}" for end in found["end"]]
    assert list(zip(found["start"].dt.strftime("%Y-%m-%d"), ends, strict=True)) == expected


def in_care(*episodes: dict[str, object], leaves: str | None = None) -> dict[str, pd.DataFrame]:
    """Pupil 1 at the intervention school, Year 7 in 2018/19, in care by the episodes; pupil 2 at control throughout."""
    roll = on_rolls(1, year_group=7)
    if leaves is not None:
        roll = [row for row in roll if row["census_year"] < 2021]
        last = {
            "upn": pupil_number(1),
            "census_year": 2021,
            "census_term": "spring",
            "is_on_roll": False,
            "year_group": 9,
        }
        roll.append({**last, "entry_date": "2018-09-01", "leaving_date": leaves, "urn": SCHOOL_A})
    return world(
        pupils=rows("pupils", *roll, *on_rolls(2, year_group=7, urn=SCHOOL_B)),
        looked_after_children=rows("looked_after_children", {"la_child_id": "SYN1", "upn": pupil_number(1)}),
        care_episodes=rows("care_episodes", *episodes),
    )


def care(tables: dict[str, pd.DataFrame], measure: str, period: str, **changed: object) -> float:
    _, found = derive_and_outcomes(tables, params(**changed), AUTHORITY, every_return())
    own = found.outcomes.query("measure == @measure and period == @period and level == 'arm' and arm == 'intervention'")
    return float(own["count"].iloc[0])


# Episodes, period, days in care in it: overlap of [start, ceased) with the period
DAYS = [
    ((episode("2021-03-01", "2021-03-11", "E4A"),), "2020/21", 10),
    ((episode("2020-08-22", "2020-09-11", "E4A"),), "2019/20", 10),
    ((episode("2020-08-22", "2020-09-11", "E4A"),), "2020/21", 10),
    ((episode("2021-03-01", "2021-03-02", "E4A"),), "2020/21", 1),
    ((episode("2021-08-01"),), "2020/21", 31),
    ((episode("2021-08-01"),), "2021/22", 365),
    ((episode("2022-07-30"),), "23 months", 2),
    ((episode("2021-03-01", "2021-03-11", "X1"), episode("2021-03-11", "2021-03-21", "E4A")), "2020/21", 20),
    ((episode("2021-03-01", "2021-03-11", "E8", legal_status="V4"),), "2020/21", 0),
]  # fmt: skip


@pytest.mark.parametrize(("episodes", "period", "days"), DAYS)
def test_days_in_care_are_the_overlap_with_the_period(
    episodes: tuple[dict[str, object], ...], period: str, days: int
) -> None:
    assert care(in_care(*episodes), "days_in_care", period) == days


def test_open_care_counts_to_the_cut() -> None:
    from datetime import date

    tables = in_care(episode("2021-08-01", "2022-03-01", "E4A"))
    assert care(tables, "days_in_care", "2020/21", data_cut=date(2021, 8, 10)) == 10


def test_care_is_followed_whatever_school_comes_later() -> None:
    tables = in_care(episode("2020-11-01", "2021-11-01", "E4A"), leaves="2020-12-18")
    assert care(tables, "days_in_care", "2020/21") == 304
    assert care(tables, "children_entering_care", "2020/21") == 1


def test_care_that_began_before_the_school_is_no_care_of_the_school() -> None:
    tables = in_care(episode("2018-03-01", "2019-11-01", "E4A"))
    assert care(tables, "days_in_care", "2018/19") == 0


def test_the_closed_cohort_carries_all_care_from_1_september_2020() -> None:
    tables = in_care(
        episode("2018-03-01", "2020-09-11", "E4A"), episode("2021-03-01", "2021-03-06", "E4A"), leaves="2020-12-18"
    )
    at_start = care(tables, "days_in_care", "2020/21")
    cohort = care(tables, "days_in_care", "2020/21", care_attribution="closed cohort of 1 September 2020")
    assert (at_start, cohort) == (0, 15)


def test_a_child_enters_care_once_a_period() -> None:
    tables = in_care(
        episode("2020-10-01", "2020-11-01", "E4A"), episode("2021-02-01", "2021-03-01", "E4A"), episode("2021-10-01")
    )
    assert care(tables, "children_entering_care", "2020/21") == 1
    assert care(tables, "children_entering_care", "2021/22") == 1
    assert care(tables, "children_entering_care", "23 months") == 1


# What the return holds of a child, and the link: the roll knows pupil 1, whose former number is 101
LINKS = {
    "UPN": ({"upn": pupil_number(1)}, "linked by UPN", "", pupil_number(1)),
    "the former number of the roll": ({"upn": pupil_number(101)}, "linked by FormerUPN", "", pupil_number(1)),
    "FormerUPN of the return": (
        {"upn": pupil_number(77), "former_upn": pupil_number(1)}, "linked by FormerUPN", "", pupil_number(1),
    ),
    "temporary, with a FormerUPN": (
        {"upn": temporary_number(5), "former_upn": pupil_number(1)}, "linked by FormerUPN", "", pupil_number(1),
    ),
    "temporary": ({"upn": temporary_number(5)}, "unlinked", "temporary UPN", None),
    "temporary even where the roll holds it": ({"upn": temporary_number(6)}, "unlinked", "temporary UPN", None),
    "UN1": ({"upn_unknown_reason": "UN1"}, "unlinked", "UN1", None),
    "UN7": ({"upn_unknown_reason": "UN7"}, "unlinked", "UN7", None),
    "nothing": ({}, "unlinked", "no UPN and no reason", None),
    "a number on no trial roll": ({"upn": pupil_number(88)}, "not on a trial roll", "", None),
}  # fmt: skip


@pytest.mark.parametrize("case", LINKS)
def test_links_of_children_to_pupils(case: str) -> None:
    held, link, reason, pupil = LINKS[case]
    roll = rows(
        "pupils",
        *on_rolls(1, year_group=7, first=2021, last=2022, former_upn=pupil_number(101)),
        *[{**row, "upn": temporary_number(6)} for row in on_rolls(6, year_group=7, first=2021, last=2022)],
    )
    found = link_children(rows("children", {"la_child_id": "SYN1", **held}), pupil_numbers(roll)).iloc[0]
    assert (found["link"], found["reason"]) == (link, reason)
    assert (None if pd.isna(found["upn"]) else found["upn"]) == pupil


def test_the_number_of_the_latest_return_comes_first_and_earlier_ones_serve_where_it_fails() -> None:
    roll = rows("pupils", *on_rolls(1, year_group=7), *on_rolls(2, year_group=7))
    held = rows(
        "children",
        {"la_child_id": "SYN1", "upn": pupil_number(1), "return_year": 2020},
        {"la_child_id": "SYN1", "upn": pupil_number(2), "return_year": 2021},
        {"la_child_id": "SYN2", "upn": pupil_number(1), "return_year": 2020},
        {"la_child_id": "SYN2", "upn_unknown_reason": "UN5", "return_year": 2021},
    )
    found = link_children(held, pupil_numbers(roll)).set_index("la_child_id")["upn"]
    assert found.to_dict() == {"SYN1": pupil_number(2), "SYN2": pupil_number(1)}


def test_a_former_number_that_two_pupils_claim_is_nobodys() -> None:
    first = on_rolls(1, year_group=7, first=2021, last=2022, former_upn=pupil_number(101))
    second = on_rolls(2, year_group=7, first=2021, last=2022, former_upn=pupil_number(101))
    assert pupil_number(101) not in set(pupil_numbers(rows("pupils", *first, *second))["upn"])


def test_linkage_counts_every_event_by_what_became_of_it() -> None:
    children = [
        {"la_child_id": "SYN1", "upn": pupil_number(1)},
        {"la_child_id": "SYN2", "upn": pupil_number(88)},
        {"la_child_id": "SYN3", "upn": temporary_number(3)},
        {"la_child_id": "SYN4", "upn_unknown_reason": "UN2"},
        {"la_child_id": "SYN5", "upn": pupil_number(5)},
        {"la_child_id": "SYN6", "upn": pupil_number(6)},
    ]
    tables = world(
        pupils=rows(
            "pupils",
            *on_rolls(1, year_group=7),
            *on_rolls(5, year_group=12, first=2020, last=2022),
            *on_rolls(6, year_group=7, first=2022, last=2024),
        ),
        children=rows("children", *children),
        referrals=rows(
            "referrals", *[{"la_child_id": c["la_child_id"], "referral_date": "2021-05-04"} for c in children]
        ),
    )
    derived, _ = derive_and_outcomes(tables, params(), AUTHORITY, every_return())
    found = derived.linkage.set_index("link_status").loc[:, ["reason", "count"]]
    assert found.loc["counted", "count"] == 1
    assert found.loc["not on a trial roll", "count"] == 1
    assert set(found.loc["unlinked", "reason"]) == {"temporary UPN", "UN2"}
    assert found.loc["outside the year groups", "count"] == 1
    assert found.loc["on no trial roll that day", "count"] == 1
    assert found["count"].sum() == len(children)


def test_pupils_cross_borders_without_changing_their_own_authoritys_count() -> None:
    """Pupil 1 of Gateshead's school is the subject of an enquiry by Tameside, pupil 2 of one by Gateshead."""
    enquiry = {"referral_date": "2021-05-01", "section47_start_date": "2021-05-10"}
    shared = params()
    home = world(
        pupils=rows("pupils", *on_rolls(1, year_group=7), *on_rolls(2, year_group=7)),
        children=rows("children", {"la_child_id": "SYN2", "upn": pupil_number(2)}),
        section47=rows("section47", {"la_child_id": "SYN2", **enquiry}),
    )
    away = world(
        children=rows("children", {"la_child_id": "SYN9", "upn": pupil_number(1), "authority": "tameside"}),
        section47=rows("section47", {"la_child_id": "SYN9", "authority": "tameside", **enquiry}),
    )
    away["allocation"] = away["allocation"].assign(stratum="tameside", urn=["900101", "900102"])
    away["schools"] = schools().assign(urn=["900101", "900102"])
    every = {}
    for name, tables in {AUTHORITY: home, "tameside": away}.items():
        trials = {"swis": shared.trials["swis"]}
        every[name] = derive(
            tables, authority=name, trials=trials, definitions=shared.definitions, completeness=every_return()
        )
    abroad = cross_border_events(every)
    assert abroad[["authority", "school_authority", "urn"]].to_numpy().tolist() == [["tameside", AUTHORITY, SCHOOL_A]]
    summary = cross_border_summary(every, abroad).set_index(["authority", "event"])
    assert summary.loc[(AUTHORITY, "section47"), ["own_count", "cross_border_count", "share"]].tolist() == [1, 1, 0.5]
    question = "measure == 'section47_enquiries' and period == '2020/21' and level == 'authority'"
    trials = {"swis": shared.trials["swis"]}
    own, _ = measure_outcomes(every[AUTHORITY], trials=trials, definitions=shared.definitions)
    both, _ = measure_outcomes(
        every[AUTHORITY], trials=trials, definitions=definitions(border="all authorities"), cross_border=abroad
    )
    assert own.query(question)["count"].tolist() == [1]
    assert both.query(question)["count"].tolist() == [2]


def test_the_border_variant_without_other_authorities_is_refused() -> None:
    shared = params()
    trials = {"swis": shared.trials["swis"]}
    held = derive(world(), authority=AUTHORITY, trials=trials, definitions=shared.definitions)
    with pytest.raises(ValueError, match="all authorities"):
        measure_outcomes(held, trials=trials, definitions=definitions(border="all authorities"))
