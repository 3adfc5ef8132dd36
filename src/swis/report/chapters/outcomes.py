"""Outcomes by academic year and arm, one section a trial; trials are never pooled with each other."""

from __future__ import annotations

from swis.disclosure.protected import Protected
from swis.in_words import long_date, year_groups_words
from swis.params import NamedWindow, Trial
from swis.report.chapters.key_messages import key_sentence
from swis.report.figures.authorities import authorities_figure
from swis.report.figures.by_year import outcomes_figure
from swis.report.figures.panels import pages_of
from swis.report.inputs import ALL, Inputs
from swis.report.measures import GROUPS, PRIMARY, MeasureText, by_group
from swis.report.model import Block, Section, Sections, paragraph
from swis.report.tables import outcome_table
from swis.report.wording import listed_text

READING = (
    "Filled marks: comparable years. Hollow marks: a break in the series, grades given by teachers, or a year "
    "observed only in "
    "part. Vertical bars: 95% intervals."
)


def outcomes(inputs: Inputs, trial_name: str) -> Section | None:
    """One trial's outcomes: a figure and a table a group of measures, then its windows; None without outcomes."""
    trial = inputs.trials[trial_name]
    rows = inputs.outcomes.where(trial=trial_name)
    if rows.is_empty:
        return None
    years = rows.where(period_kind="academic year")
    groups = by_group(inputs.measures, _with_values(years))
    if not groups:
        return None
    parts = [_group(inputs, trial, rows, group, members) for group, members in groups.items()]
    return Section(
        outcomes_id(trial_name),
        f"Outcomes by academic year: {trial.title}",
        (*_key(inputs, trial_name), paragraph(_opening(inputs, trial))),
        (*parts, *_windows(inputs, trial, rows, _with_values(years))),
        is_synthetic=inputs.is_synthetic,
    )


def outcomes_of_trials(inputs: Inputs) -> Sections:
    """The outcome chapters of every trial that has outcomes."""
    return Sections.of(*(outcomes(inputs, name) for name in inputs.trials))


def _key(inputs: Inputs, trial_name: str) -> list[Block]:
    """Its key message, which an authority's page has in its first words already."""
    words = key_sentence(inputs, trial_name) if inputs.area == ALL else ""
    return [paragraph(words, tone="key")] if words else []


def _with_values(rows: Protected) -> set[str]:
    """The measures that have a value in any of the rows."""
    return set(rows.frame.loc[rows.frame["value"].notna(), "measure"])


def outcomes_id(trial_name: str) -> str:
    """The id of a trial's chapter."""
    return _id(trial_name, "outcomes")


def _id(trial_name: str, *words: str) -> str:
    return "-".join([trial_name, *words]).replace("_", "-").replace(" ", "-").replace("'", "")


def _opening(inputs: Inputs, trial: Trial) -> str:
    whose = (
        "trial schools of all authorities together" if inputs.area == ALL else f"trial schools in {inputs.area_name}"
    )
    alone = (
        ""
        if inputs.area == ALL
        else (
            " One authority has too few schools to show an effect: differences between its arms are to be read as "
            "description."
        )
    )
    return (
        f"These are pupils of {year_groups_words(trial)} on the roll of {whose}, by the academic year in which the event "
        f"took place, up to the data cut of {long_date(inputs.definitions.data_cut)}. In the tables 'number' is what a "
        "measure counts, and 'out of' what it is divided by: pupil-years, pupils, enrolments, sessions or cases. Nothing "
        f"is adjusted in this chapter, and no effect is estimated in it.{alone}"
    )


def _group(inputs: Inputs, trial: Trial, rows: Protected, group: str, members: list[MeasureText]) -> Section:
    key = _id(trial.name, group)
    figures = [
        outcomes_figure(
            rows,
            panels,
            inputs.academic_years,
            id=f"{key}-figure{page.ending}",
            caption=f"{GROUPS[group]}: {trial.title}, by academic year and arm{page.words}",
            source=f"{inputs.data_source} {READING}",
            is_synthetic=inputs.is_synthetic,
        )
        for page, panels in pages_of(members)
    ]
    table = outcome_table(
        rows,
        members,
        id=f"{key}-table",
        caption=f"{GROUPS[group]}: {trial.title}, by academic year and arm",
        source=inputs.data_source,
    )
    blocks: list[Block] = [*figures, table]
    if inputs.by_authority is not None and any(measure.name == PRIMARY for measure in members):
        blocks += _in_every_authority(inputs, trial)
    return Section(key, GROUPS[group], tuple(blocks))


def _in_every_authority(inputs: Inputs, trial: Trial) -> list[Block]:
    if inputs.by_authority is None:
        return []
    rows = inputs.by_authority.where(trial=trial.name)
    names = {slug: name for slug, name in inputs.authorities.items() if (rows.frame["authority"] == slug).any()}
    if len(names) < 2:
        return []
    measure = inputs.measures[PRIMARY]
    return [
        authorities_figure(
            rows,
            measure,
            names,
            inputs.academic_years,
            id=_id(trial.name, "authorities"),
            caption=f"{measure.heading}, by authority: {trial.title}",
            source=f"{inputs.data_source} All panels share one scale.",
            is_synthetic=inputs.is_synthetic,
        )
    ]


def _span(window: NamedWindow) -> str:
    return f"{long_date(window.first_day)} to {long_date(window.last_day)}"


def _windows(inputs: Inputs, trial: Trial, rows: Protected, of_years: set[str]) -> list[Section]:
    """Baseline and windows: the measures of the years, and those that belong to no year, as answers to a survey."""
    windows = rows.where(period_kind="window")
    if windows.is_empty:
        return []
    groups = by_group(inputs.measures, of_years | _with_values(windows))
    members = [measure for group in groups.values() for measure in group]
    dates = listed_text(f"{name}, {_span(window)}" for name, window in trial.windows.items())
    table = outcome_table(
        rows,
        members,
        id=_id(trial.name, "windows-table"),
        caption=f"Outcomes over the whole of the trial: {trial.title}, by arm",
        source=inputs.data_source,
        period_kind="window",
        period_title="Window",
    )
    words = paragraph(
        f"The trial is read over its window ({dates}). The baseline before it is {_span(trial.baseline)}. Academic years "
        "run from 1 September to 31 August, so they do not always add up to a window."
    )
    return [Section(_id(trial.name, "windows"), "Over the whole of the trial", (words, table))]
