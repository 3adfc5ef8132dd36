"""Pandoc's tree, node by node, and the one call that turns a tree into another form."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from swis.report.model import ReportError

Node = dict[str, Any]
# The version of the tree that is written here; pandoc refuses one that it does not know.
API_VERSION = (1, 23, 1)


def words(text: str) -> Node:
    """Words, blanks included."""
    return {"t": "Str", "c": text}


def bold(inlines: Sequence[Node]) -> Node:
    """Words in bold."""
    return {"t": "Strong", "c": list(inlines)}


def italic(inlines: Sequence[Node]) -> Node:
    """Words in italics."""
    return {"t": "Emph", "c": list(inlines)}


def link(inlines: Sequence[Node], target: str) -> Node:
    """Words that lead to the block or section of that id."""
    return {"t": "Link", "c": [["", [], []], list(inlines), [f"#{target}", ""]]}


def image(source: str, alt: str, width_points: float) -> Node:
    """A picture with the words that stand for it."""
    width = [["width", f"{width_points / 72:.4f}in"]]
    return {"t": "Image", "c": [["", [], width], [words(alt)], [source, ""]]}


def raw_inline(form: str, text: str) -> Node:
    """Source text of one form, inside a paragraph."""
    return {"t": "RawInline", "c": [form, text]}


def raw(form: str, text: str) -> Node:
    """Source text of one form, as a block."""
    return {"t": "RawBlock", "c": [form, text]}


def heading(level: int, name: str, inlines: Sequence[Node]) -> Node:
    """A heading with its id."""
    return {"t": "Header", "c": [level, [name, [], []], list(inlines)]}


def para(inlines: Sequence[Node]) -> Node:
    """A paragraph."""
    return {"t": "Para", "c": list(inlines)}


def points(items: Iterable[Sequence[Node]]) -> Node:
    """A list of short points."""
    return {"t": "BulletList", "c": [[{"t": "Plain", "c": list(item)}] for item in items]}


def styled(style: str, blocks: Sequence[Node]) -> Node:
    """Blocks in a named style of the reference document."""
    return {"t": "Div", "c": [["", [], [["custom-style", style]]], list(blocks)]}


def convert(blocks: Sequence[Node], meta: dict[str, str], *options: str, epoch: int = 0) -> bytes:
    """A tree in another form; ReportError, without a word of the report, where pandoc refuses it.

    `epoch` is the date, in seconds, that pandoc writes where a form must have one.
    """
    fields = {name: {"t": "MetaInlines", "c": [words(text)]} for name, text in meta.items()}
    tree = {"pandoc-api-version": API_VERSION, "meta": fields, "blocks": list(blocks)}
    done = subprocess.run(
        [str(_binary()), "--from", "json", "--sandbox", *options],
        input=json.dumps(tree, ensure_ascii=False).encode("utf-8"),
        capture_output=True,
        env={"SOURCE_DATE_EPOCH": str(epoch), "LC_ALL": "C.UTF-8"},
        check=False,
    )
    if done.returncode:
        # What pandoc says may quote the report: only its number is passed on.
        raise ReportError(f"pandoc could not write the report (its exit status is {done.returncode})")
    return done.stdout


@cache
def _binary() -> Path:
    """The pandoc that the package brings along, never one of the machine."""
    folder = Path(str(files("pypandoc"))) / "files"
    return next(path for path in (folder / "pandoc", folder / "pandoc.exe") if path.exists())
