"""The targets of a run, one after the other, and the steps of each, in the order in which the workflow takes them.

A step is one stage of one authority, of one trial, or of all authorities.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from swis.params import Params
from swis.stage_list import FURTHER
from swis.workspace import POOLED, Workspace, trial_slug

FEWEST_AUTHORITIES = 2
# Each target takes what the targets before it left as it is.
TARGETS = ("authorities", "effects_of_trials", "further", "release", "reports")
EVERYWHERE = "all authorities"


class Step(NamedTuple):
    """One stage of the folder `slug`: an authority's, a trial's or the pooled one."""

    slug: str
    stage: str


@dataclass(frozen=True)
class Standing:
    """What the latest run got through: authorities with outcomes, trials with effects, further stages, the door."""

    outcomes: tuple[str, ...]
    effects: tuple[str, ...]
    further: tuple[str, ...]
    is_released: bool


@dataclass(frozen=True)
class Target:
    """What one start of the workflow is asked for, and what it may rest on."""

    name: str
    authorities: tuple[str, ...]
    trials: Mapping[str, Sequence[str]] = field(default_factory=dict)
    further: tuple[str, ...] = ()


def standing(workspace: Workspace, params: Params) -> Standing:
    """How things stand on disk."""
    outcomes = tuple(slug for slug in workspace.finished("outcomes") if slug in params.authorities)
    return Standing(
        outcomes,
        tuple(workspace.finished_trials("effects", params.trials)),
        tuple(workspace.finished_pooled(FURTHER)),
        workspace.is_finished_pooled("disclosure"),
    )


def standing_after(before: Standing, params: Params, sound: Iterable[str], refused: Collection[str]) -> Standing:
    """How things will stand once the authorities `sound` have run and everything has gone well."""
    outcomes = tuple(sorted({slug for slug in before.outcomes if slug not in refused} | set(sound)))
    return Standing(outcomes, tuple(estimable_trials(params, outcomes)), FURTHER, bool(outcomes))


def estimable_trials(params: Params, outcomes: Collection[str]) -> dict[str, list[str]]:
    """The trials that have a plan and outcomes of at least two authorities, with these authorities.

    One authority's schools are too few to carry an effect.
    """
    planned = [name for name, trial in params.trials.items() if trial.plan is not None]
    members = {name: [slug for slug in outcomes if name in params.authorities[slug].trials] for name in planned}
    return {name: slugs for name, slugs in members.items() if len(slugs) >= FEWEST_AUTHORITIES}


def target_named(name: str, params: Params, authorities: Sequence[str], stands: Standing) -> Target | None:
    """A target as things stand; None where there is nothing to do it with, or it may not be done."""
    if name == "authorities":
        return Target(name, tuple(authorities)) if authorities else None
    trials = estimable_trials(params, stands.outcomes)
    if name != "effects_of_trials":
        trials = {trial: slugs for trial, slugs in trials.items() if trial in stands.effects}
    further = FURTHER if name in {"effects_of_trials", "further"} else stands.further
    is_barred = name == "reports" and not stands.is_released
    has_none = (name == "effects_of_trials" and not trials) or (name == "further" and not further)
    if not stands.outcomes or is_barred or has_none:
        return None
    return Target(name, stands.outcomes, trials, further)


def steps_of(target: Target, border: str) -> dict[Step, tuple[Step, ...]]:
    """The steps of a target, each with those that it rests on and must not be older than; earlier ones first.

    `border` is that of params/definitions.yml: under 'all authorities' a school's events come from every return.
    """
    slugs = target.authorities
    if target.name == "authorities":
        found: dict[Step, tuple[Step, ...]] = {Step(slug, "validate"): () for slug in slugs}
        found |= {Step(slug, "derive"): (Step(slug, "validate"),) for slug in slugs}
        beyond = [Step(slug, "derive") for slug in slugs] if border == EVERYWHERE else []
        own = {slug: Step(slug, "derive") for slug in slugs}
        return found | {Step(slug, "outcomes"): tuple(dict.fromkeys([own[slug], *beyond])) for slug in slugs}
    if target.name == "effects_of_trials":
        return {_effects(trial): _outcomes(members) for trial, members in target.trials.items()}
    if target.name == "reports":
        # What the door let through for each of them stands among its ingredients.
        return {**{Step(slug, "authority_report"): () for slug in slugs}, Step(POOLED, "evaluation_report"): ()}
    below = (*_outcomes(slugs), *(_effects(trial) for trial in target.trials))
    if target.name == "further":
        return {Step(POOLED, name): below for name in target.further}
    return {Step(POOLED, "disclosure"): (*below, *(Step(POOLED, name) for name in target.further))}


def _outcomes(slugs: Iterable[str]) -> tuple[Step, ...]:
    return tuple(Step(slug, "outcomes") for slug in slugs)


def _effects(trial: str) -> Step:
    return Step(trial_slug(trial), "effects")
