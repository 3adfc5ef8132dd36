"""The CONSORT checklist of cluster trials, each item with links to the sections that answer it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from swis.io import read_yaml
from swis.report.inputs import Inputs
from swis.report.model import Column, Section, Table, paragraph, walk_sections
from swis.report.wording import DASH, listed

OPENING = (
    "Reports of trials in which whole schools are drawn are expected to answer these questions. They follow the CONSORT "
    "statement and its extension to cluster trials, put in our own words; beside each stands where this report answers it, for "
    "each trial by itself where the trials differ, or what is missing and why."
)
SOURCE = "CONSORT 2010 and its extension to cluster randomised trials, BMJ 2012;345:e5661; items in our own words"
FOR_EVERY_TRIAL = "{trial}"


@cache
def items() -> tuple[Mapping[str, Any], ...]:
    """The items in order: `item`, `asks`, `sections`, and `but` where something is missing."""
    return tuple(read_yaml(Path(__file__).parents[1] / "consort.yml"))


def checklist(inputs: Inputs, chapters: Sequence[Section]) -> Section | None:
    """The chapter; `chapters` are those of the report, links go only to what is there. None without effects."""
    if not inputs.effects:
        return None
    titles = {section.id: section.title for section in walk_sections(chapters)}
    trials = {name.replace("_", "-"): held.trial.title for name, held in inputs.effects.items()}
    rows = tuple((str(item["item"]), item["asks"], _where(item, titles, trials)) for item in items())
    columns = (Column("Item"), Column("What a report should say"), Column("Where it is, or what is missing"))
    table = Table(
        "consort-table", "CONSORT checklist for cluster trials", columns, rows, SOURCE, row_headers=2, stays=True
    )
    return Section("consort", "CONSORT checklist", (paragraph(OPENING), table), is_synthetic=inputs.is_synthetic)


def _where(item: Mapping[str, Any], titles: Mapping[str, str], trials: Mapping[str, str]) -> Markup:
    """Links to the sections that there are, then what is missing; a dash where an item has neither."""
    links = [link for section in item["sections"] for link in _links(section, titles, trials)]
    but = [Markup("{}.").format(item["but"])] if "but" in item else []
    found = [Markup("{}.").format(listed(links))] if links else []
    return Markup(" ").join([*found, *but]) or Markup(DASH)


def _links(section: str, titles: Mapping[str, str], trials: Mapping[str, str]) -> Iterable[Markup]:
    """One link, or for a section that every trial has one link a trial behind the section's name."""
    if FOR_EVERY_TRIAL not in section:
        return [link(section, titles[section])] if section in titles else []
    of_trials = {section.replace(FOR_EVERY_TRIAL, slug): title for slug, title in trials.items()}
    there = {id: title for id, title in of_trials.items() if id in titles}
    if not there:
        return []
    heading = titles[next(iter(there))]
    return [Markup("{} ({})").format(heading, Markup(", ").join(link(id, title) for id, title in there.items()))]


def link(id: str, words: str) -> Markup:
    """A link to a section of the same report; paper forms print its page beside it."""
    return Markup('<a href="#{}">{}</a>').format(id, words)
