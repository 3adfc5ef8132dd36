"""The steps of notebook 1, one function each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from swis.io import write_frame, write_json, write_text
from swis.params import Authority, Definitions, Trial
from swis.sources.result import ReadResult
from swis.validate.page import validation_page
from swis.validate.plausibility import plausibility_checks, plausibility_rules
from swis.validate.plausibility.check import Context, judge_checks
from swis.validate.plausibility.totals.published_counts import PUBLISHED_AS
from swis.validate.results import Finding, results_frame
from swis.validate.returns import Returns, of_authority, published_counts
from swis.validate.row_rules import judge_rules
from swis.validate.set_aside import Separated, counts, separate
from swis.validate.shape import judge_shape
from swis.validate.shape_tables import judge_repeats, judge_tables_present, judge_unreadable
from swis.validate.statutory import statutory_rules
from swis.validate.verdict import verdict_of
from swis.validate.waivers import apply_waivers, load_waivers
from swis.workspace import Workspace


@dataclass(frozen=True)
class Report:
    """All that validation says of one authority; `results` has the columns of results.RESULT_TYPES."""

    returns: Returns
    findings: Sequence[Finding]
    results: pd.DataFrame
    separated: Separated
    verdict: dict[str, Any]


def read_returns(
    workspace: Workspace,
    authority: Authority,
    definitions: Definitions,
    trials: Mapping[str, Trial] | None = None,
) -> Returns:
    """Every return of one authority and its part of the national files; `trials` say which scales a survey has.

    InputError with every problem that makes a return unreadable, before anything is validated.
    """
    from swis.sources.national import read_national
    from swis.sources.returns import completeness, read_authority

    own = read_authority(workspace, authority, definitions)
    tables, faults = of_authority(authority, own, read_national(workspace), trials)
    return Returns(
        authority=authority,
        definitions=definitions,
        tables=tables,
        faults=faults,
        reading_notes=notes_frame(own),
        completeness=completeness(workspace.returns(authority.slug), authority, definitions),
        published=_published(workspace, authority),
        is_synthetic=workspace.is_synthetic,
    )


def _published(workspace: Workspace, authority: Authority) -> pd.DataFrame | None:
    from swis.published import load_published

    if not workspace.published.is_dir() or authority.is_invented:
        return None
    return published_counts(load_published(workspace.published, set(PUBLISHED_AS.values())), authority)


def notes_frame(result: ReadResult) -> pd.DataFrame:
    """Reading notes as a table, each once: file, kind, count, message."""
    columns = ["file", "kind", "count", "message"]
    rows = [{name: getattr(note, name) for name in columns} for note in sorted(set(result.notes))]
    return pd.DataFrame(rows, columns=columns).astype({"count": "int64"})


def check_shape(returns: Returns) -> list[Finding]:
    """Layer 1: what the schemas say of every table."""
    return [
        *judge_tables_present(returns.tables, returns.expected_tables),
        *judge_shape(returns.tables),
        *judge_repeats(returns.tables),
        *judge_unreadable(returns.tables, returns.faults),
    ]


def check_statutory(returns: Returns) -> list[Finding]:
    """Layer 2: the DfE's own rules of the children in need census and the SSDA903."""
    return judge_rules(returns.tables, statutory_rules())


def check_plausibility(returns: Returns) -> list[Finding]:
    """Layer 3: what the trials expect of rows, and of counts by month, year, school and arm."""
    context = Context(
        tables=returns.tables,
        authority=returns.authority,
        definitions=returns.definitions,
        completeness=returns.completeness,
        published=returns.published,
    )
    return [*judge_rules(returns.tables, plausibility_rules()), *judge_checks(context, plausibility_checks())]


def conclude(
    returns: Returns,
    workspace: Workspace,
    authorities: Sequence[str],
    *layers: Sequence[Finding],
    on: date | None = None,
) -> Report:
    """Apply the waivers of params/waivers.yml, set rows aside and reach the verdict.

    `on` is the day on which waivers must not have expired; without it, today (UTC). Nothing else depends on the day.
    InputError where the waivers are faulty or one has expired.
    """
    today = on or datetime.now(UTC).date()
    waivers = load_waivers(workspace.params / "waivers.yml", on=today, authorities=authorities)
    slug = returns.authority.slug
    findings = apply_waivers([one for layer in layers for one in layer], waivers, slug)
    results = results_frame(slug, findings)
    separated = separate(returns.tables, findings)
    verdict = verdict_of(slug, results, counts(separated), is_synthetic=returns.is_synthetic)
    return Report(returns, findings, results, separated, verdict)


def save(report: Report, folder: Path) -> None:
    """Write clean and set-aside tables, results, completeness, reading notes, verdict and the page into `folder`."""
    for name, frame in report.separated.clean.items():
        write_frame(folder / "clean" / f"{name}.parquet", frame)
    for name, frame in report.separated.set_aside.items():
        write_frame(folder / "set_aside" / f"{name}.parquet", frame)
    write_frame(folder / "results.parquet", report.results)
    write_frame(folder / "completeness.parquet", report.returns.completeness)
    write_frame(folder / "reading_notes.parquet", report.returns.reading_notes)
    write_json(folder / "verdict.json", report.verdict)
    write_text(folder / "validation.html", validation_page(report))


def summary(report: Report) -> pd.DataFrame:
    """Rules by layer and outcome, for display: counts of rules only."""
    counted = pd.crosstab(report.results["layer"], report.results["outcome"])
    ordered = counted.reindex(["shape", "statutory", "plausibility"], fill_value=0)
    return ordered.rename_axis(columns=None).reset_index()


def failures(report: Report) -> pd.DataFrame:
    """What failed, crashed or was waived, worst first: rule, table, title, severity, outcome, rows."""
    order = {"stop": 0, "set aside": 1, "note": 2}
    rows = report.results[report.results["outcome"].isin(["failed", "crashed", "waived"])]
    worst = rows.assign(order=rows["severity"].map(order)).sort_values(["order", "rule", "table"], kind="stable")
    return worst[["severity", "rule", "table", "title", "outcome", "rows_checked", "rows_failed"]].reset_index(
        drop=True
    )


def rows_by_table(report: Report) -> pd.DataFrame:
    """By table: rows read, in use and set aside."""
    return counts(report.separated)
