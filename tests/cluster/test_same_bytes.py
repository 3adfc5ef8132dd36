"""The demo on the cluster and on one machine: the same bytes in every table, notebook and report."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from cluster.one_node_slurm import OneNode
from cluster.small_runs import hashes_below, swis

from swis.workspace import MADE_FROM

# What says how and when a run was carried out, and not what came of it; logs do so too.
RECORDS = (".snakemake", "_staleness", "_use", "_words", MADE_FROM)
PARTS_OF_A_CHECKOUT = ("params", "notebooks", "workflow", "data_raw", "requirements.lock", "pyproject.toml")


@pytest.fixture
def checkout(tmp_path: Path, project_root: Path) -> Path:
    """A copy of what a run reads, at a path of its own, with the demo and published figures only."""
    leave_out = shutil.ignore_patterns("__pycache__", "synthetic")
    for name in PARTS_OF_A_CHECKOUT:
        source, target = project_root / name, tmp_path / "checkout" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target, ignore=leave_out) if source.is_dir() else shutil.copyfile(source, target)
    return tmp_path / "checkout"


def test_the_demo_comes_out_the_same_on_the_cluster(slurm: OneNode, checkout: Path) -> None:
    found, codes = {}, {}
    for executor in ("local", "slurm"):
        codes[executor], said = swis(checkout, "run", "--dataset", "demo", "--executor", executor)
        assert codes[executor] == 0, said
        assert "2 authorities complete, 0 stopped, 0 refused" in said
        derived = hashes_below(checkout / "data_derived" / "demo", RECORDS)
        found[executor] = {"derived": derived, "reports": hashes_below(checkout / "reports")}
        for folder in ("data_derived", "reports"):
            shutil.move(checkout / folder, checkout / f"{folder}_{executor}")
    assert len(found["local"]["derived"]) > 100
    assert found["slurm"] == found["local"]
