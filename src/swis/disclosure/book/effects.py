"""The effects of a trial as cells: events and pupils behind main analyses and subgroups, by arm.

Sensitivity analyses leave out other schools each: two of them differ by a few schools whose events no relation of the
plan names. So of those only schools are published, and no count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

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
READ = ["row", "analysis_id", "scale", "level", *(f"{what}_{arm}" for what in ("schools", *NUMBERS) for arm in ARMS)]
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
    rows = [
        one
        for row in results.assign(row=results.index)[READ].to_dict("records")
        if str(row["analysis_id"]) in known
        for one in _of_row(row, known[str(row["analysis_id"])], trial.name)
    ]
    frame = pd.DataFrame(
        rows, columns=["row", "column", "number", "outcome", "statistic", "kind", "value", "schools", *KEYS]
    )
    return frame.assign(name=cell_names(frame, frame["statistic"], KEYS))


def _of_row(row: Mapping[str, Any], analysis: Analysis, trial: str) -> Iterator[dict[str, object]]:
    if analysis.kind not in {MAIN, SUBGROUP}:
        return
    for (number, statistic, kind), arm in product(numbers_of(analysis, measures()[analysis.outcome]), ARMS):
        if pd.notna(row[f"{number}_{arm}"]):
            is_whole = _is_whole_arm(analysis, arm)
            yield {
                "row": row["row"],
                "column": f"{number}_{arm}",
                "number": number,
                "outcome": analysis.outcome,
                "statistic": statistic,
                "kind": kind,
                "value": float(row[f"{number}_{arm}"]),
                "schools": float(row[f"schools_{arm}"]),
                "trial": trial,
                "arm": arm,
                "period": analysis.window,
                "analysis": MAIN if is_whole else analysis.analysis,
                "level": WHOLE if is_whole else _level(row, analysis),
            }


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


def _level(row: Mapping[str, Any], analysis: Analysis) -> str:
    """The group a row is of; a row of no group (a joint test) is of every group."""
    is_of_a_group = analysis.subgroup is not None and row["scale"] != "p-value" and row["level"] != ""
    return str(row["level"]) if is_of_a_group else WHOLE


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
    _main_of_pooled(book, counted, trial)


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


def _main_of_pooled(book: Book, counted: pd.DataFrame, trial: Trial) -> None:
    whole = counted[(counted["analysis"] == MAIN) & (counted["level"] == WHOLE)].drop_duplicates(["outcome", "name"])
    own = whole.merge(_periods_of_main(trial), on=["outcome", "period"], how="inner")
    own = own.assign(group=own["of"] + "|" + own["name"])
    for statistic, rows in own.groupby("statistic", sort=False):
        pooled = _pooled(book, trial, str(statistic).removeprefix("analysed "))
        if pooled.empty:
            continue
        reach = rows[["arm", "whole_period", "group"]].rename(columns={"whole_period": "period"})
        wholes = pooled.merge(reach, on=["arm", "period"], how="inner")
        mine = rows[rows["group"].isin(wholes["group"])].drop_duplicates("group")
        outside = _schools_left_out(book, wholes, mine)
        terms = pd.concat([mine.assign(weight=-1.0), wholes.assign(weight=1.0)], ignore_index=True)
        book.nearly(
            terms.assign(schools=terms["group"].map(outside)),
            what=f"{statistic} of the pooled outcome", rest=f"{statistic}, left out", like=str(statistic)
        )  # fmt: skip


def _periods_of_main(trial: Trial) -> pd.DataFrame:
    """Every main analysis (`of`) of an outcome over a period, with each pooled period that it is part of."""
    rows = [
        {"of": name, "outcome": analysis.outcome, "period": analysis.window, "whole_period": period}
        for name, analysis in analyses_of(trial).items()
        if analysis.kind == MAIN
        for period in analysis.specification.academic_years or [analysis.window]
    ]
    return pd.DataFrame(rows, columns=["of", "outcome", "period", "whole_period"])


def _schools_left_out(book: Book, wholes: pd.DataFrame, mine: pd.DataFrame) -> pd.Series:
    """By group, schools behind the pooled number less those analysed; no number where the two are the same."""
    behind = book.schools(wholes["name"])
    pooled = behind.groupby(wholes["group"]).max()
    left = pooled - mine.set_index("group")["schools"]
    return left.where(left > 0, np.inf)
