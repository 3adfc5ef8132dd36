"""What the parts of params/economics.yml must agree on: one clear line for each fault, all at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from pydantic import BaseModel

from swis.economics.parameters import Consequences, EconomicsParams
from swis.errors import Problem
from swis.plan.fault import Fault, nearest
from swis.strict import Sourced


def economics_problems(
    economics: EconomicsParams, *, file: str, trials: Mapping[str, Collection[str]] | None, measures: Collection[str]
) -> list[Problem]:
    """Everything in the file that does not fit together, all at once.

    `trials` are windows by trial; names of them are not looked at where it is None.
    """
    faults = [
        *_sources(economics, ""),
        *_years(economics),
        *_services(economics),
        *_placements(economics.consequences),
        *(() if trials is None else _comparison(economics, trials, measures)),
        *_sensitivity(economics),
    ]
    return [Problem(file, fault.where, fault.expected, fault.action) for fault in faults]


def _sources(part: object, place: str) -> Iterator[Fault]:
    if isinstance(part, Sourced) and not part.origin:
        expected = "the public document it comes from, or `assumed:` with the reason"
        yield Fault(f"{place}: neither source nor assumed", expected, "add one of the two")
    if isinstance(part, BaseModel):
        inner = {name: getattr(part, name) for name in type(part).model_fields}
    elif isinstance(part, Mapping):
        inner = dict(part)
    else:
        inner = {str(number): one for number, one in enumerate(part)} if isinstance(part, list) else {}
    for name, one in inner.items():
        yield from _sources(one, f"{place}.{name}".removeprefix("."))


def _years(economics: EconomicsParams) -> Iterator[Fault]:
    """Price years that the deflator does not know."""
    known = economics.deflator.index
    asked = {"price_year": [economics.price_year], "extension.price_year": [economics.extension.price_year]}
    asked |= {
        f"weekly_costs.{name}.pounds_a_week": list(cost.pounds_a_week) for name, cost in economics.weekly_costs.items()
    }
    for place, years in asked.items():
        if not years:
            yield Fault(f"{place} empty", "at least one price year", "add the figure")
        for year in sorted(set(years) - set(known)):
            yield Fault(f"{place}: {year}", "a year of deflator.index", "add the year to the deflator")


def _services(economics: EconomicsParams) -> Iterator[Fault]:
    """Weekly costs that nothing defines."""
    consequences = economics.consequences
    named = {"consequences.assessment": consequences.assessment.weekly_cost}
    named |= {
        f"consequences.placement_groups.{name}": group.weekly_cost
        for name, group in consequences.placement_groups.items()
    }
    for place, name in named.items():
        if name not in economics.weekly_costs:
            where = f"{place}.weekly_cost: {name}"
            yield Fault(where, "a name of weekly_costs", nearest(name, economics.weekly_costs))


def _placements(consequences: Consequences) -> Iterator[Fault]:
    """A placement code in two groups, and a group of last resort that there is not."""
    groups = consequences.placement_groups
    seen: dict[str, str] = {}
    for name, group in groups.items():
        for code in group.codes:
            first = seen.setdefault(code, name)
            if first != name:
                where = f"consequences.placement_groups: {code} in {first} and {name}"
                yield Fault(where, "each code in one group", "take it out of one")
    if consequences.other_placements not in groups:
        where = f"consequences.other_placements: {consequences.other_placements}"
        yield Fault(where, "a name of placement_groups", nearest(consequences.other_placements, groups))


def _comparison(
    economics: EconomicsParams, trials: Mapping[str, Collection[str]], measures: Collection[str]
) -> Iterator[Fault]:
    """Trial, windows and outcome that nothing defines."""
    chosen = economics.comparison
    if chosen.trial not in trials:
        yield Fault(f"comparison.trial: {chosen.trial}", "a trial of params/trials", nearest(chosen.trial, trials))
        return
    windows = {"comparison.window": chosen.window, "extension.window": economics.extension.window}
    for place, window in windows.items():
        if window not in trials[chosen.trial]:
            yield Fault(f"{place}: {window}", "a window of the trial", nearest(window, trials[chosen.trial]))
    if chosen.outcome not in measures:
        yield Fault(f"comparison.outcome: {chosen.outcome}", "a measure", nearest(chosen.outcome, measures))


def _sensitivity(economics: EconomicsParams) -> Iterator[Fault]:
    """One-way analyses without what they vary, prices that two entries make uncertain, and no pounds to decide at."""
    for name, one in economics.one_way.items():
        if one.varies == "price" and not one.bases:
            yield Fault(f"one_way.{name}.bases empty", "what the prices are of", "name at least one basis")
        has_range = one.low is not None and one.high is not None and one.low <= one.high
        if one.varies != "effect" and not has_range:
            yield Fault(f"one_way.{name}: low and high", "two numbers, the lower first", "give both")
    bases = [basis for one in economics.uncertain_prices.values() for basis in one.bases]
    for basis in sorted({basis for basis in bases if bases.count(basis) > 1}):
        yield Fault(f"uncertain_prices: {basis} twice", "each basis in one entry", "take it out of one")
    for place in ("curve_pounds", "table_pounds"):
        pounds = getattr(economics.decision, place)
        if not pounds or pounds != sorted(set(pounds)):
            yield Fault(f"decision.{place}", "rising numbers without repeats", "put them in order")
