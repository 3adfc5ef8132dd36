"""How one analysis is done: table, model, effects, covariates, standard errors; and how one differs from another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from pydantic import Field, create_model

from swis.plan.models import ModelName
from swis.strict import Strict

Table = Literal[
    "school totals", "school totals by trait", "pupils", "school means", "pupils with days in care", "respondents"
]  # fmt: skip
Response = Literal["count", "value", "score", "days"]
Link = Literal["log", "logit", "identity"]
Offset = Literal["log denominator", "log pupils in January"]
WithoutCases = Literal[
    "left out", "one case, counted", "one case, not counted", "one case, counted in intervention schools",
    "one case, counted in control schools",
]  # fmt: skip
FixedEffect = Literal["authority", "phase", "academic_year"]
Factor = Literal["authority", "school"]
Treatment = Literal["arm", "received", "dose"]
StandardErrors = Literal[
    "model-based", "CR2 by school", "CR2 by authority", "bias-reduced sandwich by authority", "Rubin",
    "bootstrap by school", "posterior", "none",
]  # fmt: skip
DegreesOfFreedom = Literal[
    "normal", "residual", "Satterthwaite", "Barnard-Rubin", "authorities less coefficients", "none"
]
Scale = Literal[
    "rate ratio", "ratio of means", "odds ratio", "mean difference", "rate difference per 1,000 pupil-years",
    "rate ratio per 12 worker-months", "rate ratio per 10 sessions held", "odds ratio per 10 sessions held", "p-value",
]  # fmt: skip
RATIOS: frozenset[str] = frozenset(scale for scale in get_args(Scale) if "ratio" in scale)
"""Scales of ratios: estimated on the log, shown without it."""


class Prior(Strict):
    """A normal prior on the log ratio."""

    mean: float
    standard_deviation: float = Field(gt=0)


class Lost(Strict):
    """What respondents lost before the follow-up would have said: as imputed, moved by so many standard deviations."""

    moved_by: float
    arm: Literal["intervention", "control"]


class Specification(Strict):
    """One analysis in full.

    `table` and `response`: what a row is, and which column of it is explained (count or value of a school; score or
    days of a pupil; 'school means' are means of the pupils' rows). `offset`: 'log denominator' is the measure's own
    denominator in the window (pupil-years; for suspensions pupils of school years). `fixed_effects` and
    `random_effects`: grouping factors besides the treatment. `treatment`: 'arm' as drawn; 'received' 1 where a
    school had enough of what its arm says; 'dose' how much it had, in units of the plan. With 'two_stage' the
    treatment is explained by the arm. `covariates` and `population` are names in the plan. `academic_years` keeps only
    these years of the window. `imputed` are the covariates, or the score itself, drawn
    where missing; `lost` moves the scores drawn in one arm. `without_cases`: what a school without a case is taken for
    where the outcome is a share. `draws` and `seed`: allocations,
    imputations or resamples drawn, and the start of the random numbers. `hedges_variance` asks for Hedges g on that
    variance. `quadrature_points` where there is one random factor.
    """

    model: ModelName
    table: Table
    response: Response
    link: Link
    offset: Offset | None = None
    treatment: Treatment = "arm"
    fixed_effects: list[FixedEffect] = Field(default=[])
    random_effects: list[Factor] = Field(default=[])
    covariates: list[str] = Field(default=[])
    population: str
    standard_errors: StandardErrors
    degrees_of_freedom: DegreesOfFreedom
    scale: Scale
    academic_years: list[str] | None = None
    imputed: list[str] = Field(default=[])
    lost: Lost | None = None
    without_cases: WithoutCases = "left out"
    prior: Prior | None = None
    draws: int | None = Field(default=None, gt=0)
    seed: int | None = Field(default=None, ge=0)
    quadrature_points: int = Field(default=25, gt=0)
    hedges_variance: Literal["total", "within schools"] | None = None

    def changed(self, changes: Strict) -> Specification:
        """The specification with the keys that `changes` names in place of its own; ValidationError for a bad one."""
        return Specification.model_validate(self.model_dump() | changes.model_dump(exclude_unset=True))


if TYPE_CHECKING:

    class Changes(Strict):
        """Some keys of a specification; those not named stay as they are."""

else:
    # Made from the specification itself, so that a key added there can be changed without being written twice.
    Changes = create_model(
        "Changes",
        __base__=Strict,
        __doc__="Some keys of a specification; those not named stay as they are.",
        **{name: (field.annotation, None) for name, field in Specification.model_fields.items()},
    )
