"""The demo from its returns to its reports, as a user runs it: in a scratch checkout, by the `swis` command.

One run serves all tests of this file; the second, with everything about the machine changed, proves the bytes.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import read_back

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "workflow"))

from scratch import make_scratch  # noqa: E402

import swis  # noqa: E402
from swis.io import read_frame, read_json  # noqa: E402
from swis.kernels.ask import SOCKET  # noqa: E402
from swis.kernels.names import WARM  # noqa: E402
from swis.kernels.owner import THREADS, template_process  # noqa: E402
from swis.notebook.warm import JUPYTER, LIBRARIES  # noqa: E402
from swis.params import load_params  # noqa: E402
from swis.stage_list import STAGES  # noqa: E402
from swis.staleness.libraries import installed  # noqa: E402
from swis.staleness.reached import Reached  # noqa: E402
from swis.workspace import MADE_FROM  # noqa: E402

pytestmark = pytest.mark.slow
# What cuts a kernel off from the network, before its first cell.
OF_THE_KERNEL = {"swis.offline.kernel", "swis.offline.record"}
# Libraries that others load where they find them, for what no notebook does: parallel work, databases, terminals.
WHERE_INSTALLED = {
    "charset-normalizer", "cloudpickle", "defusedxml", "greenlet", "ipython", "joblib", "pillow", "psutil", "pyzmq",
    "rich", "sqlalchemy",
}  # fmt: skip
Finished = tuple[Path, subprocess.CompletedProcess[str]]


def without_network() -> list[str]:
    """The prefix of a command that cuts it off from every network, where the system can do that."""
    try:
        works = subprocess.run(["unshare", "-rn", "true"], capture_output=True).returncode == 0
    except FileNotFoundError:
        works = False
    return ["unshare", "-rn"] if works else []


def run_demo(scratch: Path, *options: str, prefix: Sequence[str] = (), **environment: str) -> Finished:
    make_scratch(ROOT, scratch)
    command = [*prefix, sys.executable, "-m", "swis.cli", "run", "--dataset", "demo", *options]
    done = subprocess.run(command, cwd=scratch, env={**os.environ, **environment}, capture_output=True, text=True)
    return scratch, done


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    folder = tmp_path_factory.mktemp("one") / "compendium"
    return run_demo(folder, "--jobs=2", PYTHONHASHSEED="0", TZ="Europe/London", LANG="C.UTF-8")


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> tuple[Finished, Path]:
    """The demo with everything about the machine changed; its kernels note in a folder which modules they load."""
    startup = tmp_path_factory.mktemp("ipython") / "profile_default" / "startup"
    startup.mkdir(parents=True)
    shutil.copyfile(Path(__file__).with_name("record_modules.py"), startup / "00-record.py")
    recorded = tmp_path_factory.mktemp("recorded")
    finished = run_demo(
        tmp_path_factory.mktemp("quite") / "another place",
        "--jobs=1",
        "--plain-kernels",
        prefix=without_network(),
        PYTHONHASHSEED="7",
        TZ="Asia/Tokyo",
        LANG="de_DE.UTF-8",
        LC_ALL="C",
        IPYTHONDIR=str(startup.parents[1]),
        RECORDED=str(recorded),
    )
    return finished, recorded


def hashes(folder: Path) -> dict[str, str]:
    """Every file but logs and those that say when another was last changed: such times are a machine's own."""
    files = (
        path
        for path in folder.rglob("*")
        if path.is_file() and not {".snakemake", "_staleness", "_use"} & {*path.parts}
    )
    kept = (path for path in files if path.suffix != ".log" and path.name != MADE_FROM)
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in kept}


def processes_in(folder: Path) -> list[str]:
    """Process ids of what runs in the folder or below; one that has ended or is another user's has no folder."""
    found = []
    for link in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):
            if link.readlink().is_relative_to(folder):
                found.append(link.parent.name)
    return found


def test_the_demo_runs_to_its_end_and_says_where_to_look(demo: Finished) -> None:
    scratch, done = demo
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 authorities complete, 0 stopped, 0 refused" in done.stdout
    assert "Reports: reports/demo/index.html" in done.stdout
    assert "SYNTHETIC" in done.stdout
    for name in ("index.html", "evaluation.html", "authorities/gateshead.html", "authorities/tameside.html"):
        assert (scratch / "reports" / "demo" / name).is_file(), name


def test_every_notebook_runs_in_a_warm_kernel_and_nothing_of_these_is_left(demo: Finished) -> None:
    said = (demo[0] / "data_derived" / "demo" / "kernels.log").read_text(encoding="utf-8")
    notebooks = len(list((demo[0] / "data_derived").rglob("notebooks/*.ipynb")))
    codes = re.findall(r"process \d+ ended with (-?\d+)", said)
    # One process for the notebook's stage and one for its kernel.
    assert len(codes) == 2 * notebooks
    # A client does not wait for a kernel longer than a few seconds, which a busy machine may need, then ends it, first
    # kindly: nothing is lost.
    assert set(codes) <= {"0", str(-signal.SIGTERM), str(-signal.SIGKILL)}, said
    assert processes_in(demo[0]) == []
    assert "refused" not in said
    assert "was not imported" not in said


def test_what_the_posts_cost_is_what_the_truth_says(demo: Finished) -> None:
    index = load_params(ROOT / "params").economics.deflator.index
    said = read_json(ROOT / "data_raw" / "demo" / "truth" / "truth.json")["costs"]
    costs = read_frame(demo[0] / "data_derived" / "demo" / "_pooled" / "economics" / "costs.parquet")
    own = costs[costs["trial"] == "swis"]
    total = (own["undiscounted_per_school"] * own["schools"]).groupby(own["window"]).sum()
    for window, pounds in said["pounds"].items():
        year_of = {item["item"]: item["price_year"] for item in said["items"]}
        true = sum(value * index["2021/22"] / index[year_of[item]] for item, value in pounds.items())
        # The truth keeps pence by item.
        assert abs(total[window] - true) < 0.1, window


REPORTS = {"evaluation": False, "authorities/gateshead": True, "authorities/tameside": True}


@pytest.mark.parametrize(("name", "without_annex"), REPORTS.items())
def test_paper_holds_every_number_of_the_page(demo: Finished, name: str, without_annex: bool) -> None:
    report = demo[0] / "reports" / "demo" / name
    page = read_back.of_page(report.with_suffix(".html"), without_annex=without_annex)
    assert page.total() > 150
    assert page - read_back.of_pdf(report.with_suffix(".pdf")) == Counter()
    assert page - read_back.of_docx(report.with_suffix(".docx")) == Counter()


@pytest.mark.parametrize("name", REPORTS)
def test_sheets_hold_every_number_of_every_table_of_the_page(demo: Finished, name: str) -> None:
    report = demo[0] / "reports" / "demo" / name
    tables = read_back.of_tables(report.with_suffix(".html"))
    assert sum(numbers.total() for numbers in tables.values()) > 1000
    for suffix in (".xlsx", ".ods"):
        sheets = read_back.of_sheets(report.with_suffix(suffix))
        missing = {table: numbers - sheets[table] for table, numbers in tables.items() if numbers - sheets[table]}
        assert missing == {}, suffix


@pytest.mark.parametrize("name", REPORTS)
def test_files_of_data_hold_every_count_of_their_table(demo: Finished, name: str) -> None:
    report = demo[0] / "reports" / "demo" / name
    folder = demo[0] / "reports" / "demo" / "tables" / report.name
    told = {path.stem: path for path in folder.glob("*.csv")}
    tables = read_back.counts_of_tables(report.with_suffix(".html"))
    assert told.keys() <= tables.keys()
    assert len(told) > 5
    for table, path in told.items():
        assert tables[table] <= read_back.of_csv(path), table


def test_the_same_bytes_come_elsewhere_with_plain_papermill_and_without_network(
    demo: Finished, elsewhere: tuple[Finished, Path]
) -> None:
    other, done = elsewhere[0]
    assert done.returncode == 0, done.stdout + done.stderr
    assert not (other / "data_derived" / "demo" / "kernels.log").exists(), "no template was started"
    for folder in ("reports", "data_derived"):
        assert hashes(other / folder) == hashes(demo[0] / folder)
    # Among these is every notebook, executed.
    executed = {Path(name).name for name in hashes(demo[0] / "data_derived") if "/notebooks/" in name}
    assert executed == {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The variables of a process whose notebooks may have kernels with all libraries imported."""
    plain = {**os.environ, **THREADS}
    with template_process([*JUPYTER, *LIBRARIES], plain, tmp_path_factory.mktemp("warm") / "kernels.log") as found:
        yield {**plain, **found}


def test_no_notebook_loads_code_or_libraries_that_its_stage_is_not_known_to_reach(
    elsewhere: tuple[Finished, Path], tmp_path: Path
) -> None:
    (other, _), recorded = elsewhere
    reached = Reached(Path(swis.__file__).parent, other / "notebooks", tmp_path / "read_before.json")
    by_import = installed()["by_import"]
    notes = sorted(recorded.glob("*.json"))
    assert {note.stem.partition("-")[0] for note in notes} == set(STAGES)
    for note in notes:
        stage, noted = note.stem.partition("-")[0], read_json(note)
        own = {module for module in noted["loaded"] if module.partition(".")[0] == "swis"}
        assert own - set(reached.reach_of_stage(stage).modules) == OF_THE_KERNEL, note.stem
        roots = {module.partition(".")[0] for module in set(noted["loaded"]) - set(noted["at_start"])}
        libraries = {library for root in roots for library in by_import.get(root, [])} - {"swis"}
        assert libraries - set(reached.stage(stage)["library"]) <= WHERE_INSTALLED, note.stem


def test_every_notebook_gives_its_reference_outputs(demo: Finished, warm: dict[str, str], tmp_path: Path) -> None:
    # In a copy: a stage that is executed anew by itself is no longer known to the run.
    folder = shutil.copytree(demo[0], tmp_path / "compendium")
    reference = folder / "tests" / "notebooks" / "reference"
    copies = sorted(reference.glob("*.ipynb"))
    assert [copy.name for copy in copies] == sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
    options = ["-q", "-p", "no:xdist", "-p", "no:cacheprovider", "-W", "default"]
    strict = ["--nbval", "--nbval-sanitize-with", str(reference / "sanitize.cfg")]
    kernel = ["--nbval-kernel-name", WARM] if SOCKET in warm else []
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *strict, *kernel, *map(str, copies)],
        cwd=folder,
        env=warm,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-6000:]


def swis_command(folder: Path, *words: str) -> str:
    command = [sys.executable, "-m", "swis.cli", *words, "--dataset", "demo"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_nothing_runs_again_when_nothing_changed(demo: Finished) -> None:
    assert swis_command(demo[0], "plan").strip() == "Nothing would run."
    before = hashes(demo[0] / "reports")
    assert "Nothing had changed, so nothing was run." in swis_command(demo[0], "run")
    assert hashes(demo[0] / "reports") == before


def test_a_touched_return_runs_its_authority_and_what_is_pooled_as_planned(demo: Finished, tmp_path: Path) -> None:
    folder = shutil.copytree(demo[0], tmp_path / "compendium")
    assert swis_command(folder, "plan").strip() == "Nothing would run.", "times of change are copied too"
    touched = min((folder / "data_raw" / "demo" / "gateshead").rglob("*.xml"))
    os.utime(touched)
    planned = json.loads(swis_command(folder, "plan", "--json"))
    said = swis_command(folder, "run")
    ended = set(re.findall(r"^\[ *\d+/\d+\] (\S+) +(\S+) +done", said, re.MULTILINE))
    own = {("gateshead", stage) for stage in ("validate", "derive", "outcomes")}
    pooled = {("_pooled", stage) for stage in ("delivery", "economics", "speed", "disclosure")}
    assert ended == {*own, ("_swis", "effects"), *pooled}, "the same numbers came out, so no report is made again"
    folders = {"swis": "_swis", "all authorities": "_pooled"}
    certain = {(folders.get(one["authority"], one["authority"]), one["stage"]) for one in planned if one["certain"]}
    assert certain == ended


def test_no_path_of_the_machine_stands_in_what_is_released(demo: Finished) -> None:
    scratch, _ = demo
    for path in (scratch / "reports").rglob("*"):
        if path.is_file() and path.suffix in {".html", ".csv", ".json", ".svg"}:
            assert str(scratch) not in path.read_text(encoding="utf-8"), path.name
