"""Schools and their allocation: names and numbers that are plainly invented, sizes, free school meals, frailty."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from swis.params import Authority, Code
from swis.simulate.calibration import Targets, numbers
from swis.simulate.days import OPEN, day
from swis.simulate.plan import SchoolGroup, planned

FIRST_URN = 900_000
FIRST_ACADEMIC_YEAR, LAST_ACADEMIC_YEAR = 2013, 2023
ALLOCATED_ON = {
    "swis": day(2020, 9, 1),
    "dsls_greater_manchester": day(2020, 12, 1),
    "dsls_one_to_one": day(2021, 7, 1),
    "dsls_group": day(2021, 7, 1),
    "dsls_sexual_abuse": day(2021, 7, 1),
}
WITHDRAWN_ON = {"withdrew": day(2021, 1, 31), "merged": day(2021, 8, 31), "no return": day(2020, 9, 1)}


@dataclass(frozen=True)
class Schools:
    """Schools of one authority as arrays, trial schools first and those only assessed at the end.

    `log_rate` is the log of a school's relative rate of enquiries by academic year (column 0 is 2013/14), before any
    effect; `fsm` the share of pupils eligible for free school meals in 2019/20.
    """

    urn: np.ndarray
    old_la_code: np.ndarray
    number_in_authority: np.ndarray
    phase: np.ndarray
    trial: np.ndarray
    arm: np.ndarray
    pupils: np.ndarray
    fsm: np.ndarray
    log_rate: np.ndarray
    withdrawn_on: np.ndarray
    reason: np.ndarray
    merged_into: np.ndarray
    leaves_in_july: np.ndarray

    @property
    def number(self) -> int:
        """How many schools."""
        return len(self.urn)

    @property
    def is_treated(self) -> np.ndarray:
        """Allocated to the programme."""
        return np.asarray(self.arm == "intervention")

    @property
    def returns_until(self) -> np.ndarray:
        """Last day whose census still holds the school."""
        return np.where(self.reason == "no return", 0, self.withdrawn_on)

    @property
    def is_analysed(self) -> np.ndarray:
        """Allocated and not lost."""
        return np.asarray((self.arm != "") & (self.withdrawn_on >= OPEN))


def simulate_schools(
    groups: tuple[SchoolGroup, ...],
    authority: Authority,
    authority_number: int,
    targets: Targets,
    rng: np.random.Generator,
) -> Schools:
    """The schools of an authority's trial groups, with their losses."""
    parts = [_group(group, targets, rng) for group in groups]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    number = len(columns["arm"])
    urn = FIRST_URN + authority_number * 200 + rng.permutation(number)
    columns |= {
        "urn": urn.astype(str).astype(object),
        "number_in_authority": 4000 + np.arange(number),
        "old_la_code": _la_codes(authority.codes, number),
        "leaves_in_july": rng.random(number) < 0.5,
        "log_rate": _log_rates(columns["fsm"], columns["pupils"], rng),
    }
    merged = _mergers(columns, urn)
    return _named_cases(
        Schools(
            **{field.name: columns[field.name] for field in fields(Schools) if field.name in columns},
            merged_into=merged,
        ),
        authority.slug,
    )


def _la_codes(codes: list[Code], number: int) -> np.ndarray:
    """Code of the register today; an authority that was split has its schools under both new codes."""
    current = [code.old_la_code for code in codes if code.valid_to is None]
    return np.array([current[place % len(current)] for place in range(number)], dtype=object)


def _group(group: SchoolGroup, targets: Targets, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Arms, sizes and losses of one group; schools that were assessed and not allocated have no arm."""
    number = group.schools + group.only_assessed
    arm = np.array(
        [
            *rng.permutation(["intervention"] * group.intervention + ["control"] * group.control),
            *[""] * group.only_assessed,
        ],
        dtype=object,
    )
    sigma = planned()["school_size_sigma"]
    pupils = np.exp(rng.normal(size=number) * sigma)
    pupils *= group.pupils_per_school * group.schools / pupils[: group.schools].sum()
    base = numbers()["education"][f"fsm_{group.phase}"][2] / 100 * targets.fsm_ratio
    odds = np.log(base / (1 - base)) + 0.45 * rng.normal(size=number) - 0.08
    reason, withdrawn = np.full(number, "", dtype=object), np.full(number, OPEN)
    for lost_arm, why in group.lost:
        place = np.flatnonzero((arm == lost_arm) & (reason == ""))[0]
        reason[place], withdrawn[place] = why, WITHDRAWN_ON[why]
    return {
        "phase": np.full(number, group.phase, dtype=object),
        "trial": np.where(arm == "", "", group.trial).astype(object),
        "arm": arm,
        "pupils": pupils,
        "fsm": 1 / (1 + np.exp(-odds)),
        "withdrawn_on": withdrawn,
        "reason": reason,
    }


def _log_rates(fsm: np.ndarray, pupils: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Relative rates by school and academic year: a lasting part tied to poverty, and one that drifts."""
    spread = numbers()["between_schools"]
    years = LAST_ACADEMIC_YEAR - FIRST_ACADEMIC_YEAR + 1
    odds = np.log(fsm / (1 - fsm))
    poverty = (odds - odds.mean()) / max(odds.std(), 0.1)
    tie = spread["correlation_with_fsm"]
    lasting = spread["lasting"] * (tie * poverty + np.sqrt(1 - tie**2) * rng.normal(size=len(fsm)))
    keep = spread["correlation_from_year_to_year"]
    drift = np.zeros((len(fsm), years))
    drift[:, 0] = rng.normal(size=len(fsm))
    for year in range(1, years):
        drift[:, year] = keep * drift[:, year - 1] + np.sqrt(1 - keep**2) * rng.normal(size=len(fsm))
    log_rate = np.clip(lasting[:, None] + spread["drifting"] * drift, -1.1, 1.1)
    mean = np.log((np.exp(log_rate) * pupils[:, None]).sum(axis=0) / pupils.sum())
    return log_rate - mean


def _mergers(columns: dict[str, np.ndarray], urn: np.ndarray) -> np.ndarray:
    """Where merged schools go: to another school of their phase and authority, whatever its trial and arm."""
    into = np.full(len(urn), "", dtype=object)
    for place in np.flatnonzero(columns["reason"] == "merged"):
        same = (columns["phase"] == columns["phase"][place]) & (columns["reason"] == "") & (columns["arm"] != "")
        into[place] = str(urn[np.flatnonzero(same)[0]])
    return into


def _named_cases(schools: Schools, slug: str) -> Schools:
    """The awkward cases of `plan.yml` that concern one school or one arm."""
    reason, withdrawn = schools.reason.copy(), schools.withdrawn_on.copy()
    analysed = schools.is_analysed
    for why, case, arm in (
        ("later given a worker", planned()["later_given_a_worker"], "control"),
        ("post vacant", planned()["post_vacant"], "intervention"),
    ):
        if case["authority"] == slug:
            reason[np.flatnonzero(analysed & (schools.arm == arm))[0]] = why
    empty = planned()["empty_arm"]
    if empty["authority"] == slug:
        members = schools.arm == empty["arm"]
        when = empty["withdrawn_on"]
        withdrawn[members], reason[members] = day(when.year, when.month, when.day), "withdrew"
    values = {field.name: getattr(schools, field.name) for field in fields(Schools)}
    return Schools(**(values | {"reason": reason, "withdrawn_on": withdrawn}))
