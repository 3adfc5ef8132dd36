"""Read what one authority's count needs of the others: their rolls, their children and their events.

Only the variant border 'all authorities' and the cross-border share in the evaluation report look across; the primary
count never does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

import pandas as pd

from swis.derive.borders import cross_border_events
from swis.derive.derived import Derived
from swis.io import read_frame
from swis.params import Definitions

# The tables that tell whose pupil a child is; the others are large and not looked at.
NEEDED = {"trial_schools", "enrolments", "events", "pupil_numbers", "child_numbers", "linkage"}


def read_derived_of(folders: Mapping[str, Path], events: list[str] | None = None) -> dict[str, Derived]:
    """The tables that borders need, of every authority by slug; all other tables are empty frames.

    `events` are the columns read of the events, by default all.
    """
    return {slug: _read(folder, events) for slug, folder in sorted(folders.items())}


def _read(folder: Path, events: list[str] | None) -> Derived:
    columns = {"events": events}
    names = [field.name for field in fields(Derived)]
    tables = {name: read_frame(folder / f"{name}.parquet", columns.get(name)) for name in names if name in NEEDED}
    return Derived(**{name: tables.get(name, pd.DataFrame()) for name in names})


def events_of_other_authorities(folders: Mapping[str, Path], definitions: Definitions) -> pd.DataFrame | None:
    """Events across borders (columns of `cross_border_events`) under the variant 'all authorities', else None.

    `folders` are the finished derive folders of all authorities of the run.
    """
    if definitions.border == "own authority":
        return None
    return cross_border_events(read_derived_of(folders))
