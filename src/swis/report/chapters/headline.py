"""What one authority needs to know first: key sentences made from the protected numbers."""

from __future__ import annotations

from markupsafe import Markup, escape

from swis.report.chapters.key_messages import key_sentence
from swis.report.chapters.received import received_words
from swis.report.inputs import Inputs
from swis.report.model import Block, Section, paragraph
from swis.report.wording import count_span, listed_text

SYNTHETIC = (
    "The returns behind this page were simulated. It shows what a report looks like, and that the way from return to "
    "report works; no number in it is a finding about a real authority, school or child."
)
READING = (
    "In a section 47 enquiry an authority finds out "
    "whether a child is suffering, or likely to suffer, significant harm. A pupil-year is one pupil on roll for one year."
)


def headline(inputs: Inputs) -> Section:
    """What one authority needs to know first."""
    titles = listed_text(trial.title for trial in inputs.trials.values())
    words = (
        f"This report shows {inputs.area_name} its own returns as the evaluation read them: what arrived, what had to be set "
        f"aside, and the outcomes of its schools in {titles}, by academic year and arm."
    )
    blocks = opening(inputs, words)
    record = inputs.records.frame.iloc[0]
    aside = Markup(" Of {} records, checks set {} aside.").format(
        count_span(record["rows_read"]), count_span(record["rows_set_aside"], record["symbol"])
    )
    blocks.append(paragraph(escape(received_words(inputs)) + aside, tone="key"))
    blocks += [paragraph(key, tone="key") for name in inputs.trials if (key := key_sentence(inputs, name))]
    blocks += [
        paragraph(READING, tone="note"),
        paragraph(
            "One authority has too few schools to tell an effect from chance, so no test is made and no effect "
            "is given."
        ),
    ]
    return Section("headline", "In short", tuple(blocks), is_synthetic=inputs.is_synthetic)


def opening(inputs: Inputs, words: str) -> list[Block]:
    """The first words of a report, and that it is a simulation where it is one."""
    blocks: list[Block] = [paragraph(words, tone="lead")]
    if inputs.is_synthetic:
        blocks.append(paragraph(SYNTHETIC, tone="note"))
    return blocks
