"""The page that shows what the benchmarks measured: each writes a section of its own and leaves the others."""

from __future__ import annotations

import re
from pathlib import Path

PREAMBLE = """# Benchmarks

Measured by `make bench` on a machine with 2 cores. Ratios, not seconds, are what is promised: both sides of a ratio are
measured in one run. How each is measured is said at the top of its script in `benchmarks/`.
"""


def write_section(page: Path, title: str, text: str) -> None:
    """Put `text` under the heading `title` of a page, in place of what stood there; makes the page where it is not."""
    held = page.read_text(encoding="utf-8") if page.exists() else PREAMBLE
    section = f"## {title}\n\n{text.strip()}\n"
    pattern = re.compile(rf"^## {re.escape(title)}\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    placed = pattern.sub(lambda _: section + "\n", held) if pattern.search(held) else f"{held.rstrip()}\n\n{section}"
    page.write_text(placed.rstrip() + "\n", encoding="utf-8")


def as_table(heads: list[str], rows: list[list[str]]) -> str:
    """A Markdown table, columns padded so that it reads as well in a terminal."""
    widths = [max(len(row[place]) for row in [heads, *rows]) for place in range(len(heads))]
    padded = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in [heads, *rows]]
    rule = " | ".join("-" * width for width in widths)
    return "\n".join(f"| {line} |" for line in [padded[0], rule, *padded[1:]])
