"""The tables of a stage come back as they were saved, and nothing but they is kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from swis.kept_tables import KeptTables


@dataclass(frozen=True)
class Two(KeptTables):
    """Two tables and what is computed from one of them."""

    schools: pd.DataFrame
    empty: pd.DataFrame

    @cached_property
    def pupils(self) -> int:
        """Sum over schools."""
        return int(self.schools["pupils"].sum())


@pytest.fixture
def two() -> Two:
    schools = pd.DataFrame({"urn": pd.array([1, 2], dtype="Int64"), "pupils": [3, 4]}, index=[5, 9])
    return Two(schools, pd.DataFrame({"urn": pd.array([], dtype="Int64")}))


def test_tables_come_back_with_their_types_and_without_their_index(two: Two, tmp_path: Path) -> None:
    shown = two.save(tmp_path)
    assert shown.to_dict("list") == {"table": ["schools", "empty"], "rows": [2, 0]}
    for name, frame in Two.load(tmp_path).tables().items():
        assert_frame_equal(frame, two.tables()[name].reset_index(drop=True))


def test_what_was_computed_from_the_tables_is_not_kept(two: Two, tmp_path: Path) -> None:
    assert two.pupils == 7
    two.save(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty.parquet", "schools.parquet"]


def test_a_missing_table_is_not_taken_for_an_empty_one(two: Two, tmp_path: Path) -> None:
    two.save(tmp_path)
    (tmp_path / "empty.parquet").unlink()
    with pytest.raises(FileNotFoundError):
        Two.load(tmp_path)
