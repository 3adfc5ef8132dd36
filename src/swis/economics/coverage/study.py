"""Simulated trials whose true cost and effect are known, costed and compared by the functions of the evaluation.

Authorities are the same in every trial, schools are drawn anew: the intervals are to cover what schools drawn from
these authorities would show on average. Every trial has a random stream of its own, so none depends on another.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.special import ndtri

from swis.economics.compared import Compared, compare
from swis.economics.comparison import PER_PUPILS, interval
from swis.economics.decision import net_benefit
from swis.economics.school_costs import by_basis, discount_factor, school_costs
from swis.effects.trial_simulation import PUPILS_PER_SCHOOL, WINDOW_MONTHS, RateTrial, schools_by_arm

WORKERS, MANAGERS = "social workers in post", "team managers in post"
MONTHS_OF_YEAR = {1: 12.0, 2: WINDOW_MONTHS - 12.0}
COST, PREVENTED, BENEFIT = "incremental cost", "enquiries prevented", "net benefit"
ERRORS_APART = 2.58
DEFAULT_SEED = 20200901


@dataclass(frozen=True)
class CostTrial:
    """What trials are simulated from; rates, sizes and spreads as in `RateTrial`.

    Assumed: pounds a full-time month of a worker and of an authority's manager, and that a post is filled for a share
    of each year that is a beta variable with `filled_mean` and `filled_size` (larger: less spread), anew by school and
    year.
    """

    rate_ratio: float = 1.0
    authorities: int = 21
    pounds_a_worker_month: float = 4_500.0
    pounds_a_manager_month: float = 6_000.0
    filled_mean: float = 0.85
    filled_size: float = 6.0
    discount_percent: float = 3.5
    rates: RateTrial = field(default_factory=RateTrial)

    @cached_property
    def schools(self) -> dict[str, np.ndarray]:
        """Schools of each arm by authority."""
        return {arm: schools_by_arm(self.authorities, arm) for arm in ("intervention", "control")}

    @cached_property
    def usual_rates(self) -> np.ndarray:
        """Enquiries per pupil-year of each authority without the programme: evenly spaced quantiles of their spread."""
        places = (np.arange(self.authorities) + 0.5) / self.authorities
        # Neighbouring sizes must not be neighbouring rates, else large authorities would be those of high rates.
        mixed = np.concatenate([np.arange(start, self.authorities, 3) for start in range(3)])
        spread = np.exp(ndtri(places) * self.rates.authority_sd)[mixed]
        return self.rates.rate_per_1000 / 1_000 * spread

    def truth(self, pounds: float) -> dict[str, float]:
        """True incremental cost, enquiries prevented and net benefit at `pounds` each, per 1,000 pupils a year."""
        both = self.schools["intervention"] + self.schools["control"]
        prevented = PER_PUPILS * float(np.average(self.usual_rates, weights=both)) * (1 - self.rate_ratio)
        years = pd.Series(list(MONTHS_OF_YEAR))
        months = float((discount_factor(years, self.discount_percent) * list(MONTHS_OF_YEAR.values())).sum())
        of_worker = self.filled_mean * months * self.pounds_a_worker_month
        of_manager = months * self.pounds_a_manager_month / self.schools["intervention"]
        pupil_years = PUPILS_PER_SCHOOL * WINDOW_MONTHS / 12
        cost = PER_PUPILS * float(np.average(of_worker + of_manager, weights=both)) / pupil_years
        return {COST: cost, PREVENTED: prevented, BENEFIT: float(net_benefit(cost, prevented, pounds))}


def simulated_schools(trial: CostTrial, rng: np.random.Generator) -> pd.DataFrame:
    """Schools [authority, urn, arm, count, pupil_years] with columns of pounds by basis, through the micro-costing."""
    parts = [(arm, np.repeat(np.arange(trial.authorities), number)) for arm, number in trial.schools.items()]
    authority = np.concatenate([places for _, places in parts])
    arm = np.concatenate([np.full(len(places), name, dtype=object) for name, places in parts])
    size, sigma, spread = len(authority), trial.rates.size_sigma, trial.rates.between_school_sd
    pupil_years = PUPILS_PER_SCHOOL * rng.lognormal(-(sigma**2) / 2, sigma, size) * WINDOW_MONTHS / 12
    ratio = np.where(arm == "intervention", trial.rate_ratio, 1.0)
    rate = trial.usual_rates[authority] * ratio * rng.lognormal(-(spread**2) / 2, spread, size)
    schools = pd.DataFrame(
        {
            "authority": authority,
            "trial": "swis",
            "urn": [str(number) for number in range(size)],
            "arm": arm,
            "count": rng.poisson(rate * pupil_years),
            "pupil_years": pupil_years,
        }
    )
    return schools.merge(by_basis(_costs(trial, schools, rng), "23 months"), on=["authority", "trial", "urn", "arm"])


def _costs(trial: CostTrial, schools: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Costs of these schools by year and basis: workers as posts were filled, a manager's months shared equally."""
    is_treated = (schools["arm"] == "intervention").to_numpy(bool)
    sharing = trial.schools["intervention"][schools["authority"].to_numpy(int)]
    keys = schools[["authority", "trial", "urn", "arm"]].assign(window="23 months")
    filled = (trial.filled_mean * trial.filled_size, (1 - trial.filled_mean) * trial.filled_size)
    parts = []
    for year, months in MONTHS_OF_YEAR.items():
        of_worker = np.where(is_treated, months * rng.beta(*filled, size=len(schools)), 0.0)
        of_manager = np.where(is_treated, months / sharing, 0.0)
        parts += [
            keys.assign(trial_year=year, basis=basis, quantity=quantity)
            for basis, quantity in ((WORKERS, of_worker), (MANAGERS, of_manager))
        ]
    pounds = {WORKERS: trial.pounds_a_worker_month, MANAGERS: trial.pounds_a_manager_month}
    prices = pd.DataFrame(
        [(place, basis, basis, price) for place in range(trial.authorities) for basis, price in pounds.items()],
        columns=["authority", "item", "basis", "price"],
    )
    return school_costs(pd.concat(parts, ignore_index=True), prices, trial.discount_percent)


def simulate(
    trial: CostTrial, *, trials: int, replicates: int, pounds: float, level: float = 0.95, seed: int = DEFAULT_SEED
) -> pd.DataFrame:
    """One row a trial and quantity: rate_ratio, trial, quantity, truth, estimate, lower, upper."""
    truth = trial.truth(pounds)
    rows = []
    for number in range(trials):
        rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(round(trial.rate_ratio * 1_000), number)))
        schools = simulated_schools(trial, rng)
        made = compare(schools, [WORKERS, MANAGERS], replicates=replicates, seed=int(rng.integers(2**31)))
        rows += [
            (trial.rate_ratio, number, name, truth[name], estimate, *interval(drawn, level))
            for name, (estimate, drawn) in _estimates(made, pounds).items()
        ]
    return pd.DataFrame(rows, columns=["rate_ratio", "trial", "quantity", "truth", "estimate", "lower", "upper"])


def _estimates(made: Compared, pounds: float) -> dict[str, tuple[float, np.ndarray]]:
    return {
        COST: (made.cost, made.cost_drawn),
        PREVENTED: (made.prevented, made.prevented_drawn),
        BENEFIT: (
            float(net_benefit(made.cost, made.prevented, pounds)),
            np.asarray(net_benefit(made.cost_drawn, made.prevented_drawn, pounds)),
        ),
    }


def summarise(results: pd.DataFrame, level: float = 0.95) -> pd.DataFrame:
    """By rate ratio and quantity: trials, truth, bias and coverage, each with its Monte Carlo error, and a verdict.

    'too narrow' or 'wide' where coverage is further from `level` than 2.58 errors, as a sound interval is once in 100.
    """
    rows = []
    for (ratio, quantity), held in results.groupby(["rate_ratio", "quantity"], sort=False):
        size, apart = len(held), held["estimate"] - held["truth"]
        covered = float(((held["lower"] <= held["truth"]) & (held["truth"] <= held["upper"])).mean())
        error, nominal = np.sqrt(covered * (1 - covered) / size), np.sqrt(level * (1 - level) / size)
        verdict = "nominal"
        if abs(covered - level) > ERRORS_APART * nominal:
            verdict = "too narrow" if covered < level else "wide"
        rows.append(
            {
                "rate_ratio": ratio, "quantity": quantity, "trials": size, "truth": float(held["truth"].iloc[0]),
                "bias": float(apart.mean()), "bias_error": float(apart.std()) / np.sqrt(size), "coverage": covered,
                "coverage_error": float(error), "verdict": verdict,
            }
        )  # fmt: skip
    return pd.DataFrame(rows)
