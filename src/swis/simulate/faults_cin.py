"""Spoil single children of a CIN census return, one fault of each kind named, and note where each was planted."""

from __future__ import annotations

import numpy as np

from swis.simulate import faults_cin_cases, faults_cin_children, faults_cin_events
from swis.simulate.faults import Fault, kinds_of
from swis.simulate.faults_cin_text import Context, Spoil, is_single, value_of

MODULES = (faults_cin_children, faults_cin_events, faults_cin_cases)
SPOILERS: dict[str, Spoil] = {
    f"cin_{name}": getattr(module, name)
    for module in MODULES
    for name in vars(module)
    if f"cin_{name}" in kinds_of("cin_census")
}
TRIES = 1500


def spoil_children(
    texts: list[str],
    names: list[str],
    *,
    authority: str,
    source_file: str,
    year: int,
    spare_upns: list[str],
    before: dict[str, int],
    file_before: str,
    rng: np.random.Generator,
) -> tuple[list[str], list[Fault], list[str]]:
    """A return's children with one fault of each kind named, each in another child, and what was planted where.

    `before` is the ordinal of each child's identifier in the file of the year before (`file_before`): a case that was
    open there and is left out here is a fault of that file's record. Also returned: kinds that found no child.
    """
    texts, faults, left = list(texts), [], []
    if "cin_open_case_vanishes" in names:
        gone = _vanishing(texts, before, f"{year - 1}-04-01", rng)
        if gone is not None:
            identifier = value_of(texts[gone], "LAchildID") or ""
            faults.append(Fault("cin_open_case_vanishes", authority, file_before, before[identifier]))
            del texts[gone]
    order = rng.permutation(len(texts)).tolist()
    used: set[int] = set()
    for name in names:
        if name not in SPOILERS:
            continue
        for place in [place for place in order if place not in used][:TRIES]:
            context = Context(year, _some_upn(texts, place, used, rng), spare_upns[0] if spare_upns else "", rng)
            spoilt = SPOILERS[name](texts[place], context)
            if spoilt is not None:
                texts[place] = spoilt
                used.add(place)
                faults.append(Fault(name, authority, source_file, place + 1))
                break
        else:
            left.append(name)
    if "cin_child_twice" in names and len(used) < len(texts):
        place = next(place for place in order if place not in used)
        texts.append(texts[place])
        faults.append(Fault("cin_child_twice", authority, source_file, len(texts)))
    return texts, faults, left


def _vanishing(texts: list[str], before: dict[str, int], first_day: str, rng: np.random.Generator) -> int | None:
    for place in rng.permutation(len(texts))[:TRIES].tolist():
        referral = value_of(texts[place], "CINreferralDate") or ""
        if is_single(texts[place]) and referral < first_day and (value_of(texts[place], "LAchildID") or "") in before:
            return int(place)
    return None


def _some_upn(texts: list[str], place: int, used: set[int], rng: np.random.Generator) -> str:
    for other in rng.integers(0, len(texts), 30).tolist():
        upn = value_of(texts[other], "UPN")
        if other != place and other not in used and upn:
            return upn
    return ""


def ordinals(texts: list[str]) -> dict[str, int]:
    """Ordinal of each child's identifier in a return."""
    return {value_of(text, "LAchildID") or "": place + 1 for place, text in enumerate(texts)}
