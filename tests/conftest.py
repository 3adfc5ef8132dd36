"""Fixtures shared by every kind of test."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def _folder_named_by(variable: str) -> Path:
    named = os.environ.get(variable)
    if not named or not Path(named).is_dir():
        if os.environ.get("SWIS_REQUIRE_REAL"):
            pytest.fail(f"{variable} names no folder, and SWIS_REQUIRE_REAL says that it must")
        pytest.skip(
            f"{variable} names no folder: these tests read real public files that are not part of the repository"
        )
    return Path(named).resolve()


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of real DfE statistics and other people's statutory files."""
    return _folder_named_by("SWIS_REAL_DATA")


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The checkout under test."""
    return ROOT
