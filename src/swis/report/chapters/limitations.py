"""What the numbers cannot say."""

from __future__ import annotations

from swis.report.inputs import ALL, Inputs
from swis.report.model import Section, bullets
from swis.report.wording import listed_text

COMMON = (
    "The pandemic closed schools in 2019/20 and 2020/21. Fewer referrals from schools in those years show that "
    "schools were closed, "
    "and not that fewer children were at risk.",
    "Grades of 2019/20 and 2020/21 were given by teachers; full-year absence is missing for 2019/20, and "
    "Progress 8 and Key Stage 2 "
    "results for 2019/20 and 2020/21.",
    "A child without a unique pupil number in the social care return cannot be linked to a school and is in no "
    "count of schools.",
    "Who counts, for which school and in which window is in part assumed, because public sources do not say it; "
    "each choice "
    "stands in the methods with its variant.",
    "Numbers hidden to protect children, and those hidden so that these cannot be worked out, are missing from tables "
    "and figures though they were counted; estimates rest on every number, hidden or not.",
)
DESCRIBED = (
    "Effects are not estimated in this report. Differences between arms, or between years, are description and "
    "may be chance."
)
ESTIMATED = (
    "Effects are estimated for {} only, each by itself; everywhere else differences between arms, or between years, are "
    "description and may be chance. An interval that holds no effect does not show that there is none.",
    "What the public documents of a trial do not say of its analysis is assumed, each line with its reason, in its plan.",
)
POOLED = (
    "An authority without a return is left out in both arms and is not imputed; the completeness figure shows which.",
    "The four trials of supervision differ in design, age of pupils and window, and are never added together.",
)


def limitations(inputs: Inputs) -> Section:
    """The limitations chapter."""
    points = [*_about_effects(inputs), *COMMON, *(POOLED if inputs.area == ALL else ())]
    if inputs.is_synthetic:
        points.insert(0, "The returns are simulated. Nothing here is a finding about any authority, school or child.")
    return Section("limitations", "What these numbers cannot say", (bullets(points),), is_synthetic=inputs.is_synthetic)


def _about_effects(inputs: Inputs) -> list[str]:
    if not inputs.effects:
        return [DESCRIBED]
    titles = listed_text(held.trial.title for held in inputs.effects.values())
    return [words.format(titles) for words in ESTIMATED]
