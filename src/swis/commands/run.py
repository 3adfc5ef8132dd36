"""`swis run`: check the inputs, carry out the stages, say how it went and where to look."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

import click

from swis.commands.choose import choose_authorities, choose_data_cut, choose_workspace
from swis.commands.close import close_run, say_handed_over
from swis.commands.refuse import record_refused, refused_authorities, say_refused
from swis.errors import EXIT_BAD_INPUT, EXIT_FAILED, EXIT_OK, Problem
from swis.execution.board import Board
from swis.execution.executor import DEFAULT_JOBS, Executor, job_environment
from swis.execution.follow import WORKFLOW
from swis.execution.progress import is_live, shown
from swis.execution.use import last_use
from swis.execution.words import Job
from swis.params import Params, load_params
from swis.staleness.plan import plan_of
from swis.workflow import TARGET_STAGES, carry_out, failures
from swis.workspace import POOLED, Workspace, trial_slug

SLOWEST_SHOWN = 5
# Returns are looked at before a run and reports scanned after it where it was started, on a cluster a machine that many
# share.
JOBS_HERE = DEFAULT_JOBS["local"]


def run_authorities(
    root: Path,
    named: list[str],
    dataset: str | None,
    data: Path | None,
    data_cut: str | None,
    executor: Executor,
    plain_kernels: bool = False,
    live: bool = True,
) -> int:
    """Run the named authorities (or all) and return the exit code: the worst that happened."""
    params = load_params(root / "params")
    workspace = choose_workspace(root, dataset, data)
    cut = choose_data_cut(params, data_cut)
    chosen = choose_authorities(workspace, params, named)
    here = JOBS_HERE if executor.is_cluster else executor.jobs
    refused = refused_authorities(workspace, params, chosen, is_whole=not named, jobs=here)
    sound = [slug for slug in chosen if slug not in refused]
    say_refused(refused)
    record_refused(workspace, chosen, refused)
    click.echo(f"{workspace.dataset}: {len(sound)} of {len(chosen)} authorities, {_where(executor)}")
    plan = plan_of(workspace, params, cut, sound, refused)
    board = Board(TARGET_STAGES, executor.jobs, plan.stale, _seconds_last(workspace))
    how = How(executor, plain_kernels, is_live(live))
    ended = [] if plan.is_empty else _carry_out(workspace, params, sound, cut, board, how)
    handed = close_run(workspace, params, cut, here)
    said = failures(workspace, [*sound, *(trial_slug(name) for name in params.trials), POOLED])
    _say_summary(workspace, ended, said, sound, refused)
    if handed:
        say_handed_over(workspace, handed)
    if workspace.is_synthetic:
        click.echo("These returns are SYNTHETIC: no number in the reports is a finding.")
    return EXIT_FAILED if handed and handed.findings else _exit_code(ended, said, refused)


@dataclass(frozen=True)
class How:
    """How a run is carried out and shown."""

    executor: Executor
    plain_kernels: bool
    live: bool


def _carry_out(
    workspace: Workspace, params: Params, sound: list[str], data_cut: str, board: Board, how: How
) -> list[Job]:
    # Imported here because a run in which nothing is stale need not wait for it.
    from swis.notebook.warm import warm_kernels

    log = workspace.root / "data_derived" / workspace.dataset / "kernels.log"
    # A template on this machine is of no use to jobs on others.
    is_plain = how.plain_kernels or how.executor.is_cluster
    with (
        contextlib.nullcontext() if is_plain else warm_kernels(job_environment(), log),
        shown(board, workspace.dataset, live=how.live) as follow,
    ):
        return carry_out(workspace, params, sound, data_cut, how.executor, follow)


def _where(executor: Executor) -> str:
    if executor.is_cluster:
        return f"at most {executor.jobs} jobs at a time on the cluster"
    return f"{executor.jobs} notebooks at a time"


def _seconds_last(workspace: Workspace) -> dict[tuple[str, str], float]:
    return {key: use.wall_seconds for key, use in last_use(workspace).items()}


def _say_summary(
    workspace: Workspace,
    ended: list[Job],
    said: dict[tuple[str, str], list[str]],
    sound: list[str],
    refused: dict[str, list[Problem]],
) -> None:
    stopped = {slug for slug, _ in said} & set(sound)
    click.echo("")
    complete = len(sound) - len(stopped)
    click.echo(f"{complete} authorities complete, {len(stopped)} stopped, {len(refused)} refused before the run")
    for (slug, stage), lines in said.items():
        for line in lines:
            click.echo(f"  {slug} {stage}: {line}", err=True)
    for job in ended:
        if job.stage == WORKFLOW:
            log = f"data_derived/{workspace.dataset}/{job.authority}.log"
            click.echo(f"  {job.authority}: a notebook ended without a word; see {log} and run again", err=True)
    if ended:
        slowest = sorted(ended, key=lambda job: -job.seconds)[:SLOWEST_SHOWN]
        click.echo("Slowest: " + ", ".join(f"{job.authority} {job.stage} {job.seconds:.0f} s" for job in slowest))
    else:
        click.echo("Nothing had changed, so nothing was run.")
    index = workspace.reports / "index.html"
    if index.exists():
        click.echo(f"Reports: {index.relative_to(workspace.root)}")
    click.echo(
        f"Restricted (stay on this machine): data_derived/{workspace.dataset}/<authority>/validate/validation.html"
    )


def _exit_code(ended: list[Job], said: dict[tuple[str, str], list[str]], refused: dict[str, list[Problem]]) -> int:
    codes = [job.exit_code for job in ended]
    if any(code not in (EXIT_OK, EXIT_BAD_INPUT) for code in codes):
        return EXIT_FAILED
    return EXIT_BAD_INPUT if refused or said else EXIT_OK
