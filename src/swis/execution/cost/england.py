"""What a run of every authority of England would cost, before any of them has sent a return."""

from __future__ import annotations

from collections.abc import Mapping

from swis.execution.cost.estimate import Cost, cost_of
from swis.execution.cost.lines import Measured, StageLines
from swis.execution.cost.sizes import england_megabytes, trial_megabytes
from swis.params import Params
from swis.stage_list import AUTHORITY_STAGES, POOLED_STAGES, TRIAL_STAGES


def england_costs(
    measured: Measured, lines: Mapping[str, StageLines], params: Params, more_seconds: float = 0.0
) -> dict[str, Cost]:
    """The cost of each stage over all authorities of England; `more_seconds` come to each notebook."""
    sizes = england_megabytes(measured)
    trials = trial_megabytes(sizes, params)
    found = {stage.name: list(sizes.values()) for stage in AUTHORITY_STAGES}
    found |= {stage.name: list(trials.values()) for stage in TRIAL_STAGES}
    found |= {stage.name: [sum(sizes.values())] for stage in POOLED_STAGES}
    return {stage: cost_of(stage, lines[stage], megabytes, more_seconds) for stage, megabytes in found.items()}
