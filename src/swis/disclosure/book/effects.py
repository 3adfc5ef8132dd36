"""The effects of a trial as cells: events and pupils behind main analyses and subgroups, by arm.

Sensitivity analyses leave out other schools each: two of them differ by a few schools whose events no relation of the
plan names. So of those only schools are published, and no count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial

import numpy as np
import pandas as pd

from swis.disclosure.book.book import Book
from swis.disclosure.book.kinds import Kind
from swis.disclosure.book.names import cell_names
from swis.disclosure.book.outcomes import COUNT_KINDS, denominator_kind
from swis.outcomes.pool import ALL
from swis.outcomes.registry import Measure, measures
from swis.params import Trial
from swis.plan import Analysis, planned_analyses

ARMS = ("intervention", "control")
NUMBERS = ("count", "denominator")
KEYS = ("trial", "arm", "period", "analysis", "level")
MAIN, SUBGROUP = "main", "subgroup"
WHOLE = "every group"
INTERVENTION_ONLY = "thirds of the intervention arm"
# Numbers behind an estimate are read less than those of the outcome tables, so they give way first (assumed).
COST = 0.5
TOTALS = ("school totals", "school totals by trait")


def analyses_of(trial: Trial) -> Mapping[str, Analysis]:
    """Every analysis of a trial's plan and deviations, by id; none where it has no plan."""
    return planned_analyses(trial.plan, trial.deviations) if trial.plan is not None else {}


def counted_rows(results: pd.DataFrame, trial: Trial) -> pd.DataFrame:
    """One row a number that is published behind an estimate: its place in `results`, KEYS, what it is, and its cell.

    Columns: row, column ('count_intervention', …), number ('count' or 'denominator'), outcome, statistic, kind, value,
    schools and `name`. Main analyses and subgroups only; a table whose rows are schools has no number but schools.
    """
    known = analyses_of(trial)
    parts = [
        _of_analysis(own, known[str(one)], trial.name)
        for one, own in results.groupby("analysis_id", sort=False)
        if str(one) in known and known[str(one)].kind in {MAIN, SUBGROUP}
    ]
    held = [part for part in parts if len(part)]
    columns = ["row", "column", "number", "outcome", "statistic", "kind", "value", "schools", "name", *KEYS]
    return pd.concat(held, ignore_index=True)[columns] if held else pd.DataFrame(columns=columns)


def _of_analysis(rows: pd.DataFrame, analysis: Analysis, trial: str) -> pd.DataFrame:
    measure = measures()[analysis.outcome]
    groups = _levels(rows, analysis)
    made = []
    for number, statistic, kind in numbers_of(analysis, measure):
        for arm in ARMS:
            is_whole = _is_whole_arm(analysis, arm)
            frame = pd.DataFrame(
                {
                    "row": rows.index,
                    "column": f"{number}_{arm}",
                    "number": number,
                    "outcome": analysis.outcome,
                    "statistic": statistic,
                    "kind": kind,
                    "value": rows[f"{number}_{arm}"].astype(float).to_numpy(),
                    "schools": rows[f"schools_{arm}"].astype(float).to_numpy(),
                    "trial": trial,
                    "arm": arm,
                    "period": analysis.window,
                    "analysis": MAIN if is_whole else analysis.analysis,
                    "level": WHOLE if is_whole else groups.to_numpy(),
                }
            )
            made.append(frame.assign(name=cell_names(frame, statistic, KEYS)))
    held = [frame for frame in made if len(frame)]
    return pd.concat(held, ignore_index=True).dropna(subset=["value"]) if held else pd.DataFrame()


def numbers_of(analysis: Analysis, measure: Measure) -> Iterator[tuple[str, str, Kind]]:
    """Which numbers stand behind an analysis: (column, statistic, kind); none where its rows are schools."""
    table = analysis.specification.table
    if table in TOTALS:
        if measure.kind != "mean":
            yield "count", f"analysed {measure.count_statistic}", COUNT_KINDS[measure.kind]
        by_trait = table == "school totals by trait"
        kind: Kind = "pupils" if by_trait else denominator_kind(measure)
        yield "denominator", f"analysed {measure.denominator_statistic}", kind
    elif table == "pupils":
        yield "denominator", f"analysed {measure.denominator_statistic}", "children"
    elif table == "respondents":
        yield "denominator", f"analysed {measure.denominator_statistic}", denominator_kind(measure)


def _levels(rows: pd.DataFrame, analysis: Analysis) -> pd.Series:
    """The group each row is of; rows of no group (a joint test) are of every group."""
    if analysis.subgroup is None:
        return pd.Series(WHOLE, index=rows.index)
    level = rows["level"].astype(str)
    return level.mask((rows["scale"] == "p-value") | (level == ""), WHOLE)


def _is_whole_arm(analysis: Analysis, arm: str) -> bool:
    """Whether the arm is not split: main analyses, and control schools beside thirds of the intervention arm."""
    if analysis.subgroup is None:
        return True
    return arm == "control" and analysis.subgroup.split == INTERVENTION_ONLY


def effects_book(book: Book, results: pd.DataFrame, trial: Trial) -> None:
    """Add the numbers behind the main analyses and subgroups of one trial (`results` of the effects stage).

    Groups add up to every group; every group is part of the main analysis (a trait may be unknown); the main analysis
    is part of the pooled outcome of its window, or of its academic years. What is left each time is an implied cell, of
    the schools left out. Events are judged: the estimate beside them is hidden where they are few.
    """
    counted = counted_rows(results, trial)
    for statistic, own in counted.groupby("statistic", sort=False):
        kind: Kind = own["kind"].iloc[0]
        told = own.assign(is_judged=own["number"] == "count")
        book.add(
            told, statistic=str(statistic), kind=kind, value="value", keys=KEYS, schools="schools", cost=COST,
            is_judged="is_judged",
        )  # fmt: skip
        table = book.table(str(statistic))
        mine = table[table["trial"] == trial.name]
        _groups(book, mine, str(statistic))
        _parts_of_main(book, mine, str(statistic))
    # Several analyses are of one outcome, and its table is the largest of the book.
    pooled = cache(partial(_pooled, book, trial))
    for analysis in analyses_of(trial).values():
        if analysis.kind == MAIN:
            _main_of_pooled(book, counted, analysis, pooled)


def _pooled(book: Book, trial: Trial, statistic: str) -> pd.DataFrame:
    """The cells of a statistic over all authorities of a trial."""
    table = book.table(statistic)
    return table if table.empty else table[(table["authority"] == ALL) & (table["trial"] == trial.name)]


def _groups(book: Book, table: pd.DataFrame, statistic: str) -> None:
    keys = ["trial", "arm", "period", "analysis"]
    split = table[table["analysis"] != MAIN]
    if split.empty:
        return
    whole = split[split["level"] == WHOLE].assign(weight=1.0)
    whole = whole.assign(group=whole["name"], schools=book.schools(whole["name"]).to_numpy())
    parts = split[split["level"] != WHOLE].merge(whole[[*keys, "group"]], on=keys, how="inner").assign(weight=-1.0)
    in_groups = book.schools(parts["name"]).groupby(parts["group"].to_numpy()).sum()
    # Groups of pupils share their schools; of groups of schools some schools may be in none.
    left = whole["schools"] - whole["group"].map(in_groups).astype(float)
    held = whole.assign(schools=left.where(left > 0, np.inf))[whole["group"].isin(parts["group"])]
    book.nearly(
        pd.concat([held, parts], ignore_index=True), what=f"groups of {statistic}",
        rest=f"{statistic}, in no group", like=statistic
    )  # fmt: skip


def _parts_of_main(book: Book, table: pd.DataFrame, statistic: str) -> None:
    keys = ["trial", "arm", "period"]
    main = table[table["analysis"] == MAIN]
    part = table[(table["analysis"] != MAIN) & (table["level"] == WHOLE)]
    if part.empty:
        return
    matched = part.assign(group=part["name"], weight=-1.0).merge(main[keys], on=keys, how="inner")
    whole = matched[[*keys, "group"]].merge(main, on=keys, how="inner").assign(weight=1.0)
    book.nearly(
        pd.concat([whole, matched], ignore_index=True).sort_values(["group", "weight"], ascending=[True, True]),
        what=f"groups of {statistic} in the main analysis", rest=f"{statistic}, group unknown", like=statistic
    )  # fmt: skip


def _main_of_pooled(
    book: Book, counted: pd.DataFrame, analysis: Analysis, pooled_of: Callable[[str], pd.DataFrame]
) -> None:
    own = counted[
        (counted["outcome"] == analysis.outcome)
        & (counted["period"] == analysis.window)
        & (counted["analysis"] == MAIN)
        & (counted["level"] == WHOLE)
    ].drop_duplicates("name")
    periods = analysis.specification.academic_years or [analysis.window]
    for statistic, rows in own.groupby("statistic", sort=False):
        pooled = pooled_of(str(statistic).removeprefix("analysed "))
        if pooled.empty:
            continue
        wholes = pooled[pooled["period"].isin(periods)].merge(
            rows[["arm", "name"]].rename(columns={"name": "group"}), on="arm", how="inner"
        )
        mine = rows[rows["name"].isin(wholes["group"])]
        outside = _schools_left_out(book, wholes, mine)
        terms = pd.concat(
            [
                mine.assign(group=mine["name"], weight=-1.0, schools=mine["arm"].map(outside)),
                wholes.assign(weight=1.0, schools=wholes["arm"].map(outside)),
            ],
            ignore_index=True,
        )
        book.nearly(
            terms, what=f"{statistic} of the pooled outcome", rest=f"{statistic}, left out", like=str(statistic)
        )  # fmt: skip


def _schools_left_out(book: Book, wholes: pd.DataFrame, mine: pd.DataFrame) -> pd.Series:
    """By arm, schools behind the pooled number less those analysed; no number of schools where the two are the same."""
    behind = book.schools(wholes["name"])
    pooled = pd.Series(behind.to_numpy(), index=wholes["arm"].to_numpy()).groupby(level=0).max()
    analysed = mine.set_index("arm")["schools"]
    left = (pooled - analysed).reindex(analysed.index)
    return left.where(left > 0, np.inf)
