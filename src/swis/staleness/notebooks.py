"""What of a notebook makes a difference: its cells of code and text, and which cell takes the parameters."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from swis.io import read_json
from swis.staleness.code import Content, imports_of, short_hash

# The one tag that says what a cell does.
PARAMETERS = "parameters"


def notebook_content(path: Path) -> Content:
    """Imports of the code cells, and a hash of all cells without identifiers, outputs, counts and metadata.

    SyntaxError where a code cell is none.
    """
    cells = read_json(path)["cells"]
    read = [[cell["cell_type"], _text(cell), PARAMETERS in cell["metadata"].get("tags", [])] for cell in cells]
    code = "\n".join(_text(cell) for cell in cells if cell["cell_type"] == "code")
    return Content(imports_of(code), short_hash(json.dumps(read)))


def _text(cell: dict[str, Any]) -> str:
    """The format allows one text or a list of lines."""
    return "".join(cell["source"])
