"""Coverage of the economic evaluation's intervals, by simulation."""

from swis.economics.coverage.study import CostTrial, simulate, summarise

__all__ = ["CostTrial", "simulate", "summarise"]
