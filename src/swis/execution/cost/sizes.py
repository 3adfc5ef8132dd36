"""How many megabytes of returns each stage of a run rests on."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from swis.execution.cost.lines import Measured
from swis.io import read_text
from swis.params import Params
from swis.workspace import POOLED, Workspace, trial_slug

MEGABYTE = 1e6
# Children aged 0 to 17 in the middle of 2023 of every authority of England: ONS estimates as the DfE published them
# with Children in need 2024. Contains public sector information licensed under the Open Government Licence v3.0.
ENGLAND = Path(__file__).with_name("england_2023.csv")


def megabytes_in(folder: Path) -> float:
    """Megabytes of all files in a folder and below."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / MEGABYTE


def returns_megabytes(workspace: Workspace, slugs: Iterable[str]) -> dict[str, float]:
    """Megabytes of each authority's returns."""
    return {slug: megabytes_in(workspace.returns(slug)) for slug in slugs}


def england_megabytes(measured: Measured) -> dict[str, float]:
    """What each authority of England would send, by name, if its schools took part as those of the trials do."""
    rows = csv.DictReader(read_text(ENGLAND).splitlines())
    children = {row["la_name"]: int(row["children_0_to_17"]) for row in rows}
    return {
        name: measured.megabytes_of_schools + measured.megabytes_per_child * number for name, number in children.items()
    }


def trial_megabytes(sizes: Mapping[str, float], params: Params) -> dict[str, float]:
    """Megabytes of returns that each trial with a plan rests on.

    Authorities that no parameter file describes are taken to be in each trial as often as those that are described.
    """
    planned = [name for name, trial in params.trials.items() if trial.plan is not None]
    known = {slug: size for slug, size in sizes.items() if slug in params.authorities}
    others = sum(sizes.values()) - sum(known.values())
    found = {}
    for name in planned:
        members = [slug for slug, authority in params.authorities.items() if name in authority.trials]
        share = len(members) / len(params.authorities)
        found[name] = sum(known.get(slug, 0.0) for slug in members) + share * others
    return found


def sizes_of(
    sizes: Mapping[str, float], params: Params, stages: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], float]:
    """Megabytes that each (authority, trial or pooled; stage) rests on; those of nothing known are left out."""
    whole = {**sizes, POOLED: sum(sizes.values())}
    whole |= {trial_slug(name): size for name, size in trial_megabytes(sizes, params).items()}
    return {(slug, stage): whole[slug] for slug, stage in stages if slug in whole}
