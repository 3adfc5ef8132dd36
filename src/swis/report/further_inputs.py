"""The tables of further pooled stages as a report sees them: every one through the door."""

from __future__ import annotations

from swis.disclosure.further import FURTHER
from swis.disclosure.protected import Protected
from swis.disclosure.released import Released


def released_further(released: Released) -> dict[str, dict[str, Protected]]:
    """Tables by name of each further stage whose tables have passed the door."""
    held = {stage.name: released.within(f"{stage.name}-") for stage in FURTHER}
    return {name: tables for name, tables in held.items() if tables}
