"""The derive stage: one call a step of the notebook, and all of them in one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from swis.academic_year import academic_years_between
from swis.derive import care, education, events, linkage, observed, person_time, schools
from swis.derive.calendar import DayCalendar
from swis.derive.cohort import attributed_spells
from swis.derive.contacts import school_contacts
from swis.derive.cut import cut_tables
from swis.derive.deduplicate import EVENT_DATES, deduplicate_events
from swis.derive.deliveries import delivery_months, delivery_spells
from swis.derive.derived import Derived
from swis.derive.enrolment import enrolments
from swis.derive.help_events import help_events, links_by_form
from swis.derive.lead_scores import lead_scores
from swis.derive.link import child_numbers, link_children
from swis.derive.observed_supervision import CONTACTS
from swis.derive.periods import all_periods
from swis.derive.placements import care_placements
from swis.derive.pupils import pupil_numbers, pupil_of
from swis.derive.terms import january_before
from swis.derive.traits import CENSUS, COLUMN_OF, pupil_traits
from swis.derive.waits import waits
from swis.io import read_frame
from swis.params import Definitions, Trial
from swis.schemas import empty_table

TABLES = [
    "schools", "allocation", "children", "referrals", "assessments", "section47", "conferences", "protection_plans",
    "cin_plans", "looked_after_children", "care_episodes", "pupils", "attendance", "suspensions", "attainment",
    "delivery", "contacts", "early_help", "dsl_survey", "costs",
]  # fmt: skip

ROLL_COLUMNS = [
    "authority", "urn", "upn", "census_year", "census_term", "entry_date", "leaving_date", "year_group",
    "enrolment_status", "is_on_roll", "birth_date",
]  # fmt: skip
CENSUS_COLUMNS = ["census_year", "census_term", "is_on_roll", *COLUMN_OF.values()]


@dataclass(frozen=True)
class Rolls:
    """Trial schools of an authority with their pupils: who was where on which day, and which child is which pupil.

    `links` are those of the children of the census; `form_links` hold beside them the children whom only the contacts
    form gives a number.
    """

    trial_schools: pd.DataFrame
    lineage: pd.Series
    pupil_numbers: pd.DataFrame
    pupils: pd.DataFrame
    traits: pd.DataFrame
    spells: pd.DataFrame
    event_spells: pd.DataFrame
    care_spells: pd.DataFrame
    links: pd.DataFrame
    form_links: pd.DataFrame


def read_clean_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """Clean tables of the validate stage (`folder`/clean/<table>.parquet); one that is not there has no rows."""
    paths = {name: folder / "clean" / f"{name}.parquet" for name in TABLES}
    return {name: read_frame(path) if path.exists() else empty_table(name) for name, path in paths.items()}


def read_completeness(folder: Path) -> pd.DataFrame | None:
    """Which returns came, as the validate stage recorded it; None where it left no record."""
    path = folder / "completeness.parquet"
    return read_frame(path) if path.exists() else None


def one_row_an_event(
    tables: Mapping[str, pd.DataFrame], definitions: Definitions
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Tables with one row an event across returns, as known on the day of the cut; and changed key dates by table."""
    held = {name: tables.get(name, empty_table(name)) for name in TABLES}
    changed = []
    for name in EVENT_DATES:
        held[name], count = deduplicate_events(held[name], name)
        changed.append((name, len(tables.get(name, ())), len(held[name]), count))
    counts = pd.DataFrame(changed, columns=["table", "rows_returned", "events", "changed_key_dates"])
    return cut_tables(held, definitions.data_cut), counts.astype({"table": "string"})


def rolls(
    tables: Mapping[str, pd.DataFrame], authority: str, trials: Mapping[str, Trial], definitions: Definitions
) -> Rolls:
    """Trial schools, pupils behind their numbers, and spells on roll under the attribution in force."""
    own = schools.trial_schools(tables["allocation"], tables["schools"], trials, authority)
    allocated = tables["allocation"][tables["allocation"]["stratum"] == authority]
    lineage = schools.school_lineage(allocated, tables["schools"])
    numbers = pupil_numbers(tables["pupils"])
    urn = schools.to_allocated(tables["pupils"]["urn"], lineage)
    is_own = urn.notna().to_numpy()
    on_roll = tables["pupils"][ROLL_COLUMNS].assign(urn=urn)[is_own]
    on_roll = on_roll.assign(pupil=pupil_of(on_roll["upn"], numbers)).reset_index(drop=True)
    described = pupil_traits(tables["pupils"].loc[is_own, CENSUS_COLUMNS], on_roll["pupil"], _januaries(trials))
    spells = enrolments(on_roll, schools.closing_days(tables["schools"], lineage))
    links = link_children(tables["children"], numbers)
    return Rolls(
        own,
        lineage,
        numbers,
        on_roll,
        described,
        spells,
        *attributed_spells(spells, definitions),
        links,
        links_by_form(tables["contacts"], links, numbers),
    )


def _januaries(trials: Mapping[str, Trial]) -> list[int]:
    """January of 2020, to which groups of pupils go back, and the last January before each trial."""
    return sorted({CENSUS[0], *(january_before(trial.first_day) for trial in trials.values())})


def linked_events(
    tables: Mapping[str, pd.DataFrame],
    held: Rolls,
    calendars: Mapping[str, DayCalendar],
    definitions: Definitions,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Social care events with their trial school, and periods of care with theirs."""
    periods = care.care_periods(tables["care_episodes"])
    every = events.social_care_events(tables, periods, definitions.look_back_months)
    in_care = every["event"] == events.CARE_START
    care_links = link_children(tables["looked_after_children"], held.pupil_numbers)
    by_census = linkage.attributed_events(
        every[~in_care], held.links, held.event_spells, held.trial_schools, calendars[observed.CIN]
    )
    by_903 = linkage.attributed_events(
        every[in_care], care_links, held.care_spells, held.trial_schools, calendars[observed.CARE]
    )
    at_start = definitions.care_attribution == "school at start of care"
    day = periods["start"] if at_start else linkage.cohort_care_dates(periods)
    days = linkage.attributed_events(
        periods.assign(event_date=day), care_links, held.care_spells, held.trial_schools, calendars[observed.ROLL]
    )
    by_census = events.with_turning_18(by_census, tables["children"])
    by_903 = events.with_turning_18(by_903, tables["looked_after_children"])
    days = events.with_turning_18(days, tables["looked_after_children"])
    found = [by_census, by_903, *_events_of_help(tables, held, calendars)]
    return pd.concat(found, ignore_index=True), days.drop(columns="event_date")


def _events_of_help(
    tables: Mapping[str, pd.DataFrame], held: Rolls, calendars: Mapping[str, DayCalendar]
) -> list[pd.DataFrame]:
    """Early help and plans of children in need, where the authority has schools in a trial of supervision."""
    own = _supervised(held.trial_schools)
    if own.empty:
        return []
    return [help_events(tables, held.links, held.form_links, held.event_spells, own, calendars)]


def _supervised(trial_schools: pd.DataFrame) -> pd.DataFrame:
    """Schools of the trials of supervision."""
    return trial_schools[trial_schools["programme"] == observed.SUPERVISION]


def contacts_and_survey(
    tables: Mapping[str, pd.DataFrame],
    held: Rolls,
    calendars: Mapping[str, DayCalendar],
    trials: Mapping[str, Trial],
    definitions: Definitions,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Contacts that schools of the trials of supervision made, and what safeguarding leads of any trial answered."""
    supervised = _supervised(held.trial_schools)
    lineage = held.lineage[held.lineage.isin(supervised["urn"])]
    contacts = school_contacts(
        tables["contacts"],
        tables["children"],
        held.pupil_numbers,
        held.event_spells,
        lineage,
        calendars.get(CONTACTS, DayCalendar.nothing()),
    )
    scores = lead_scores(tables["dsl_survey"], held.trial_schools, held.lineage, trials, definitions.data_cut)
    return contacts, scores


def derive(
    tables: Mapping[str, pd.DataFrame],
    *,
    authority: str,
    trials: Mapping[str, Trial],
    definitions: Definitions,
    completeness: pd.DataFrame | None = None,
) -> Derived:
    """Everything the measures count, from the clean tables of one authority (canonical schemas).

    `trials` are those the authority takes part in; `definitions` carry the data cut and every assumption;
    `completeness` (returns, period, status) says which returns came, else the tables show it.
    """
    tables = {name: tables.get(name, empty_table(name)) for name in TABLES}
    known, changed = one_row_an_event(tables, definitions)
    received = observed.received_spans(tables, completeness, trials)
    calendars = observed.calendars(received, definitions.data_cut, definitions.look_back_months)
    held = rolls(known, authority, trials, definitions)
    found, care_periods = linked_events(known, held, calendars, definitions)
    links = linkage.linkage_counts(found, definitions.academic_years)
    pupil_years, headcounts = denominators(held, calendars, trials, definitions)
    contacts, scores = contacts_and_survey(known, held, calendars, trials, definitions)
    return assemble(
        tables,
        known,
        changed,
        calendars,
        held,
        found,
        care_periods,
        links,
        pupil_years,
        headcounts,
        contacts,
        scores,
        definitions,
    )


def assemble(
    tables: Mapping[str, pd.DataFrame],
    known: Mapping[str, pd.DataFrame],
    changed_dates: pd.DataFrame,
    calendars: Mapping[str, DayCalendar],
    held: Rolls,
    found: pd.DataFrame,
    care_periods: pd.DataFrame,
    links: pd.DataFrame,
    pupil_years: pd.DataFrame,
    headcounts: pd.DataFrame,
    contacts: pd.DataFrame,
    scores: pd.DataFrame,
    definitions: Definitions,
) -> Derived:
    """All tables of the stage: those of the steps before, and attendance, suspensions and attainment of trial schools.

    `tables` are as returned (they show which terms came), `known` as of the cut, `found` the linked events.
    """
    return Derived(
        trial_schools=held.trial_schools,
        enrolments=held.spells,
        events=found,
        care_periods=care_periods,
        care_placements=care_placements(known["care_episodes"], care_periods),
        **education_tables(known, held, definitions),
        pupil_years=pupil_years,
        headcounts=headcounts,
        contacts=contacts,
        lead_scores=scores,
        spans=observed.spans_of(calendars),
        school_terms=observed_terms(tables, held, definitions),
        child_numbers=all_child_numbers(known),
        pupil_numbers=held.pupil_numbers,
        pupil_traits=held.traits,
        waits=waits(known, held.links, held.form_links, held.event_spells, held.trial_schools, calendars, definitions),
        deliveries=delivery_spells(known["delivery"], held.lineage),
        delivery_months=delivery_months(known["delivery"], held.lineage),
        costs=tables["costs"],
        linkage=links,
        changed_dates=changed_dates,
    )


def denominators(
    held: Rolls, calendars: Mapping[str, DayCalendar], trials: Mapping[str, Trial], definitions: Definitions
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Pupil-years by school, period and source of observation, and January headcounts by academic year."""
    periods = all_periods(definitions, trials)
    scope = person_time.spells_in_scope(held.event_spells, held.trial_schools)
    care_scope = scope
    if held.care_spells is not held.event_spells:
        care_scope = person_time.spells_in_scope(held.care_spells, held.trial_schools)
    others = {source: calendar for source, calendar in calendars.items() if source != observed.CARE}
    in_care = {observed.CARE: calendars[observed.CARE]}
    years = pd.concat(
        [
            person_time.pupil_years(scope, held.trial_schools, periods, others),
            person_time.pupil_years(care_scope, held.trial_schools, periods, in_care),
        ],
        ignore_index=True,
    )
    return years, person_time.january_headcounts(scope, held.trial_schools, definitions.academic_years)


def education_tables(
    tables: Mapping[str, pd.DataFrame], held: Rolls, definitions: Definitions
) -> dict[str, pd.DataFrame]:
    """Attendance, suspensions and attainment of trial schools."""
    own = {
        name: education.own_rows(tables[name], held.lineage, held.pupil_numbers)
        for name in ("attendance", "suspensions", "attainment")
    }
    return {
        "attendance": education.attendance_rows(own["attendance"], held.pupils, held.event_spells, definitions),
        "suspensions": education.suspension_rows(own["suspensions"], held.event_spells, definitions),
        "attainment": education.attainment_rows(own["attainment"], held.event_spells, definitions),
    }


def observed_terms(tables: Mapping[str, pd.DataFrame], held: Rolls, definitions: Definitions) -> pd.DataFrame:
    """Which terms of which trial school were returned, whatever the cut hides of them later."""
    urn = {name: schools.to_allocated(tables[name]["urn"], held.lineage) for name in ("pupils", "attendance")}
    years = academic_years_between(definitions.first_academic_year, definitions.last_academic_year)
    return observed.school_terms(
        held.trial_schools["urn"],
        tables["pupils"].assign(urn=urn["pupils"]),
        tables["attendance"].assign(urn=urn["attendance"]),
        tables["suspensions"],
        # A baseline may reach into the year before the first academic year.
        [int(years[0][:4]) - 1, *[int(year[:4]) for year in years]],
        definitions.data_cut,
    )


def all_child_numbers(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Permanent pupil numbers of the children of the census and of the 903 header, with the return they stand in."""
    parts = {observed.CIN: tables["children"], observed.CARE: tables["looked_after_children"]}
    stacked = [child_numbers(frame).assign(source=source) for source, frame in parts.items()]
    both = pd.concat(stacked, ignore_index=True)
    return both[~both["is_temporary"]].drop(columns="is_temporary").astype({"source": "string"}).reset_index(drop=True)
