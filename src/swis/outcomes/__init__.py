"""Outcome measures by school, arm and authority, for academic years and trial windows."""

from swis.outcomes.pool import pool
from swis.outcomes.registry import Measure, measures
from swis.outcomes.stage import Outcomes, all_outcomes, derive_and_outcomes, load_outcomes

__all__ = ["Measure", "Outcomes", "all_outcomes", "derive_and_outcomes", "load_outcomes", "measures", "pool"]
