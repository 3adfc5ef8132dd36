"""From clean canonical tables to the tables the measures count."""

from swis.derive.borders import cross_border_events, cross_border_summary
from swis.derive.derived import Derived, load_derived
from swis.derive.stage import derive, read_clean_tables, read_completeness

__all__ = [
    "Derived",
    "cross_border_events",
    "cross_border_summary",
    "derive",
    "load_derived",
    "read_clean_tables",
    "read_completeness",
]
