"""What a plain `make test` says of the checks that need a cluster."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from cluster.one_node_slurm import missing

from swis.execution.executor import PLUGIN


def test_the_checks_on_a_cluster_have_what_they_need() -> None:
    if importlib.util.find_spec(PLUGIN) is None:
        files = sorted(
            path.name for path in Path(__file__).parent.glob("test_*.py") if path.name != Path(__file__).name
        )
        pytest.skip(f"no cluster is set up here: {', '.join(files)} were not run; `make test-cluster` runs them")
    assert missing() is None
