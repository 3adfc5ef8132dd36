"""Which outcomes share a file: those whose numbers mean the same, so that one column never holds two units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from swis.outcomes.registry import Measure, measures
from swis.report.measures import MeasureText

IN_TRIAL_SCHOOLS = "in trial schools"


@dataclass(frozen=True)
class Family:
    """One file: its name, the columns of base, value and number, their labels, the unit and whether a title needs one.

    The names follow the standard's pattern, title then kind of number. An average has no number beside its base.
    """

    file: str
    base: str
    base_label: str
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
        return (*self.number_columns, self.base, "school_count")

    @property
    def number_columns(self) -> tuple[str, ...]:
        """The column of the number, where there is one."""
        return (self.number,) if self.number else ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of numbers in the order of the file."""
        about = ("school_count", "observed_percent", "comparable_flag")
        return (*self.number_columns, self.base, *self.value_columns, *about)


SOCIAL_CARE = Family(
    file="social_care_rates",
    number="event_count",
    number_label="Events, or days in care",
    base="pupil_year_count",
    base_label="Pupil-years",
    value="event_rate",
    value_label="Rate per 1,000 pupil-years",
)
BEHAVIOUR = Family(
    file="behaviour_rates",
    number="event_count",
    number_label="Events, pupils or sessions",
    base="pupil_count",
    base_label="Pupils in January",
    value="event_rate",
    value_label="Rate per 100 pupils",
)
PERCENTAGES = Family(
    file="outcome_percentages",
    number="numerator_count",
    number_label="Number with the outcome",
    base="denominator_count",
    base_label="Out of",
    value="outcome_percent",
    value_label="Percentage",
    unit="%",
    says_unit=True,
)
AVERAGES = Family(
    file="outcome_averages",
    base="denominator_count",
    base_label="How many stand behind the average",
    value="outcome_average",
    value_label="Mean, or median where the outcome says so",
    says_unit=True,
)
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
