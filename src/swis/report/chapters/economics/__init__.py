"""The chapter 'Costs and value'; see README.md."""

from __future__ import annotations

from swis.report.chapters.economics.beside import (
    assumptions_section,
    consequences_section,
    extension_section,
    one_way_section,
)
from swis.report.chapters.economics.costs import costs_section
from swis.report.chapters.economics.value import value_section
from swis.report.inputs import Inputs
from swis.report.model import Section, paragraph

__all__ = ["economics"]

STAGE = "economics"
SYNTHETIC = (
    "The returns were simulated and every price is illustrative: what follows shows the method and is no finding about what "
    "the programmes cost."
)


def economics(inputs: Inputs) -> Section | None:
    """The chapter: absent where the economics stage did not finish, or nothing delivered has a price."""
    tables = inputs.further.get(STAGE)
    if tables is None:
        return None
    setting = dict(zip(tables["assumptions"].frame["key"], tables["assumptions"].frame["setting"], strict=True))
    costs = costs_section(inputs, tables, setting["price_year"])
    if costs is None:
        return None
    parts = (
        costs,
        value_section(inputs, tables, setting),
        consequences_section(inputs, tables),
        one_way_section(inputs, tables, setting["reference_pounds"]),
        extension_section(inputs, tables, setting["reference_pounds"]),
        assumptions_section(inputs, tables),
    )
    words = [paragraph(f"Costs from the side of {setting['perspective']}.", tone="lead")]
    if inputs.is_synthetic:
        words.append(paragraph(SYNTHETIC, tone="note"))
    return Section(
        "economics",
        "Costs and value",
        tuple(words),
        tuple(part for part in parts if part is not None),
        is_synthetic=inputs.is_synthetic,
    )
