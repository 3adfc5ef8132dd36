"""Speed of help through the door: no step of a curve gives back a small count."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from swis.derive.waits import ENQUIRY
from swis.disclosure.book import Book, Shown, cells_of
from swis.disclosure.book.outcome_rows import KEYS as OUTCOME_KEYS
from swis.disclosure.book.speed import OPEN, protect_speed, speed_book
from swis.disclosure.costs import family
from swis.disclosure.engine.audit import audit
from swis.disclosure.engine.cells import NEVER
from swis.disclosure.engine.protect import protect
from swis.disclosure.policy import DEFAULT_POLICY, load_policy
from swis.disclosure.protected import DisclosureError, Protected
from swis.outcomes.registry import measures
from swis.speed import Speed
from swis.speed.curves import CURVE_COLUMNS, STEPS
from swis.speed.ratios import RATIO_COLUMNS

POLICY = load_policy(Path(__file__).resolve().parents[2] / "params" / "disclosure", DEFAULT_POLICY)
ENDED = {"intervention": (20, 40, 43, 60, 80), "control": (20, 40, 60, 80, 98)}
STARTS, COMPETING, STILL_OPEN = 140, 30, 8


def speed(
    ended: dict[str, tuple[int, ...]] | None = None, events: tuple[float, float] = (80, 98), competing: int = COMPETING
) -> Speed:
    """Enquiries of one trial and year by arm: between day 10 and day 15 three ended in the intervention arm."""
    rows = []
    for arm, counts in (ended or ENDED).items():
        for step, count in zip(STEPS[ENQUIRY], counts, strict=True):
            share = 100 * count / STARTS
            rows.append(
                (
                    *(ENQUIRY, "swis", arm, "2021/22", step, 12, float(STARTS), float(count), float(competing)),
                    *(float(STILL_OPEN), 0.2, 0.3, share, share - 5.5, share + 5.5),
                )
            )
    ratio = (ENQUIRY, "swis", "23 months", "rate ratio", 0.81, 0.7, 0.93, 0.07, 0.01, 12, 12, *events, "")
    return Speed(pd.DataFrame(rows, columns=CURVE_COLUMNS), pd.DataFrame([ratio], columns=RATIO_COLUMNS))


def through(held: Speed, book: Book | None = None) -> tuple[dict[str, Protected], Shown]:
    made = book or Book()
    speed_book(made, held, {})
    cells = cells_of(made, POLICY)
    pattern = protect(cells)
    assert audit(cells, pattern.hidden, integer=True).is_safe
    shown = Shown.of(cells, pattern.hidden, POLICY)
    return protect_speed(held, {}, shown), shown


def test_three_between_two_steps_hide_one_of_these_steps_and_its_percentage() -> None:
    curves = through(speed())[0]["curves"].frame
    arm = curves[curves["arm"] == "intervention"].set_index("step")
    assert arm.loc[[10, 15], "ended"].isna().any(), "43 − 40 would tell 3"
    hidden = arm["ended"].isna()
    assert arm.loc[hidden, ["incidence", "lower", "upper"]].isna().all(axis=None)
    assert set(arm.loc[hidden, "symbol"]) == {"[c]"}
    assert curves[curves["arm"] == "control"]["ended"].notna().all()


def test_with_that_step_shown_the_audit_fails() -> None:
    book = Book()
    speed_book(book, speed(), {})
    cells = cells_of(book, POLICY)
    pattern = protect(cells)
    failing = []
    for place in np.flatnonzero(pattern.hidden & (cells.state != NEVER)):
        hidden = pattern.hidden.copy()
        hidden[place] = False
        failing.append(not audit(cells, hidden, integer=True).is_safe)
    assert failing
    assert all(failing), "nothing is hidden that need not be"


def test_percentages_are_whole_and_counts_that_are_told_nowhere_do_not_leave() -> None:
    tables = through(speed())[0]
    shown = tables["curves"].frame
    assert not {"competing", "open", "schools", "share_of_starts", "share_of_ended"} & set(shown.columns)
    values = shown["incidence"].dropna()
    assert len(values)
    assert (values % 1 == 0).all()


def test_waits_begun_count_as_the_pooled_enquiries_of_the_year() -> None:
    book = Book()
    pooled = pd.DataFrame(
        {
            "authority": ["all", "hull", "devon"], "trial": "swis", "arm": "intervention", "period": "2021/22",
            "count": [STARTS, 3, STARTS - 3],
        }
    )  # fmt: skip
    statistic = measures()["section47_enquiries"].count_statistic
    book.add(pooled, statistic=statistic, kind="children", value="count", keys=OUTCOME_KEYS)
    book.sums(statistic, over="authority", total="all")
    curves = through(speed(), book)[0]["curves"].frame
    starts = curves[curves["arm"] == "intervention"]["starts"]
    assert starts.notna().all()
    assert (starts == STARTS).all()


def test_waits_that_leave_one_enquiry_of_the_pooled_out_are_hidden_with_it() -> None:
    book = Book()
    pooled = pd.DataFrame(
        {"authority": ["all"], "trial": "swis", "arm": "intervention", "period": "2021/22", "count": [STARTS + 1]}
    )
    statistic = measures()["section47_enquiries"].count_statistic
    book.add(pooled, statistic=statistic, kind="children", value="count", keys=OUTCOME_KEYS, cost=100.0)
    curves = through(speed(), book)[0]["curves"].frame
    assert curves[curves["arm"] == "intervention"]["starts"].isna().all()


def test_a_ratio_of_fewer_events_than_an_estimate_needs_is_hidden() -> None:
    told, hidden = (through(speed(events=events))[0]["ratios"].frame for events in ((80, 98), (80, 9)))
    assert told[["estimate", "symbol"]].to_numpy().tolist() == [[0.81, ""]]
    assert hidden["estimate"].isna().all()
    assert hidden["symbol"].tolist() == ["[c]"]
    assert "count_control" not in told


def test_more_ends_than_waits_are_refused() -> None:
    with pytest.raises(DisclosureError, match="waits and their ends"):
        speed_book(Book(), speed(competing=130), {})


def test_a_reader_is_told_what_protection_of_speed_cost() -> None:
    names = through(speed())[1].hidden.index
    assert {family(str(name)) for name in names} == {"Speed of help"}
    assert any(str(name).startswith(OPEN) for name in names)
