"""The committed demonstration is what the code makes, the same everywhere, marked, small, and plainly invented."""

from __future__ import annotations

import filecmp
import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from swis.errors import InputError
from swis.params import Params, load_params
from swis.simulate import demo_size, simulate_dataset, simulate_demo
from swis.simulate.faults import kinds
from swis.sources.upn import classify_upns

SEED = 20200901
MOST_BYTES = 3_000_000


@pytest.fixture(scope="module")
def params(project_root: Path) -> Params:
    return load_params(project_root / "params")


@pytest.fixture(scope="module")
def demo(params: Params, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("simulated") / "demo"
    simulate_demo(folder, params, SEED)
    return folder


def files_of(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def assert_same_bytes(one: Path, other: Path, names: list[str]) -> None:
    _, different, missing = filecmp.cmpfiles(one, other, names, shallow=False)
    assert not different
    assert not missing


def test_the_committed_demonstration_is_remade_byte_for_byte(demo: Path, project_root: Path) -> None:
    committed = project_root / "data_raw" / "demo"
    names = files_of(demo)
    assert [name for name in files_of(committed) if name != "README.md"] == names
    assert_same_bytes(demo, committed, names)


def test_two_workers_make_the_same_bytes_as_one(demo: Path, params: Params, tmp_path: Path) -> None:
    simulate_dataset(tmp_path / "two", params, seed=SEED, size=demo_size(), jobs=2)
    assert_same_bytes(demo, tmp_path / "two", files_of(demo))


def test_hash_seed_time_zone_and_language_change_nothing(demo: Path, project_root: Path, tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; import sys; from swis.params import load_params; "
        "from swis.simulate import simulate_demo; "
        f"simulate_demo(Path(sys.argv[1]), load_params(Path(sys.argv[2])), {SEED})"
    )
    environment = os.environ | {"PYTHONHASHSEED": "41", "TZ": "Pacific/Auckland", "LANG": "C", "LC_ALL": "C"}
    command = [sys.executable, "-c", code, str(tmp_path / "other"), str(project_root / "params")]
    subprocess.run(command, check=True, env=environment)
    assert_same_bytes(demo, tmp_path / "other", files_of(demo))


def test_another_seed_makes_other_children(demo: Path, params: Params, tmp_path: Path) -> None:
    simulate_demo(tmp_path / "demo", params, SEED + 1)
    name = "gateshead/cin/CIN_2021.xml"
    assert (demo / name).read_bytes() != (tmp_path / "demo" / name).read_bytes()


def test_the_demonstration_is_under_three_megabytes(demo: Path) -> None:
    assert sum((demo / name).stat().st_size for name in files_of(demo)) < MOST_BYTES


def test_data_set_and_authorities_carry_the_marker(demo: Path) -> None:
    for folder in (demo, demo / "gateshead", demo / "tameside"):
        marker = json.loads((folder / "SYNTHETIC.json").read_text(encoding="utf-8"))
        assert marker["synthetic"] is True
        assert marker["made_by"] == "swis simulate"
        assert marker["seed"] == SEED


def test_every_format_is_there(demo: Path) -> None:
    names = files_of(demo)
    for part in (
        "/cin/",
        "/ssda903/",
        "/school_census/",
        "/attainment/",
        "/annex_a/",
        "national/gias.csv",
        "_termlysessiondetails",
    ):
        assert any(part in name for name in names), part


def test_identifiers_are_plainly_synthetic(demo: Path) -> None:
    header = pd.read_csv(demo / "tameside" / "ssda903" / "2022" / "header.csv", dtype=str, encoding="cp1252")
    assert header["CHILD"].str.startswith("SYN").all()
    roll = pd.read_csv(demo / "tameside" / "school_census" / "2021_autumn_pupilonroll.csv", dtype=str)
    upns = roll["upn"].dropna()
    assert upns.str[1:4].eq("999").all()
    register = pd.read_csv(demo / "national" / "gias.csv", dtype=str, encoding="cp1252")
    assert register["EstablishmentName"].str.startswith("Synthetic School ").all()
    assert register["URN"].str.fullmatch("9[0-9]{5}").all()


def test_numbers_on_the_roll_have_right_check_letters_but_for_planted_faults(demo: Path) -> None:
    roll = pd.read_csv(demo / "gateshead" / "school_census" / "2020_spring_pupilonroll.csv", dtype=str)
    wrong = classify_upns(roll["upn"].dropna()).eq("wrong check letter").sum()
    faults = pd.read_csv(demo / "truth" / "faults.csv")
    planted = faults["kind"].eq("roll_upn_check_letter") & faults["source_file"].str.contains("2020_spring")
    assert wrong == (planted & faults["authority"].eq("gateshead")).sum()


def test_no_reader_ever_meets_a_name(demo: Path) -> None:
    heads = [
        (demo / name).read_bytes().split(b"\n", 1)[0].lower()
        for name in files_of(demo)
        if "school_census" in name and name.endswith(".csv")
    ]
    assert not any(word in head for head in heads for word in (b"surname", b"forename", b"address", b"postcode"))


def test_real_returns_are_never_overwritten(params: Params, tmp_path: Path) -> None:
    (tmp_path / "real" / "gateshead").mkdir(parents=True)
    with pytest.raises(InputError, match=r"SYNTHETIC\.json"):
        simulate_demo(tmp_path / "real", params, SEED)
    assert files_of(tmp_path / "real") == []


def test_planted_faults_point_to_records_that_exist(demo: Path) -> None:
    faults = pd.read_csv(demo / "truth" / "faults.csv")
    assert set(faults["kind"]) <= set(kinds())
    for fault in faults[faults["source_record"] > 0].itertuples():
        path = demo / str(fault.authority) / str(fault.source_file)
        records = _records(path)
        assert fault.source_record <= records, fault


def _records(path: Path) -> int:
    if path.suffix == ".xml":
        return path.read_text(encoding="utf-8").count("<Child>")
    return len(pd.read_csv(path, dtype=str, encoding="cp1252"))
