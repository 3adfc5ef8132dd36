"""What of code, notebooks and libraries makes a result stale, and what a notebook reaches."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from swis.staleness.closure import package_in, reach
from swis.staleness.code import Content, imports_of, module_content
from swis.staleness.libraries import INTERPRETER, installed, versions_behind
from swis.staleness.notebooks import notebook_content

MODULE = '''"""Words."""

import pandas as pd

LIMIT = 3
"""What the limit is."""


def half(value: float) -> float:
    """Half of it."""
    # A reason.
    return value / 2


class Kept:
    """Words."""
'''


def digest(source: str) -> str:
    return module_content(source, "swis.some.module", is_package=False).digest


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ('"""Words."""', '"""Other words."""'),
        ('"""Words."""\n\nimport', "import"),
        ('    """Half of it."""\n', ""),
        ('"""What the limit is."""\n', ""),
        ("# A reason.", "# Another."),
        ("value / 2", "(\n        value\n        / 2\n    )"),
        ('class Kept:\n    """Words."""', "class Kept:\n    pass"),
    ],
)
def test_words_and_layout_make_no_difference(was: str, now: str) -> None:
    assert was in MODULE
    assert digest(MODULE.replace(was, now)) == digest(MODULE)


@pytest.mark.parametrize(
    ("was", "now"),
    [("LIMIT = 3", "LIMIT = 4"), ("value / 2", "value / 3"), ("float:", "int:"), ("import pandas as pd\n", "")],
)
def test_what_is_carried_out_makes_a_difference(was: str, now: str) -> None:
    assert was in MODULE
    assert digest(MODULE.replace(was, now)) != digest(MODULE)


def test_imports_are_found_wherever_they_stand() -> None:
    source = """
import a.b
from c import d
from . import beside
from .near import e
from ..far import f
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import only_for_checkers
else:
    import otherwise
def function():
    import inside
    import_module("named")
    files("data_of_a_library")
    open("no_module")
"""
    found = module_content(source, "swis.one.two", is_package=False).imports
    assert {"a.b", "c", "c.d", "inside", "named", "data_of_a_library", "otherwise"} <= set(found)
    assert {"swis.one", "swis.one.beside", "swis.one.near.e", "swis.far", "swis.far.f"} <= set(found)
    assert not {"only_for_checkers", "no_module"} & set(found)
    assert "swis.one.two.beside" in module_content("from . import beside", "swis.one.two", is_package=True).imports


def make_package(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_notebook_reaches_modules_their_packages_files_and_libraries(tmp_path: Path) -> None:
    package = package_in(
        make_package(
            tmp_path / "swis",
            {
                "__init__.py": "",
                "README.md": "for readers",
                "count/__init__.py": "",
                "count/rows.py": "def f():\n    from swis import words\n    import numpy",
                "count/limits.yml": "",
                "count/pages/page.html": "",
                "words.py": "import json",
                "figures/__init__.py": "import matplotlib",
                "figures/colours.css": "",
            },
        )
    )

    def content(name: str) -> Content:
        path = package.modules[name]
        return module_content(path.read_text(encoding="utf-8"), name, is_package=path.name == "__init__.py")

    found = reach(package, imports_of("from swis.count import rows"), content)
    assert found.modules == ("swis", "swis.count", "swis.count.rows", "swis.words")
    assert [path.name for path in found.data] == ["limits.yml", "page.html"]
    assert found.libraries == ("numpy",)


def test_libraries_are_followed_to_those_they_ask_for_but_not_to_their_extras() -> None:
    held = {
        "versions": {"a-one": "1", "b": "2", "c": "3", "d": "4"},
        "needs": {"a-one": ["b", "absent"], "b": ["a-one"], "c": [], "d": []},
        "by_import": {"a_one": ["a-one"], "d": ["d"]},
    }
    found = versions_behind(["a_one", "nowhere"], held)
    assert found.pop(INTERPRETER)
    assert found == {"a-one": "1", "b": "2"}


def test_installed_libraries_are_known_by_their_imports() -> None:
    held = installed()
    assert held["by_import"]["yaml"] == ["pyyaml"]
    assert "numpy" in held["needs"]["pandas"]
    # pandas asks for it with an extra only.
    assert "odfpy" not in held["needs"]["pandas"]


def notebook(tmp_path: Path, **changes: Any) -> str:
    given = {
        "id": "one",
        "source": "run.finish()",
        "tags": [],
        "count": None,
        "outputs": [],
        "words": "Words",
        **changes,
    }
    cells = [
        nbformat.v4.new_markdown_cell(given["words"], id="words"),
        nbformat.v4.new_code_cell(given["source"], id=given["id"], metadata={"tags": given["tags"], "x": given["id"]}),
    ]
    cells[1]["execution_count"], cells[1]["outputs"] = given["count"], given["outputs"]
    (tmp_path / "a.ipynb").write_text(json.dumps(nbformat.v4.new_notebook(cells=cells)), encoding="utf-8")
    return notebook_content(tmp_path / "a.ipynb").digest


def test_identifiers_outputs_counts_and_metadata_of_cells_make_no_difference(tmp_path: Path) -> None:
    output = nbformat.v4.new_output("stream", text="12")
    changed = notebook(tmp_path, id="two", count=7, outputs=[output], tags=["hide"])
    assert changed == notebook(tmp_path)


@pytest.mark.parametrize("changes", [{"source": "run.finish( )"}, {"words": "Other"}, {"tags": ["parameters"]}])
def test_code_text_and_the_parameters_cell_make_a_difference(tmp_path: Path, changes: dict[str, Any]) -> None:
    assert notebook(tmp_path, **changes) != notebook(tmp_path)
