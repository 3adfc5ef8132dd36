"""`papermill --engine swis-warm`: what papermill gives, from a warm kernel where a template answers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from forked_processes import is_running, needs_linux, until

from swis.kernels import ask
from swis.kernels.names import PLAIN, WARM
from swis.kernels.owner import THREADS, template_process
from swis.notebook.warm import JUPYTER

pytestmark = needs_linux
ENGINE = ["--engine", WARM]
PARENT = "import os\nprint(os.getppid())"


def notebook(folder: Path, source: str) -> Path:
    cell = nbformat.v4.new_code_cell(source, id="work")
    kernel = {"name": PLAIN, "display_name": "Python 3", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": kernel}), folder / "in.ipynb")
    return folder / "in.ipynb"


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The variables of a process that may use a template."""
    plain = {**os.environ, **THREADS}
    with template_process(JUPYTER, plain, tmp_path_factory.mktemp("template") / "kernels.log") as found:
        yield {**plain, **found}


def started(folder: Path, environment: dict[str, str], *options: str, forked: bool = False) -> subprocess.Popen[str]:
    """A `papermill` command, in a process of its own or in one forked from the template."""
    before = ["-S", "-E", str(ask.__file__)] if forked else ["-m"]
    command = [sys.executable, *before, "papermill", "in.ipynb", "out.ipynb", "--no-progress-bar", *options]
    return subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def executed(folder: Path, environment: dict[str, str], *options: str, forked: bool = False) -> dict:
    """The executed notebook without the times that papermill notes."""
    process = started(folder, environment, *options, forked=forked)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    kept = json.loads((folder / "out.ipynb").read_text(encoding="utf-8"))
    for holder in (kept, *kept["cells"]):
        for key in ("start_time", "end_time", "duration"):
            assert holder["metadata"]["papermill"].pop(key) is not None
        holder["metadata"].pop("execution", None)
    return kept


def parent_of_kernel(kept: dict) -> int:
    return int(kept["cells"][0]["outputs"][0]["text"][0])


@pytest.mark.parametrize("forked", [False, True], ids=["plain process", "forked process"])
def test_a_command_gets_a_warm_kernel_and_what_papermill_gives(
    tmp_path: Path, environment: dict[str, str], forked: bool
) -> None:
    notebook(tmp_path, "import sys\nprint('said')\nprint('warned', file=sys.stderr)\n{'a': [1, 2]}")
    of_engine = executed(tmp_path, environment, *ENGINE, forked=forked)
    of_papermill = executed(tmp_path, environment)
    assert of_engine == of_papermill
    assert [output["output_type"] for output in of_engine["cells"][0]["outputs"]].count("stream") == 2
    notebook(tmp_path, PARENT)
    # Neither its own process nor this one's: the template's.
    template = parent_of_kernel(executed(tmp_path, environment, *ENGINE, forked=forked))
    assert "swis.kernels.template" in Path(f"/proc/{template}/cmdline").read_text(encoding="utf-8")


@pytest.mark.parametrize(("options", "is_warm"), [(["-k", WARM], True), (["-k", PLAIN], False)])
def test_a_kernel_that_is_named_is_the_one_that_is_given(
    tmp_path: Path, environment: dict[str, str], options: list[str], is_warm: bool
) -> None:
    notebook(tmp_path, PARENT)
    process = started(tmp_path, environment, *ENGINE, *options)
    process.communicate(timeout=60)
    kept = json.loads((tmp_path / "out.ipynb").read_text(encoding="utf-8"))
    assert (parent_of_kernel(kept) != process.pid) == is_warm


def test_without_a_template_the_engine_runs_a_plain_kernel(tmp_path: Path) -> None:
    notebook(tmp_path, PARENT)
    process = started(tmp_path, {**os.environ, **THREADS}, *ENGINE)
    process.communicate(timeout=60)
    assert parent_of_kernel(json.loads((tmp_path / "out.ipynb").read_text(encoding="utf-8"))) == process.pid


def test_any_command_can_be_given_a_template(tmp_path: Path) -> None:
    notebook(tmp_path, "import os\nprint(open(f'/proc/{os.getppid()}/cmdline').read())")
    papermill = ["papermill", "in.ipynb", "out.ipynb", "--no-progress-bar", *ENGINE]
    command = [sys.executable, "-m", "swis.kernels", "calendar", "--", sys.executable, "-m", *papermill]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    kept = json.loads((tmp_path / "out.ipynb").read_text(encoding="utf-8"))
    parent = kept["cells"][0]["outputs"][0]["text"][0].split("\0")
    assert "swis.kernels.template" in parent
    assert "calendar" in parent
    command[-len(papermill) + 1] = "absent.ipynb"
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode != 0


def test_a_failed_cell_fails_the_command_and_keeps_its_error(tmp_path: Path, environment: dict[str, str]) -> None:
    notebook(tmp_path, "print('before')\n1 / 0")
    process = started(tmp_path, environment, *ENGINE)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "ZeroDivisionError" in said
    outputs = [
        cell.get("outputs") for cell in json.loads((tmp_path / "out.ipynb").read_text(encoding="utf-8"))["cells"]
    ]
    assert "ZeroDivisionError" in json.dumps(outputs)


def test_a_killed_command_takes_its_kernel_with_it(tmp_path: Path, environment: dict[str, str]) -> None:
    notebook(tmp_path, "import os, time\nopen('pid', 'w').write(f'{os.getpid()}.')\ntime.sleep(60)")
    process = started(tmp_path, environment, *ENGINE, forked=True)
    file = tmp_path / "pid"
    assert until(lambda: file.exists() and file.read_text(encoding="utf-8").endswith("."))
    kernel = int(file.read_text(encoding="utf-8").rstrip("."))
    assert is_running(kernel)
    process.kill()
    process.communicate(timeout=10)
    assert until(lambda: not is_running(kernel))


IMPORTED = """
import sys
before = set(sys.modules)
import papermill.cli, nbclient, jupyter_client, ipykernel.kernelapp
print(sorted(name for name in set(sys.modules) - before if not name.startswith("swis")))
"""


def test_a_job_finds_papermill_imported_already(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "imports.py").write_text(IMPORTED, encoding="utf-8")
    said = {}
    for kind, before in {"forked": ["-S", "-E", str(ask.__file__)], "plain": ["-m"]}.items():
        command = [sys.executable, *before, "imports"]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
        said[kind] = done.stdout.strip()
    assert said["forked"] == "[]"
    assert "papermill.execute" in said["plain"]


def test_a_stage_brings_neither_papermill_nor_the_models_of_parameters_before_it_needs_them() -> None:
    look = "import sys, swis.stages; print([name for name in ('papermill', 'swis.params') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
