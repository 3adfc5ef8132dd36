"""The run a notebook works in: its parameters, its folders, and the publishing of a finished stage.

A stage writes into a private folder beside its final one. `finish` is the last call of every notebook: it writes
what went in and came out, then puts the private folder in place of the final one. A notebook that fails never gets
there, so what it left never looks finished.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from swis.disclosure.policy import Policy, load_policy
from swis.errors import Problem, raise_if
from swis.execution.use import note_kernel
from swis.frames import keep_freed_memory
from swis.io import sha256_of_file, write_json
from swis.notebook.provenance import provenance_text
from swis.offline.hook import raise_if_tried, refuse_connections
from swis.params import Authority, Definitions, Params, Trial, load_params, unknown_authority
from swis.workspace import DONE, POOLED, Workspace, find_root, trial_slug


@dataclass(frozen=True)
class Run:
    """What one notebook needs to know: which stage of which authority, in which data set, under which parameters."""

    stage: str
    workspace: Workspace
    params: Params
    definitions: Definitions
    authority: Authority | None
    trial: Trial | None = None

    @property
    def slug(self) -> str:
        """Slug of the authority, or the name of the trial's folder or of the pooled one."""
        if self.authority:
            return self.authority.slug
        return trial_slug(self.trial.name) if self.trial else POOLED

    @property
    def trials(self) -> dict[str, Trial]:
        """The trials of this authority, the trial of a trial's stage, or all trials in a pooled stage."""
        if self.trial:
            return {self.trial.name: self.trial}
        names = self.authority.trials if self.authority else list(self.params.trials)
        return {name: self.params.trials[name] for name in names}

    @property
    def policy(self) -> Policy:
        """The disclosure policy that params/release.yml names."""
        return load_policy(self.workspace.params / "disclosure", self.params.release.policy)

    @property
    def output(self) -> Path:
        """The private folder this stage writes into; `finish` puts it in its final place."""
        return self.workspace.derived(self.slug, f".{self.stage}.part")

    def stage_folder(self, stage: str) -> Path:
        """Where a stage's tables are: the private folder for this run's own stage, the finished one for others."""
        return self.output if stage == self.stage else self.workspace.derived(self.slug, stage)

    def finished_folders(self, stage: str) -> dict[str, Path]:
        """Folders of a stage by authority, of those of the data set whose latest run got through it."""
        known = [slug for slug in self.workspace.finished(stage) if slug in self.params.authorities]
        mine = [slug for slug in known if set(self.params.authorities[slug].trials) & set(self.trials)]
        return {slug: self.workspace.derived(slug, stage) for slug in mine}

    def trial_folders(self, stage: str) -> dict[str, Path]:
        """Folders of a stage of trials, by trial, of those whose latest run got through it."""
        finished = self.workspace.finished_trials(stage, self.trials)
        return {name: self.workspace.derived(trial_slug(name), stage) for name in finished}

    def pooled_folders(self, stages: Iterable[str]) -> dict[str, Path]:
        """Folders of those of the stages over all authorities that the latest run got through, by stage."""
        finished = self.workspace.finished_pooled(stages)
        return {name: self.workspace.derived(POOLED, name) for name in finished}

    def finish(self) -> None:
        """Record what this stage wrote, put it in its final place and print the provenance block.

        NetworkError where something has tried to reach the network since the run was opened.
        """
        raise_if_tried()
        written = sorted(path for path in self.output.rglob("*") if path.is_file())
        hashes = {path.relative_to(self.output).as_posix(): sha256_of_file(path) for path in written}
        write_json(self.output / DONE, {"stage": self.stage, "authority": self.slug, "outputs": hashes})
        final = self.workspace.derived(self.slug, self.stage)
        if final.exists():
            shutil.rmtree(final)
        self.output.rename(final)
        note_kernel(self.workspace, self.slug, self.stage)
        print(provenance_text(self.workspace, self.stage, self.slug, self.definitions))


def open_run(stage: str, *, dataset: str, data_cut: str, authority: str | None = None, trial: str | None = None) -> Run:
    """Read and check the parameters and make an empty private folder for the stage's output.

    `data_cut` is an ISO date that takes the place of the one in params/definitions.yml. InputError where a parameter
    file is faulty, the authority or trial is unknown, or the date is none.
    """
    # In a run the kernel is offline already; this is for a notebook opened by hand.
    refuse_connections()
    keep_freed_memory()
    workspace = Workspace(find_root(Path.cwd()), dataset)
    params = load_params(workspace.params)
    raise_if(_problems(params, authority, trial, data_cut))
    run = Run(
        stage=stage,
        workspace=workspace,
        params=params,
        definitions=params.definitions.model_copy(update={"data_cut": date.fromisoformat(data_cut)}),
        authority=params.authorities[authority] if authority else None,
        trial=params.trials[trial] if trial else None,
    )
    if run.output.exists():
        shutil.rmtree(run.output)
    run.output.mkdir(parents=True)
    return run


def _problems(params: Params, authority: str | None, trial: str | None, data_cut: str) -> list[Problem]:
    found = []
    if trial is not None and trial not in params.trials:
        known = ", ".join(sorted(params.trials))
        found.append(Problem("params/trials", f"no file {trial}.yml", f"one of {known}", "correct the name"))
    if authority is not None and authority not in params.authorities:
        found.append(unknown_authority(authority, params))
    try:
        date.fromisoformat(data_cut)
    except ValueError:
        found.append(Problem("parameters", "data_cut is not a date", "an ISO date such as 2023-08-31", "correct it"))
    return found
