"""The flow of schools and their pupils through the trials, as cells."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from swis.academic_year import academic_year_of
from swis.disclosure.book.book import Book
from swis.disclosure.book.frames import protected_frame
from swis.disclosure.book.names import cell_names
from swis.disclosure.book.outcome_rows import KEYS as OUTCOME_KEYS
from swis.disclosure.book.participants import PUPILS
from swis.disclosure.book.shown import Shown
from swis.disclosure.flow import SCHOOLS
from swis.outcomes.pool import ALL

FLOW = "pupils in the flow"
KEYS = ("trial", "arm", "step")
ALLOCATED, LEFT_OUT, ANALYSED, STAYED = "allocated", "left out", "analysed", "stayed to the end"
LEFT = ("withdrew", "merged or closed")
COST = 0.5


def flow_book(book: Book, flow: pd.DataFrame, trial: str, january: int) -> None:
    """Add the flow of one trial [step, arm, schools, pupils, pupils_known_for] (effects stage).

    Allocated schools are left out or analysed; whatever befell schools befell some of those analysed, and those that
    stayed are among them. The pupils allocated are the trial's pupils of that `january`, the one before it began.
    """
    rows = known(flow).assign(trial=trial)
    book.add(rows, statistic=FLOW, kind="pupils", value="pupils", keys=KEYS, schools="pupils_known_for", cost=COST)
    table = book.table(FLOW)
    own = table[table["trial"] == trial]
    _sum_of_allocated(book, own)
    _parts_of_analysed(book, own, rows)
    _stayed_or_left(book, own)
    participants = book.table(PUPILS)
    if len(participants):
        is_year = (participants["period"] == _year_of(january)) & (participants["authority"] == ALL)
        whole = participants[is_year & (participants["trial"] == trial)]
        both = _paired(own[own["step"] == ALLOCATED], whole)
        book.nearly(both, what="pupils allocated", rest="pupils of the year not in the flow", like=FLOW)


def _year_of(january: int) -> str:
    return str(academic_year_of(pd.Series([pd.Timestamp(january, 1, 1)])).iloc[0])


def known(flow: pd.DataFrame) -> pd.DataFrame:
    """The flow with pupils missing where those of no school are known but some schools there are."""
    unknown = (flow["pupils_known_for"] == 0) & (flow["schools"] > 0)
    return flow.assign(pupils=flow["pupils"].astype(float).mask(unknown))


def _sum_of_allocated(book: Book, table: pd.DataFrame) -> None:
    terms = table[table["step"].isin([ALLOCATED, LEFT_OUT, ANALYSED])]
    weight = np.where(terms["step"] == ALLOCATED, 1.0, -1.0)
    terms = terms.assign(group=terms["arm"], weight=weight)
    whole = terms.loc[terms["step"].isin([ALLOCATED, ANALYSED]), "arm"].value_counts()
    complete = terms[terms["arm"].isin(whole.index[whole == 2])]
    book.relate(complete, what="pupils allocated, left out or analysed")


def _parts_of_analysed(book: Book, table: pd.DataFrame, rows: pd.DataFrame) -> None:
    analysed = table[table["step"] == ANALYSED]
    parts = table[~table["step"].isin([ALLOCATED, LEFT_OUT, ANALYSED])]
    schools = rows.set_index(["arm", "step"])["pupils_known_for"].astype(float)
    for step, own in parts.groupby("step", sort=True):
        terms = _paired(own, analysed)
        behind = [schools.get((arm, ANALYSED), 0.0) - schools.get((arm, step), 0.0) for arm in terms["arm"]]
        book.relate(
            terms.assign(schools=[number if number > 0 else np.inf for number in behind]),
            what=f"pupils analysed and {step}", rest=f"pupils analysed but not {step}", like=FLOW,
        )  # fmt: skip


def _stayed_or_left(book: Book, table: pd.DataFrame) -> None:
    """Schools analysed stayed to the end, or withdrew, merged or closed."""
    terms = table[table["step"].isin([ANALYSED, STAYED, *LEFT])]
    weight = np.where(terms["step"] == ANALYSED, 1.0, -1.0)
    terms = terms.assign(group=terms["arm"], weight=weight).sort_values(["group", "weight"], ascending=[True, False])
    complete = terms.groupby("group")["step"].transform("size") == 2 + len(LEFT)
    book.nearly(
        terms[complete], what="pupils who stayed or left", rest="pupils analysed who neither stayed nor left", like=FLOW
    )


def _paired(parts: pd.DataFrame, wholes: pd.DataFrame) -> pd.DataFrame:
    """Terms of the difference of the whole and the part of each arm."""
    held = wholes[wholes["arm"].isin(parts["arm"])].merge(
        parts[["arm", "name"]].rename(columns={"name": "group"}), on="arm", how="inner"
    )
    own = parts[parts["name"].isin(held["group"])]
    return pd.concat([own.assign(group=own["name"], weight=-1.0), held.assign(weight=1.0)], ignore_index=True)


def protected_flow(flow: pd.DataFrame, trial: str, shown: Shown) -> pd.DataFrame:
    """The flow of one trial as shown [step, arm, schools, pupils, symbol]."""
    rows = known(flow).assign(trial=trial)
    made = protected_frame(rows, {"pupils": (cell_names(rows, FLOW, KEYS), "pupils")}, shown)
    return made.drop(columns=["pupils_known_for", "trial"])


def protected_trial_flow(flow: pd.DataFrame, years: Mapping[str, str], shown: Shown) -> pd.DataFrame:
    """Schools by trial and arm [trial, arm, SCHOOLS, pupils]: pupils as the participants show them.

    `years`: the academic year by trial in whose January the pupils were counted. Nothing of an arm of too few schools.
    """
    keyed = flow.assign(authority=ALL, period=flow["trial"].map(years))
    columns = {"pupils": (cell_names(keyed, PUPILS, OUTCOME_KEYS), "pupils")}
    made = protected_frame(flow, columns, shown)  # type: ignore[arg-type]
    few = flow["allocated"].astype(float).reset_index(drop=True) < shown.policy.minimum_schools
    hidden = {name: made[name].astype("Float64").mask(few) for name in SCHOOLS}
    return made.assign(**hidden, symbol=made["symbol"].mask(few, shown.policy.symbols.hidden))
