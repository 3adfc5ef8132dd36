"""How many schools of which trial lie in which authority, and how large they are: the full plan and small ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from swis.io import read_yaml
from swis.params import Authority, Params

FILE = Path(__file__).parent / "plan.yml"
COHORTS = {"secondary": 5, "primary": 7}


@cache
def planned() -> dict[str, Any]:
    """The content of `plan.yml`."""
    return dict(read_yaml(FILE))


@dataclass(frozen=True)
class SchoolGroup:
    """Schools of one trial and phase in one authority: how many per arm, how many of them are lost, mean pupils."""

    trial: str
    phase: str
    intervention: int
    control: int
    pupils_per_school: float
    lost: tuple[tuple[str, str], ...] = ()
    only_assessed: int = 0

    @property
    def schools(self) -> int:
        """Allocated schools."""
        return self.intervention + self.control


@dataclass(frozen=True)
class Size:
    """What a simulation makes: groups of schools by authority, and how large the authorities themselves are.

    `population_share` scales children of an authority, `event_factor` the rates of social care (1 in a full
    simulation; more in a demonstration so that its few pupils have events), `reason_code_authorities` send some
    censuses with attendance by reason code, `annex_a` says who sends workbooks of which years, `fault_share` is the
    share of all kinds of fault planted in each authority.
    """

    name: str
    groups: dict[str, tuple[SchoolGroup, ...]]
    borders: tuple[tuple[str, str], ...]
    population_share: float = 1.0
    event_factor: float = 1.0
    is_indented: bool = True
    reason_code_authorities: tuple[str, ...] = ()
    annex_a: dict[str, tuple[int, ...]] = field(default_factory=dict)
    fault_share: float = 1.0

    def children(self, authority: Authority) -> int:
        """Children aged 0 to 17 simulated for an authority."""
        return round(authority.children_0_to_17 * self.population_share)


def full_size(params: Params) -> Size:
    """The trials in full numbers (see `plan.yml`)."""
    groups: dict[str, list[SchoolGroup]] = {slug: [] for slug in params.authorities}
    _add_swis(groups, params)
    _add_greater_manchester(groups, params)
    for trial in ("dsls_one_to_one", "dsls_group", "dsls_sexual_abuse"):
        _add_supervision(groups, params, trial)
    fitted = {slug: _fit(members, params.authorities[slug]) for slug, members in groups.items()}
    borders = tuple(tuple(pair) for pair in planned()["borders"])
    return Size("full", _scale_swis(fitted, params), borders, annex_a=_workbooks(groups))


def _workbooks(groups: dict[str, list[SchoolGroup]]) -> dict[str, tuple[int, ...]]:
    """The years of the Annex A workbooks of each authority with a trial of supervision."""
    plan = planned()["annex_a"]
    supervised = [slug for slug, members in groups.items() if any(group.trial != "swis" for group in members)]
    years = {slug: [*plan["supervision"], *plan["more"].get(slug, [])] for slug in supervised}
    return {slug: tuple(year for year in own if year not in plan["never"].get(slug, [])) for slug, own in years.items()}


def middle_size(params: Params, slugs: tuple[str, ...]) -> Size:
    """The full plan for a few authorities, for tests of calibration."""
    whole = full_size(params)
    borders = tuple(pair for pair in whole.borders if set(pair) <= set(slugs))
    return Size("middle", {slug: whole.groups[slug] for slug in slugs}, borders)


def demo_size() -> Size:
    """Two authorities and a handful of tiny schools: every format and many faults in under three megabytes."""
    swis = SchoolGroup("swis", "secondary", 3, 3, 24, lost=(("control", "withdrew"),))
    manchester = SchoolGroup("dsls_greater_manchester", "secondary", 2, 2, 24)
    return Size(
        "demo",
        {"gateshead": (swis,), "tameside": (swis, manchester)},
        (("gateshead", "tameside"),),
        population_share=0.018,
        event_factor=1.6,
        is_indented=False,
        reason_code_authorities=("tameside",),
        annex_a={"tameside": (2021, 2022, 2023)},
        fault_share=0.5,
    )


def _spread(total: int, slugs: list[str], weights: dict[str, float], fewest: int, most: int) -> dict[str, int]:
    """`total` schools over authorities, each between two bounds, the next always to the most children per school."""
    counts = dict.fromkeys(slugs, fewest)
    for _ in range(total - fewest * len(slugs)):
        open_slugs = [slug for slug in slugs if counts[slug] < most]
        chosen = max(open_slugs, key=lambda slug: (weights[slug] / (counts[slug] + 0.5), slug))
        counts[chosen] += 1
    return counts


def _add_swis(groups: dict[str, list[SchoolGroup]], params: Params) -> None:
    plan = planned()["swis"]
    slugs = [slug for slug, authority in params.authorities.items() if "swis" in authority.trials]
    weights = {slug: _room(params.authorities[slug], "secondary") for slug in slugs}
    for slug in slugs:
        if len(params.authorities[slug].trials) > 1:
            weights[slug] *= 0.3
    arms = [_spread(total, slugs, weights, plan["fewest_per_arm"], plan["most_per_arm"]) for total in plan["allocated"]]
    losses = _losses(slugs, arms, plan["fewest_per_arm"])
    extra = plan["assessed"] - sum(plan["allocated"])
    mean = plan["pupils_analysed"] / sum(plan["analysed"])
    for place, slug in enumerate(slugs):
        members = (arms[0][slug], arms[1][slug])
        groups[slug].append(
            SchoolGroup("swis", "secondary", *members, mean, tuple(losses[slug]), only_assessed=int(place < extra))
        )


def _losses(slugs: list[str], arms: list[dict[str, int]], fewest: int) -> dict[str, list[tuple[str, str]]]:
    """Which authority loses a school of which arm for which reason, never below the fewest schools of an arm."""
    losses: dict[str, list[tuple[str, str]]] = {slug: [] for slug in slugs}
    for place, arm in enumerate(("intervention", "control")):
        left = dict(arms[place])
        reasons = [reason for reason, counts in planned()["losses"].items() for _ in range(counts[place])]
        for reason in reasons:
            candidates = [slug for slug in slugs if left[slug] > fewest]
            chosen = min(candidates, key=lambda slug: (len(losses[slug]), -left[slug], slug))
            losses[chosen].append((arm, reason))
            left[chosen] -= 1
    return losses


def _add_greater_manchester(groups: dict[str, list[SchoolGroup]], params: Params) -> None:
    plan = planned()["dsls_greater_manchester"]
    slugs = [slug for slug, authority in params.authorities.items() if "dsls_greater_manchester" in authority.trials]
    fixed = {slug: number for slug, number in plan["fewer_where_swis"].items() if slug in slugs}
    free = [slug for slug in slugs if slug not in fixed]
    weights = {slug: _room(params.authorities[slug], "secondary") for slug in free}
    counts = fixed | _spread(plan["schools"] - sum(fixed.values()), free, weights, 4, 60)
    for slug in slugs:
        half = counts[slug] // 2
        groups[slug].append(
            SchoolGroup("dsls_greater_manchester", "secondary", half, counts[slug] - half, plan["pupils_per_school"])
        )


def _add_supervision(groups: dict[str, list[SchoolGroup]], params: Params, trial: str) -> None:
    plan = planned()[trial]
    for slug, authority in params.authorities.items():
        for phase in COHORTS:
            number = plan.get(f"{phase}_per_authority", 0)
            if trial in authority.trials and number:
                half = number // 2
                groups[slug].append(SchoolGroup(trial, phase, half, number - half, plan[f"pupils_per_{phase}"]))


def _room(authority: Authority, phase: str) -> float:
    """Pupils of a phase that the authority's trial schools can hold at most."""
    return authority.children_0_to_17 / 18 * COHORTS[phase] * float(planned()["largest_share_of_cohort"])


def _fit(members: list[SchoolGroup], authority: Authority) -> tuple[SchoolGroup, ...]:
    """Groups with their mean size lowered where the authority has too few children for them."""
    fitted = []
    for group in members:
        wanted = sum(other.schools * other.pupils_per_school for other in members if other.phase == group.phase)
        shrink = min(1.0, _room(authority, group.phase) / wanted)
        fitted.append(_with_size(group, group.pupils_per_school * shrink))
    return tuple(fitted)


def _with_size(group: SchoolGroup, pupils: float) -> SchoolGroup:
    return SchoolGroup(
        group.trial, group.phase, group.intervention, group.control, pupils, group.lost, group.only_assessed
    )


def _scale_swis(groups: dict[str, tuple[SchoolGroup, ...]], params: Params) -> dict[str, tuple[SchoolGroup, ...]]:
    """Sizes of the first trial raised where there is room until its analysed schools hold the published pupils."""
    wanted = planned()["swis"]["pupils_analysed"]
    for _ in range(12):
        held = sum(_analysed_pupils(members) for members in groups.values())
        groups = {slug: _raised(members, params.authorities[slug], wanted / held) for slug, members in groups.items()}
    return groups


def _analysed_pupils(members: tuple[SchoolGroup, ...]) -> float:
    return sum(
        (group.schools - len(group.lost)) * group.pupils_per_school for group in members if group.trial == "swis"
    )


def _raised(members: tuple[SchoolGroup, ...], authority: Authority, factor: float) -> tuple[SchoolGroup, ...]:
    held = sum(group.schools * group.pupils_per_school for group in members if group.phase == "secondary")
    most = _room(authority, "secondary") / held if held else 1.0
    grown = min(factor, most)
    return tuple(
        _with_size(group, group.pupils_per_school * (grown if group.trial == "swis" else 1.0)) for group in members
    )


def numbers_of_schools(size: Size) -> dict[str, int]:
    """Allocated schools by trial, for the truth file."""
    totals: dict[str, int] = {}
    for members in size.groups.values():
        for group in members:
            totals[group.trial] = totals.get(group.trial, 0) + group.schools
    return {trial: int(np.int64(total)) for trial, total in sorted(totals.items())}
