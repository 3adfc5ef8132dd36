"""Trial schools: programme, arm, phase and year groups of each allocated school, and the numbers it has carried."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from swis.derive.lookup import look_up
from swis.params import Trial

TRIAL_SCHOOL_COLUMNS = [
    "authority", "trial", "programme", "urn", "arm", "phase", "first_year_group", "last_year_group", "reason",
    "stratum", "withdrawn_on",
]  # fmt: skip


def trial_schools(
    allocation: pd.DataFrame, schools: pd.DataFrame, trials: Mapping[str, Trial], authority: str
) -> pd.DataFrame:
    """The allocated schools of one authority, one row a trial and school (TRIAL_SCHOOL_COLUMNS).

    Every allocated school stays, whatever became of it (treatment policy). Year groups follow the trial and, in a trial
    of both phases, the phase of the school.
    """
    own = allocation[(allocation["stratum"] == authority) & allocation["trial"].isin(list(trials))]
    phase_of = schools.drop_duplicates("urn").set_index("urn")["phase"]
    phase = own["urn"].map(phase_of).fillna("").str.contains("primary").map({True: "primary", False: "secondary"})
    unknown = ~own["urn"].isin(phase_of.index).to_numpy()
    phase = phase.mask(unknown, own["trial"].map({name: trial.phases[0] for name, trial in trials.items()}))
    groups = [_year_groups(trials[name], place) for name, place in zip(own["trial"], phase, strict=True)]
    found = own.assign(
        authority=authority,
        programme=own["trial"].map({name: trial.programme for name, trial in trials.items()}),
        phase=phase.astype("string"),
        first_year_group=[min(years) for years in groups],
        last_year_group=[max(years) for years in groups],
    )
    typed = found.astype(
        {"authority": "string", "programme": "string", "first_year_group": "int64", "last_year_group": "int64"}
    )
    return typed[TRIAL_SCHOOL_COLUMNS].sort_values(["trial", "urn"], kind="stable").reset_index(drop=True)


def _year_groups(trial: Trial, phase: str) -> list[int]:
    if phase == "secondary" and trial.year_groups_secondary:
        return trial.year_groups_secondary
    return trial.year_groups


def school_lineage(allocation: pd.DataFrame, schools: pd.DataFrame) -> pd.Series:
    """Allocated school of every register number that stands for one: index the number, values the allocated number.

    An academy takes a new number, so successors of an allocated school count for it, and so do its predecessors;
    a number that is itself allocated stands for itself. A successor of several allocated schools (a merger into
    a school outside the trial) is left out, for its pupils belong to no one arm.
    """
    allocated = allocation["urn"].dropna().drop_duplicates()
    links = schools.loc[schools["successor_urn"].notna(), ["urn", "successor_urn"]]
    forward = _reached(allocated, links.rename(columns={"urn": "from", "successor_urn": "to"}))
    backward = _reached(allocated, links.rename(columns={"successor_urn": "from", "urn": "to"}))
    found = pd.concat([forward, backward], ignore_index=True).drop_duplicates()
    found = found[~found["number"].isin(allocated)]
    found = found[~found["number"].duplicated(keep=False)]
    own = pd.DataFrame({"number": allocated, "urn": allocated})
    return pd.concat([own, found], ignore_index=True).set_index("number")["urn"]


def _reached(allocated: pd.Series, links: pd.DataFrame) -> pd.DataFrame:
    """Numbers reached from each allocated school along the links, but not through another allocated school."""
    step = pd.DataFrame({"number": allocated, "urn": allocated})
    found = [step.iloc[:0]]
    for _ in range(len(links)):
        step = step.merge(links, left_on="number", right_on="from")[["to", "urn"]].rename(columns={"to": "number"})
        step = step[~step["number"].isin(allocated)]
        if step.empty or len(found) > 5:
            break
        found.append(step)
    return pd.concat(found, ignore_index=True)


def closing_days(schools: pd.DataFrame, lineage: pd.Series) -> pd.Series:
    """Last day of each allocated school that closed and that no other number stands for, by urn."""
    followed = lineage[lineage.index != lineage].unique()
    own = schools[schools["close_date"].notna() & schools["urn"].isin(lineage.to_numpy())]
    alone = own[~own["urn"].isin(followed)].drop_duplicates("urn")
    return alone.set_index("urn")["close_date"]


def to_allocated(urn: pd.Series, lineage: pd.Series) -> pd.Series:
    """The allocated school each register number stands for; missing for schools of no trial."""
    return look_up(urn, lineage)
