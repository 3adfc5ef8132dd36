"""The planned analyses of one trial; see README.md."""

from swis.effects.analysis.added_year import added_year
from swis.effects.analysis.checks_of_model import balance, primary_fit_checks
from swis.effects.analysis.design_quantities import beside_published, between_schools, detectable
from swis.effects.analysis.flow import participant_flow
from swis.effects.analysis.harms import harms
from swis.effects.analysis.sources import TrialTables, read_trial_tables
from swis.effects.analysis.stage import (
    Effects,
    Estimated,
    estimate,
    estimate_named,
    load_effects,
    plan_of,
    together,
)
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
    "estimate",
    "estimate_named",
    "harms",
    "load_effects",
    "participant_flow",
    "plan_of",
    "planned",
    "primary_fit_checks",
    "read_trial_tables",
    "together",
]
