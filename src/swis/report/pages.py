"""Which chapters make which page, and in which order."""

from __future__ import annotations

from swis.report.annex import with_annex
from swis.report.chapters.checklist import checklist
from swis.report.chapters.lists import list_of_tables
from swis.report.inputs import ALL, Inputs
from swis.report.model import Report, Section, Sections
from swis.report.wording import listed_text


def assemble(inputs: Inputs, *chapters: Section | Sections | None, annex: Section | Sections | None = None) -> Report:
    """One report from its chapters; absent ones (None) leave no heading.

    The checklist is the last that is read, for it links to all others. Long tables go to the annex, before the chapters
    of `annex`. The list of files comes last.
    """
    given = tuple(section for chapter in chapters for section in _sections(chapter))
    given += _sections(checklist(inputs, given))
    read, looked_up = with_annex(given, _sections(annex))
    files = list_of_tables(inputs, (*read, *looked_up), inputs.report_id)
    return Report(
        id=inputs.report_id,
        title=_title(inputs),
        subtitle=_subtitle(inputs),
        sections=read,
        annex=(*looked_up, *_sections(files)),
        # The paper of an authority is for its meeting: its annex is in the page and the workbook.
        has_paper_annex=inputs.area == ALL,
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
    trials = "cluster randomised trials" if len(inputs.effects) > 1 else "cluster randomised trial"
    kind = f"Evaluation report: {trials}" if inputs.effects else "Evaluation report"
    kind = kind if inputs.area == ALL else "Report for the authority"
    return f"{kind}; outcomes by academic year, {years[0]} to {years[-1]}, from statutory returns"
