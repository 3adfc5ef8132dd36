"""Whose returns count: the authority's own events, or under a variant those of all authorities too."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from swis.derive.borders import with_cross_border
from swis.derive.derived import Derived
from swis.params import Definitions


def counted_under(derived: Derived, definitions: Definitions, cross_border: pd.DataFrame | None) -> Derived:
    """The derived tables with the events that count under the border in force.

    `cross_border` (events of other authorities, from `cross_border_events`) is used, and needed, only under the variant
    border 'all authorities'; ValueError without it.
    """
    if definitions.border == "own authority":
        return derived
    if cross_border is None:
        raise ValueError("the border variant 'all authorities' needs the events of all authorities")
    return replace(derived, events=with_cross_border(derived, cross_border))
