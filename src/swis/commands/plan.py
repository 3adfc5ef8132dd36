"""`swis plan`: which stages would run, and why."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from swis.commands.choose import choose_authorities, choose_data_cut, choose_workspace
from swis.commands.cost import say_cost
from swis.commands.refuse import refused_authorities, say_refused
from swis.errors import EXIT_BAD_INPUT, EXIT_OK
from swis.execution.executor import DEFAULT_JOBS
from swis.params import load_params
from swis.staleness.plan import Plan, plan_of
from swis.staleness.words import reasons_in_words, shown

NAMED = 5
MAY_RUN = "may run: if what the door lets through for it changes"


def plan_authorities(
    root: Path,
    named: list[str],
    dataset: str | None,
    data: Path | None,
    data_cut: str | None,
    as_json: bool = False,
    jobs: int = DEFAULT_JOBS["local"],
) -> int:
    """Print what would be refused, then each stage that would run with its reasons, a count, and what it would cost.

    Returns 2 where something would be refused, else 0.
    """
    params = load_params(root / "params")
    workspace = choose_workspace(root, dataset, data)
    chosen = choose_authorities(workspace, params, named)
    cut = choose_data_cut(params, data_cut)
    refused = refused_authorities(workspace, params, chosen, is_whole=not named)
    say_refused(refused)
    sound = [slug for slug in chosen if slug not in refused]
    plan = plan_of(workspace, params, cut, sound, refused)
    for line in [_as_json(plan)] if as_json else _lines(plan, chosen):
        click.echo(line)
    if not as_json:
        say_cost(workspace, params, plan.stale, jobs)
    return EXIT_BAD_INPUT if refused else EXIT_OK


def _as_json(plan: Plan) -> str:
    """One entry a step, for programs; `certain` is false where only the door can say whether it runs."""
    entries = [(step, reasons_in_words(step, reasons), True) for step, reasons in plan.stale.items()]
    entries += [(step, [MAY_RUN], False) for step in plan.may_run]
    made = [
        {"authority": shown(step.slug), "stage": step.stage, "certain": certain, "reasons": reasons}
        for step, reasons, certain in entries
    ]
    return json.dumps(made, indent=2, ensure_ascii=False)


def _lines(plan: Plan, chosen: Sequence[str]) -> Iterator[str]:
    """A line for each stage and the steps of it that have the same reasons, and these below."""
    if plan.is_empty:
        yield "Nothing would run."
        return
    groups: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for step, reasons in plan.stale.items():
        groups.setdefault((step.stage, tuple(reasons_in_words(step, reasons))), []).append(step.slug)
    for step in plan.may_run:
        groups.setdefault((step.stage, (MAY_RUN,)), []).append(step.slug)
    for (stage, said), slugs in groups.items():
        yield f"{stage:<18} {_whose(slugs, chosen)}"
        yield from (f"    {reason}" for reason in said)
    yield _count(plan)


def _whose(slugs: Sequence[str], chosen: Sequence[str]) -> str:
    if len(slugs) <= NAMED:
        return ", ".join(shown(slug) for slug in slugs)
    if len(slugs) == len(chosen):
        return f"all {len(slugs)} authorities"
    return f"{', '.join(slugs[:NAMED])} and {len(slugs) - NAMED} more"


def _count(plan: Plan) -> str:
    counts = Counter(step.stage for step in plan.stale)
    said = ", ".join(f"{count} × {stage}" for stage, count in counts.items())
    may = f"; {len(plan.may_run)} reports may" if plan.may_run else ""
    return f"{len(plan.stale)} notebooks would run: {said}{may}"
