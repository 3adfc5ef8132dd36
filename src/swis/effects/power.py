"""Power and minimum detectable ratio of a stratified cluster trial that compares rates.

With m schools of each arm, a mean count mu in a school of that arm and a standard deviation sigma of the log rate
between schools of a stratum, the log rate ratio has

    variance = (1/mu_1 + sigma² (1 - R²))/m_1 + (1/mu_0 + sigma² (1 - R²))/m_0,   mu_1 = ratio * mu_0,

R² being the share of the variance between schools that the covariates explain (Hayes and Bennett 1999, in whose
formula k, the coefficient of variation of true rates, stands for sigma). Power is that of the two-sided t-test on
m_1 + m_0 - strata - 1 - covariates degrees of freedom.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import nctdtr, stdtrit

# The search for a detectable ratio ends here; a trial that cannot detect it detects nothing of interest.
SMALLEST_RATIO, LARGEST_RATIO = 0.01, 100.0


@dataclass(frozen=True)
class TrialSize:
    """What power depends on: schools by arm, mean count of a control school, spread and strata.

    `between_sd` is the standard deviation of the log rate between schools of a stratum, `explained_share` the share of
    its square that the covariates explain (0 to 1), `covariates` how many there are.
    """

    schools_intervention: int
    schools_control: int
    mean_count: float
    between_sd: float
    strata: int = 1
    explained_share: float = 0.0
    covariates: int = 0

    def __post_init__(self) -> None:
        """ValueError for a trial that could not be."""
        if min(self.schools_intervention, self.schools_control) < 1 or self.mean_count <= 0 or self.between_sd < 0:
            raise ValueError("a trial needs schools in both arms, a positive mean count, and a spread of 0 or more")
        if not 0 <= self.explained_share <= 1 or self.degrees_of_freedom < 1:
            raise ValueError("the explained share lies between 0 and 1, and schools must outnumber the parameters")

    @property
    def degrees_of_freedom(self) -> int:
        """Schools less strata, arm and covariates."""
        return self.schools_intervention + self.schools_control - self.strata - 1 - self.covariates


def log_ratio_standard_error(size: TrialSize, ratio: float = 1.0) -> float:
    """Standard error of the log rate ratio when the true ratio is `ratio`."""
    spread = size.between_sd**2 * (1 - size.explained_share)
    treated = (1 / (ratio * size.mean_count) + spread) / size.schools_intervention
    return float(np.sqrt(treated + (1 / size.mean_count + spread) / size.schools_control))


def power(size: TrialSize, ratio: float, *, level: float = 0.05) -> float:
    """Chance that the two-sided t-test at `level` rejects when the true ratio is `ratio`."""
    freedom = float(size.degrees_of_freedom)
    critical = float(stdtrit(freedom, 1 - level / 2))
    shift = abs(float(np.log(ratio))) / log_ratio_standard_error(size, ratio)
    return float(1 - nctdtr(freedom, shift, critical) + nctdtr(freedom, shift, -critical))


def minimum_detectable_ratio(
    size: TrialSize, *, chance: float = 0.8, level: float = 0.05, direction: str = "below"
) -> float:
    """The ratio nearest to 1, 'below' or 'above' it, that the trial detects with the given `chance` (power).

    nan where none between 0.01 and 100 is detected so often; ValueError for another direction.
    """
    if direction not in {"below", "above"}:
        raise ValueError("direction is 'below' or 'above'")
    far = float(np.log(SMALLEST_RATIO if direction == "below" else LARGEST_RATIO))

    def missing(log_ratio: float) -> float:
        return power(size, float(np.exp(log_ratio)), level=level) - chance

    return float(np.exp(_first_root(missing, far)))


def _first_root(function: Callable[[float], float], far: float) -> float:
    """The zero nearest to 0 on the way to `far`, nan if there is none (power falls again when counts vanish)."""
    grid = np.linspace(0.0, far, 401)[1:]
    reached = next((place for place, value in enumerate(grid) if function(value) >= 0), None)
    if reached is None:
        return float("nan")
    before = grid[reached - 1] if reached else grid[0] * 1e-9
    return float(brentq(function, before, grid[reached], xtol=1e-10))
