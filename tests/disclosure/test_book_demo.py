"""The demonstration's own outcomes through the book: every relation holds, and no frame tells a hidden number."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from swis.disclosure.book import (
    Book,
    Shown,
    cells_of,
    linkage_book,
    outcome_book,
    outcome_names,
    participants_book,
    protected_outcomes,
    protected_returns,
    release_of,
    returns_book,
)
from swis.disclosure.engine.audit import audit
from swis.disclosure.engine.cells import NEVER, SHOWN
from swis.disclosure.engine.protect import protect
from swis.disclosure.policy import Policy, load_policy
from swis.outcomes import Outcomes, derive_and_outcomes, pool
from swis.params import Params, load_params
from swis.validate.run import read_returns
from swis.workspace import Workspace

pytestmark = pytest.mark.slow
AUTHORITIES = ("gateshead", "tameside")


@pytest.fixture(scope="module")
def params(project_root: Path) -> Params:
    return load_params(project_root / "params")


@pytest.fixture(scope="module")
def policy(project_root: Path) -> Policy:
    return load_policy(project_root / "params" / "disclosure", "dfe_children_in_need")


@pytest.fixture(scope="module")
def outcomes(params: Params, project_root: Path) -> list[Outcomes]:
    """Outcomes of the demonstration's authorities, from their returns as they came."""
    workspace = Workspace(project_root, "demo")
    made = []
    for slug in AUTHORITIES:
        returns = read_returns(workspace, params.authorities[slug], params.definitions, params.trials)
        made.append(derive_and_outcomes(returns.tables, params, slug, returns.completeness)[1])
    return made


@pytest.fixture(scope="module")
def tables(outcomes: list[Outcomes], params: Params) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Outcome rows by authority, and pooled."""
    pooled = pool([one.outcomes for one in outcomes], [one.distributions for one in outcomes], params.definitions)
    return pd.concat([one.outcomes for one in outcomes], ignore_index=True), pooled


@pytest.fixture(scope="module")
def book(outcomes: list[Outcomes], tables: tuple[pd.DataFrame, pd.DataFrame], params: Params, policy: Policy) -> Book:
    held = Book()
    outcome_book(held, *tables, params.trials, params.definitions, policy)
    participants = pd.concat([one.participants for one in outcomes], ignore_index=True)
    keys = ["trial", "arm", "academic_year"]
    pooled = participants.groupby(keys, as_index=False)[["schools", "pupils", "pupil_years"]].sum()
    participants_book(held, participants, pooled.assign(authority="all"))
    linkage_book(held, pd.concat([one.linkage for one in outcomes], ignore_index=True))
    returns_book(held, pd.concat([one.authority_returns for one in outcomes], ignore_index=True))
    return held


@pytest.fixture(scope="module")
def shown(book: Book, policy: Policy) -> Shown:
    cells = cells_of(book, policy)
    return Shown.of(cells, protect(cells).hidden, policy)


def test_what_the_frames_show_passes_the_audit(
    book: Book, shown: Shown, tables: tuple[pd.DataFrame, pd.DataFrame], params: Params, policy: Policy
) -> None:
    cells = cells_of(book, policy)
    assert cells.primary.any()
    visible = {name for name, is_hidden in shown.hidden.items() if not is_hidden}
    told: set[str] = set()
    for rows in tables:
        frame = protected_outcomes(rows, shown, params.definitions)
        names = outcome_names(frame)
        for column in ("count", "denominator"):
            told |= set(names.loc[frame[column].notna(), column])
        assert frame.loc[frame["symbol"] == "", "value"].notna().all()
    assert told <= visible
    hidden = ~np.isin(cells.names, list(visible)) | (cells.state == NEVER)
    assert audit(cells, hidden).is_safe


def test_no_count_of_one_to_five_is_in_any_frame(
    shown: Shown, outcomes: list[Outcomes], tables: tuple[pd.DataFrame, pd.DataFrame], params: Params
) -> None:
    frames = [protected_outcomes(rows, shown, params.definitions) for rows in tables]
    frames += [protected_returns(one.authority_returns, shown) for one in outcomes]
    for frame in frames:
        counts = frame["count"].dropna()
        assert not counts.between(1, 5).any()


def test_the_same_release_again_hides_the_same_cells(book: Book, shown: Shown, policy: Policy) -> None:
    release = release_of(book.entries(), shown.hidden, policy)
    again = cells_of(book, policy, [release])
    assert (again.state == SHOWN).sum() > 0
    assert np.array_equal(protect(again).hidden, shown.hidden.to_numpy(dtype=bool))
