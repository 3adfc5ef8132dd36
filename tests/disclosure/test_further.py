"""Further pooled stages through the door: their numbers are cells like any other; those that did not run are absent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from swis.disclosure import further
from swis.disclosure.book import Book, Shown, cells_of
from swis.disclosure.book.frames import protected_frame
from swis.disclosure.book.names import cell_names
from swis.disclosure.costs import family
from swis.disclosure.engine.protect import protect
from swis.disclosure.further import FURTHER, FurtherStage
from swis.disclosure.policy import DEFAULT_POLICY, load_policy
from swis.disclosure.protected import Protected
from swis.disclosure.released import Released
from swis.kept_tables import KeptTables
from swis.report.further_inputs import released_further
from swis.stage_list import FURTHER_STAGES

ROOT = Path(__file__).resolve().parents[2]
POLICY = load_policy(ROOT / "params" / "disclosure", DEFAULT_POLICY)
KEYS = ("area",)


@dataclass(frozen=True)
class Visits(KeptTables):
    """Tables of an invented stage."""

    visits: pd.DataFrame


def visits_book(book: Book, held: Visits, trials: Mapping[str, Any]) -> None:
    book.add(held.visits, statistic="visits made", kind="children", value="count", keys=KEYS)
    book.sums("visits made", over="area", total="all")


def protect_visits(held: Visits, trials: Mapping[str, Any], shown: Shown) -> dict[str, Protected]:
    names = cell_names(held.visits, "visits made", KEYS)
    made = protected_frame(held.visits, {"count": (names, "children")}, shown)
    return {"visits": Protected(made.assign(count=made["count"].astype("Int64")), ("count",), shown.policy.title)}


@pytest.fixture
def invented(monkeypatch: pytest.MonkeyPatch) -> FurtherStage:
    stage = FurtherStage("visits", Visits.load, visits_book, protect_visits, {"visits": "Visits"})
    monkeypatch.setattr(further, "FURTHER", (stage,))
    monkeypatch.setattr("swis.report.further_inputs.FURTHER", (stage,))
    return stage


def visits() -> Visits:
    return Visits(pd.DataFrame({"area": ["north", "south", "west", "all"], "count": [3, 40, 50, 93]}))


def test_every_further_stage_of_the_workflow_has_a_way_through_the_door_and_no_other_has() -> None:
    assert [stage.name for stage in FURTHER] == [stage.name for stage in FURTHER_STAGES]


def test_numbers_of_a_further_stage_are_cells_and_hidden_with_what_would_give_them_back(
    invented: FurtherStage, tmp_path: Path
) -> None:
    visits().save(tmp_path)
    held = further.load_further({"visits": tmp_path})
    book = Book()
    further.further_book(book, held, {})
    cells = cells_of(book, POLICY)
    shown = Shown.of(cells, protect(cells).hidden, POLICY)
    tables = further.protect_further(held, {}, shown)
    assert list(tables) == ["visits-visits"]
    assert tables["visits-visits"].frame["count"].isna().sum() == 2
    assert list(further.further_rows(held)) == ["visits-visits"]
    assert family("visits made|area=north") == "Visits"
    assert released_further(Released("all", POLICY.title, tables)) == {"visits": {"visits": tables["visits-visits"]}}


def test_a_stage_that_did_not_finish_is_in_no_table(invented: FurtherStage) -> None:
    held = further.load_further({})
    book = Book()
    further.further_book(book, held, {})
    assert book.entries().empty
    assert further.protect_further(held, {}, Shown(pd.Series(dtype=bool), POLICY)) == {}
    assert released_further(Released("all", POLICY.title, {})) == {}
