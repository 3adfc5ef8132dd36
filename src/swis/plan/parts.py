"""The parts of a plan that outcomes refer to by name: estimand, populations, covariates, sensitivity, subgroups."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from swis.plan.specification import Changes, Specification
from swis.strict import Sourced, Strict

PopulationRule = Literal["intention to treat", "per protocol", "stayed to the end"]
Strategy = Literal["treatment policy", "hypothetical", "composite", "while on treatment", "principal stratum"]
CovariateKind = Literal[
    "log baseline rate", "baseline logit", "baseline value", "school column", "pupil column",
    "respondent column",
]  # fmt: skip
Split = Literal["thirds", "thirds of the intervention arm", "categories"]
Role = Literal["primary", "secondary", "exploratory"]


class Definition(Sourced):
    """Something named in the plan, in words."""

    text: str


class Population(Definition):
    """Which schools are analysed, and in which arm."""

    rule: PopulationRule


class IntercurrentEvent(Sourced):
    """What may happen after allocation, the strategy for it, and what that means for counting."""

    event: str
    strategy: Strategy
    text: str


class Covariate(Sourced):
    """A covariate: `kind` says how it is made, `measure` of which outcome (the outcome's own where none is named).

    'log baseline rate' is log((count + added) / denominator × 1,000) and 'baseline logit'
    log((count + added) / (denominator − count + added)) in the baseline period; a school `without_baseline` is left
    out, or takes the mean of the others (sound where arms were drawn: White and Thompson, Stat Med 2005;24:993-1007).
    A column is divided by `per`, or its logarithm is taken, or it is a category.
    """

    text: str
    kind: CovariateKind
    measure: str | None = None
    added: float = Field(default=0.5, ge=0)
    column: str | None = None
    without_baseline: Literal["left out", "mean of the others"] = "left out"
    per: float = Field(default=1.0, gt=0)
    form: Literal["number", "logarithm", "category"] = "number"


class Sensitivity(Sourced):
    """One sensitivity analysis: the outcome's main analysis with some keys changed."""

    title: str
    question: str
    changes: Changes = Changes()


class Subgroup(Sourced):
    """Groups of schools or pupils whose effects are compared by the interaction of arm and group.

    `column` holds the variable of a school, `trait` that of a pupil. `split` says how groups are made: thirds of the
    schools analysed, thirds of the intervention arm's schools each against every control school, or the categories.
    `changes` apply where the outcome is analysed as school totals; a table of pupils carries the trait itself.
    """

    title: str
    level: Literal["school", "pupil"]
    column: str | None = None
    covariate: str | None = None
    trait: str | None = None
    split: Split
    labels: list[str] = Field(default=[])
    is_randomised_comparison: bool = True
    changes: Changes = Changes()


class Estimand(Strict):
    """An estimand in its five parts (ICH E9(R1)); names refer to the plan's own definitions."""

    population: str
    treatment: str
    variable: str
    intercurrent_events: list[str]
    summary: str


class TimePoint(Sourced):
    """A window an outcome is read at, its role there, and what else is run at it."""

    window: str
    role: Role
    sensitivities: list[str] = Field(default=[])
    subgroups: list[str] = Field(default=[])


class PlannedOutcome(Sourced):
    """One outcome: what is estimated, how, and when. `source` and `assumed` are about the main analysis.

    `beside`: outcomes that are always shown with it, and why. `minimum_observed_share`: in place of the plan's, where
    the outcome's source never covers as much of a window.
    """

    measure: str
    estimand: Estimand
    main: Specification
    time_points: list[TimePoint]
    excluded_years: dict[str, str] = Field(default={})
    minimum_observed_share: float | None = Field(default=None, gt=0, le=1)
    beside: list[str] = Field(default=[])
    beside_text: str = ""


class Harm(Sourced):
    """An outcome watched for a rise: which analysis, and what counts as a signal.

    A signal: the interval's lower bound is above `signal_above`. To watch: no signal, but the estimate is above
    `watch_above`. Neither is corrected for multiplicity, for a harm must not be missed.
    """

    analysis: str
    text: str
    signal_above: float = Field(gt=0)
    watch_above: float = Field(gt=0)
