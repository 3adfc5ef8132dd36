"""Which steps are stale, and each reason why."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from swis.staleness.ingredients import PARAMETER, Change, changes_between
from swis.staleness.parameters import EMPTY, ORDER
from swis.staleness.present import Present
from swis.staleness.record import Record, changed_outputs, done_hash, kept_values, read_record
from swis.staleness.targets import Step
from swis.workspace import DONE, Workspace

Steps = Mapping[Step, Sequence[Step]]


@dataclass(frozen=True)
class Reason:
    """Why a step is stale: an ingredient that `changed`, a step that runs `before` it, or else in words."""

    words: str = ""
    changed: Change | None = None
    before: Step | None = None


NEVER = Reason("it has not been run")
FAILED = Reason("it did not get through the last time")
UNKNOWN = Reason("it is not known from what it was made, for its last run was cut short or something changed meanwhile")


def stale_steps(
    workspace: Workspace, present: Present, steps: Steps, earlier: Collection[Step] = ()
) -> dict[Step, list[Reason]]:
    """The steps that the workflow would carry out, each with its reasons; `steps` come after those they rest on.

    `earlier` are steps of other targets that run before all of these.
    """
    found: dict[Step, list[Reason]] = {}
    for step, upstream in steps.items():
        reasons = own_reasons(workspace, present, step, upstream)
        reasons += [Reason(before=one) for one in upstream if one in found or one in earlier]
        if reasons:
            found[step] = reasons
    return found


def own_reasons(workspace: Workspace, present: Present, step: Step, upstream: Sequence[Step]) -> list[Reason]:
    """Why a step is stale even if nothing runs before it; empty where it is not."""
    done = workspace.derived(*step) / DONE
    if workspace.failure_file(*step).is_file():
        return [FAILED]
    if not done.is_file():
        return [NEVER]
    record = read_record(workspace, *step)
    if record is None:
        return [UNKNOWN]
    changes = changes_between(record.ingredients, present.ingredients(step, upstream))
    return [
        *(Reason(changed=one) for change in changes for one in _in_full(workspace, present, change)),
        *(Reason(f"{name} is not as it was left") for name in changed_outputs(workspace, record)),
        *_newer_below(workspace, step, record, upstream),
    ]


def _in_full(workspace: Workspace, present: Present, change: Change) -> list[Change]:
    """Each value that has changed in a parameter file, where its earlier values are known; else the change itself."""
    if change.kind != PARAMETER or change.was is None or change.now is None or change.now not in present.values:
        return [change]
    was, now = kept_values(workspace, change.was), present.values[change.now]
    values = [] if was is None else changes_between({PARAMETER: was}, {PARAMETER: now})
    told = [one for one in values if not _goes_without_saying(one)] or values
    return [Change(PARAMETER, f"{change.name}: {one.name}", one.was, one.now) for one in told] or [change]


def _goes_without_saying(value: Change) -> bool:
    """Whether a value comes or goes only because others do: an order of names, or an empty list."""
    is_there_once = None in (value.was, value.now)
    return is_there_once and (value.name.endswith(ORDER) or {value.was, value.now} <= {None, *EMPTY})


def _newer_below(workspace: Workspace, step: Step, record: Record, upstream: Sequence[Step]) -> list[Reason]:
    """A reason for each step below whose results are others, or later, than those that were taken."""
    made = (workspace.derived(*step) / DONE).stat().st_mtime
    reasons = []
    for one in upstream:
        taken = record.upstream.get(f"{one.slug}/{one.stage}")
        done = workspace.derived(*one) / DONE
        if taken is None or not done.is_file():
            continue
        # The workflow goes by times alone, so what it would find has to be told.
        if done.stat().st_mtime > made or taken != done_hash(workspace, *one):
            reasons.append(Reason(f"{one.stage} of {one.slug} has run since"))
    return reasons
