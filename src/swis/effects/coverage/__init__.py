"""Coverage, bias and type I error of the trial's estimators, by simulation."""

from swis.effects.coverage.study import Scenario, simulate
from swis.effects.coverage.summary import smallest_safe, summarise

__all__ = ["Scenario", "simulate", "smallest_safe", "summarise"]
