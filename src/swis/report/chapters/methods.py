"""Methods: definitions of measures, windows, and every choice with its variants, each assumed one marked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal, get_args, get_origin

from swis.in_words import long_date, year_groups_words
from swis.params import Definitions
from swis.report.inputs import Inputs
from swis.report.measures import GROUPS, MeasureText, by_group
from swis.report.model import Block, Column, Section, Table, bullets, paragraph
from swis.report.wording import DASH, listed_text

CHOICES: Mapping[str, str] = {
    "count_basis": "What is counted when a child has several enquiries",
    "school_attribution": "Which school an event belongs to",
    "denominator": "What rates are divided by",
    "care_attribution": "Which school a child in care belongs to",
    "border": "Whose returns count for a school",
    "rate_per": "Social care rates are per this many",
    "look_back_months": "Months looked back for an earlier referral",
    "contact_to_referral_working_days": "Working days within which a referral belongs to a contact",
    "no_conference_decided_working_days": "Working days after which no conference counts as decided",
    "end_of_funding_days": "Days before the end of a window within which no worker counts as having left",
    "interval_level": "Level of every interval",
    "code_x_first_day": "First day on which absence code X is a possible session and not an absence",
    "code_x_last_day": "Last day of that",
}
RULES = (
    "An event belongs to the academic year (1 September to 31 August) of its own date, whichever return brought it.",
    "A case that recurs in several returns is counted once; the latest return wins, because it holds the ends.",
    "A pupil belongs to the school of main registration on the day of the event, through the summer holiday until the "
    "leaving date or 31 August.",
    "Time on roll is added up from entry and leaving dates, so a pupil who moves counts for each school for the "
    "time spent there.",
    "Entries to care and days in care belong to the school on roll when the period of care began, and are "
    "followed whatever school comes later.",
    "Absence is returned a term late and suspensions two; both are counted in the term in which they happened.",
    "Working days leave out weekends and the bank holidays of England.",
    "Events after the data cut are left out, and what was learned after it (an end date, a closure) is hidden.",
)


def methods(inputs: Inputs) -> Section:
    """The methods chapter."""
    parts = [_rules(inputs), _measures(inputs), _windows(inputs), _choices(inputs)]
    return Section("methods", "Definitions and methods", sections=tuple(parts), is_synthetic=inputs.is_synthetic)


def _rules(inputs: Inputs) -> Section:
    cut = long_date(inputs.definitions.data_cut)
    intervals = (
        "Intervals: exact Poisson (Garwood) for rates and Wilson's for percentages, made from the numbers "
        "shown. They take no account of pupils within a school being alike, so they are too narrow for comparing arms: "
        "what the programme changed is estimated otherwise, where this report estimates it."
    )
    return Section(
        "methods-rules",
        "How events were counted",
        (paragraph(f"The data cut of this report is {cut}."), bullets(RULES), paragraph(intervals)),
    )


def _measures(inputs: Inputs) -> Section:
    present = set(inputs.outcomes.frame["measure"])
    groups = by_group(inputs.measures, present)
    rows = tuple(
        (GROUPS[group], text.title, text.numerator, text.denominator, text.unit)
        for group, members in groups.items()
        for text in members
    )
    columns = tuple(Column(label) for label in ("Group", "Measure", "What is counted", "Out of", "Unit"))
    source = "registry of measures of this compendium"
    caption = "Definitions of the outcome measures"
    table = Table("measure-definitions", caption, columns, rows, source, row_headers=2, is_grouped=True)
    members = [text for group in groups.values() for text in group]
    return Section("methods-measures", "What each measure means", (table, _breaks(members, source)))


def _breaks(members: list[MeasureText], source: str) -> Table:
    """One line a year and reason, with the measures it touches."""
    found: dict[tuple[str, str], list[str]] = {}
    for text in members:
        for year, reason in text.breaks.items():
            found.setdefault((year, reason), []).append(text.title)
    rows = tuple((year, reason, "; ".join(titles)) for (year, reason), titles in sorted(found.items()))
    columns = (Column("Academic year"), Column("Why the year does not compare"), Column("Measures"))
    return Table(
        "measure-breaks",
        "Years that do not compare with the others",
        columns,
        rows,
        source,
        is_grouped=True,
        row_headers=2,
    )


def _windows(inputs: Inputs) -> Section:
    rows = tuple(
        (
            trial.title,
            name,
            f"{long_date(window.first_day)} to {long_date(window.last_day)}",
            year_groups_words(trial),
            f"{long_date(trial.baseline.first_day)} to {long_date(trial.baseline.last_day)}",
        )
        for trial in inputs.trials.values()
        for name, window in trial.windows.items()
    )
    columns = tuple(
        Column(label) for label in ("Trial", "Window", "From and to", "Pupils (assumed)", "Baseline (assumed)")
    )
    sources = "; ".join(f"{trial.title}: {trial.source}" for trial in inputs.trials.values())
    blocks: list[Block] = [Table("windows", "Windows of the trials", columns, rows, sources, row_headers=2)]
    assumed = [f"{trial.title}: {listed_text(trial.assumed)}" for trial in inputs.trials.values() if trial.assumed]
    if assumed:
        blocks += [paragraph("Assumed, because no public source says it:"), bullets(assumed)]
    return Section("methods-windows", "Windows", tuple(blocks))


def _choices(inputs: Inputs) -> Section:
    rows = tuple(_choice(name, words, inputs.definitions) for name, words in CHOICES.items())
    columns = tuple(
        Column(label) for label in ("Choice", "In this report", "Variant that may be run instead", "Standing")
    )
    table = Table(
        "choices",
        "Choices, and what else might have been chosen",
        columns,
        rows,
        "params/definitions.yml of this compendium",
    )
    return Section("methods-choices", "Choices and assumptions", (table,))


def _shown(value: object) -> str:
    """A parameter's value as a reader writes it."""
    if isinstance(value, date):
        return long_date(value)
    if isinstance(value, float):
        return f"{value:.0%}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _choice(name: str, words: str, definitions: Definitions) -> tuple[str, str, str, str]:
    annotation = Definitions.model_fields[name].annotation
    variants = get_args(annotation) if get_origin(annotation) is Literal else ()
    value = getattr(definitions, name)
    others = ", ".join(str(other) for other in variants if other != value) or DASH
    return (words, _shown(value), others, "assumed" if variants else "by definition")
