"""What a cost can be counted on, and in which units its price may be given."""

from __future__ import annotations

from typing import Literal, get_args

Basis = Literal[
    "social workers in post",
    "team managers in post",
    "social workers who started",
    "supervision sessions held",
    "supervision sessions planned",
    "supervised schools",
]
BASES: tuple[Basis, ...] = get_args(Basis)
# A quantity of people in post is in full-time months; a price for a year is one twelfth of it a month.
OF_PEOPLE_IN_POST = {"full-time year": 1 / 12, "full-time month": 1.0}
UNITS: dict[str, dict[str, float]] = {
    "social workers in post": OF_PEOPLE_IN_POST,
    "team managers in post": OF_PEOPLE_IN_POST,
    "social workers who started": {"person": 1.0},
    "supervision sessions held": {"session": 1.0},
    "supervision sessions planned": {"session": 1.0},
    "supervised schools": {"school": 1.0},
}
"""Units of the price by basis, each with the price of one unit of quantity as a share of the price given."""
