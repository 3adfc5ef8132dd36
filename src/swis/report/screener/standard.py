"""What the DfE's open data standard allows: columns, levels, time identifiers, symbols, units.

Source: the DfE analysts' guide, page 'Open data standards'. Levels below the local authority are left out: this
compendium never publishes them, and a file that holds one is told so.
"""

from __future__ import annotations

from collections.abc import Mapping

MANDATORY = ("time_period", "time_identifier", "geographic_level", "country_code", "country_name")
NATIONAL, REGIONAL, AUTHORITY = "National", "Regional", "Local authority"
# Columns that a level needs filled, each level with those of the level above it.
LEVELS: Mapping[str, tuple[str, ...]] = {
    NATIONAL: (),
    REGIONAL: ("region_code", "region_name"),
    AUTHORITY: ("region_code", "region_name", "old_la_code", "new_la_code", "la_name"),
}
PLACES = ("country_code", "country_name", *LEVELS[AUTHORITY])
STANDARD = (*MANDATORY[:3], *PLACES)
COUNTRIES: Mapping[str, str] = {"England": "E92000001"}
SIX_DIGITS = frozenset(
    {
        "Academic year",
        "Financial year",
        "Tax year",
        "Autumn term",
        "Spring term",
        "Summer term",
        "Autumn and spring term",
    }
)
FOUR_DIGITS = frozenset({"Calendar year", "Reporting year"})
SYMBOLS = frozenset({"z", "x", "c", "low", "u", "k"})
OBSOLETE = frozenset({":", "~", ".", "..", "-", "*", "#", "NA", "N/A"})
# A code that stands for none: not applicable, not available; older authorities have no nine-character one.
NO_CODE = frozenset({"z", "x", ""})
TOTAL = "Total"
FILTER, INDICATOR = "Filter", "Indicator"
UNITS = frozenset({"", "%", "pp", "£", "£m"})
META_COLUMNS = (
    "col_name",
    "col_type",
    "label",
    "indicator_grouping",
    "indicator_unit",
    "indicator_dp",
    "filter_hint",
    "filter_grouping_column",
)
LONGEST_FILE_NAME = 50
LONGEST_COLUMN_NAME = 35
