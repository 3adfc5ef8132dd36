"""Simulated trials with known truth, in the true formats of the returns (`swis simulate`)."""

from swis.simulate.dataset import simulate_dataset, simulate_demo
from swis.simulate.plan import Size, demo_size, full_size, middle_size
from swis.simulate.truth_files import Truth

__all__ = ["Size", "Truth", "demo_size", "full_size", "middle_size", "simulate_dataset", "simulate_demo"]
