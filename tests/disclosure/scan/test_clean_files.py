"""No alarm at files that tell of no child, with two sets of returns known: the invented children and the demo."""

from __future__ import annotations

from pathlib import Path

import pytest
from disclosure.scan.clean_files import CLEAN, Clean
from disclosure.scan.invented_child import ignorant_judge, scanned, write_returns

from swis.scan.judge import Judge
from swis.scan.returns import collect


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory, project_root: Path) -> Judge:
    made = write_returns(tmp_path_factory.mktemp("returns"))
    known, problems = collect([made, project_root / "data_raw" / "demo"], jobs=1)
    assert problems == []
    return Judge(known, own_paths=[str(project_root), str(made)])


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("clean", CLEAN, ids=[clean[0] for clean in CLEAN])
def test_clean_file_raises_no_alarm(clean: Clean, judge: Judge, tmp_path: Path) -> None:
    name, write = clean
    write(tmp_path / name)
    assert scanned(tmp_path, judge).findings == ()


@pytest.mark.filterwarnings("ignore")
def test_clean_files_raise_no_alarm_where_no_return_is_known(tmp_path: Path) -> None:
    for name, write in CLEAN:
        write(tmp_path / name)
    assert scanned(tmp_path, ignorant_judge()).findings == ()


def test_there_are_at_least_forty_clean_files() -> None:
    assert len(CLEAN) >= 40


@pytest.mark.parametrize("folder", ["docs", "params", "notebooks", "data_raw/published", "tests/notebooks/reference"])
def test_own_public_folders_raise_no_alarm(folder: str, judge: Judge, project_root: Path) -> None:
    assert scanned(project_root / folder, judge).findings == ()


def test_real_statistics_raise_no_alarm(judge: Judge, real_data: Path) -> None:
    public = [
        path for path in real_data.rglob("*") if path.is_file() and path.parts[-2].startswith(("dfe-", "ees", "gias"))
    ]
    assert public
    for path in public:
        kinds = {finding.kind for finding in scanned(path, judge).findings}
        # Excel notes the folder a workbook was last saved in: a true path of somebody's machine.
        assert kinds <= {"path of a machine"}, path.name


def test_the_returns_themselves_raise_an_alarm_at_every_file_of_children(judge: Judge, project_root: Path) -> None:
    demo = project_root / "data_raw" / "demo"
    alarmed = {finding.file for finding in scanned(demo, judge).findings}
    holders = [
        path for path in demo.rglob("*") if path.is_file() and path.parent.name in {"cin", "attainment", "annex_a"}
    ]
    holders += [path for path in demo.rglob("*pupil*onroll.csv*") if path.stat().st_size > 300]
    holders += list(demo.rglob("header.csv"))
    assert holders
    assert [path.name for path in holders if path.relative_to(demo).as_posix() not in alarmed] == []
