"""The DfE's own files put through the screener: they pass, or give findings that are true of them and known here."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from swis.report.screener import FAIL, data_file, screen

pytestmark = pytest.mark.real
# Copies of files as users download them: the descriptions are not among the downloads.
NOT_KEPT = {"description is beside it"}
# Files in which one column says what kind of breakdown another holds, or which edition a year is of, so that the two do
# not cross; without a description nothing says that the one groups the other.
NO_CROSSING = {"every combination has its row"}
# Test data of the platform, made before the present standard.
OLD_SYMBOL = {"symbols are in force"}  # '.', as files to 2016/17 have it
NO_DECIMALS_COLUMN = {"description has its columns"}  # indicator_dp came later
KNOWN = {
    "KS4_2018_LA_Char_Testdata.csv": {
        "file name is plain",
        "one place has one name",  # London, Inner London and Outer London under E12000007
        "filters leave a choice",
        *NO_CROSSING,
        *NO_DECIMALS_COLUMN,
    },
    "absence_by_term.csv": NO_CROSSING | OLD_SYMBOL | NO_DECIMALS_COLUMN,
    "absence_rate_percent_bands.csv": NO_DECIMALS_COLUMN,
    "exclusions_by_characteristic.csv": {
        "filter labels are spelt one way",  # special and Special
        *NO_CROSSING,
        *OLD_SYMBOL,
        *NO_DECIMALS_COLUMN,
    },
    "exclusions_total_days_missed_fixed_exclusions.csv": {
        "filter labels are spelt one way",
        "bands are not dates",  # 01-May for 1 to 5, as published
        *NO_CROSSING,
        *NO_DECIMALS_COLUMN,
    },
} | dict.fromkeys(
    (
        "a1_cin_assessments_episodes_referrals_2013_to_2024.csv",
        "a2_section47_icpc_cpp_2013_to_2024.csv",
        "a5_cpp_initial_category_of_abuse_by_gender_age_ethnicity_2018_to_2024.csv",
        "a7_cin_by_age_gender_ethnicity_2015_to_2024.csv",
        "ks2_la.csv",
        "ks4_la.csv",
        "la_cla_placement_stability.csv",
    ),
    NOT_KEPT | NO_CROSSING,
)
PUBLICATIONS = ("dfe-ees-test-data", "ern-sessions-cin-ees", "dfe-csc-outcomes-enablers")


def tidy_files(folder: Path) -> list[Path]:
    """Files in the standard's form; the lookups beside them have no time_period."""
    found = [path for path in sorted(folder.glob("*.csv*")) if ".meta." not in path.name]
    return [path for path in found if b"time_period" in content_of(path)[:200]]


def content_of(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def failing(path: Path) -> set[str]:
    name = path.name.removesuffix(".gz")
    meta = path.with_name(name.removesuffix(".csv") + ".meta.csv")
    described = (meta.name, meta.read_bytes()) if meta.exists() else ("", None)
    return {one.check for one in screen(data_file(name, content_of(path), *described)) if one.result == FAIL}


@pytest.mark.parametrize("publication", PUBLICATIONS)
def test_real_files_fail_for_what_is_known_of_them_and_for_nothing_else(real_data: Path, publication: str) -> None:
    files = tidy_files(real_data / publication)
    assert len(files) >= 5
    found = {path.name.removesuffix(".gz"): failing(path) for path in files}
    assert found == {name: KNOWN.get(name, NOT_KEPT) for name in found}
