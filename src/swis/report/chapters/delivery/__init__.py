"""The chapter on how the programmes were delivered; see README.md."""

from __future__ import annotations

from swis.report.chapters.delivery.aims import aims_section
from swis.report.chapters.delivery.claims import claims_section
from swis.report.chapters.delivery.sessions import bands_section, sessions_section
from swis.report.chapters.delivery.staff import staff_section
from swis.report.inputs import Inputs
from swis.report.model import Section, paragraph

__all__ = ["delivery"]

OPENING = (
    "What the two programmes amounted to in schools: who was in post, which sessions of supervision were held, and what each "
    "school received of what was planned. It says what effects rest on; it is no effect itself."
)
UNKNOWN = (
    "What an authority did that sent no record of delivery is not known: it stands in no row. Numbers of staff are "
    "protected as numbers of schools are, so that no row tells of one or two people."
)
VIEWS = (
    "School staff's view of the support they had is in no return: the surveys of safeguarding leads ask about wellbeing, "
    "anxiety, confidence, pressure of work and knowledge, and none asks what staff thought of the support. That staff were "
    "supported well, as early feedback had it, can be neither shown nor denied here."
)


def delivery(inputs: Inputs) -> Section | None:
    """The delivery chapter: absent where the stage was not run or did not finish."""
    tables = inputs.further.get("delivery")
    if tables is None:
        return None
    parts = (
        staff_section(inputs, tables),
        sessions_section(inputs, tables),
        bands_section(inputs, tables),
        Section("delivery-views", "What school staff thought of the support", (paragraph(VIEWS),)),
        aims_section(inputs, tables),
        claims_section(inputs),
    )
    return Section(
        "delivery",
        "How the programmes were delivered",
        (paragraph(OPENING, tone="lead"), paragraph(UNKNOWN)),
        tuple(part for part in parts if part is not None),
        is_synthetic=inputs.is_synthetic,
    )
