"""Termly school census as an authority extracts it: pupils on and no longer on roll, exclusions, attendance.

Dates `2024-Oct-16 00:00:00`, whole numbers as floats (`134.0`), one file a module (layout of authority extracts of the
DfE school census). Totals of sessions stand in the roll; where asked, the rows by reason code stand beside it instead.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from scipy.stats import norm

from swis.simulate.attendance import Sessions
from swis.simulate.calibration import numbers
from swis.simulate.days import academic_start, arrow_dates, day
from swis.simulate.enrolment import year_group
from swis.simulate.exposure import Exposure
from swis.simulate.population import Population
from swis.simulate.suspensions import Suspensions
from swis.simulate.terms import Census, Span, overlap

SUSP_FROM = 2021
REASON_CODE_CENSUSES = ("2021_spring", "2023_autumn", "2024_spring")
WHOLE = pa.array([f"{number}.0" for number in range(400)] + [""])
AUTHORISED_MIX = {"I": 0.72, "M": 0.12, "S": 0.03, "E": 0.05, "C": 0.08}
UNAUTHORISED_MIX = {"O": 0.74, "G": 0.14, "U": 0.09, "N": 0.03}


@dataclass(frozen=True)
class Rolls:
    """Everything the school census of an authority is made of."""

    population: Population
    exposure: Exposure
    sessions: dict[str, Sessions]
    suspensions: Suspensions
    sen: np.ndarray


def draw_sen(population: Population, rng: np.random.Generator) -> np.ndarray:
    """Special educational needs of each child: plan (E), support (K) or none (N), commoner among the poor."""
    rank = norm.cdf((0.5 * population.need + rng.normal(size=population.number)) / np.sqrt(1.25))
    plan = numbers()["education_plan_percent"] / 100
    support = numbers()["sen_support_percent"] / 100
    return np.where(rank > 1 - plan, "E", np.where(rank > 1 - plan - support, "K", "N")).astype(object)


def census_tables(rolls: Rolls, census: Census, *, by_reason: bool) -> dict[str, pa.Table]:
    """The modules of one census: name of the module and its table of texts."""
    spells, schools = rolls.exposure.spells, rolls.exposure.schools
    returned = schools.returns_until[spells.school] >= census.on
    on_roll = returned & (spells.first <= census.on) & (spells.last >= census.on)
    away = rolls.suspensions
    carried = np.flatnonzero((away.day >= census.suspensions[0]) & (away.day <= census.suspensions[1]))
    gone = returned & (spells.last < census.on) & _is_reported(rolls, census, away.spell[carried])
    tables: dict[str, pa.Table] = {}
    for mask, side, is_on in ((on_roll, "pupilonroll", True), (gone, "pupilnolongeronroll", False)):
        places = np.flatnonzero(mask)
        places = places[np.lexsort((spells.first[places], spells.child[places], spells.school[places]))]
        tables[side] = _pupils(rolls, census, places, side, is_on, by_reason)
        ending = "onroll" if is_on else "offroll"
        position = np.full(spells.number, -1)
        position[places] = np.arange(len(places))
        tables[f"termlyexclusions{ending}"] = _exclusions(rolls, census, carried, position, side, ending)
        if by_reason:
            tables |= _details(rolls, census, places, side, ending)
    return tables


def _is_reported(rolls: Rolls, census: Census, suspended: np.ndarray) -> np.ndarray:
    """Leavers a census lists: left since the one before, or with absence or suspensions that it carries."""
    spells = rolls.exposure.spells
    listed = spells.last >= census.before
    listed |= overlap(spells.first, spells.last, census.absence) > 0
    if census.half_term_2 is not None:
        listed |= overlap(spells.first, spells.last, census.half_term_2) > 0
    listed[suspended] = True
    return np.asarray(listed)


def _whole(values: np.ndarray, is_given: np.ndarray) -> pa.Array:
    places = np.where(is_given, np.clip(values, 0, len(WHOLE) - 2), len(WHOLE) - 1)
    return WHOLE.take(pa.array(places.astype("int32")))


def _take(values: np.ndarray, places: np.ndarray) -> pa.Array:
    return pa.array(values[places], type=pa.string())


def _pupils(rolls: Rolls, census: Census, places: np.ndarray, side: str, is_on: bool, by_reason: bool) -> pa.Table:
    population, spells, schools = rolls.population, rolls.exposure.spells, rolls.exposure.schools
    child, school = spells.child[places], spells.school[places]
    upn, former = _numbers(rolls, census, child)
    columns: dict[str, pa.Array] = {
        f"{side}tableid": pa.array(np.arange(1, len(places) + 1)),
        "NativeId": _take(schools.urn, school),
        "upn": pa.array(upn, type=pa.string()),
        "formerupn": pa.array(former, type=pa.string()),
        "dob": arrow_dates(population.born[child], "census"),
        "sex": pa.array(np.where(population.is_male[child], "M", "F"), type=pa.string()),
        "entrydate": arrow_dates(spells.first[places], "census"),
    }
    start = int(academic_start(np.array([census.on]))[0])
    group = np.clip(
        year_group(population.year_of_birth[child], start if is_on else academic_start(spells.last[places])), -2, 14
    )
    if is_on:
        columns["enrolstatus"] = pa.array(_status(rolls, census, places), type=pa.string())
        columns["fsmeligible"] = pa.array(np.where(_eligible(rolls, places, start), "1", "0"), type=pa.string())
        columns["senprovision"] = _take(rolls.sen, child)
        columns["ncyearactual"] = pa.array(np.where(group == 0, "R", group.astype(str)), type=pa.string())
    else:
        columns["leavingdate"] = arrow_dates(spells.last[places], "census")
        columns["ncyearleaving"] = pa.array(np.where(group == 0, "R", group.astype(str)), type=pa.string())
    columns["ethnicity"] = _take(population.ethnicity, child)
    columns |= _session_columns(rolls, places, census.absence, "termlysessions", by_reason)
    if census.half_term_2 is not None:
        columns |= _session_columns(rolls, places, census.half_term_2, "summerhalfterm2sessions", by_reason)
    return pa.table(columns)


def _numbers(rolls: Rolls, census: Census, child: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """UPN and former UPN on the roll: some pupils were given another number in September 2021."""
    population = rolls.population
    changed = (population.link[child] == "changed on the roll") & (census.on >= day(2021, 9, 1))
    upn = np.where(changed, population.second_upn[child], population.upn[child])
    return upn, np.where(changed, population.upn[child], "")


def _status(rolls: Rolls, census: Census, places: np.ndarray) -> np.ndarray:
    """C for a single registration, M and S for the main and the second of two."""
    spells = rolls.exposure.spells
    second = np.flatnonzero(~spells.is_main & (spells.first <= census.on) & (spells.last >= census.on))
    has_two = np.isin(spells.child[places], spells.child[second])
    return np.where(~spells.is_main[places], "S", np.where(has_two, "M", "C"))


def _eligible(rolls: Rolls, places: np.ndarray, start_year: int) -> np.ndarray:
    """Free school meals: the poorest of each school up to its share, which rises from year to year."""
    spells, schools = rolls.exposure.spells, rolls.exposure.schools
    school = spells.school[places]
    share = np.zeros(len(places))
    for phase in ("secondary", "primary"):
        series = numbers()["education"][f"fsm_{phase}"]
        ratio = series[min(max(start_year - 2017, 0), len(series) - 1)] / series[2]
        share = np.where(schools.phase[school] == phase, schools.fsm[school] * ratio, share)
    return np.asarray(norm.cdf(rolls.population.need[spells.child[places]]) > 1 - np.minimum(share, 0.8))


def _is_counted(rolls: Rolls, places: np.ndarray, period: Span) -> np.ndarray:
    """Whether a spell has sessions in a period: main registrations only; not Year 11 after May half-term."""
    spells = rolls.exposure.spells
    there = spells.is_main[places] & (overlap(spells.first[places], spells.last[places], period) > 0)
    group = year_group(rolls.population.year_of_birth[spells.child[places]], period.start_year)
    return np.asarray(there & ~((period.term == "summer half-term 2") & (group >= 11)))


def _session_columns(
    rolls: Rolls, places: np.ndarray, period: Span, prefix: str, by_reason: bool
) -> dict[str, pa.Array]:
    """Totals of a period; blank where not collected. By reason only the possible sessions stand here."""
    names = {"possible": "possible", "authorised": "authorised", "unauthorised": "unauthorised", "codex": "code_x"}
    found = rolls.sessions.get(period.label)
    counted = _is_counted(rolls, places, period) if found is not None else np.zeros(len(places), bool)
    shown = {"possible": "possible"} if by_reason else names
    zeros = np.zeros(len(places), dtype="int64")
    return {
        f"{prefix}{name}": _whole(getattr(found, field)[places] if found is not None else zeros, counted)
        for name, field in shown.items()
    }


def _exclusions(
    rolls: Rolls, census: Census, carried: np.ndarray, position: np.ndarray, side: str, ending: str
) -> pa.Table:
    away = rolls.suspensions
    rows = carried[position[away.spell[carried]] >= 0]
    row_of_pupil = position[away.spell[rows]]
    school = rolls.exposure.spells.school[away.spell[rows]]
    usual = "SUSP" if census.year >= SUSP_FROM else "FIXD"
    second = away.second_reason[rows] if census.year >= SUSP_FROM else np.full(len(rows), "", dtype=object)
    columns = {
        f"{side}tableid": pa.array(row_of_pupil + 1),
        "NativeId": _take(rolls.exposure.schools.urn, school),
        f"termlyexclusions{ending}tableid": pa.array(np.arange(1, len(rows) + 1)),
        "startdate": arrow_dates(away.day[rows], "census"),
        "sessions": _whole(away.sessions[rows], ~away.is_permanent[rows]),
        "reason1": pa.array(away.reason[rows], type=pa.string()),
        "reason2": pa.array(second, type=pa.string()),
        "category": pa.array(np.where(away.is_permanent[rows], "PERM", usual), type=pa.string()),
    }
    return pa.table(columns)


def _details(rolls: Rolls, census: Census, places: np.ndarray, side: str, ending: str) -> dict[str, pa.Table]:
    """Attendance by reason code: one row a pupil and code, shared out by a fixed mix so that totals are kept."""
    tables = {}
    for period, module in (
        (census.absence, "termlysessiondetails"),
        (census.half_term_2, "summerhalfterm2sessiondetails"),
    ):
        found = rolls.sessions.get(period.label) if period is not None else None
        if period is None or found is None:
            continue
        counted = np.flatnonzero(_is_counted(rolls, places, period))
        parts = [
            *_shared(found.authorised[places][counted], AUTHORISED_MIX),
            *_shared(found.unauthorised[places][counted], UNAUTHORISED_MIX),
            ("X", found.code_x[places][counted]),
        ]
        row = np.concatenate([counted[values > 0] for _, values in parts])
        code = np.concatenate([np.full(int((values > 0).sum()), name, dtype=object) for name, values in parts])
        sessions = np.concatenate([values[values > 0] for _, values in parts])
        order = np.lexsort((code.astype(str), row))
        school = rolls.exposure.spells.school[places[row[order]]]
        tables[f"{module}{ending}"] = pa.table(
            {
                f"{side}tableid": pa.array(row[order] + 1),
                "NativeId": _take(rolls.exposure.schools.urn, school),
                "sessions": _whole(sessions[order], np.ones(len(order), bool)),
                "attendancereason": pa.array(code[order], type=pa.string()),
            }
        )
    return tables


def _shared(total: np.ndarray, mix: dict[str, float]) -> list[tuple[str, np.ndarray]]:
    """Whole sessions by code that add up to the total: cumulative shares, rounded."""
    edges = np.round(np.outer(total, np.cumsum(list(mix.values())) / sum(mix.values()))).astype(int)
    counts = np.diff(edges, axis=1, prepend=0)
    return [(code, counts[:, place]) for place, code in enumerate(mix)]
