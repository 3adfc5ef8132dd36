"""Our own CSV forms, for what no public file format carries: their columns, from the schemas of the tables they fill.

A column is named as the schema's `source` names it where that is one word, else as the canonical column.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from swis.schemas import Field, table_schema

FOUND_BY_THE_READER = {"authority", "source_file", "source_record", "key_stage", "is_on_roll"}
NAMED_APART = {("suspensions", "reasons"): "reason", ("pupils", "is_fsm_eligible"): "fsm"}
ALSO_ACCEPTED = {"reason": ["reasons", "reason1"], "fsm": ["fsm_eligible", "fsmeligible"], "from": ["from_date"]} | {
    short: [f"sessions_{short}"] for short in ("authorised", "unauthorised", "code_x")
}
FOUND_OTHERWISE = {("roll", "census_year"), ("attainment", "graded_by")}
"""Required in the table, but the reader knows them even where the file has no such column."""
SESSIONS = {
    "sessions_possible": "possible",
    "sessions_authorised": "authorised",
    "sessions_unauthorised": "unauthorised",
    "sessions_code_x": "code_x",
}
FORM_OF_TABLE = ("allocation", "attainment", "contacts", "costs", "delivery", "dsl_survey", "suspensions")
FORMS = tuple(sorted([*FORM_OF_TABLE, "roll"]))


@dataclass(frozen=True)
class OwnColumn:
    """A column of one of our CSV forms and the canonical column it fills."""

    name: str
    key: str
    field: Field
    note: str = ""

    @property
    def spellings(self) -> list[str]:
        """Header spellings that are accepted, the form's own first."""
        return list(dict.fromkeys([self.name, *ALSO_ACCEPTED.get(self.name, []), self.key]))


@cache
def own_form(form: str) -> tuple[OwnColumn, ...]:
    """The columns of one form, in order; KeyError with the known names for an unknown one."""
    if form == "roll":
        return _roll()
    if form not in FORM_OF_TABLE:
        raise KeyError(f"no form {form!r}; forms are {', '.join(FORMS)}")
    fields = [field for field in table_schema(form).fields if field.name not in FOUND_BY_THE_READER]
    return tuple(OwnColumn(_name(form, field), field.name, field) for field in fields)


def _name(table: str, field: Field) -> str:
    first = re.split(r";| or ", field.source)[0].strip().removeprefix(f"{table}.csv ")
    named = first if re.fullmatch(r"\w+", first) else field.name
    return NAMED_APART.get((table, field.name), named)


def _roll() -> tuple[OwnColumn, ...]:
    pupils = [field for field in table_schema("pupils").fields if field.name not in FOUND_BY_THE_READER]
    attendance = table_schema("attendance")
    enrolment = [OwnColumn(NAMED_APART.get(("pupils", f.name), f.name), f.name, f) for f in pupils]
    arrears = "absence as the school census carries it, one term in arrears"
    half_term = "second half of the summer term of the academic year before; autumn census only"
    termly = [
        OwnColumn(name if name.endswith("possible") else short, f"termly_{name}", attendance.field(name), arrears)
        for name, short in SESSIONS.items()
    ]
    second_half = [
        OwnColumn(f"summer_half_term_2_{short}", f"half_term_2_{name}", attendance.field(name), half_term)
        for name, short in SESSIONS.items()
    ]
    return (*enrolment, *termly, *second_half)


def required_columns(form: str) -> list[str]:
    """Keys of the columns that a file of this form must have."""
    needed = [column.key for column in own_form(form) if column.field.is_required and not column.note]
    return [key for key in needed if (form, key) not in FOUND_OTHERWISE]
