"""What the results come to: how to read them together, what they exclude, whom they speak for, what would settle more."""

from __future__ import annotations

import pandas as pd

from swis.plan import primary_outcome
from swis.report.chapters.effects.words import lower_first, ratio_text
from swis.report.chapters.summary import is_different, primary_row
from swis.report.effects_inputs import EffectInputs
from swis.report.inputs import Inputs
from swis.report.model import Section, bullets, paragraph
from swis.report.wording import listed_text

TOGETHER = (
    "Three things are read together here: whether outcomes changed, whether the programme was delivered, and what it cost. "
    "No change where a programme was hardly delivered says little about the programme; no change where it was delivered as "
    "planned says more. Costs matter to a decision only beside what they bought."
)
RANGE = (
    "A range that holds no difference does not show that there is none: it holds every other value in it as well. What lies "
    "outside is what the trial speaks against."
)
FOR_WHOM = (
    "Authorities applied, and put their schools forward; neither is a sample of England. Schools of a trial stand for schools "
    "like them, in authorities that wanted the programme.",
    "The years were not ordinary ones: the pandemic closed schools to most pupils twice, and referrals from schools fell. An "
    "effect of a worker in school may be another where schools are open throughout.",
    "An enquiry is a decision of an authority, so more of them can mean more harm, or harm found earlier; the direction of an "
    "outcome is said in its definition, and a difference in either direction needs its reason.",
)
SYNTHETIC = "The returns are simulated with effects that were put in. What follows shows how such results are read, and is no finding."
# As the effects stage names the model that the plan reads.
ADJUSTED = "with the plan's covariates"
PUBLISHED = (
    "The published evaluation found no evidence of benefit of Social Workers in Schools on any outcome at 23 or 35 months, and "
    "recommended in March 2023 not to continue or extend the model that was tested [4]."
)


def interpretation(inputs: Inputs) -> Section | None:
    """The chapter; None where no trial's effects are estimated."""
    held = list(inputs.effects.values())
    if not held:
        return None
    blocks = [paragraph(TOGETHER, tone="lead")]
    if inputs.is_synthetic:
        blocks.append(paragraph(SYNTHETIC, tone="note"))
    parts = (
        Section(
            "interpretation-results", "What the results exclude", (bullets(_of_trial(inputs, one) for one in held),)
        ),
        Section("interpretation-whom", "Whom they speak for", (bullets(FOR_WHOM),)),
        Section("interpretation-next", "What would settle more", (paragraph(_next(held)), paragraph(PUBLISHED))),
    )
    return Section("interpretation", "What it comes to", tuple(blocks), parts, is_synthetic=inputs.is_synthetic)


def _of_trial(inputs: Inputs, held: EffectInputs) -> str:
    """The interval of the primary result in words: what it is compatible with and what it excludes."""
    row = primary_row(held)
    title = lower_first(inputs.measures[primary_outcome(held.plan).measure].title)
    if row["symbol"] or pd.isna(row["lower"]):
        return f"{held.trial.title}, {title}: too few schools or events to exclude anything."
    kind = "odds" if row["scale"] == "odds ratio" else "a rate"
    excluded = (
        "No difference lies outside that range." if is_different(row) else "No difference lies within that range."
    )
    return (
        f"{held.trial.title}, {title}: the data fit with {kind} {_change(row['lower'])} to {_change(row['upper'])} in schools "
        f"with the programme. {excluded}"
    )


def _change(ratio: float) -> str:
    """A ratio as a change: '3% lower', '12% higher', 'unchanged', '2.50 times as high'."""
    percent = round(100 * (ratio - 1))
    if percent == 0:
        return "unchanged"
    if ratio >= 2:
        return f"{ratio:.2f} times as high"
    return f"{abs(percent)}% {'higher' if percent > 0 else 'lower'}"


def _next(held: list[EffectInputs]) -> str:
    """The smallest effects that the trials could show, as they were."""
    shown = []
    for one in held:
        frame, spread = one.detectable.frame, _spread(one)
        if frame.empty or spread is None:
            continue
        nearest = frame.iloc[(frame["between_school_sd"].astype(float) - spread).abs().argsort().iloc[0]]
        shown.append(f"{ratio_text(nearest['smallest_fall'])} ({one.trial.title})")
    if not shown:
        return "More schools would tell smaller effects from none."
    power = held[0].plan.power.power
    return (
        f"The smallest fall that a trial of this size shows with {power:.0%} power, at the spread between schools seen here, is a "
        f"ratio of {listed_text(shown)}. A smaller effect would need more schools, or outcomes on which schools differ less; more "
        "pupils in the same schools, or longer time, help little."
    )


def _spread(held: EffectInputs) -> float | None:
    """The spread between schools that the primary outcome shows after adjustment, where it is a standard deviation."""
    measure = primary_outcome(held.plan).measure
    rows = held.design.frame
    wanted = (
        (rows["outcome"] == measure)
        & (rows["model"] == ADJUSTED)
        & rows["quantity"].str.startswith("standard deviation")
    )
    rows = rows[wanted & rows["value"].notna()]
    return None if rows.empty else float(rows.iloc[0]["value"])
