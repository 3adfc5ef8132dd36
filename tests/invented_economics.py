"""Tables of an invented economic evaluation: the invented trial of the effects with what was delivered and prices."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from invented_effects_tables import invented_tables

from swis.disclosure.book import Book, Shown, cells_of
from swis.disclosure.book.economics import economics_book
from swis.disclosure.book.economics_frames import protect_economics
from swis.disclosure.engine.protect import protect
from swis.disclosure.policy import DEFAULT_POLICY, load_policy
from swis.disclosure.protected import Protected
from swis.economics import steps
from swis.economics.parameters import EconomicsParams, Resampling
from swis.economics.sources import CostTables
from swis.economics.stage import Economics
from swis.effects.analysis import TrialTables
from swis.params import Params, Trial, load_params
from swis.simulate.costs import cost_rows

ROOT = Path(__file__).resolve().parents[1]
KEYS = ["authority", "trial", "urn", "arm"]
YEARS = {"23 months": {1: 12 / 23, 2: 11 / 23}, "35 months": {1: 12 / 35, 2: 12 / 35, 3: 11 / 35}}
LEVEL = 0.95


@cache
def committed() -> Params:
    return load_params(ROOT / "params")


def settings(replicates: int = 200) -> EconomicsParams:
    """The project's parameters with few replicates."""
    few = Resampling(replicates=replicates, seed=7, assumed="a test needs few")
    return committed().economics.model_copy(update={"resampling": few})


def swis() -> Trial:
    return committed().trials["swis"]


def cost_tables(trial: TrialTables) -> CostTables:
    """Months of social workers as the trial's covariates have them, spread evenly; a tenth as many of managers."""
    schools = trial.school_covariates
    parts = []
    for window, shares in YEARS.items():
        months = schools[f"worker_months_{window[:2]}_months"]
        for year, share in shares.items():
            quantities = {
                "social workers in post": months * share,
                "team managers in post": months * share / 10,
                "social workers who started": (months > 0) * float(year == 1),
            }
            parts += [
                schools[KEYS].assign(window=window, trial_year=year, basis=basis, quantity=quantity)
                for basis, quantity in quantities.items()
            ]
    prices = cost_rows().astype({"unit_cost": float})
    names = sorted(schools["authority"].unique())
    placed = trial.care_days_by_pupil.assign(placement=np.where(trial.care_days_by_pupil["pupil"] % 5, "U4", "R5"))
    return CostTables(
        delivered=pd.concat(parts, ignore_index=True),
        costs=pd.concat([prices.assign(authority=name) for name in names], ignore_index=True),
        care_days_by_placement=placed,
        outcomes=trial.outcomes[trial.outcomes["period"].isin(YEARS)],
    )


def evaluated(tables: CostTables, trial: TrialTables, economics: EconomicsParams | None = None) -> Economics:
    """Every step of the notebook."""
    chosen = economics or settings()
    prices = steps.unit_prices(tables, chosen)
    costs = steps.costs_of_schools(tables, prices, chosen)
    known = steps.known_costs(tables, costs, chosen)
    compared = steps.compare_arms(trial, swis(), costs, chosen)
    return Economics(
        prices=steps.price_table(prices),
        costs=steps.cost_table(known),
        by_authority=steps.cost_by_authority(known),
        behind=compared.behind,
        left_out=compared.left_out,
        value=steps.value(compared, chosen, LEVEL),
        curve=steps.curve(compared, chosen),
        quadrants=steps.quadrants(compared),
        plane=steps.plane(compared),
        consequences=steps.consequences(tables, compared, chosen, LEVEL),
        one_way=steps.one_way(tables, prices, compared, chosen, LEVEL),
        extension=steps.extension(costs, trial, swis(), chosen),
        assumptions=steps.assumption_table(chosen),
    )


@cache
def invented() -> tuple[CostTables, TrialTables, Economics]:
    """Six authorities, 76 schools: sources, the trial's tables, and what the stage leaves."""
    trial = invented_tables(11, authorities=6)
    tables = cost_tables(trial)
    return tables, trial, evaluated(tables, trial)


def through_the_door(held: Economics) -> dict[str, Protected]:
    """Its tables as they would leave, with nothing else in the book."""
    policy = load_policy(ROOT / "params" / "disclosure", DEFAULT_POLICY)
    book, trials = Book(), {"swis": swis()}
    economics_book(book, held, trials)
    cells = cells_of(book, policy)
    return protect_economics(held, trials, Shown.of(cells, protect(cells).hidden, policy))
