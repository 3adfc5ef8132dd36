"""From clean canonical tables to the tables the measures count."""

from swis.derive.borders import cross_border_events, cross_border_summary
from swis.derive.derived import Derived, load_derived
from swis.derive.linkage import linkage_counts
from swis.derive.neighbours import events_of_other_authorities, read_derived_of
from swis.derive.observed import calendars, received_spans
from swis.derive.overview import contacts_by_outcome, linkage_by_status, observed_years, pupil_years_by_arm
from swis.derive.stage import (
    assemble,
    contacts_and_survey,
    denominators,
    derive,
    linked_events,
    one_row_an_event,
    read_clean_tables,
    read_completeness,
    rolls,
)

__all__ = [
    "Derived",
    "assemble",
    "calendars",
    "contacts_and_survey",
    "contacts_by_outcome",
    "cross_border_events",
    "cross_border_summary",
    "denominators",
    "derive",
    "events_of_other_authorities",
    "linkage_by_status",
    "linkage_counts",
    "linked_events",
    "load_derived",
    "observed_years",
    "one_row_an_event",
    "pupil_years_by_arm",
    "read_clean_tables",
    "read_completeness",
    "read_derived_of",
    "received_spans",
    "rolls",
]
