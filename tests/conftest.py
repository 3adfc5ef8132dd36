"""Fixtures shared by every kind of test."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from swis.kernels.owner import THREADS

# As in a run: threads of linear algebra that wait for each other on shared cores take twenty times as long. Set before
# any test imports numpy, which reads it once.
os.environ.update(THREADS)
ROOT = Path(__file__).resolve().parents[1]


def _folder_named_by(variable: str, holding: str = "real public files") -> Path:
    named = os.environ.get(variable)
    if not named or not Path(named).is_dir():
        if os.environ.get("SWIS_REQUIRE_REAL"):
            pytest.fail(f"{variable} names no folder, and SWIS_REQUIRE_REAL says that it must")
        pytest.skip(f"{variable} names no folder: these tests read {holding} that are not part of the repository")
    return Path(named).resolve()


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of real DfE statistics and other people's statutory files."""
    return _folder_named_by("SWIS_REAL_DATA")


@pytest.fixture(scope="session")
def reference() -> Path:
    """Folder of stored results of R on larger data sets, to compare estimators with."""
    return _folder_named_by("SWIS_REFERENCE", "stored results of R")


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The checkout under test."""
    return ROOT
