"""Which fields of the returns hold an identifier, in every spelling that the readers accept.

The list is the schemas': every column with sensitivity `identifier`, under its own name, the name its return gives
it and the spellings of the reader. Added are the fields that no reader takes and an extract may hold all the same.
"""

from __future__ import annotations

import re
from functools import cache

from swis.scan.parts import BIRTH_DATE, CHILD_ID, STAFF_ID, UPN
from swis.schemas import Field, table_names, table_schema
from swis.sources.annex_a_lists import CHILD
from swis.sources.csv_text import normal_name
from swis.sources.school_census_layout import ROLL_COLUMNS
from swis.sources.ssda903_files import COLUMNS as COLUMNS_OF_903

GIVEN, FAMILY = "given name", "family name"
IN_RETURN = re.compile(r"^(?:CIN|903|school census) (\w+)$")
KINDS = {"la_child_id": CHILD_ID, "worker": STAFF_ID, "respondent": STAFF_ID}
NEVER_READ = {
    GIVEN: [
        "forename",
        "forenames",
        "preferredforename",
        "firstname",
        "first_name",
        "givenname",
        "given_name",
        "legalforename",
    ],
    FAMILY: [
        "surname",
        "preferredsurname",
        "formersurname",
        "lastname",
        "last_name",
        "familyname",
        "family_name",
        "legalsurname",
    ],
    CHILD_ID: ["uniquelearnernumber", "uln"],
    BIRTH_DATE: ["mc_dob", "date of birth", "child date of birth"],
    UPN: ["ks4_upn", "ks2_upn", "unique pupil number"],
}


@cache
def fields_of_returns() -> dict[str, str]:
    """Kind of identifier by the name of a field, as `normal_name` makes names comparable."""
    found: dict[str, str] = {}
    for table in table_names():
        for column in table_schema(table).fields:
            if column.sensitivity == "identifier":
                found |= {normal_name(spelling): kind_of_field(column) for spelling in _spellings(column)}
    for kind, names in NEVER_READ.items():
        found |= {normal_name(name): kind for name in names}
    return found


def kind_of_field(column: Field) -> str:
    """The kind of identifier that a column of a canonical table holds."""
    if column.type == "date":
        return BIRTH_DATE
    return KINDS.get(column.name, UPN)


def _spellings(column: Field) -> list[str]:
    """A column's own name, the name its schema gives as source, and what the readers accept."""
    named = IN_RETURN.match(column.source)
    accepted = [column.name, *(named.groups() if named else [])]
    accepted += ROLL_COLUMNS.get(column.name, [])
    for columns in COLUMNS_OF_903.values():
        accepted += columns.get(column.name, [])
    return accepted + (CHILD if column.name == "la_child_id" else [])
