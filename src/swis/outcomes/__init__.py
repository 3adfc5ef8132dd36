"""Outcome measures by school, arm and authority, for academic years and trial windows."""

from swis.outcomes.analysis import AnalysisTables, analysis_tables, load_analysis_tables
from swis.outcomes.authority_returns import authority_returns
from swis.outcomes.participants import participants
from swis.outcomes.pool import pool
from swis.outcomes.registry import Measure, measures
from swis.outcomes.stage import (
    Outcomes,
    all_outcomes,
    comparability_counts,
    derive_and_outcomes,
    load_outcomes,
    measure_outcomes,
    measure_table,
    preview,
)

__all__ = [
    "AnalysisTables",
    "Measure",
    "Outcomes",
    "all_outcomes",
    "analysis_tables",
    "authority_returns",
    "comparability_counts",
    "derive_and_outcomes",
    "load_analysis_tables",
    "load_outcomes",
    "measure_outcomes",
    "measure_table",
    "measures",
    "participants",
    "pool",
    "preview",
]
