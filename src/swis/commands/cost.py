"""The part of `swis plan` that says what a run would cost, and what that rests on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import click

from swis.commands.choose import choose_workspace
from swis.errors import EXIT_OK
from swis.execution.board import duration
from swis.execution.cost import Cost, load_measured
from swis.execution.cost.england import england_costs
from swis.execution.cost.estimate import memory_megabytes as used_at_one_time
from swis.execution.cost.estimate import wall_seconds
from swis.execution.cost.planned import Here, lines_here, planned_costs
from swis.execution.cost.requests import memory_megabytes, minutes
from swis.execution.cost.sizes import england_megabytes
from swis.execution.executor import DEFAULT_JOBS, GROUPED
from swis.params import Params, load_params
from swis.stage_list import POOLED_STAGES
from swis.workflow import TARGET_STAGES
from swis.workspace import Workspace

SIMULATED = "synthetic"
SECONDS_IN_AN_HOUR = 3600
HEADING = f"{'stage':<18} {'notebooks':>9} {'processor min':>13} {'longest':>9} {'memory at peak':>14}"


def say_cost(workspace: Workspace, params: Params, planned: Collection[tuple[str, str]], jobs: int) -> None:
    """Print what the planned notebooks would cost; nothing where there are none."""
    if not planned:
        return
    here = lines_here(workspace, params, load_measured())
    for line in [*_lines(planned_costs(workspace, params, here, planned), jobs), _basis(here)]:
        click.echo(line)


def plan_england(root: Path, dataset: str | None, data: Path | None, jobs: int) -> int:
    """Print what a run of every authority of England would cost here and on a cluster; returns the exit code."""
    params = load_params(root / "params")
    measured = load_measured()
    # No return is needed to plan for those that have not come.
    workspace = choose_workspace(root, dataset, data) if data else Workspace(root, dataset or SIMULATED)
    here = lines_here(workspace, params, measured)
    sizes = england_megabytes(measured)
    click.echo(f"England: {len(sizes)} authorities, {sum(sizes.values()) / 1000:.1f} GB of returns")
    there = england_costs(measured, here.lines, params, measured.cluster_seconds)
    for line in [*_lines(england_costs(measured, here.lines, params), jobs), _on_a_cluster(there, sizes)]:
        click.echo(line)
    click.echo(
        f"Returns: {measured.megabytes_per_child * 1000:.2f} kB of social care for each child aged 0 to 17 (middle of "
        f"2023), and {measured.megabytes_of_schools:.0f} MB of trial schools an authority, as in the simulated trials; "
        "each trial takes its present share of the authorities."
    )
    click.echo(_basis(here))
    return EXIT_OK


def _lines(costs: Mapping[str, Cost], jobs: int) -> Iterator[str]:
    yield ""
    yield HEADING
    order = [stage for stages in TARGET_STAGES.values() for stage in stages]
    for cost in sorted(costs.values(), key=lambda cost: order.index(cost.stage)):
        yield (
            f"{cost.stage:<18} {cost.notebooks:>9} {cost.cpu_seconds / 60:>13.1f} {cost.longest_seconds:>7.0f} s "
            f"{cost.peak_megabytes / 1000:>11.1f} GB"
        )
    seconds = sum(cost.cpu_seconds for cost in costs.values())
    yield f"{'in all':<18} {sum(c.notebooks for c in costs.values()):>9} {seconds / 60:>13.1f}"
    yield (
        f"Here, {jobs} at a time on processors of their own: {duration(wall_seconds(costs, TARGET_STAGES, jobs))}, "
        f"memory up to {used_at_one_time(costs, TARGET_STAGES, jobs) / 1000:.1f} GB."
    )


def _on_a_cluster(costs: Mapping[str, Cost], sizes: Mapping[str, float]) -> str:
    jobs, whole, largest = DEFAULT_JOBS["slurm"], sum(sizes.values()), max(sizes.values())
    count = len(sizes) + sum(cost.notebooks for stage, cost in costs.items() if stage not in GROUPED)
    hours = sum(cost.cpu_seconds for cost in costs.values()) / SECONDS_IN_AN_HOUR
    memory = max(memory_megabytes(stage, largest, 1) for stage in GROUPED)
    pooled = max(memory_megabytes(stage.name, whole, 1) for stage in POOLED_STAGES)
    return (
        f"On a cluster, at most {jobs} at a time: {count} jobs, {hours:.1f} processor hours, "
        f"{duration(wall_seconds(costs, TARGET_STAGES, jobs))} besides the queue. The largest authority asks for "
        f"{memory / 1000:.1f} GB and {sum(minutes(stage, largest, 1) for stage in GROUPED)} min, what is pooled for up "
        f"to {pooled / 1000:.1f} GB."
    )


def _basis(here: Here) -> str:
    if not here.scaled_by:
        return f"Basis: {load_measured().basis}; nothing has been run here yet."
    return f"Basis: {load_measured().basis}, scaled by what {here.scaled_by} notebooks used when they last ran here."
