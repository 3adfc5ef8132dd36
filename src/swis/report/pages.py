"""Which chapters make which page, and in which order."""

from __future__ import annotations

from swis.report.chapters import glossary, list_of_tables
from swis.report.inputs import ALL, Inputs
from swis.report.model import Report, Section, Sections
from swis.report.wording import listed_text


def assemble(inputs: Inputs, *chapters: Section | Sections | None) -> Report:
    """One page from its chapters; absent ones (None) leave no heading. The glossary and the list of files come last."""
    present = tuple(section for chapter in chapters for section in _sections(chapter))
    last = (glossary(inputs), list_of_tables(inputs, present, inputs.report_id))
    return Report(
        id=inputs.report_id,
        title=_title(inputs),
        subtitle=_subtitle(inputs),
        sections=(*present, *(section for section in last if section is not None)),
        is_synthetic=inputs.is_synthetic,
        provenance=inputs.provenance,
        policy=inputs.released.policy,
        numbers=inputs.released.numbers(),
    )


def _sections(chapter: Section | Sections | None) -> tuple[Section, ...]:
    if chapter is None:
        return ()
    return chapter.sections if isinstance(chapter, Sections) else (chapter,)


def _title(inputs: Inputs) -> str:
    if inputs.area == ALL:
        return "Social workers in schools and supervision of safeguarding leads"
    programmes = {"SWIS": "social workers in schools", "DSLS": "supervision of safeguarding leads"}
    present = {trial.programme for trial in inputs.trials.values()}
    return (
        f"{inputs.area_name}: {listed_text(words for programme, words in programmes.items() if programme in present)}"
    )


def _subtitle(inputs: Inputs) -> str:
    years = inputs.academic_years
    kind = "Evaluation report" if inputs.area == ALL else "Report for the authority"
    return f"{kind}: outcomes by academic year, {years[0]} to {years[-1]}, from statutory returns"
