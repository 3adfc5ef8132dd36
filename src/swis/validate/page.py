"""The validation page of one authority: one HTML file that needs no network, for restricted eyes.

It names rules, fields, files, schools and counts, and never a value of a child.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
import pandas as pd

from swis.schemas import table_schema
from swis.validate.set_aside import counts

if TYPE_CHECKING:
    from swis.validate.run import Report

LAYERS = {
    "shape": ("Shape", "what the schema of each table says of its columns"),
    "statutory": ("Statutory", "the DfE's own rules of the children in need census and the SSDA903 return"),
    "plausibility": ("Plausibility", "what the trials expect of rows, and of counts by month, year, school and arm"),
}
RETURNS = {
    "cin_census": "Children in need census",
    "ssda903": "SSDA903, looked-after children",
    "school_census": "School census",
    "annex_a": "Annex A",
}
SHOWN = ["failed", "crashed", "waived"]
WORST_FIRST = {"stop": 0, "set aside": 1, "note": 2}
STATUS_WORDS = {
    "pass": "Everything that could be checked passed.",
    "review": "Usable; somebody should look at what failed below.",
    "fail": "Not usable until what stops it is mended at source or waived with a reason.",
}


def validation_page(report: Report) -> str:
    """The page as text; the same report gives the same text."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html.j2").render(_content(report))


def _content(report: Report) -> dict[str, Any]:
    authority = report.returns.authority
    return {
        "name": authority.name,
        "is_synthetic": report.returns.is_synthetic,
        "verdict": report.verdict,
        "status_words": STATUS_WORDS[report.verdict["status"]],
        "layers": [_layer(report.results, layer) for layer in LAYERS],
        "completeness": _completeness(report.returns.completeness),
        "tables": _table_counts(report),
        "notes": _records(report.returns.reading_notes),
    }


def _layer(results: pd.DataFrame, layer: str) -> dict[str, Any]:
    rows = results[results["layer"] == layer]
    title, words = LAYERS[layer]
    shown = rows[rows["outcome"].isin(SHOWN)]
    ordered = shown.assign(order=shown["severity"].map(WORST_FIRST)).sort_values(
        ["order", "rule", "table"], kind="stable"
    )
    quiet = rows[~rows["outcome"].isin(SHOWN)].sort_values(["rule", "table"], kind="stable")
    return {
        "id": layer,
        "title": title,
        "words": words,
        "outcomes": {name: int(count) for name, count in sorted(rows["outcome"].value_counts().items())},
        "failed": _records(ordered),
        "quiet": _records(quiet),
    }


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return frame.astype(object).where(frame.notna(), "").to_dict("records")


def _completeness(completeness: pd.DataFrame) -> dict[str, Any]:
    """Returns by period as a matrix of status words, and the reasons of gaps."""
    rows = completeness.assign(period=completeness["period"].astype(str))
    kinds = sorted(rows["returns"].unique())
    tables = []
    for kind in kinds:
        of_kind = rows[rows["returns"] == kind]
        cells = dict(zip(of_kind["period"], of_kind["status"], strict=True))
        tables.append({"returns": RETURNS.get(kind, kind.replace("_", " ").capitalize()), "cells": cells})
    reasons = rows[rows["reason"].notna() & rows["reason"].ne("")]
    return {"kinds": tables, "reasons": _records(reasons[["returns", "period", "status", "reason"]])}


def _table_counts(report: Report) -> list[dict[str, Any]]:
    counted = counts(report.separated)
    titles = counted["table"].map(lambda name: table_schema(name).title)
    return _records(counted.assign(title=titles))
