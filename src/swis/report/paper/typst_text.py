"""Words in typst's own source: strings, in which nothing is markup."""

from __future__ import annotations

from collections.abc import Collection

from swis.report.paper.runs import Run, runs_of

# Letters that end or continue a string of typst's source.
ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": " ", "\r": " ", "\t": " "})


def string(text: str) -> str:
    """A string of typst's source."""
    return f'"{text.translate(ESCAPES)}"'


def truth(holds: bool) -> str:
    """True or false in typst's source."""
    return "true" if holds else "false"


def content(text: str, targets: Collection[str]) -> str:
    """A cell's words: a string, or where they are markup a block of content with weights, slants and links."""
    runs = runs_of(text)
    if all(run == Run(run.text) for run in runs):
        return string("".join(run.text for run in runs))
    return "[" + "".join(f"#{_run(run, targets)}" for run in runs) + "]"


def _run(run: Run, targets: Collection[str]) -> str:
    shown = f"emph({string(run.text)})" if run.is_italic else string(run.text)
    shown = f"strong({shown})" if run.is_bold else shown
    return f"leading-to({string(run.target)}, {shown})" if run.target in targets else shown
