"""Reasons in words: what changed, from what to what, and what runs before."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from swis.staleness.ingredients import CODE, INPUT, LIBRARY, NOTEBOOK, PARAMETER, RELEASED, UPSTREAM, Change
from swis.staleness.targets import Step
from swis.staleness.verdict import Reason
from swis.workspace import POOLED, trial_slug

LONGEST_VALUE = 40
NAMED = 3
PLACES = {RELEASED: "let through the door: ", NOTEBOOK: "notebook ", CODE: "code of ", LIBRARY: "library "}


def reasons_in_words(step: Step, reasons: Iterable[Reason]) -> list[str]:
    """One phrase for each kind of reason, in the order told; several of one kind are named together."""
    read = list(reasons)
    said = [reason.words for reason in read if reason.words]
    changes = [reason.changed for reason in read if reason.changed]
    for kind in dict.fromkeys(change.kind for change in changes):
        of_kind = [change for change in changes if change.kind == kind]
        if kind == CODE and len(of_kind) > 1 and all(change.was and change.now for change in of_kind):
            said.append(f"{PLACES[CODE]}{_few([change.name for change in of_kind])} changed")
        else:
            said.append(_few([change_in_words(change) for change in of_kind]))
    before = [reason.before for reason in read if reason.before]
    return [*said, *([_before(step, before)] if before else [])]


def change_in_words(change: Change) -> str:
    """What became of one ingredient."""
    name = f"{PLACES.get(change.kind, '')}{change.name}"
    if change.kind == UPSTREAM:
        slug, stage = change.name.split("/")
        return f"rests on {stage} of {shown(slug)} {'as well' if change.was is None else 'no more'}"
    if change.kind == LIBRARY or (change.kind == PARAMETER and not name.endswith(".yml")):
        return _with_values(name, change)
    if change.was is None or change.now is None:
        return f"{name} is {'new' if change.was is None else 'gone'}"
    if change.kind == INPUT and change.was.split(":")[0] == change.now.split(":")[0]:
        return f"{name} was written anew"
    return f"{name} changed"


def shown(slug: str) -> str:
    """A folder's name as a reader knows it: an authority, a trial, or all authorities."""
    return "all authorities" if slug == POOLED else slug.removeprefix(trial_slug(""))


def _with_values(name: str, change: Change) -> str:
    if change.was is None:
        return f"{name} is new: {_short(change.now)}"
    if change.now is None:
        return f"{name} is gone (was {_short(change.was)})"
    return f"{name} is now {_short(change.now)}, was {_short(change.was)}"


def _short(value: str | None) -> str:
    text = _plain(value or "")
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"


def _plain(value: str) -> str:
    """A text without the quotation marks that it is kept with."""
    try:
        read = json.loads(value)
    except ValueError:
        return value
    return read if isinstance(read, str) else value


def _before(step: Step, before: Sequence[Step]) -> str:
    """Which steps run before, by stage; whose they are goes without saying where it is the step's own authority."""
    stages = dict.fromkeys(one.stage for one in before)
    said = []
    for stage in stages:
        slugs = [one.slug for one in before if one.stage == stage]
        own = slugs in ([step.slug], [POOLED])
        said.append(stage if own else f"{stage} of {_few([shown(slug) for slug in slugs])}")
    verb = "runs" if len(before) == 1 else "run"
    return f"{' and '.join(said)} {verb} before"


def _few(phrases: Sequence[str]) -> str:
    """The first few of several phrases, and how many more there are."""
    if len(phrases) <= NAMED + 1:
        return ", ".join(phrases)
    return f"{', '.join(phrases[:NAMED])} and {len(phrases) - NAMED} more"
