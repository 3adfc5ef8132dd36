"""What each step would be made from if it ran now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from swis.io import read_json
from swis.params import Params
from swis.stage_list import AUTHORITY_STAGES, STAGES, TRIAL_STAGES, Stage
from swis.staleness.ingredients import INPUT, PARAMETER, RELEASED, UPSTREAM, Ingredients
from swis.staleness.inputs import inputs_read
from swis.staleness.parameters import ParametersRead
from swis.staleness.reached import reached_by_run
from swis.staleness.targets import Step
from swis.workspace import DONE, POOLED, Workspace, trial_slug

DATA_CUT = "data cut"
# What a report takes straight from validation: it counts nobody.
OF_VALIDATION = ("completeness.parquet", "results.parquet", "verdict.json")
ALL_AREAS = "all"


class Present:
    """The ingredients of every step of a data set as they are now; what several steps share is worked out once."""

    def __init__(self, workspace: Workspace, params: Params, data_cut: str, package: Path | None = None) -> None:
        """`package` is the folder of this project's package: the one that runs, unless said otherwise."""
        self._workspace, self._params, self._data_cut = workspace, params, data_cut
        self.reached = reached_by_run(workspace, package)
        self._parameters = ParametersRead(params, workspace.params)
        # The values in each parameter file that a step has asked for, by the hash that stands among its ingredients.
        self.values: dict[str, Mapping[str, str]] = {}
        self._outputs: dict[Step, dict[str, str]] = {}

    def ingredients(self, step: Step, upstream: Sequence[Step]) -> Ingredients:
        """What a step that rests on the results of `upstream` would be made from."""
        stage = STAGES[step.stage]
        authorities, trials = self._whose(step, stage)
        files = self._parameters.of(stage.parameters, authorities, trials)
        self.values |= {file.digest: file.values for file in files.values()}
        return {
            INPUT: inputs_read(stage.inputs, self._workspace, step.slug, self._params.release.earlier_releases),
            PARAMETER: {**{name: file.digest for name, file in files.items()}, DATA_CUT: self._data_cut},
            RELEASED: self._released(step, stage, authorities),
            UPSTREAM: {f"{one.slug}/{one.stage}": "" for one in upstream},
            **self.reached.stage(step.stage),
        }

    def _whose(self, step: Step, stage: Stage) -> tuple[list[str], list[str]]:
        """Authorities and trials whose parameters a step reads."""
        if stage in AUTHORITY_STAGES:
            return [step.slug], list(self._params.authorities[step.slug].trials)
        if stage in TRIAL_STAGES:
            return [], [step.slug.removeprefix(trial_slug(""))]
        present = [slug for slug in self._workspace.authorities() if slug in self._params.authorities]
        return present, list(self._params.trials)

    def _released(self, step: Step, stage: Stage, authorities: Iterable[str]) -> dict[str, str]:
        """Tables that the door let through for a report, and what it takes of validation, by their hashes."""
        found: dict[str, str] = {}
        if "released" in stage.inputs:
            area = f"areas/{ALL_AREAS if step.slug == POOLED else step.slug}/"
            outputs = self._made_by(Step(POOLED, "disclosure"))
            found |= {name.removeprefix(area): made for name, made in outputs.items() if name.startswith(area)}
        if "validated" in stage.inputs:
            for slug in authorities:
                outputs = self._made_by(Step(slug, "validate"))
                found |= {f"{slug}/{name}": outputs[name] for name in OF_VALIDATION if name in outputs}
        return found

    def _made_by(self, step: Step) -> dict[str, str]:
        """Hashes of what a finished step wrote, by name; nothing where it is not finished."""
        if step not in self._outputs:
            done = self._workspace.derived(step.slug, step.stage) / DONE
            self._outputs[step] = dict(read_json(done)["outputs"]) if done.is_file() else {}
        return self._outputs[step]
