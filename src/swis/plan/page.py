"""The analysis plan of a trial as a page for people, made from the trial's file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from swis.plan.analyses import Analysis, planned_analyses
from swis.plan.analysis_plan import AnalysisPlan, Deviation
from swis.plan.conduct import conduct_rows
from swis.plan.models import MODELS
from swis.plan.parts import Covariate, PlannedOutcome, Sensitivity, Subgroup
from swis.plan.specification import Specification

ORIGIN = "Where it comes from"


def plan_text(title: str, file: str, plan: AnalysisPlan, deviations: Sequence[Deviation]) -> str:
    """One trial's plan and deviations log as Markdown, from a heading of the second level down."""
    analyses = list(planned_analyses(plan, deviations).values())
    head = (
        f"\n## {title}\n\nVersion {plan.version}, fixed on {plan.fixed_on.isoformat()}; from `{file}`. "
        f"{len(analyses)} analyses. {plan.origin}.\n"
    )
    parts = [_rules(plan), _definitions(plan), _outcomes(plan), _covariates(plan), _variations(plan), _harms(plan)]
    return "".join([head, *parts, _published(plan), _runs(plan), _log(deviations), _listed(analyses)])


def models_text() -> str:
    """The models a plan may name, as Markdown."""
    rows = [(f"`{name}`", one.title, one.sentence, one.formula, one.reference) for name, one in MODELS.items()]
    return _section("Models", ("Name", "Title", "What it is", "Formula", "Reference"), rows, level=2)


def _rules(plan: AnalysisPlan) -> str:
    drawn = f"By {plan.randomisation.unit} within {plan.randomisation.stratum}, {plan.randomisation.ratio}; tests draw "
    shown = ", ".join(f"{value:g}" for value in plan.power.standard_deviations_shown)
    rows = [
        ("Randomisation", f"{drawn}arms anew: {plan.randomisation.scheme}", plan.randomisation.origin),
        *conduct_rows(plan),
        ("Time points", plan.time_points.text, plan.time_points.origin),
        ("Multiplicity", plan.multiplicity.text, plan.multiplicity.origin),
        ("Missing data", plan.missing_data.text, plan.missing_data.origin),
        ("Imputation", f"From {', '.join(plan.missing_data.imputed_from)}", plan.missing_data.origin),
        ("Per protocol", plan.per_protocol.text, plan.per_protocol.origin),
        ("Dose", f"`{plan.per_protocol.dose}`, an effect of it per {plan.per_protocol.dose_unit:g}",
         plan.per_protocol.origin),
        ("Rate difference", f"Per {plan.rate_difference.per:,}, {plan.rate_difference.method}",
         plan.rate_difference.origin),
        ("Power", f"{plan.power.text} (shown at {shown})", plan.power.origin),
        ("Added year", f"{plan.added_year.text}: `{plan.added_year.interim}` and `{plan.added_year.full}`",
         plan.added_year.origin),
    ]  # fmt: skip
    return _section("Rules for all analyses", ("Rule", "What", ORIGIN), rows)


def _definitions(plan: AnalysisPlan) -> str:
    populations = [(f"`{name}`", one.text, one.origin) for name, one in plan.populations.items()]
    treatments = [(f"`{name}`", one.text, one.origin) for name, one in plan.treatments.items()]
    events = [
        (f"{one.event} (`{name}`)", one.strategy, one.text, one.origin)
        for name, one in plan.intercurrent_events.items()
    ]
    return (
        _section("Populations", ("Population", "Who", ORIGIN), populations)
        + _section("Treatment conditions", ("Name", "What", ORIGIN), treatments)
        + _section("Intercurrent events", ("Event", "Strategy", "What is counted", ORIGIN), events)
    )


def _covariates(plan: AnalysisPlan) -> str:
    rows = [(f"`{name}`", one.text, _made(one), one.origin) for name, one in plan.covariates.items()]
    return _section("Covariates", ("Covariate", "What", "How it is made", ORIGIN), rows)


def _variations(plan: AnalysisPlan) -> str:
    sensitivities = [
        (f"{one.title} (`{name}`)", one.question, _changes(one), one.origin) for name, one in plan.sensitivities.items()
    ]
    subgroups = [
        (f"{one.title} (`{name}`)", _groups(one), "yes" if one.is_randomised_comparison else "no", one.origin)
        for name, one in plan.subgroups.items()
    ]
    return _section("Sensitivity analyses", ("Analysis", "Question", "What changes", ORIGIN), sensitivities) + _section(
        "Subgroups", ("Subgroup", "Groups", "Arms compared as drawn", ORIGIN), subgroups
    )


def _harms(plan: AnalysisPlan) -> str:
    rows = [
        (f"`{one.analysis}`", one.text, f"interval wholly above {one.signal_above:g}",
         f"estimate above {one.watch_above:g}", one.origin)
        for one in plan.harms
    ]  # fmt: skip
    return _section("Harms", ("Analysis", "Watched for", "Signal", "To watch", ORIGIN), rows)


def _published(plan: AnalysisPlan) -> str:
    rows = [
        (f"`{one.analysis}`", f"{one.estimate:g}", f"{one.lower:g} to {one.upper:g}",
         f"{one.schools_intervention} + {one.schools_control}", f"{one.implied_standard_error:g}", one.origin)
        for one in plan.published_results
    ]  # fmt: skip
    columns = ("Analysis", "Ratio", "Interval", "Schools", "Implied standard error of the log", ORIGIN)
    return _section("Published results to compare with", columns, rows)


def _runs(plan: AnalysisPlan) -> str:
    rows = [(f"`{one.key}`", one.value, one.question, one.origin) for one in plan.definition_variants]
    return _section("Other definitions, each a run of its own", ("Parameter", "Value", "Question", ORIGIN), rows)


def _log(deviations: Sequence[Deviation]) -> str:
    rows = [
        (one.id, one.logged_on.isoformat(), one.kind, one.what, one.why, _codes(one.analyses)) for one in deviations
    ]
    return _section("Deviations log", ("Entry", "Logged on", "Kind", "What", "Why", "Analyses"), rows)


def _listed(analyses: Iterable[Analysis]) -> str:
    rows = [
        (f"`{one.id}`", one.role, f"`{one.specification.model}`", one.specification.standard_errors,
         one.specification.degrees_of_freedom, one.specification.scale, one.deviation)
        for one in analyses
    ]  # fmt: skip
    columns = ("Id", "Role", "Model", "Standard error", "Degrees of freedom", "Scale", "Log")
    return _section("Every analysis", columns, rows)


def _outcomes(plan: AnalysisPlan) -> str:
    return "\n### Outcomes\n" + "".join(_outcome(plan, one) for one in plan.outcomes)


def _outcome(plan: AnalysisPlan, outcome: PlannedOutcome) -> str:
    estimand = outcome.estimand
    events = ", ".join(f"{name} ({plan.intercurrent_events[name].strategy})" for name in estimand.intercurrent_events)
    lines = [
        f"Population: {estimand.population}",
        f"Treatment conditions: {estimand.treatment}",
        f"Variable: {estimand.variable}",
        f"Intercurrent events: {events}",
        f"Population-level summary: {estimand.summary}",
        f"Main analysis: {_settings(outcome.main)}",
        f"Always beside it: {_codes(outcome.beside)}. {outcome.beside_text}" if outcome.beside else "",
        *(f"Left out, {year}: {why}" for year, why in outcome.excluded_years.items()),
        _observed_enough(outcome),
        f"{ORIGIN}: {outcome.origin}",
    ]
    points = [
        f"At {one.window}: **{one.role}** ({one.origin})"
        + (f"; sensitivity: {_codes(one.sensitivities)}" if one.sensitivities else "")
        + (f"; subgroups: {_codes(one.subgroups)}" if one.subgroups else "")
        for one in outcome.time_points
    ]
    return f"\n#### `{outcome.measure}`\n\n" + "".join(f"- {line}\n" for line in (*lines, *points) if line)


def _observed_enough(outcome: PlannedOutcome) -> str:
    share = outcome.minimum_observed_share
    return "" if share is None else f"A school is analysed where its source covers at least {share:.0%} of the window"


def _settings(given: Specification) -> str:
    said = [
        f"`{given.model}` of {given.response} in {given.table}, {given.link} link",
        f"offset {given.offset}" if given.offset else "",
        f"fixed effects {', '.join(given.fixed_effects)}" if given.fixed_effects else "",
        f"random effects {', '.join(given.random_effects)}" if given.random_effects else "",
        f"covariates {', '.join(given.covariates)}" if given.covariates else "",
        f"imputed {', '.join(given.imputed)}" if given.imputed else "",
        f"schools without a case: {given.without_cases}" if given.without_cases != "left out" else "",
        f"standard errors {given.standard_errors}",
        f"degrees of freedom {given.degrees_of_freedom}",
        f"result as {given.scale}",
        f"{given.draws:,} draws from seed {given.seed}" if given.draws else "",
        f"Hedges g on the {given.hedges_variance} variance" if given.hedges_variance else "",
    ]
    return "; ".join(part for part in said if part)


def _changes(change: Sensitivity | Subgroup) -> str:
    given = change.changes.model_dump(exclude_unset=True)
    return "; ".join(f"{name.replace('_', ' ')}: {_value(value)}" for name, value in given.items())


def _value(value: object) -> str:
    if value is None or value == []:
        return "none"
    if isinstance(value, dict):
        return ", ".join(f"{name.replace('_', ' ')} {inner}" for name, inner in value.items())
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)


def _made(covariate: Covariate) -> str:
    own = f"{covariate.kind} of {covariate.measure or 'the outcome itself'}"
    if covariate.column is None:
        return own + (f", {covariate.added:g} added" if covariate.kind != "baseline value" else "")
    per = f", per {covariate.per:g}" if covariate.per != 1 else ""
    return f"{covariate.kind} `{covariate.column}`, {covariate.form}{per}"


def _groups(subgroup: Subgroup) -> str:
    of = subgroup.column or subgroup.covariate or subgroup.trait
    labels = f": {', '.join(subgroup.labels)}" if subgroup.labels else ""
    return f"{subgroup.level}, {subgroup.split} of `{of}`{labels}"


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _section(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], level: int = 3) -> str:
    """A heading and a table; nothing where there is no row."""
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |\n" for row in rows]
    if not lines:
        return ""
    head = f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}\n"
    return f"\n{'#' * level} {title}\n\n{head}{''.join(lines)}"
