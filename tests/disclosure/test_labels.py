"""What carries no label is not under reports/: by whatever way a notebook or the package wrote it."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from swis.disclosure.label import releasable_table, release
from swis.disclosure.protected import Protected
from swis.errors import EXIT_FAILED
from swis.io import read_json, write_json
from swis.unlabelled import look, unlabelled

COUNTS = Protected(pd.DataFrame({"name": ["a"], "count": [12]}), ("count",), "a policy")
# Each a way to write a file; the last two change or forge what the door has written.
WAYS = {
    "pandas": "import pandas; pandas.DataFrame({'n': [7]}).to_csv(reports / 'seven.csv')",
    "parquet": "import pandas; pandas.DataFrame({'n': [7]}).to_parquet(reports / 'seven.parquet')",
    "parquet in C": "import pyarrow, pyarrow.parquet; pyarrow.parquet.write_table("
    "pyarrow.table({'n': [7]}), str(reports / 'seven.parquet'))",
    "figure": "import matplotlib; matplotlib.use('agg'); import matplotlib.pyplot as p; p.plot([7]); "
    "p.savefig(reports / 'seven.svg')",
    "own writer": "from swis.io import write_text; write_text(reports / 'deep' / 'er' / 'seven.txt', '7')",
    "program": "import os; os.system(f'echo 7 > {reports}/seven.txt')",
    "beside the data sets": "(reports.parent / 'seven.txt').write_text('7')",
    "link": "(reports / 'seven.parquet').symlink_to(run.output)",
    "moved": "(run.output / 'seven').write_text('7'); (run.output / 'seven').rename(reports / 'seven')",
    "hidden": "(reports / '.seven.csv').write_text('7')",
    "over a released file": "(reports / 'tables' / 'one.csv').write_text('7')",
    "a list of one's own": "import json; (reports / 'releasable' / 'mine').mkdir(); "
    "(reports / 'releasable' / 'mine' / 'x.json').write_text(json.dumps({'outputs': {}}))",
}


@pytest.fixture
def checkout(tmp_path: Path, project_root: Path) -> Path:
    (tmp_path / "params").symlink_to(project_root / "params")
    (tmp_path / "requirements.lock").write_text("")
    release(tmp_path / "reports" / "demo", "one", [releasable_table("tables/one.csv", COUNTS)], "a policy")
    (tmp_path / "reports" / "README.md").write_text("what goes here")
    return tmp_path


def run_notebook(checkout: Path, source: str) -> subprocess.CompletedProcess[str]:
    parameters = 'dataset = "x"  # a\nauthority = "y"  # b\ndata_cut = "z"  # c'
    opening = """
    from swis import notebook
    run = notebook.open_run("validate", dataset=dataset, authority=authority, data_cut=data_cut)
    reports = run.workspace.reports
    """
    cells = [
        nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]}, id="parameters"),
        nbformat.v4.new_code_cell(textwrap.dedent(opening), id="open"),
        nbformat.v4.new_code_cell(source, id="work"),
        nbformat.v4.new_code_cell("run.finish()", id="finish"),
    ]
    (checkout / "notebooks").mkdir(exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells), checkout / "notebooks" / "1_validate.ipynb")
    words = ["validate", "gateshead", "--root", str(checkout), "--dataset", "demo", "--data-cut", "2023-08-31"]
    return subprocess.run([sys.executable, "-m", "swis.stages", *words], capture_output=True, text=True)


@pytest.mark.parametrize("way", list(WAYS))
def test_a_stage_that_writes_past_the_door_fails_and_the_file_is_taken_away(way: str, checkout: Path) -> None:
    done = run_notebook(checkout, WAYS[way])
    assert done.returncode == EXIT_FAILED
    derived = checkout / "data_derived" / "demo"
    (line,) = read_json(derived / "gateshead" / "validate.failure.json")["lines"]
    assert line == "1 file written under reports/ without the label: moved to data_derived/demo/_unlabelled/validate"
    assert unlabelled(checkout / "reports") == []
    moved = [
        path for path in (derived / "_unlabelled" / "validate").rglob("*") if not path.is_dir() or path.is_symlink()
    ]
    assert len(moved) == 1
    assert not (derived / "gateshead" / "validate" / "done.json").exists()


def test_a_stage_that_goes_through_the_door_ends_well(checkout: Path) -> None:
    source = (
        "from swis.disclosure.protected import Protected\nfrom swis.disclosure.label import releasable_table, release\n"
    )
    source += "import pandas\nframe = pandas.DataFrame({'n': ['a'], 'count': [12]})\n"
    source += "table = Protected(frame, ('count',), 'a policy')\n"
    source += "release(reports, 'two', [releasable_table('tables/two.csv', table)], 'a policy')"
    assert run_notebook(checkout, source).returncode == 0
    assert (checkout / "reports" / "demo" / "tables" / "two.csv").exists()


def test_what_lay_there_before_fails_no_stage_but_is_still_found(checkout: Path) -> None:
    (checkout / "reports" / "demo" / "notes.txt").write_text("somebody's own")
    assert run_notebook(checkout, "dataset").returncode == 0
    assert unlabelled(checkout / "reports") == [Path("demo/notes.txt")]


def test_what_an_earlier_release_had_and_this_one_has_not_is_removed(checkout: Path) -> None:
    reports = checkout / "reports" / "demo"
    release(reports, "one", [releasable_table("tables/other.csv", COUNTS)], "a policy")
    assert not (reports / "tables" / "one.csv").exists()
    assert (reports / "tables" / "other.csv").exists()
    assert unlabelled(checkout / "reports") == []


def test_a_spoilt_list_cannot_make_a_release_remove_what_is_not_in_the_folder(checkout: Path) -> None:
    reports = checkout / "reports" / "demo"
    write_json(reports / "releasable" / "one.json", {"outputs": {"../../requirements.lock": ""}})
    with pytest.raises(Exception, match="inside the folder of reports"):
        release(reports, "one", [releasable_table("tables/one.csv", COUNTS)], "a policy")
    assert (checkout / "requirements.lock").exists()


def test_a_released_file_that_was_changed_is_found(checkout: Path) -> None:
    before = look(checkout / "reports")
    assert unlabelled(checkout / "reports") == []
    changed = checkout / "reports" / "demo" / "tables" / "one.csv"
    changed.write_text("name,count\na,13\n")
    os.utime(changed, ns=(1, 1))
    assert unlabelled(checkout / "reports") == [Path("demo/tables/one.csv")]
    assert unlabelled(checkout / "reports", before) == [Path("demo/tables/one.csv")]


def test_a_release_lists_before_it_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, content: bytes) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("swis.disclosure.label.write_bytes", full)
    with pytest.raises(OSError, match="no space"):
        release(tmp_path / "demo", "one", [releasable_table("tables/one.csv", COUNTS)], "a policy")
    assert list(read_json(tmp_path / "demo" / "releasable" / "one.json")["outputs"]) == ["tables/one.csv"]
    assert unlabelled(tmp_path) == []


def modules(package: Path) -> dict[str, ast.Module]:
    return {
        path.relative_to(package).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(package.rglob("*.py"))
    }


def called(tree: ast.AST) -> set[str]:
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {
        call.attr if isinstance(call, ast.Attribute) else call.id
        for call in calls
        if isinstance(call, ast.Attribute | ast.Name)
    }


WRITERS = {"write_text", "write_bytes", "write_json", "write_csv", "write_frame", "atomic_writer", "open", "savefig"}
WRITERS |= {
    "to_csv",
    "to_parquet",
    "to_excel",
    "to_html",
    "to_pickle",
    "to_json",
    "copyfile",
    "copytree",
    "touch",
    "mkdir",
}


def test_of_the_package_only_the_label_makes_releasables_and_only_it_writes_for_reports(project_root: Path) -> None:
    found = modules(project_root / "src" / "swis")
    makers = {name for name, tree in found.items() if "Releasable" in called(tree)}
    assert makers == {"disclosure/label.py"}
    # Pictures and tables are made in memory: their bytes go through the label like everything else.
    in_memory = {"report/figures/style.py": {"savefig"}, "disclosure/label.py": {"write_bytes", "write_json", "to_csv"}}
    # Typst and pandoc read what they need from a private folder that goes when the report is set; the front page keeps
    # a record of statuses and hashes on the restricted side. None of them knows where reports are.
    in_memory |= {f"report/paper/{name}.py": {"write_bytes"} for name in ("pdf", "docx")}
    in_memory |= {"report/front/changes.py": {"write_json"}}
    # The stage of the door writes its restricted results into the folder of its run.
    writers = {"write_csv", "write_json", "write_frame"}
    in_memory |= {f"disclosure/{name}.py": writers for name in ("door", "released")}
    restricted = ("disclosure/bundle/", "disclosure/book/", "disclosure/engine/")
    for name, tree in found.items():
        if name.startswith(("report/", "disclosure/")) and not name.startswith(restricted):
            assert called(tree) & WRITERS <= in_memory.get(name, set()), f"{name} writes files itself"


def test_of_the_package_only_these_modules_know_where_reports_are(project_root: Path) -> None:
    found = modules(project_root / "src" / "swis")
    knowing = {
        name
        for name, tree in found.items()
        if any(isinstance(node, ast.Attribute) and node.attr in {"reports", "all_reports"} for node in ast.walk(tree))
    }
    # The front page, and what it reads of files that are there; the figures set alone; the summary line of a run, which
    # reads; the look for what has no label; the scanner of a release. The bundle reads them. The end of a run and the
    # record of a stage look at sizes and times only.
    assert knowing <= {
        "report/index.py", "report/front/lines.py", "report/front/status.py",
        "commands/run.py", "commands/hand_over.py", "commands/check_release.py",
        "commands/figures.py", "commands/close.py", "staleness/record.py",
        "disclosure/bundle/hand_over.py", "stages.py", "workspace.py",
    }  # fmt: skip


def test_notebooks_hand_the_folder_of_reports_to_the_door_and_to_nothing_else(project_root: Path) -> None:
    uses = []
    for path in sorted((project_root / "notebooks").glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code" and "workspace.reports" in cell.source:
                uses += [
                    ast.unparse(node)
                    for node in ast.walk(ast.parse(cell.source))
                    if isinstance(node, ast.Call) and any("reports" in ast.unparse(given) for given in node.args)
                ]
    assert uses
    folders = "run.workspace.reports, run.workspace.bundle"
    assert set(uses) == {f"report.publish(page, {folders})", f"report.publish(page, {folders}, open_data)"}
