"""Every choice behind the evaluation in words, for the report: what was set, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from swis.economics.parameters import EconomicsParams
from swis.strict import Sourced

ASSUMPTION_COLUMNS = ["key", "what", "setting", "source", "assumed"]
Row = tuple[str, str, str, Sourced]


def assumption_table(economics: EconomicsParams) -> pd.DataFrame:
    """One row a choice (ASSUMPTION_COLUMNS), in the order of params/economics.yml; source and assumed may be empty."""
    rows = [
        (key, what, setting, part.source or "", part.assumed or "")
        for key, what, setting, part in (*_costing(economics), *_comparing(economics), *_varied(economics))
    ]
    return pd.DataFrame(rows, columns=ASSUMPTION_COLUMNS)


def _costing(economics: EconomicsParams) -> Iterator[Row]:
    yield "perspective", "Whose costs", economics.perspective, economics.framing
    yield "price_year", "Prices of the year", economics.price_year, economics.framing
    yield "deflator", "Deflator", economics.deflator.name, economics.deflator
    percent = f"{economics.discounting.percent:g} % a year, from the second year on; costs only"
    yield "discounting", "Discount rate", percent, economics.discounting
    leads = economics.supervised_leads
    yield "supervised_leads", "Safeguarding leads of a supervised school", f"{leads.a_school:g}", leads
    for name, cost in economics.weekly_costs.items():
        years = ", ".join(f"{year} £{pounds:,.0f}" for year, pounds in cost.pounds_a_week.items())
        yield f"weekly_costs.{name}", f"{cost.title}, a week", years, cost
    assessment = economics.consequences.assessment
    title = economics.weekly_costs[assessment.weekly_cost].title.lower()
    yield "assessment", "Child in need assessment", f"{assessment.weeks:g} weeks of {title}", assessment
    for name, group in economics.consequences.placement_groups.items():
        cost_title = economics.weekly_costs[group.weekly_cost].title.lower()
        setting = f"{', '.join(group.codes)}; a week as {cost_title}"
        yield f"placement_groups.{name}", group.title, setting, group


def _comparing(economics: EconomicsParams) -> Iterator[Row]:
    compared = economics.comparison
    yield "window", "Window of the comparison", compared.window, compared
    drawn = f"{economics.resampling.replicates:,} replicates, seed {economics.resampling.seed}"
    yield "resampling", "Schools drawn anew", drawn, economics.resampling
    reference = f"£{economics.decision.reference_pounds:,.0f}"
    yield "reference_pounds", "An enquiry prevented is worth, in one-way tables", reference, economics.decision


def _varied(economics: EconomicsParams) -> Iterator[Row]:
    for name, one in economics.one_way.items():
        setting = "its interval" if one.low is None or one.high is None else f"{one.low:g} to {one.high:g}"
        times = " times" if one.varies == "price" else ""
        yield f"one_way.{name}", f"{one.title}, one way", f"{setting}{times}", one
    for name, price in economics.uncertain_prices.items():
        setting = f"coefficient of variation {price.coefficient_of_variation:.0%}"
        yield f"uncertain_prices.{name}", f"{price.title}, uncertain price", setting, price
    extension = economics.extension
    funding = f"£{extension.funding_pounds:,.0f} in prices of {extension.price_year}, {extension.posts} posts"
    yield "extension", extension.title, funding, extension
