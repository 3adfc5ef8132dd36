"""What notebook 4_economics calls, one name a step."""

from swis.economics.added_year import extension
from swis.economics.assumptions import assumption_table
from swis.economics.comparing import compare_arms, curve, plane, quadrants, value
from swis.economics.consequence_table import consequences
from swis.economics.costing import cost_by_authority, cost_table, price_table
from swis.economics.sources import read_compared_trial, read_cost_tables
from swis.economics.stage import Economics, costs_of_schools, known_costs, one_way, unit_prices

__all__ = [
    "Economics",
    "assumption_table",
    "compare_arms",
    "consequences",
    "cost_by_authority",
    "cost_table",
    "costs_of_schools",
    "curve",
    "extension",
    "known_costs",
    "one_way",
    "plane",
    "price_table",
    "quadrants",
    "read_compared_trial",
    "read_cost_tables",
    "unit_prices",
    "value",
]
