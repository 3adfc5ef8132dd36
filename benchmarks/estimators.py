"""Speed of the estimators: mixed models beside the PyPI package glmm and R, permutations, and simulated trials.

    python benchmarks/estimators.py [--rounds 7] [--write PAGE] [--store-r]

Mixed models: the same table and model given to ours, to glmm 0.6, and to lme4 or glmmTMB where Rscript is installed, in
turns in one run; a median after one round of warm-up. Ours may not be slower than glmm, which takes a table and a
formula in every call: ours is timed from the arrays on and from the table on, and both are judged. Linear models give
Satterthwaite's degrees of freedom on every side. Linear algebra has one thread on every side, as in a run: threads that
wait for one another on shared cores take longer than the sums of a trial do.
Without R the ratios stored in `r_ratios.json` are shown and marked as such; `--store-r` writes that file. Randomisation
inference: 10,000 allocations within authorities of the trial's size, by the score (at most half a second) and with the
headline model fitted to each. Simulation: 1,000 trials made and analysed on two cores, in at most two minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import estimator_data
import glmm
import numpy as np
from page import as_table, write_section
from threadpoolctl import threadpool_limits

from swis.effects.counts import fit_count_model
from swis.effects.coverage.study import Kind, Scenario, simulate
from swis.effects.design import design_from_formula
from swis.effects.linear_mixed import fit_linear_mixed
from swis.effects.randomisation import randomisation_test
from swis.effects.satterthwaite import satterthwaite_df
from swis.effects.trial_simulation import RateTrial, simulate_schools
from swis.kernels.owner import THREADS

HERE = Path(__file__).parent
STORED = HERE / "r_ratios.json"
TITLE = "Estimators"
COUNTS = "count ~ arm + year2 + log_baseline + fsm"
MOST_OF_GLMM, MOST_SECONDS_BY_SCORE, MOST_SECONDS_OF_TRIALS = 1.0, 0.5, 120.0
DRAWS, TRIALS = 10_000, 1_000
TIMED: tuple[Kind, ...] = ("primary", "secondary")
NAMES = {
    "poisson_quadrature": "Poisson, one factor, quadrature",
    "poisson_nested": "Poisson, nested, Laplace",
    "nb2_one_factor": "NB2, one factor, Laplace",
    "nb2_nested": "NB2, nested, Laplace",
    "logistic_quadrature": "logistic, one factor, quadrature",
    "linear_nested": "linear, nested, REML",
}
GLMM_READS = (
    "glmm takes a table and a formula in every call, so that like for like is 'from the table'; ours reads a formula "
    "once where a run fits many models to arrays."
)
Call = Callable[[], Any]


def ours(tables: Mapping[str, Any]) -> tuple[dict[str, Call], dict[str, Call]]:
    """Our fit of each model, from the arrays on and from the table on (formulaic reads the formula, 3 to 8 ms)."""
    years, pupils = tables["school_years"], tables["pupils"]

    def of_years() -> Any:
        return design_from_formula(COUNTS, years, groups=["authority", "school"], offset="log(pupils)")

    def counts(family: Any, points: int, *random: str) -> Callable[[Any], Any]:
        return lambda design: fit_count_model(design, family=family, random=random, quadrature_points=points)

    def linear(design: Any) -> Any:
        fit = fit_linear_mixed(design, random=["authority", "school"])
        return [satterthwaite_df(fit, name) for name in fit.names]

    def of_pupils(response: str) -> Call:
        return lambda: design_from_formula(f"{response} ~ arm + prior", pupils, groups=["authority", "school"])

    parts: dict[str, tuple[Call, Callable[[Any], Any]]] = {
        "poisson_quadrature": (of_years, counts("poisson", 25, "authority")),
        "poisson_nested": (of_years, counts("poisson", 1, "authority", "school")),
        "nb2_one_factor": (of_years, counts("negative binomial", 1, "authority")),
        "nb2_nested": (of_years, counts("negative binomial", 1, "authority", "school")),
        "logistic_quadrature": (of_pupils("absent"), counts("binomial", 9, "school")),
        "linear_nested": (of_pupils("attainment"), linear),
    }
    from_arrays = {name: partial(fit, read()) for name, (read, fit) in parts.items()}
    from_table = {name: partial(_in_turn, read, fit) for name, (read, fit) in parts.items()}
    return from_arrays, from_table


def _in_turn(read: Call, fit: Callable[[Any], Any]) -> Any:
    return fit(read())


def theirs(tables: Mapping[str, Any]) -> dict[str, Call]:
    """The same models by glmm, factors in the order that suits it best."""
    years, pupils = tables["school_years"], tables["pupils"]
    offset = np.log(years["pupils"].to_numpy(dtype=float))

    def counts(family: str, points: int, *random: str) -> Call:
        bars = " + ".join(f"(1 | {factor})" for factor in random)
        return lambda: glmm.fit(years, f"{COUNTS} + {bars}", family, offset=offset, nagq=points, anova_test="Wald")

    return {
        "poisson_quadrature": counts("poisson", 25, "authority"),
        "poisson_nested": counts("poisson", 1, "school", "authority"),
        "nb2_one_factor": counts("negativebinomial", 1, "authority"),
        "nb2_nested": counts("negativebinomial", 1, "school", "authority"),
        "logistic_quadrature": lambda: glmm.fit(pupils, "absent ~ arm + prior + (1 | school)", "binomial", nagq=9),
        "linear_nested": lambda: glmm.fit(pupils, "attainment ~ arm + prior + (1 | school) + (1 | authority)"),
    }


def seconds_of(call: Call) -> float:
    """Wall seconds of one call."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def measure_in_turns(sides: list[Mapping[str, Call]], rounds: int) -> list[dict[str, float]]:
    """Median seconds of each model on each side, the sides taken in turns so that both meet the same machine.

    Each is called once just before it is timed: else the first would pay for what the model before left cold.
    """
    taken: list[dict[str, list[float]]] = [{name: [] for name in side} for side in sides]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for round_ in range(rounds + 1):
            for name in sides[0]:
                for side, held in zip(sides, taken, strict=True):
                    side[name]()
                    seconds = seconds_of(side[name])
                    held[name] += [seconds] if round_ else []
    return [{name: statistics.median(times) for name, times in held.items()} for held in taken]


def measure_r(tables: Mapping[str, Any], rounds: int) -> dict[str, Any] | None:
    """Median seconds of lme4 and glmmTMB on the same tables; None where R is not installed."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        return None
    with tempfile.TemporaryDirectory() as scratch:
        for name, table in tables.items():
            table.to_csv(Path(scratch) / f"{name}.csv", index=False)
        times = Path(scratch) / "times.json"
        command = [rscript, str(HERE / "estimators.R"), scratch, str(rounds), str(times)]
        subprocess.run(command, check=True, env={**os.environ, **THREADS})
        return dict(json.loads(times.read_text(encoding="utf-8")))


def ratios_to_r(r: Mapping[str, Any] | None, own: Mapping[str, float]) -> tuple[dict[str, float], str]:
    """How many times as long R takes, and whether that was measured now or is the stored ratio."""
    if r is not None:
        measured = {name: r["seconds"][name] / seconds for name, seconds in own.items()}
        return measured, f"R was measured in the same run: {r['software']}."
    stored = json.loads(STORED.read_text(encoding="utf-8"))
    return stored["ratios"], f"R is not installed here: its ratios are the stored ones, of {stored['software']}."


def mixed_model_table(
    fit: Mapping[str, float], whole: Mapping[str, float], other: Mapping[str, float], r: Mapping[str, float]
) -> str:
    """Milliseconds and ratios by model: `fit` from the arrays on, `whole` from the table on."""
    rows = [
        [
            NAMES[name],
            f"{1e3 * fit[name]:.1f}",
            f"{1e3 * whole[name]:.1f}",
            f"{1e3 * other[name]:.1f}",
            f"{fit[name] / other[name]:.2f}",
            f"{whole[name] / other[name]:.2f}",
            # From the arrays on it is a promise, and a miss ends the run with code 1; from the table on it is stated.
            "met" if fit[name] <= MOST_OF_GLMM * other[name] else "MISSED",
            "met" if whole[name] <= MOST_OF_GLMM * other[name] else "missed",
            f"{r[name]:.0f}" if name in r else "",
        ]
        for name in fit
    ]
    heads = [
        "model", "from arrays, ms", "from the table, ms", "glmm, from the table, ms", "arrays / glmm", "table / glmm",
        "arrays at most 1", "table at most 1", "R / ours",
    ]  # fmt: skip
    return as_table(heads, rows)


def measure_permutations() -> dict[str, float]:
    """Seconds of the randomisation test of a trial of the true size, by statistic."""
    schools = simulate_schools(RateTrial(), np.random.default_rng(1))
    formula = "count ~ log_baseline_rate + fsm_percent + C(authority)"
    design = design_from_formula(formula, schools, offset="log(pupil_years)")
    arm, strata = schools["arm"].to_numpy(), schools["authority"].to_numpy()

    def test(statistic: Any) -> Any:
        rng = np.random.default_rng(2)
        return randomisation_test(design, arm, strata, statistic=statistic, draws=DRAWS, rng=rng)

    test("score")
    return {statistic: seconds_of(partial(test, statistic)) for statistic in ("score", "refit coefficient")}


def measure_trials() -> dict[str, float]:
    """Seconds in which trials of the true size are made and analysed on two cores, start of the workers included."""
    return {kind: seconds_of(partial(simulate, Scenario(kind), trials=TRIALS, jobs=2)) for kind in TIMED}


def other_table(permutations: Mapping[str, float], trials: Mapping[str, float]) -> str:
    """What has a bound in seconds."""
    score, refit = permutations["score"], permutations["refit coefficient"]
    rows = [
        [f"{DRAWS:,} allocations by the score", f"{score:.2f}", _bound(score, MOST_SECONDS_BY_SCORE)],
        [f"{DRAWS:,} allocations, the headline model fitted to each", f"{refit:.1f}", ""],
        *[
            [
                f"{TRIALS:,} simulated trials on 2 cores, {kind} outcomes",
                f"{took:.0f}",
                _bound(took, MOST_SECONDS_OF_TRIALS),
            ]
            for kind, took in trials.items()
        ],
    ]
    return as_table(["", "seconds", "bound"], rows)


def _bound(seconds: float, most: float) -> str:
    return f"at most {most:g}: {'met' if seconds <= most else 'MISSED'}"


def main() -> int:
    """Measure, print, write the page if asked; ends with code 1 when a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--write", type=Path, help="page whose section is written anew")
    parser.add_argument("--store-r", action="store_true", help="keep the ratios to R for machines without it")
    given = parser.parse_args()
    tables = estimator_data.tables()
    with threadpool_limits(1):
        own, whole, other = measure_in_turns([*ours(tables), theirs(tables)], given.rounds)
    r = measure_r(tables, max(3, given.rounds // 2))
    ratios, about_r = ratios_to_r(r, own)
    if given.store_r and r is not None:
        held = {"software": r["software"], "ratios": {name: round(value, 1) for name, value in ratios.items()}}
        STORED.write_text(json.dumps(held, indent=1) + "\n", encoding="utf-8")
    text = "\n\n".join(
        [
            f"A trial of 294 schools, two rows each; 160 pupils a school. Median of {given.rounds} rounds, one thread. "
            f"{about_r} {GLMM_READS}",
            mixed_model_table(own, whole, other, ratios),
            other_table(measure_permutations(), measure_trials()),
        ]
    )
    print(text)
    if given.write:
        write_section(given.write, TITLE, text)
    return 1 if "MISSED" in text else 0


if __name__ == "__main__":
    sys.exit(main())
