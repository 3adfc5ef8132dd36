"""The planned analyses of one trial; see README.md."""

from swis.effects.analysis.added_year import added_year
from swis.effects.analysis.checks_of_model import balance, primary_fit_checks
from swis.effects.analysis.design_quantities import beside_published, between_schools, detectable
from swis.effects.analysis.estimand import estimand
from swis.effects.analysis.flow import participant_flow
from swis.effects.analysis.harms import harms
from swis.effects.analysis.sources import TrialTables, read_trial_tables
from swis.effects.analysis.stage import (
    Effects,
    Estimated,
    estimate,
    estimate_named,
    load_effects,
    together,
)
from swis.effects.analysis.trial_file import january_of, plan_of, primary_analysis
from swis.effects.ledger import planned

__all__ = [
    "Effects",
    "Estimated",
    "TrialTables",
    "added_year",
    "balance",
    "beside_published",
    "between_schools",
    "detectable",
    "estimand",
    "estimate",
    "estimate_named",
    "harms",
    "january_of",
    "load_effects",
    "participant_flow",
    "plan_of",
    "planned",
    "primary_analysis",
    "primary_fit_checks",
    "read_trial_tables",
    "together",
]
