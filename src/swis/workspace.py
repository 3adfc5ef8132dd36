"""Where everything of one data set lives. Paths are made here and nowhere else.

A data set is a folder of returns: `data_raw/demo`, `data_raw/synthetic`, or a folder of real returns given with
`swis run --data DIR`. Its derived tables are kept under `data_derived/<name>/`, its reports under
`reports/<name>/`, so that synthetic and real never meet.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from swis.io import read_json, write_json

POOLED = "_pooled"
NATIONAL = "national"
MARKER = "SYNTHETIC.json"
DONE = "done.json"
MADE_FROM = "made_from.json"
# What an authority goes through, in order; it may be refused before the first stage.
STEPS = ("refused", "validate", "derive", "outcomes", "authority_report")


def trial_slug(trial: str) -> str:
    """Name of the folder that holds the stages of one trial, pooled over its authorities."""
    return f"_{trial}"


@dataclass(frozen=True)
class Workspace:
    """The folders of one data set inside one checkout of the compendium."""

    root: Path
    dataset: str

    @property
    def raw(self) -> Path:
        """Folder of the returns: the registered one for a real data set, else `data_raw/<dataset>`."""
        registered = self.root / "data_derived" / self.dataset / "dataset.json"
        if registered.exists():
            return Path(read_json(registered)["folder"])
        return self.root / "data_raw" / self.dataset

    def register(self, folder: Path) -> None:
        """Remember where the returns of a data set outside `data_raw/` are (kept in data_derived, never released)."""
        target = self.root / "data_derived" / self.dataset / "dataset.json"
        write_json(target, {"folder": str(folder.resolve())})

    @property
    def is_synthetic(self) -> bool:
        """Whether the data set carries the marker of simulated returns."""
        return (self.raw / MARKER).exists()

    def returns(self, authority: str) -> Path:
        """Folder of one authority's returns."""
        return self.raw / authority

    @property
    def national(self) -> Path:
        """Folder of the files that are not one authority's: school register, links, allocation."""
        return self.raw / NATIONAL

    @property
    def published(self) -> Path:
        """Folder of published statistics (the compact table that ships, and the DfE's own files)."""
        return self.root / "data_raw" / "published"

    @property
    def params(self) -> Path:
        """Folder of the parameters."""
        return self.root / "params"

    def derived(self, authority: str, stage: str) -> Path:
        """Folder of one stage's restricted tables for one authority (or `POOLED`)."""
        return self.root / "data_derived" / self.dataset / authority / stage

    @property
    def staleness(self) -> Path:
        """Folder of what the workflow knows of results: from what they were made, and what was read to find out."""
        return self.root / "data_derived" / self.dataset / "_staleness"

    def stamp(self, authority: str, stage: str) -> Path:
        """Where it stands what a stage would be made from; its time of change tells the workflow what is stale."""
        return self.staleness / "stamps" / authority / f"{stage}.json"

    def made_from(self, authority: str, stage: str) -> Path:
        """Where it stands what the finished results of a stage were made from; it goes where they go."""
        return self.derived(authority, stage) / MADE_FROM

    def released(self, area: str) -> Path:
        """Folder of the protected tables of an authority, or of `all`, as the door last let them through."""
        return self.derived(POOLED, "disclosure") / "areas" / area

    def failure_file(self, authority: str, stage: str) -> Path:
        """Where a stage (or `refused`, before any) that failed says so; it is removed when the stage succeeds."""
        return self.derived(authority, stage).with_name(f"{stage}.failure.json")

    @property
    def use(self) -> Path:
        """Folder of what each stage used when it was last run: time, processors, memory."""
        return self.root / "data_derived" / self.dataset / "_use"

    def finished(self, stage: str) -> list[str]:
        """Slugs of the authorities whose latest run got through a stage: it is finished, and none up to it failed."""
        up_to = STEPS[: STEPS.index(stage) + 1]
        done = [slug for slug in self.authorities() if (self.derived(slug, stage) / DONE).exists()]
        return [slug for slug in done if not any(self.failure_file(slug, step).exists() for step in up_to)]

    def is_finished_pooled(self, stage: str) -> bool:
        """Whether the latest run got through a stage over all authorities."""
        return (self.derived(POOLED, stage) / DONE).exists() and not self.failure_file(POOLED, stage).exists()

    def finished_pooled(self, stages: Iterable[str]) -> list[str]:
        """Those of the stages over all authorities that the latest run got through."""
        return [name for name in stages if self.is_finished_pooled(name)]

    def finished_trials(self, stage: str, trials: Iterable[str]) -> list[str]:
        """Those of the trials whose latest run got through a stage of the trial."""
        done = [name for name in trials if (self.derived(trial_slug(name), stage) / DONE).exists()]
        return [name for name in done if not self.failure_file(trial_slug(name), stage).exists()]

    @property
    def reports(self) -> Path:
        """Folder of what may be released from this data set."""
        return self.all_reports / self.dataset

    @property
    def all_reports(self) -> Path:
        """Folder of what may be released, from every data set."""
        return self.root / "reports"

    @property
    def bundle(self) -> Path:
        """Folder of what an output checker gets beside the release, and never with it."""
        return self.derived("_release", "bundle")

    @property
    def front_record(self) -> Path:
        """What the front page said last of statuses and hashes of files, to say what has changed since."""
        return self.derived("_front", "record.json")

    def authorities(self) -> list[str]:
        """Slugs of the authorities that have a folder of returns, sorted."""
        if not self.raw.is_dir():
            return []
        folders = (path for path in self.raw.iterdir() if path.is_dir())
        return sorted(path.name for path in folders if path.name not in {NATIONAL, "truth", "published"})


def find_root(start: Path) -> Path:
    """The checkout that holds `start`: the nearest folder upwards with `params/` and `notebooks/`."""
    for folder in [start.resolve(), *start.resolve().parents]:
        if (folder / "params").is_dir() and (folder / "notebooks").is_dir():
            return folder
    raise FileNotFoundError("no folder upwards from here holds params/ and notebooks/: run inside the compendium")
