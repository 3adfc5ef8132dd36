"""The parameters of the economic evaluation (params/economics.yml) as a typed model."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from swis.economics.bases import Basis
from swis.strict import Sourced, Strict

PRICE_YEAR = r"^20\d\d/\d\d$"
PriceYear = Annotated[str, Field(pattern=PRICE_YEAR)]
Pounds = Annotated[float, Field(ge=0)]
Percent = Annotated[float, Field(ge=0, le=100)]


class Deflator(Sourced):
    """A price index by financial year: what a pound of one year is worth in another."""

    name: str
    index: dict[PriceYear, Annotated[float, Field(gt=0)]]


class Discounting(Sourced):
    """A cost of the n-th year from allocation is divided by (1 + percent / 100) to the power n − 1."""

    percent: Percent


class SupervisedLeads(Sourced):
    """How many safeguarding leads a supervised school has, over whom its cost is shared."""

    a_school: float = Field(gt=0)


class WeeklyCost(Sourced):
    """What a week of a service costs, by the financial year of its prices."""

    title: str
    pounds_a_week: dict[PriceYear, Pounds]


class PlacementGroup(Sourced):
    """Placements of the SSDA903 return (PLACE) that are costed alike."""

    title: str
    codes: list[str]
    weekly_cost: str


class AssessmentCost(Sourced):
    """A child in need assessment, costed as so many weeks of a service."""

    weekly_cost: str
    weeks: float = Field(gt=0)


class Consequences(Strict):
    """What the cost-consequence table costs beside the programme itself."""

    assessment: AssessmentCost
    placement_groups: dict[str, PlacementGroup]
    other_placements: str
    fewest_children_of_a_group: int = Field(ge=1)


class Comparison(Sourced):
    """Which cost stands against which effect: an outcome of a trial's plan whose events are prevented."""

    trial: str
    window: str
    outcome: str


class Resampling(Sourced):
    """Replicates of schools drawn anew within authority and arm."""

    replicates: int = Field(ge=100)
    seed: int


class Decision(Sourced):
    """Pounds that one event prevented is worth: where the curve is drawn, and what the tables say it at."""

    curve_pounds: list[Pounds]
    table_pounds: list[Pounds]
    reference_pounds: Pounds


class OneWay(Sourced):
    """One assumption at a low and a high value, everything else as it is.

    'price' multiplies the prices of `bases`; 'discount' takes the place of the discount rate in per cent; 'effect'
    takes the lower and the upper limit of the interval of the effect, so it needs no values.
    """

    title: str
    varies: Literal["price", "discount", "effect"]
    bases: list[Basis] = Field(default=[])
    low: float | None = Field(default=None, ge=0)
    high: float | None = Field(default=None, ge=0)


class Uncertain(Sourced):
    """How uncertain the prices of some bases are: a gamma distribution with mean 1 multiplies them together."""

    title: str
    bases: list[Basis]
    coefficient_of_variation: float = Field(ge=0, le=1)


class Extension(Sourced):
    """The funding that extended both programmes, as a scenario beside the micro-costing."""

    title: str
    funding_pounds: Pounds
    price_year: PriceYear
    window: str
    trial_year: int = Field(ge=1)
    posts: int = Field(ge=1)
    shares_of_the_trial_percent: list[Percent]


class PublishedProbability(Sourced):
    """A probability of being cost-effective that was published elsewhere, to stand beside ours."""

    pounds: Pounds
    percent: Percent


class Framing(Sourced):
    """Why costs are seen from this side and in prices of this year."""


class EconomicsParams(Strict):
    """Everything that may vary in the economic evaluation."""

    perspective: str
    price_year: PriceYear
    framing: Framing
    deflator: Deflator
    discounting: Discounting
    supervised_leads: SupervisedLeads
    weekly_costs: dict[str, WeeklyCost]
    consequences: Consequences
    comparison: Comparison
    resampling: Resampling
    decision: Decision
    one_way: dict[str, OneWay]
    uncertain_prices: dict[str, Uncertain]
    extension: Extension
    published: list[PublishedProbability]
