"""The bundle as a page for the eyes of the checker: everything that `disclosure.json` says, and nothing more."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined

from swis.io import read_text

TEMPLATE = "page.html.j2"


def render_page(told: Mapping[str, Any]) -> str:
    """One page that needs nothing but itself; links lead to the frames beside it."""
    text = read_text(Path(__file__).with_name(TEMPLATE))
    environment = Environment(
        loader=DictLoader({TEMPLATE: text}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    by_report = groupby(told["outputs"], key=lambda output: output["report"])
    groups = [
        {"title": told["reports"].get(report, report), "id": report, "outputs": list(outputs)}
        for report, outputs in by_report
    ]
    page = environment.get_template(TEMPLATE).render(told=told, groups=groups, hidden_words=hidden_words)
    return "\n".join(line.rstrip() for line in page.splitlines() if line.strip()) + "\n"


def hidden_words(cells: Mapping[str, int | None] | None) -> str:
    """'120 shown, 4 hidden for their own sake, 5 for the sake of others'."""
    if cells is None:
        return "–"
    if cells["secondary"] is None:
        return f"{cells['shown']} shown, {cells['primary']} hidden"
    return f"{cells['shown']} shown, {cells['primary']} hidden for their own sake, {cells['secondary']} for others'"
