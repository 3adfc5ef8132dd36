"""Text of the model as runs: stretches of words with one weight, one slant and one target."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from lxml import html
from markupsafe import Markup

BLANKS = re.compile(r"[ \t\r\n]+")
BOLD, ITALIC = frozenset({"strong", "b"}), frozenset({"em", "i"})


@dataclass(frozen=True)
class Run:
    """Words alike; `target` is the id of the section, table or figure they lead to, '' where to none."""

    text: str
    is_bold: bool = False
    is_italic: bool = False
    target: str = ""


def runs_of(text: str) -> tuple[Run, ...]:
    """The runs of a text: markup is read as markup, any other string is words and nothing else."""
    if not isinstance(text, Markup):
        return (Run(text),) if text else ()
    element = html.fragment_fromstring(BLANKS.sub(" ", text), create_parent="div")
    return tuple(_walk(element, Run("")))


def words_of(text: str) -> str:
    """A text without its markup."""
    return "".join(run.text for run in runs_of(text))


def _walk(element: Any, like: Run) -> Iterator[Run]:
    """Runs within an element; `like` says how its words look."""
    if element.text:
        yield replace(like, text=element.text)
    for child in element:
        # A comment or an instruction has no words of its own.
        if isinstance(child.tag, str):
            yield from _walk(child, _inside(child, like))
        if child.tail:
            yield replace(like, text=child.tail)


def _inside(element: Any, like: Run) -> Run:
    """How words inside an element look. Only links within the report count."""
    link = element.get("href", "") if element.tag == "a" else ""
    return Run(
        "",
        like.is_bold or element.tag in BOLD,
        like.is_italic or element.tag in ITALIC,
        link.removeprefix("#") if link.startswith("#") else like.target,
    )
