"""Reports: one model, pages that need nothing but themselves, drawn only from protected tables."""

from swis.report.chapters import (
    background,
    context,
    context_in_short,
    delivery,
    economics,
    effects,
    extension,
    glance,
    glossary,
    headline,
    interpretation,
    key_outcomes,
    limitations,
    linkage,
    methods,
    outcomes,
    outcomes_of_trials,
    participants,
    protection,
    quality,
    received,
    speed,
    summary,
    timeline,
)
from swis.report.gather import authority_inputs, evaluation_inputs
from swis.report.index import refresh_index
from swis.report.model import Sections
from swis.report.open_data import open_data_files
from swis.report.pages import assemble
from swis.report.publish import publish

__all__ = [
    "Sections",
    "assemble",
    "authority_inputs",
    "background",
    "context",
    "context_in_short",
    "delivery",
    "economics",
    "effects",
    "evaluation_inputs",
    "extension",
    "glance",
    "glossary",
    "headline",
    "interpretation",
    "key_outcomes",
    "limitations",
    "linkage",
    "methods",
    "open_data_files",
    "outcomes",
    "outcomes_of_trials",
    "participants",
    "protection",
    "publish",
    "quality",
    "received",
    "refresh_index",
    "speed",
    "summary",
    "timeline",
]
