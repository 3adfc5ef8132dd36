"""What a run would cost: seconds of processors, memory and time by the clock, from the size of its returns."""

from swis.execution.cost.estimate import Cost, cost_of
from swis.execution.cost.lines import Line, load_measured

__all__ = ["Cost", "Line", "cost_of", "load_measured"]
