"""What the notebooks of a plan would cost, by the returns they rest on and by what the last run here used."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from swis.execution.cost.estimate import Cost, cost_of
from swis.execution.cost.lines import Measured, StageLines, scaled
from swis.execution.cost.sizes import returns_megabytes, sizes_of
from swis.execution.use import last_use
from swis.params import Params
from swis.workspace import Workspace

Key = tuple[str, str]


@dataclass(frozen=True)
class Here:
    """How the stages use this machine: their lines, and how many notebooks of the last run those are scaled by."""

    lines: Mapping[str, StageLines]
    scaled_by: int


def lines_here(workspace: Workspace, params: Params, measured: Measured) -> Here:
    """The lines of each stage on this machine, by what the last run of this data set used."""
    used = {key: use for key, use in last_use(workspace).items() if key[1] in measured.stages}
    return Here(scaled(measured, used, _sizes(workspace, params, used)), len(used))


def _sizes(workspace: Workspace, params: Params, notebooks: Iterable[Key]) -> dict[Key, float]:
    present = [slug for slug in workspace.authorities() if slug in params.authorities]
    return sizes_of(returns_megabytes(workspace, present), params, notebooks)


def planned_costs(workspace: Workspace, params: Params, here: Here, planned: Collection[Key]) -> dict[str, Cost]:
    """The cost of the planned notebooks by stage."""
    megabytes = _sizes(workspace, params, planned)
    found: dict[str, list[float]] = {}
    for slug, stage in planned:
        found.setdefault(stage, []).append(megabytes.get((slug, stage), 0.0))
    return {stage: cost_of(stage, here.lines[stage], sizes) for stage, sizes in found.items()}
