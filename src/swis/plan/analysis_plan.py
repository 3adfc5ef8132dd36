"""The analysis plan of one trial, and the log of what was done otherwise."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from swis.plan.parts import (
    Covariate,
    Definition,
    Harm,
    IntercurrentEvent,
    PlannedOutcome,
    Population,
    Sensitivity,
    Subgroup,
)
from swis.strict import Sourced, Strict


class Conduct(Strict):
    """How the trial was set up, beside the drawing itself: what a report of a cluster trial is asked to say.

    Items 2a, 7a, 9, 10, 11a and 23 to 25 of the CONSORT extension to cluster trials (BMJ 2012;345:e5661).
    """

    clusters: Definition
    sample_size: Definition
    concealment: Definition
    taking_part: Definition
    blinding: Definition
    registration: Definition
    funding: Definition


class Randomisation(Sourced):
    """How the arms were drawn; randomisation tests draw them anew in the same way.

    `before_allocation`: what is known of schools that were assessed and not allocated.
    """

    unit: Literal["school"]
    stratum: Literal["authority"]
    ratio: str
    scheme: Literal["permuted within stratum, counts of each arm kept"]
    before_allocation: str = ""


Dose = Literal["worker_months", "sessions_held"]


class Multiplicity(Sourced):
    """Significance level, and what is done about several outcomes.

    Holm's adjustment is over the main analyses of all secondary outcomes and stands beside the raw p-value;
    exploratory results, sensitivity analyses and subgroups carry no claim.
    """

    significance_level: float = Field(gt=0, lt=1)
    interval_level: float = Field(gt=0, lt=1)
    secondary: Literal["Holm"]
    text: str


class MissingData(Sourced):
    """What is done where outcomes or covariates are missing.

    An authority without a return is left out in both arms and never imputed. A school is analysed where returns
    cover at least `minimum_observed_share` of the window and it has a denominator above zero. `imputed_from` names
    what the imputation model of a pupil's missing covariate holds.
    """

    authority_without_a_return: Literal["left out in both arms, never imputed"]
    minimum_observed_share: float = Field(ge=0, le=1)
    covariate_of_a_school: Literal["the school is left out and counted"]
    imputed_from: list[str]
    text: str


class PerProtocol(Sourced):
    """What per protocol, treatment received and dose mean: how much a school had, as a share of what is full.

    `dose` is the column of schools (of the window) that says how much; an effect of the dose is per `dose_unit` of it.
    """

    dose: Dose
    dose_unit: float = Field(gt=0)
    out_of: Literal["months of the window", "sessions planned"]
    minimum_share: float = Field(gt=0, le=1)
    control_that_received: Literal["not per protocol"]
    text: str


class RateDifference(Sourced):
    """The rate difference that stands beside every rate ratio."""

    per: int = Field(gt=0)
    method: Literal["standardised over the schools analysed, delta method"]


class Power(Sourced):
    """Design assumptions of the minimum detectable effect."""

    power: float = Field(gt=0, lt=1)
    significance_level: float = Field(gt=0, lt=1)
    between_school_sd: float = Field(ge=0)
    standard_deviations_shown: list[float]
    text: str


class PublishedResult(Sourced):
    """A result printed elsewhere for one analysis of the plan, to be compared with ours."""

    analysis: str
    scale: Literal["rate ratio"]
    estimate: float = Field(gt=0)
    lower: float = Field(gt=0)
    upper: float = Field(gt=0)
    interval_level: float = Field(gt=0, lt=1)
    schools_intervention: int = Field(gt=0)
    schools_control: int = Field(gt=0)
    implied_standard_error: float = Field(gt=0)
    implied_between_school_sd: float = Field(gt=0)


class AddedYear(Sourced):
    """Which windows are compared to say what the added year changed: one that ends in July 2022, one in July 2023."""

    interim: str
    full: str
    text: str


class DefinitionVariant(Sourced):
    """Another definition of what counts: a run of its own under changed parameters, not an analysis of this run."""

    key: str
    value: str
    question: str


class AnalysisPlan(Sourced):
    """The analysis plan of one trial as data. Names in one part refer to definitions in another."""

    version: str
    fixed_on: date
    randomisation: Randomisation
    conduct: Conduct
    populations: dict[str, Population]
    treatments: dict[str, Definition]
    intercurrent_events: dict[str, IntercurrentEvent]
    time_points: Definition
    covariates: dict[str, Covariate]
    outcomes: list[PlannedOutcome]
    sensitivities: dict[str, Sensitivity]
    subgroups: dict[str, Subgroup]
    harms: list[Harm]
    multiplicity: Multiplicity
    missing_data: MissingData
    per_protocol: PerProtocol
    rate_difference: RateDifference
    power: Power
    added_year: AddedYear
    published_results: list[PublishedResult] = Field(default=[])
    definition_variants: list[DefinitionVariant] = Field(default=[])

    def outcome(self, measure: str) -> PlannedOutcome | None:
        """The planned outcome of a measure, where there is one."""
        return next((outcome for outcome in self.outcomes if outcome.measure == measure), None)


class Deviation(Sourced):
    """One entry of the deviations log.

    'added': `analyses` are run although the plan does not have them, as exploratory, each made of the plan's own
    outcome, sensitivity or subgroup at a window of the trial. 'not run': planned analyses that are not run.
    'changed': planned analyses that are run otherwise than first written; the plan holds them as they are run now.
    """

    id: str = Field(pattern=r"^D-\d{2,}$")
    logged_on: date
    kind: Literal["added", "not run", "changed"]
    what: str
    why: str
    analyses: list[str] = Field(min_length=1)
