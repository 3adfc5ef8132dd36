"""The reference pages that are made, not written.

Codebook from the schemas, measures and rules from their registries, analysis plans from the trials' files,
open data from what makes and screens it.

`make codebook` writes them; a test compares the committed pages byte for byte.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from swis.io import write_text
from swis.outcomes.registry import OVER_TIME, PERIODS, PROGRAMMES, Measure, measures
from swis.params import Trial, load_params
from swis.plan.page import models_text, plan_text
from swis.report.open_data.page import open_data_text
from swis.schemas import Field, TableSchema, table_names, table_schema
from swis.validate.plausibility import plausibility_checks, plausibility_rules
from swis.validate.plausibility.check import Check
from swis.validate.rule import Rule
from swis.validate.statutory import statutory_rules
from swis.workspace import find_root

MADE = "<!-- Made by `make codebook`; do not edit. -->\n"
SENSITIVITY = {
    "identifier": "says who a child or worker is",
    "quasi": "could help to say who, put together with other columns",
    "sensitive": "about a child",
    "safe": "about a return, a school's phase or a period",
}


def codebook_text() -> str:
    """The codebook: every canonical table and column, as Markdown."""
    levels = "\n".join(f"- **{level}**: {meaning}" for level, meaning in SENSITIVITY.items())
    head = (
        f"{MADE}# Codebook\n\nEvery table that the returns are read into, from the schema files in `src/swis/schemas`. "
        "The same files make the expectations, the types on read and the empty forms.\n\n"
        f"Sensitivity of a column:\n\n{levels}\n"
    )
    return head + "".join(_table(table_schema(name)) for name in table_names())


def _table(schema: TableSchema) -> str:
    key = f" Key: {', '.join(f'`{name}`' for name in schema.primary_key)}." if schema.primary_key else ""
    returns = ", ".join(schema.returns)
    head = (
        f"\n## {schema.title} (`{schema.name}`)\n\n{schema.description}{key} Read from: {returns}.\n\n"
        "| Column | Type | Unit | Meaning | Allowed | Missing means | From | Sensitivity |\n"
        "|---|---|---|---|---|---|---|---|\n"
    )
    return head + "".join(_row(column) for column in schema.fields)


def _row(column: Field) -> str:
    missing = "; ".join(column.missing.values()) or ("a fault" if column.is_required else "not recorded")
    cells = [
        f"`{column.name}`", column.type, column.unit, column.description, _allowed(column), missing, column.source,
        column.sensitivity,
    ]  # fmt: skip
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _allowed(column: Field) -> str:
    if column.allowed_values:
        return ", ".join(str(value) for value in column.allowed_values)
    limits = [f"{word} {column.constraints[word]}" for word in ("minimum", "maximum") if word in column.constraints]
    pattern = [f"pattern `{column.constraints['pattern']}`"] if "pattern" in column.constraints else []
    return ", ".join([*limits, *pattern])


def measures_text() -> str:
    """The measures: definition, numerator, denominator, breaks and source of each, as Markdown."""
    groups: dict[str, list[Measure]] = {}
    for measure in measures().values():
        groups.setdefault(measure.group, []).append(measure)
    head = f"{MADE}# Measures\n\nEvery outcome measure, from its metadata twin in `src/swis/outcomes/measures`.\n"
    return head + "".join(
        f"\n## {group.capitalize()}\n{''.join(map(_measure, found))}" for group, found in groups.items()
    )


def _measure(measure: Measure) -> str:
    breaks = "".join(f"\n- Break in {period}: {text}" for period, text in measure.breaks.items())
    follows = "".join(f"\n- {one}" for one in _what_follows(measure))
    return (
        f"\n### {measure.title} (`{measure.name}`)\n\n"
        f"- Numerator: {measure.numerator}\n- Denominator: {measure.denominator}\n- Unit: {measure.unit}\n"
        f"{_limits_of_use(measure)}- Academic year: {measure.academic_year_rule}\n- Direction: {measure.direction}\n"
        f"- Tables: {', '.join(measure.source_tables)}\n- Source: {measure.reference}{follows}{breaks}\n"
    )


def _limits_of_use(measure: Measure) -> str:
    """Programmes and periods, where a measure is not of all of them."""
    said = ""
    if measure.programmes != PROGRAMMES:
        said += f"- Programmes: {', '.join(measure.programmes)}\n"
    if measure.periods != PERIODS:
        said += f"- Periods: {', '.join(measure.periods)}\n"
    return said


def _what_follows(measure: Measure) -> list[str]:
    """What disclosure control takes for granted of a measure's numbers, in words."""
    titles = {name: one.title for name, one in measures().items()}
    said = {
        "Count equals": measure.count_is and _statistic(measure.count_is),
        "Denominator equals": measure.denominator_is and _statistic(measure.denominator_is),
        "Denominator is near": measure.denominator_near and _statistic(measure.denominator_near),
        "Shares that make up the whole with": " and ".join(titles[name] for name in measure.shares_with),
        "Count is part of": titles.get(measure.part_of, ""),
        "Count is at most": titles.get(measure.at_most, ""),
        "Count is the sum of": " and ".join(titles[name] for name in measure.sum_of),
        "Years and windows": OVER_TIME[measure.over_time],
    }
    return [f"{what}: {value}" for what, value in said.items() if value]


def _statistic(name: str) -> str:
    """A statistic in words: 'count:referrals' is the count of referrals."""
    kind, _, of = name.partition(":")
    known = measures().get(of)
    return f"the {kind} of {known.title}" if known else of


def rules_text() -> str:
    """Every validation rule but those that the schemas make: code, tables, title, severity, how to mend."""
    head = (
        f"{MADE}# Validation rules\n\nA row that breaks a rule of severity *set aside* is not counted; *note* is for a "
        "person to judge; *stop* keeps an authority out of the run. Shape rules are made from the schemas and stand "
        "in the [codebook](codebook.md).\n"
    )
    parts = {
        "Statutory rules, under the DfE's codes": [_rule(rule, rule.tables) for rule in statutory_rules()],
        "Plausibility rules about rows": [_rule(rule, rule.tables) for rule in plausibility_rules()],
        "Plausibility checks of counts": [_rule(check, (check.table,)) for check in plausibility_checks()],
    }
    columns = "| Code | Tables | What it finds | Severity | How to mend it at source |\n|---|---|---|---|---|\n"
    return head + "".join(f"\n## {title}\n\n{columns}{''.join(rows)}" for title, rows in parts.items())


def _rule(rule: Rule | Check, tables: tuple[str, ...]) -> str:
    return f"| {rule.code} | {', '.join(tables)} | {rule.title} | {rule.severity} | {rule.how_to_mend} |\n"


def analysis_plan_text(trials: Mapping[str, Trial]) -> str:
    """The analysis plan of every trial that has one, and the models a plan may name, as Markdown."""
    head = (
        f"{MADE}# Analysis plans\n\nWhat is estimated, how, and where each choice comes from: a public document, or "
        "`assumed` with the reason. An analysis that stands neither here nor in a deviations log is refused; a run "
        "fails where one of these did not run.\n"
    )
    plans = [
        plan_text(trial.title, f"params/trials/{name}.yml", trial.plan, trial.deviations)
        for name, trial in trials.items()
        if trial.plan is not None
    ]
    return head + "".join(plans) + models_text()


def main(folder: Path) -> None:
    """Write the five pages into a folder of the compendium."""
    params = load_params(find_root(folder) / "params")
    write_text(folder / "analysis-plan.md", analysis_plan_text(params.trials))
    write_text(folder / "codebook.md", codebook_text())
    write_text(folder / "measures.md", measures_text())
    write_text(folder / "open-data.md", open_data_text(MADE))
    write_text(folder / "validation-rules.md", rules_text())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
