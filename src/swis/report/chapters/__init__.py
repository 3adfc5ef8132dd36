"""Chapters of the reports: protected inputs in, a section out."""

from swis.report.chapters.background import background, timeline
from swis.report.chapters.checklist import checklist
from swis.report.chapters.context import context, context_in_short
from swis.report.chapters.delivery import delivery
from swis.report.chapters.economics import economics
from swis.report.chapters.effects import effects
from swis.report.chapters.extension import extension
from swis.report.chapters.glance import glance
from swis.report.chapters.headline import headline
from swis.report.chapters.interpretation import interpretation
from swis.report.chapters.key_outcomes import key_outcomes
from swis.report.chapters.limitations import limitations
from swis.report.chapters.linkage import linkage
from swis.report.chapters.lists import glossary, list_of_tables
from swis.report.chapters.methods import methods
from swis.report.chapters.outcomes import outcomes, outcomes_of_trials
from swis.report.chapters.participants import participants
from swis.report.chapters.protection import protection
from swis.report.chapters.quality import quality
from swis.report.chapters.received import received
from swis.report.chapters.speed import speed
from swis.report.chapters.summary import summary

__all__ = [
    "background",
    "checklist",
    "context",
    "context_in_short",
    "delivery",
    "economics",
    "effects",
    "extension",
    "glance",
    "glossary",
    "headline",
    "interpretation",
    "key_outcomes",
    "limitations",
    "linkage",
    "list_of_tables",
    "methods",
    "outcomes",
    "outcomes_of_trials",
    "participants",
    "protection",
    "quality",
    "received",
    "speed",
    "summary",
    "timeline",
]
