"""The numbers of `calibration.yml` as what one authority's simulation needs: rates by year, drawn where not listed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from swis.io import read_yaml

FILE = Path(__file__).parent / "calibration.yml"
SOCIAL_CARE_RATES = {
    "referrals": "referrals_per_10000",
    "section47": "section47_per_10000",
    "conferences": "conferences_per_10000",
    "entering_care": "children_entering_care_per_10000",
}


@cache
def numbers() -> dict[str, Any]:
    """The content of `calibration.yml`."""
    return dict(read_yaml(FILE))


def shares(table: dict[str, float]) -> tuple[list[str], np.ndarray]:
    """Codes and their probabilities from a table of weights."""
    weights = np.array([float(weight) for weight in table.values()])
    return [str(code) for code in table], weights / weights.sum()


@dataclass(frozen=True)
class Targets:
    """What one authority's returns should show: arrays by reporting year, and levels of its schools.

    Rates are per 10,000 children aged 0 to 17, percentages are 0 to 100.
    """

    years: tuple[int, ...]
    rates: dict[str, np.ndarray]
    percent_from_schools: np.ndarray
    percent_no_further_action: np.ndarray
    percent_not_in_need: np.ndarray
    within_45: np.ndarray
    within_15: np.ndarray
    looked_after: float
    fsm_ratio: float
    absence_ratio: tuple[float, float]
    persistent_ratio: float
    suspension_ratio: float
    attainment8_shift: tuple[float, float]

    def index(self, years: np.ndarray) -> np.ndarray:
        """Place of each reporting year in the arrays, the nearest where it lies outside."""
        return np.clip(np.asarray(years) - self.years[0], 0, len(self.years) - 1)


def targets_for(slug: str, rng: np.random.Generator) -> Targets:
    """Targets of one authority: its own published figures where listed, else drawn from the spread between them."""
    published = numbers()["social_care"]
    spread = numbers()["between_authorities"]
    listed = numbers()["authorities"].get(slug) or _drawn_level(spread, rng)
    years = tuple(published["years"])
    rates = {
        name: _series(np.array(published[column], dtype=float), listed, name, years, rng)
        for name, column in SOCIAL_CARE_RATES.items()
    }
    return Targets(
        years=years,
        rates=rates,
        percent_from_schools=_shifted(published["percent_from_schools"], listed["percent_from_schools"] / 19.9, 1.0),
        percent_no_further_action=np.array(published["percent_no_further_action"], dtype=float),
        percent_not_in_need=np.array(published["percent_not_in_need"], dtype=float),
        within_45=_through(published["percent_within_45_working_days"], listed["within_45"], 84.5),
        within_15=_through(published["percent_within_15_working_days"], listed["within_15"], 79.2),
        looked_after=float(listed["looked_after"]),
        fsm_ratio=float(listed["fsm"]) / 15.9,
        absence_ratio=(listed["absence"][0] / 5.49, listed["absence"][1] / 8.99),
        persistent_ratio=float(listed["persistent"]) / 27.71,
        suspension_ratio=float(listed["suspensions"]) / 13.96,
        attainment8_shift=(listed["attainment8"][0] - 46.7, listed["attainment8"][1] - 48.8),
    )


def _shifted(series: list[float], ratio: float, floor: float) -> np.ndarray:
    return np.maximum(np.array(series, dtype=float) * ratio, floor)


def _through(series: list[float], level: float, england: float) -> np.ndarray:
    """England's percentages moved on the log-odds scale so that 2022 equals the authority's own."""
    odds = np.log(np.array(series) / (100 - np.array(series)))
    shift = np.log(level / (100 - level)) - np.log(england / (100 - england))
    return 100 / (1 + np.exp(-(odds + shift)))


def _drawn_level(spread: dict[str, float], rng: np.random.Generator) -> dict[str, Any]:
    """A level for an authority that is not listed; referrals and enquiries go together, and poverty with both."""
    common, second = rng.normal(size=2)
    poverty = 0.6 * common + 0.8 * rng.normal()
    changes = numbers()["change_between_years"]
    absence = float(np.clip(1 + 0.1 * poverty + spread["absence"] / 9 * 0.6 * rng.normal(), 0.75, 1.3))
    points = float(np.clip(-0.6 * poverty + 0.5 * rng.normal(), -2, 2) * spread["attainment8"] * 0.7)
    section47 = 185.2 * np.exp(np.clip(0.8 * common + 0.6 * second, -1.6, 1.6) * spread["section47"])
    referrals = 552.8 * np.exp(np.clip(common, -1.6, 1.6) * spread["referrals"])
    return {
        "section47": list(section47 * np.exp(rng.normal(size=3) * changes["section47"]) * np.array([0.92, 0.91, 1.0])),
        "referrals": list(
            referrals * np.exp(rng.normal(size=3) * changes["referrals"]) * np.array([0.986, 0.917, 1.0])
        ),
        "percent_from_schools": float(np.clip(19.9 + spread["percent_from_schools"] * rng.normal(), 10, 30)),
        "within_45": float(np.clip(84.5 + spread["within_45"] * rng.normal(), 62, 97)),
        "within_15": float(np.clip(79.2 + spread["within_15"] * rng.normal(), 55, 96)),
        "looked_after": 70
        * float(np.exp(np.clip(0.7 * common + 0.7 * rng.normal(), -1.5, 1.5) * spread["looked_after"])),
        "fsm": float(np.clip(15.9 + 6.5 * poverty, 7, 36)),
        "absence": [5.49 * absence, 8.99 * absence],
        "persistent": 27.71 * absence**1.3,
        "attainment8": [46.7 + points, 48.8 + points],
        "suspensions": 13.96 * float(np.exp(np.clip(rng.normal(), -1.6, 1.6) * spread["suspensions"])),
    }


def _series(
    england: np.ndarray, listed: dict[str, Any], name: str, years: tuple[int, ...], rng: np.random.Generator
) -> np.ndarray:
    """A rate by reporting year: the listed 2020 to 2022, and before and after them England's changes with noise."""
    if name == "conferences":
        own = _series(
            np.array(numbers()["social_care"]["section47_per_10000"], dtype=float), listed, "section47", years, rng
        )
        return england * (own / np.array(numbers()["social_care"]["section47_per_10000"])) ** 0.7
    if name == "entering_care":
        return np.asarray(england * (listed["looked_after"] / 70), dtype=float)
    first = years.index(2020)
    series = england.copy()
    series[first : first + 3] = listed[name]
    noise = np.exp(rng.normal(size=len(years)) * numbers()["change_between_years"][name] * 0.7)
    series[:first] *= listed[name][0] / england[first] * noise[:first]
    series[first + 3 :] *= listed[name][2] / england[first + 2] * noise[first + 3 :]
    return series
