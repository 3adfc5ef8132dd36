"""The chapter on how the programmes were delivered; see README.md."""

from __future__ import annotations

from swis.report.chapters.delivery.aims import aims_section
from swis.report.chapters.delivery.amounts import amounts_section
from swis.report.chapters.delivery.claims import claims_section
from swis.report.chapters.delivery.sessions import bands_section, sessions_section
from swis.report.chapters.delivery.staff import staff_section
from swis.report.chapters.delivery.views import views_section
from swis.report.inputs import Inputs
from swis.report.model import Section, paragraph

__all__ = ["delivery"]

OPENING = (
    "What the two programmes amounted to in schools: who was in post, which sessions of supervision were held, what each school "
    "received of what was planned, and how well staff of schools felt supported. It says what effects rest on; it is no effect itself."
)
UNKNOWN = (
    "What an authority did that sent no record of delivery is not known: it stands in no row. Numbers of staff are "
    "protected as numbers of schools are, so that no row tells of one or two people."
)


def delivery(inputs: Inputs) -> Section | None:
    """The delivery chapter: absent where the stage was not run or did not finish."""
    tables = inputs.further.get("delivery")
    if tables is None:
        return None
    parts = (
        staff_section(inputs, tables),
        sessions_section(inputs, tables),
        amounts_section(inputs, tables),
        bands_section(inputs, tables),
        views_section(inputs, tables),
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
