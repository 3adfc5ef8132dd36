"""The stages of a run, in a list: which notebook each is, and what of parameters and raw data it reads.

Nothing is imported here, because the workflow and what says why a stage is stale read it in each of their processes.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stage:
    """One stage, its notebook, and what it reads besides the stages before it: when any of that changes, it is stale.

    `parameters` are names of `swis.staleness.parameters`, `inputs` of `swis.staleness.inputs`.
    """

    name: str
    notebook: str
    parameters: tuple[str, ...]
    inputs: tuple[str, ...] = ()


COUNTING = ("definitions", "authority", "designs")
REPORTED = ("definitions", "authority", "trials", "release", "policy")
AUTHORITY_STAGES = (
    Stage("validate", "1_validate.ipynb", (*COUNTING, "waivers"), ("returns", "national", "published", "marker")),
    Stage("derive", "2_derive.ipynb", COUNTING),
    Stage("outcomes", "3_outcomes.ipynb", COUNTING),
    Stage("authority_report", "authority_report.ipynb", REPORTED, ("released", "validated", "published", "marker")),
)
TRIAL_STAGES = (Stage("effects", "4_effects.ipynb", ("trials",)),)
# Over all authorities, after outcomes and effects and before the door; swis.disclosure.further says how they pass it.
FURTHER_STAGES: tuple[Stage, ...] = (
    Stage("delivery", "4_delivery.ipynb", ("definitions", "trials")),
    Stage("economics", "4_economics.ipynb", ("definitions", "trials", "economics")),
    Stage("speed", "4_speed.ipynb", ("definitions", "trials")),
)
POOLED_STAGES = (
    *FURTHER_STAGES,
    Stage(
        "disclosure", "5_disclosure.ipynb", ("definitions", "trials", "economics", "release", "policy"), ("earlier",)
    ),
    Stage("evaluation_report", "evaluation_report.ipynb", REPORTED, ("released", "validated", "published", "marker")),
)
STAGES = {stage.name: stage for stage in (*AUTHORITY_STAGES, *TRIAL_STAGES, *POOLED_STAGES)}
FURTHER = tuple(stage.name for stage in FURTHER_STAGES)
