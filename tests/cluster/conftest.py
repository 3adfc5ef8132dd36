"""A Slurm of one node, and small notebooks to run on it; without Slurm only the test that says so is collected."""

from __future__ import annotations

import importlib.util
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from cluster.one_node_slurm import OneNode, one_node

from swis.execution.executor import PLUGIN

# Whether the environment is the one that `make test-cluster` makes.
HAS_PLUGIN = importlib.util.find_spec(PLUGIN) is not None
collect_ignore = [] if HAS_PLUGIN else ["test_same_bytes.py", "test_recovery.py"]


@pytest.fixture(scope="session")
def slurm() -> Iterator[OneNode]:
    """The running Slurm. Its folder has a short name, for that of a socket may have a hundred letters only."""
    with tempfile.TemporaryDirectory(prefix="swis-slurm-") as folder, one_node(Path(folder)) as running:
        yield running
