"""Charts and tables of other libraries that carry their rows with them, whatever of them is drawn.

Plotly writes every raw value (since version 6 as base64 typed arrays), Altair and Vega embed all rows, itables and
DataTables keep the whole table behind its first page. None of them can be checked by looking: all are reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from swis.scan.parts import DATA_SET, Found

SCRIPT = re.compile(r"<script\b[^>]*>(.*?)</script", re.IGNORECASE | re.DOTALL)
IN_SCRIPTS = re.compile(
    r"Plotly\.(?:newPlot|react|plot|addTraces)\s*\(|\"bdata\"\s*:|vegaEmbed\s*\(|vega\.github\.io/schema|itables|\bITable\s*\("
    r"|\.DataTable\s*\(|new\s+DataTable\s*\(|Bokeh\.(?:safely|embed)|embed_document|docs_json|echarts\.init|Highcharts\.(?:chart|stockChart)"
    r"|new\s+Chart\s*\(|Tabulator\s*\(|agGrid|Leaflet|L\.geoJson|L\.circleMarker|Reactable|Perspective|Observable|pyodide",
)
WIDGET = re.compile(
    r"<script\b[^>]*(?:data-for=[\"']htmlwidget|vnd\.jupyter\.widget-state|vnd\.(?:plotly|vega|vegalite|bokehjs))",
    re.IGNORECASE,
)
# Tables within a compressing or drawing library are of 256 numbers; a list of more is data.
MANY_NUMBERS = re.compile(r"(?:-?\d[\d.eE+-]*[\s,\[\]]+){600}")
MIMES = re.compile(
    r"vnd\.(?:plotly|vega|vegalite|bokehjs|holoviews|dataresource|jupyter\.widget|deck|apache\.arrow)|geo\+json|x-itables"
)


def data_sets_in_page(text: str) -> Iterator[Found]:
    """One found a script that carries rows in a page."""
    scripts = (match.group(1) for match in SCRIPT.finditer(text))
    count = sum(1 for script in scripts if _carries_rows(script)) + len(WIDGET.findall(text))
    if count:
        yield Found("script", DATA_SET, count)


def data_sets_in_script(text: str) -> Iterator[Found]:
    """The same for a script that stands alone (an output of a notebook, a .js file)."""
    if _carries_rows(text):
        yield Found("script", DATA_SET)


def _carries_rows(script: str) -> bool:
    """Whether a script calls a library that draws rows, or holds a long list of numbers of its own."""
    return IN_SCRIPTS.search(script) is not None or MANY_NUMBERS.search(script) is not None


def data_set_in_json(value: dict[str, Any]) -> str | None:
    """The kind of thing found where a JSON object is a chart with its data, or a table with its schema."""
    if isinstance(value.get("bdata"), str) and "dtype" in value:
        return DATA_SET
    if "vega" in str(value.get("$schema", "")):
        return DATA_SET
    if isinstance(value.get("datasets"), dict) and ("mark" in value or "encoding" in value):
        return DATA_SET
    if isinstance(value.get("layout"), dict) and isinstance(value.get("data"), list):
        return DATA_SET
    if isinstance(value.get("schema"), dict) and "fields" in value["schema"] and isinstance(value.get("data"), list):
        return DATA_SET
    return None
