"""What a report says of each outcome measure, taken from the registry of measures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from swis.outcomes.registry import Measure, measures
from swis.params import Definitions

GROUPS: Mapping[str, str] = {
    "social care": "Children's social care",
    "protection": "Child protection",
    "care": "Children in care",
    "education": "Attendance and attainment",
    "behaviour": "Behaviour and exclusions",
    "contacts": "Contacts, early help and plans",
    "safeguarding leads": "Safeguarding leads",
}
# The primary outcome of Social Workers in Schools, shown for every trial.
PRIMARY = "section47_enquiries"
# Scores around zero, whose axis must not start there.
SIGNED = frozenset({"progress8"})


@dataclass(frozen=True)
class MeasureText:
    """A measure in words: title, unit and definition."""

    name: str
    title: str
    unit: str
    group: str
    numerator: str
    denominator: str
    academic_year_rule: str
    direction: str
    reference: str
    breaks: Mapping[str, str]
    interval: str
    phases: tuple[str, ...]

    @property
    def heading(self) -> str:
        """Title with unit, as figures and tables head it: 'Referrals, per 1,000 pupil-years'."""
        return f"{self.title} ({self.unit})" if self.unit.startswith("%") else f"{self.title}, {self.unit}"

    @property
    def may_be_negative(self) -> bool:
        """Whether values lie around zero."""
        return self.name in SIGNED


def measure_texts(definitions: Definitions) -> dict[str, MeasureText]:
    """The registry's measures in words, in the registry's order, with their units under these definitions."""
    return {name: _text(measure, definitions) for name, measure in measures().items()}


def by_group(texts: Mapping[str, MeasureText], present: set[str]) -> dict[str, list[MeasureText]]:
    """Measures that have figures, by group, in the order groups are read."""
    groups = {
        group: [text for text in texts.values() if text.group == group and text.name in present] for group in GROUPS
    }
    return {group: members for group, members in groups.items() if members}


def _text(measure: Measure, definitions: Definitions) -> MeasureText:
    return MeasureText(
        name=measure.name,
        title=measure.title,
        unit=measure.unit_under(definitions),
        group=measure.group,
        numerator=measure.numerator,
        denominator=measure.denominator,
        academic_year_rule=measure.academic_year_rule,
        direction=measure.direction,
        reference=measure.reference,
        breaks=measure.breaks,
        interval=measure.interval,
        phases=measure.phases,
    )
