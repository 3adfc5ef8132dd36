"""The files that belong to no one authority: the school register with its links, the allocation, and costs."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from swis.economics.prices import cost_problems
from swis.errors import InputError, Problem
from swis.params import Params
from swis.sources.allocation import read_allocation
from swis.sources.gias import check_gias, read_gias
from swis.sources.own_csv import check_own_csv, read_own_csv
from swis.sources.result import ReadResult, combine
from swis.workspace import NATIONAL, Workspace

GIAS = "gias.csv"
GIAS_LINKS = "gias_links.csv"
ALLOCATION = "allocation.csv"
COSTS = "costs.csv"


def _paths(workspace: Workspace) -> tuple[Path, Path | None, Path]:
    links = workspace.national / GIAS_LINKS
    return workspace.national / GIAS, links if links.is_file() else None, workspace.national / ALLOCATION


def read_national(workspace: Workspace) -> ReadResult:
    """Tables schools, allocation and costs of a data set; InputError with the problems of all files at once.

    Without a file of costs there is no such table: the economic evaluation then asks for it.
    """
    problems = _unreadable(workspace)
    if problems:
        raise InputError(problems)
    gias, links, allocation = _paths(workspace)
    folder = workspace.raw
    read = [read_gias(gias, links, folder=folder), read_allocation(allocation, folder=folder)]
    costs = workspace.national / COSTS
    if costs.is_file():
        read.append(read_own_csv(costs, "costs", authority=workspace.national.name, folder=folder))
    return combine(read)


def _unreadable(workspace: Workspace) -> list[Problem]:
    gias, links, allocation = _paths(workspace)
    folder = workspace.raw
    problems = check_gias(gias, links, folder=folder) + check_own_csv(allocation, "allocation", folder=folder)
    costs = workspace.national / COSTS
    return [*problems, *(check_own_csv(costs, "costs", folder=folder) if costs.is_file() else [])]


def check_national(workspace: Workspace, params: Params) -> list[Problem]:
    """Everything that makes the national files unusable: unreadable, or an allocation that contradicts itself.

    Unknown trial, stratum or arm, a school twice in one trial or in two programmes, a school the register does not
    have, a cell that does not parse. What may be right but looks odd (swapped arms) is left to validation.
    """
    problems = _unreadable(workspace)
    if problems:
        return problems
    national = read_national(workspace)
    file = f"{workspace.national.name}/{ALLOCATION}"
    allocation, schools = national.tables["allocation"], national.tables["schools"]
    found = [
        *_empty(allocation, file, "schools and their arms"),
        *_empty(schools, f"{workspace.national.name}/{GIAS}", "schools"),
        *_unknown(allocation["trial"], params.trials, file, "trial"),
        *_unknown(allocation["stratum"], params.authorities, file, "stratum"),
        *_unknown(allocation["arm"], ["intervention", "control"], file, "arm"),
        *_not_in_trial(allocation, params, file),
        *_twice(allocation, params, file),
        *_not_registered(allocation, schools, file),
        *_unread(national.faults),
        *_costs(national.tables.get("costs"), params),
    ]
    return sorted(set(found))


def _empty(table: pd.DataFrame, file: str, what: str) -> list[Problem]:
    return [] if len(table) else [Problem(file, "no rows", what, "export the file again")]


def _unknown(values: pd.Series, known: Iterable[str], file: str, column: str) -> list[Problem]:
    names = sorted(known)
    problems = []
    for value in sorted(values.dropna().unique()):
        if value not in names:
            near = difflib.get_close_matches(value, names, n=1)
            action = f"did you mean {near[0]}?" if near else f"known: {', '.join(names)}"
            problems.append(Problem(file, f"unknown {column} {value!r}", f"{column} as in params/", action))
    if values.isna().any():
        problems.append(Problem(file, f"{column} blank in {int(values.isna().sum())} rows", column, "fill it in"))
    return problems


def _not_in_trial(allocation: pd.DataFrame, params: Params, file: str) -> list[Problem]:
    problems = []
    for trial, stratum in allocation[["trial", "stratum"]].dropna().drop_duplicates().itertuples(index=False):
        authority = params.authorities.get(stratum)
        if authority is not None and trial in params.trials and trial not in authority.trials:
            action = f"correct the trial, or add it to params/authorities/{stratum}.yml"
            expected = f"one of its trials: {', '.join(authority.trials)}"
            problems.append(Problem(file, f"stratum {stratum} allocated in {trial}", expected, action))
    return problems


def _twice(allocation: pd.DataFrame, params: Params, file: str) -> list[Problem]:
    problems = []
    repeated = int(allocation.duplicated(["urn", "trial"]).sum())
    if repeated:
        problems.append(Problem(file, f"{repeated} rows repeat a school and trial", "one row each", "keep one of them"))
    programme = allocation["trial"].map({name: trial.programme for name, trial in params.trials.items()})
    both = int(programme.groupby(allocation["urn"]).nunique().gt(1).sum())
    if both:
        where = f"{both} schools are in both programmes"
        problems.append(Problem(file, where, "each school in one programme", "take them out of one"))
    return problems


def _not_registered(allocation: pd.DataFrame, schools: pd.DataFrame, file: str) -> list[Problem]:
    strange = int((~allocation["urn"].dropna().isin(schools["urn"])).sum())
    action = "correct the URN, or use a newer extract of the register"
    return [Problem(file, f"{strange} schools are not in the register", "URNs of gias.csv", action)] if strange else []


def _unread(faults: pd.DataFrame) -> list[Problem]:
    of_ours = faults[faults["table"].isin(["allocation", "costs"])]
    counted = of_ours.groupby(["source_file", "column", "fault"]).size()
    return [
        Problem(file, f"column {column}: {count} cells", f"no cell that is {fault}", "correct the cells")
        for (file, column, fault), count in counted.items()
    ]


def _costs(costs: pd.DataFrame | None, params: Params) -> list[Problem]:
    """What of the file of costs cannot be counted: an unknown basis, unit or price year, an item twice."""
    if costs is None:
        return []
    found = cost_problems(costs.assign(authority=NATIONAL), params.economics.deflator.index)
    return [replace(problem, file=f"{NATIONAL}/{COSTS}") for problem in found]
