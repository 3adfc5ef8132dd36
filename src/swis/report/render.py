"""From the report model to one HTML page that needs nothing but itself."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from swis.io import read_text
from swis.report.model import Block, Figure, Report, Section, Table

SYNTHETIC_WORDS = "Synthetic data – not findings"
SYNTHETIC_MORE = "The returns are simulated. Names of authorities are real; the numbers beside them are not about them."
NUMERIC = frozenset({"count", "value", "interval", "published", "plain"})

SCROLL_WORDS = "Swipe sideways to see the whole of it."


def render_report(report: Report, forms: Sequence[tuple[str, str, str]] = ()) -> str:
    """The whole page: the banner and the marks of tables and figures stand where the data set carries the marker.

    `forms` are the title, purpose and file name of what lies beside it.
    """
    page = _environment().get_template("page.html.j2")
    return _tidy(page.render(**_context(_numbering(report)), **_page_fields(report), forms=forms))


def render_section(section: Section, *, is_synthetic: bool) -> str:
    """One section as a fragment, for a notebook."""
    template = _environment().get_template("section.html.j2")
    return _tidy(template.render(**_context(lambda block: ""), part=section, is_synthetic=is_synthetic))


def render_other(template: str, **fields: Any) -> str:
    """A page that is no report, such as the front page of a run; the fields are as its template names them."""
    return _tidy(_environment().get_template(template).render(**_context(lambda block: ""), **fields))


def script_text(name: str) -> str:
    """A script of ours as it stands in a page."""
    return _tidy(_template(name))


def _page_fields(report: Report) -> dict[str, Any]:
    return {
        "title": report.title,
        "subtitle": report.subtitle,
        "sections": report.sections,
        "annex": report.annex,
        "is_synthetic": report.is_synthetic,
        "provenance": report.provenance,
        "policy": report.policy,
    }


def _numbering(report: Report) -> Callable[[Block], str]:
    """'Table 3: ' and 'Figure 2: ' in reading order."""
    numbers = report.numbering
    return lambda block: f"{numbers[block.id]}: " if isinstance(block, Table | Figure) else ""


def _context(number_of: Callable[[Block], str]) -> dict[str, Any]:
    return {
        "number_of": number_of,
        "kind_of": lambda block: type(block).__name__,
        "base64": lambda content: base64.b64encode(content).decode("ascii"),
        "numeric": NUMERIC,
        "synthetic_words": SYNTHETIC_WORDS,
        "synthetic_more": SYNTHETIC_MORE,
        "scroll_words": SCROLL_WORDS,
        "style": Markup(_template("style.css")),
    }


def _template(name: str) -> str:
    return read_text(Path(__file__).parent / "templates" / name)


@cache
def _environment() -> Environment:
    names = ["blocks.html.j2", "index.html.j2", "page.html.j2", "runs.html.j2", "section.html.j2"]
    return Environment(
        loader=DictLoader({name: _template(name) for name in names}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _tidy(text: str) -> str:
    """No trailing blanks and no empty lines, so that a change of a template shows as itself only."""
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip()) + "\n"
