"""What a run would carry out from its first target to its last, and why; it agrees with what the run then does."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from swis.params import Params
from swis.staleness.present import Present
from swis.staleness.targets import TARGETS, Step, standing, standing_after, steps_of, target_named
from swis.staleness.verdict import Reason, stale_steps
from swis.workspace import POOLED, Workspace

REPORTS = "reports"


@dataclass(frozen=True)
class Plan:
    """Steps that would run, each with its reasons, and the reports that may: only the door can say whether they do."""

    stale: Mapping[Step, Sequence[Reason]]
    may_run: tuple[Step, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all would run."""
        return not self.stale and not self.may_run


def plan_of(
    workspace: Workspace,
    params: Params,
    data_cut: str,
    sound: Sequence[str],
    refused: Collection[str],
    package: Path | None = None,
) -> Plan:
    """The plan of a run of the authorities `sound`, if all goes well; the `refused` are left out of all.

    `package` is the folder of the code that would run, unless it is this one.
    """
    present = Present(workspace, params, data_cut, package)
    stands = standing_after(standing(workspace, params), params, sound, refused)
    stale: dict[Step, list[Reason]] = {}
    may_run: tuple[Step, ...] = ()
    for name in TARGETS:
        target = target_named(name, params, sound, stands)
        if target is None:
            continue
        steps = steps_of(target, params.definitions.border)
        # Those of earlier targets run before, too.
        stale |= stale_steps(workspace, present, steps, stale)
        if name == REPORTS and Step(POOLED, "disclosure") in stale:
            may_run = tuple(step for step in steps if step not in stale)
    present.reached.save()
    return Plan(stale, may_run)
