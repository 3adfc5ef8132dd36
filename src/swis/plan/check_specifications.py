"""What the settings of one analysis must agree on: effects with the model, draws with seeds, names with the plan."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from pydantic import ValidationError

from swis.plan.analyses import settings_under
from swis.plan.analysis_plan import AnalysisPlan
from swis.plan.fault import Fault, nearest
from swis.plan.models import MODELS, ModelName
from swis.plan.parts import CovariateKind, PlannedOutcome, Sensitivity, Subgroup
from swis.plan.specification import Link, Specification, Table

LOG_LINK: tuple[ModelName, ...] = ("nb2_glm", "quasi_poisson", "poisson_glmm", "nb2_glmm", "gee_poisson")
LINKS: dict[ModelName, Link] = {
    **dict.fromkeys(LOG_LINK, "log"),
    "logistic_mixed": "logit",
    "logistic_glm": "logit",
    "least_squares": "identity",
    "linear_mixed": "identity",
    "imputed_linear_mixed": "identity",
    "two_stage": "identity",
}
ROWS_OF: dict[CovariateKind, Table] = {"pupil column": "pupils", "respondent column": "respondents"}
RANDOM_EFFECTS: tuple[ModelName, ...] = (
    "poisson_glmm", "nb2_glmm", "linear_mixed", "imputed_linear_mixed", "logistic_mixed",
)  # fmt: skip
# Models that take over another one's settings: what they say of effects and links is that model's.
OF_THE_MAIN_MODEL: tuple[ModelName, ...] = (
    "randomisation_score", "randomisation_refit", "bayes_normal", "heterogeneity", "leave_one_out", "hurdle",
)  # fmt: skip


def specification_faults(plan: AnalysisPlan) -> Iterator[Fault]:
    """Faults of every main analysis, and of every sensitivity analysis and subgroup under each outcome that asks."""
    for outcome in plan.outcomes:
        place = f"plan.outcomes.{outcome.measure}"
        yield from _faults(plan, outcome.main, f"{place}.main")
        # A fault of the main analysis comes again in all that are made of it: say it once.
        if not any(_faults(plan, outcome.main, place)):
            for name, change in _asked(plan, outcome).items():
                yield from _changed_faults(plan, outcome, change, f"{place}, {name}")


def _asked(plan: AnalysisPlan, outcome: PlannedOutcome) -> dict[str, Sensitivity | Subgroup]:
    """Sensitivity analyses and subgroups that any time point of an outcome asks for."""
    points = outcome.time_points
    sensitivities = dict.fromkeys(chain.from_iterable(point.sensitivities for point in points))
    subgroups = dict.fromkeys(chain.from_iterable(point.subgroups for point in points))
    return {name: plan.sensitivities[name] for name in sensitivities} | {
        name: plan.subgroups[name] for name in subgroups
    }


def _changed_faults(
    plan: AnalysisPlan, outcome: PlannedOutcome, change: Sensitivity | Subgroup, place: str
) -> Iterator[Fault]:
    try:
        specification = settings_under(outcome.main, change)
    except ValidationError as error:
        for fault in error.errors():
            where = ".".join(str(part) for part in fault["loc"])
            yield Fault(f"{place}.changes.{where}", fault["msg"].lower(), "correct the value")
        return
    yield from _faults(plan, specification, place)


def _faults(plan: AnalysisPlan, given: Specification, place: str) -> Iterator[Fault]:
    yield from _names(plan, given, place)
    yield from _randomness(given, place)
    yield from _effects(given, place)
    if given.model == "bayes_normal" and given.prior is None:
        yield Fault(f"{place}: no prior", "a prior's mean and standard deviation", "add it")
    if given.model == "two_stage" and given.treatment == "arm":
        yield Fault(f"{place}: treatment arm", "a treatment that the arm is the instrument of", "name received")


def _names(plan: AnalysisPlan, given: Specification, place: str) -> Iterator[Fault]:
    for name in given.covariates:
        if name not in plan.covariates:
            action = nearest(name, plan.covariates)
            yield Fault(f"{place}: unknown covariate {name}", "one that is defined", action)
        elif given.table != ROWS_OF.get(plan.covariates[name].kind, given.table):
            of = plan.covariates[name].kind.partition(" ")[0]
            yield Fault(f"{place}: covariate {name} of a {of}", f"one of a school, in {given.table}", "name another")
    if given.population not in plan.populations:
        action = nearest(given.population, plan.populations)
        yield Fault(f"{place}: unknown population {given.population}", "one that is defined", action)
    for name in given.imputed:
        if name not in (*given.covariates, given.response):
            yield Fault(f"{place}: {name} is imputed", "a covariate of the analysis", "name it among the covariates")
    if given.lost is not None and given.response not in given.imputed:
        yield Fault(f"{place}: lost scores are moved", f"{given.response} imputed, so that they are there", "impute it")
    if given.without_cases != "left out" and given.link != "logit":
        yield Fault(f"{place}: {given.without_cases} with link {given.link}", "a share", "remove it")


def _randomness(given: Specification, place: str) -> Iterator[Fault]:
    """Anything random says how often it draws and where it starts; anything else says neither."""
    said = [given.draws is not None, given.seed is not None]
    if MODELS[given.model].is_random and not all(said):
        yield Fault(f"{place}: {given.model} without draws and seed", "both", "add what is missing")
    if not MODELS[given.model].is_random and any(said):
        yield Fault(f"{place}: draws or seed of {given.model}", "neither: nothing is drawn", "remove them")
    if (given.model == "imputed_linear_mixed") != bool(given.imputed):
        yield Fault(
            f"{place}: imputed {', '.join(given.imputed) or 'nothing'} with {given.model}",
            "covariates to impute with imputed_linear_mixed, and none otherwise",
            "correct one of the two",
        )


def _effects(given: Specification, place: str) -> Iterator[Fault]:
    if given.model in OF_THE_MAIN_MODEL:
        return
    if given.link != LINKS[given.model]:
        yield Fault(f"{place}: link {given.link} with {given.model}", LINKS[given.model], "correct one of the two")
    if bool(given.random_effects) != (given.model in RANDOM_EFFECTS):
        yield Fault(
            f"{place}: {len(given.random_effects)} random effects with {given.model}",
            "some with a mixed model, and none otherwise",
            "correct one of the two",
        )
    if set(given.random_effects) & set(given.fixed_effects):
        yield Fault(f"{place}: an effect both fixed and random", "one of the two", "remove it from one")
    if given.link == "log" and given.offset is None:
        yield Fault(f"{place}: no offset with a log link", "an offset, for counts need a denominator", "name one")
    if given.link != "log" and given.offset is not None:
        yield Fault(f"{place}: offset with link {given.link}", "none", "remove it")
