"""Which outcomes share a file: those whose numbers mean the same, so that one column never holds two units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from swis.outcomes.registry import Measure, measures
from swis.report.measures import MeasureText

# Columns that every file has.
BASE, SCHOOLS = "denominator_count", "school_count"


@dataclass(frozen=True)
class Family:
    """One file: its name, its columns of value and number with their labels, the mark of its unit.

    `says_unit`: the outcomes have units of their own, told with their titles; else one unit is told with the value.
    The names follow the standard's pattern, title then kind of number. An average has no number beside its base.
    """

    file: str
    value: str
    value_label: str
    number: str = ""
    number_label: str = ""
    unit: str = ""
    says_unit: bool = False

    @property
    def value_columns(self) -> tuple[str, ...]:
        """The columns of the value and of the ends of its interval."""
        title, kind = self.value.rsplit("_", 1)
        return (self.value, f"{title}_lower_{kind}", f"{title}_upper_{kind}")

    @property
    def counts(self) -> tuple[str, ...]:
        """The columns that count people, events or schools."""
        return (*([self.number] if self.number else []), BASE, SCHOOLS)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of numbers in the order of the file."""
        return (*self.counts[:-1], *self.value_columns, SCHOOLS, "observed_percent", "comparable_flag")


SOCIAL_CARE = Family("social_care_rates", "event_rate", "Rate", "event_count", "Events, or days in care")
BEHAVIOUR = Family("behaviour_rates", "event_rate", "Rate", "event_count", "Events, pupils or sessions")
PERCENTAGES = Family(
    "outcome_percentages",
    "outcome_percent",
    "Percentage",
    "numerator_count",
    "Number with the outcome",
    unit="%",
    says_unit=True,
)
AVERAGES = Family("outcome_averages", "outcome_average", "Mean, or median where the outcome says so", says_unit=True)
FAMILIES = (SOCIAL_CARE, BEHAVIOUR, PERCENTAGES, AVERAGES)


def family_of(measure: Measure) -> Family:
    """The file a measure stands in."""
    if measure.kind in {"mean", "median"}:
        return AVERAGES
    if measure.kind in {"proportion", "ratio"}:
        return PERCENTAGES
    return SOCIAL_CARE if measure.base == "pupil-years" else BEHAVIOUR


def members(family: Family, texts: Sequence[MeasureText]) -> list[MeasureText]:
    """The outcomes of a family, in the registry's order."""
    return [text for text in texts if family_of(measures()[text.name]) is family]


def item_of(text: MeasureText, family: Family) -> str:
    """An outcome as an item of the filter: 'Referrals', 'Attainment 8 (points)'."""
    return f"{text.title} ({text.unit})" if family.says_unit else text.title


def unit_of(family: Family, outcomes: Sequence[MeasureText]) -> str:
    """What a rate of the family is per: 'per 1,000 pupil-years'; nothing where outcomes have units of their own."""
    return "" if family.says_unit else f"per {outcomes[0].unit.split('per ', 1)[1]}"
