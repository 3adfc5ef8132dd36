"""Everything that a run would publish, before the door; only the book and what it lets through see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from swis.derive import cross_border_events, cross_border_summary, read_derived_of
from swis.derive.borders import COUNTED_FROM
from swis.disclosure.flow import flow
from swis.disclosure.further import FURTHER, load_further
from swis.effects.analysis import Effects, load_effects
from swis.io import read_frame, read_json
from swis.kept_tables import KeptTables
from swis.notebook.run import Run
from swis.outcomes import load_outcomes, pool

ALL = "all"
FAILED = ["failed", "crashed"]


@dataclass(frozen=True)
class Material:
    """Unprotected tables, restricted like everything they are made of.

    outcomes: OUTCOME_COLUMNS of each authority, rows of schools too; pooled: of all of them together, authority 'all'.
    participants and pooled_participants [authority, trial, arm, academic_year, schools, pupils, pupil_years].
    linkage [authority, event, academic_year, link_status, reason, count]. returns: whole-authority counts by reporting
    year. results: of validation; records [authority, rows_read, rows_set_aside]. borders [event, own_count,
    cross_border_count] and flow [trial, arm, COUNTS of flow.py] over all authorities. effects: the
    tables of each trial whose effects are finished. further: the tables of each further pooled stage that is finished.
    """

    outcomes: pd.DataFrame
    pooled: pd.DataFrame
    participants: pd.DataFrame
    pooled_participants: pd.DataFrame
    linkage: pd.DataFrame
    returns: pd.DataFrame
    results: pd.DataFrame
    records: pd.DataFrame
    borders: pd.DataFrame
    flow: pd.DataFrame
    effects: Mapping[str, Effects] = field(default_factory=dict)
    further: Mapping[str, KeptTables] = field(default_factory=dict)

    @property
    def authorities(self) -> list[str]:
        """Slugs of the authorities whose outcomes are in it, sorted."""
        return sorted(set(self.outcomes["authority"]))


def collect(run: Run) -> Material:
    """The tables of every authority whose outcomes are finished, and of all of them together."""
    folders = run.finished_folders("outcomes")
    found = [load_outcomes(folder) for folder in folders.values()]
    pooled = pool([one.outcomes for one in found], [one.distributions for one in found], run.definitions)
    participants = _stacked(one.participants for one in found)
    pooled_participants = _over_all(participants)
    validated = {slug: run.workspace.derived(slug, "validate") for slug in folders}
    return Material(
        outcomes=_stacked(one.outcomes for one in found),
        pooled=pooled,
        participants=participants,
        pooled_participants=pooled_participants,
        linkage=_stacked(one.linkage for one in found),
        returns=_stacked(one.authority_returns for one in found),
        results=_stacked(read_frame(folder / "results.parquet") for folder in validated.values()),
        records=_records(validated),
        borders=_borders(run.finished_folders("derive")),
        flow=flow(_trial_schools(run, list(folders)), pooled, pooled_participants, run.trials),
        effects={name: load_effects(folder) for name, folder in run.trial_folders("effects").items()},
        further=load_further(run.pooled_folders(stage.name for stage in FURTHER)),
    )


def _over_all(participants: pd.DataFrame) -> pd.DataFrame:
    """Participants over these authorities, with authority 'all'."""
    keys = ["trial", "arm", "academic_year"]
    summed = participants.groupby(keys, as_index=False)[["schools", "pupils", "pupil_years"]].sum()
    return summed.assign(authority=ALL)[list(participants.columns)]


def _records(folders: Mapping[str, Path]) -> pd.DataFrame:
    """Records read and records set aside, a row an authority."""
    names = ("rows_read", "rows_set_aside")
    held = {slug: read_json(folder / "verdict.json") for slug, folder in folders.items()}
    rows = [{"authority": slug, **{name: int(one[name]) for name in names}} for slug, one in held.items()]
    return pd.DataFrame(rows, columns=["authority", *names])


def _borders(folders: Mapping[str, Path]) -> pd.DataFrame:
    """Events of trial schools by kind: in the return of the school's own authority, and only in another's."""
    every = read_derived_of(folders, events=COUNTED_FROM)
    summary = cross_border_summary(every, cross_border_events(every))
    return summary.groupby("event", as_index=False)[["cross_border_count", "own_count"]].sum()


def _trial_schools(run: Run, slugs: list[str]) -> pd.DataFrame:
    return _stacked(read_frame(run.workspace.derived(slug, "derive") / "trial_schools.parquet") for slug in slugs)


def _stacked(frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(list(frames), ignore_index=True)
