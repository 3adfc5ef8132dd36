"""Published figures for pages that have no authority of their own to look up."""

from __future__ import annotations

import pandas as pd

from swis.published import preferred, with_computed
from swis.sources.published_measures import measures

COLUMNS = ["measure", "figure", "breakdown", "area", "time_period", "value", "symbol", "unit", "release", "source"]


def no_context() -> pd.DataFrame:
    """A context table without rows."""
    return pd.DataFrame(columns=COLUMNS).astype(
        {"value": "float64"} | {name: "string" for name in COLUMNS if name != "value"}
    )


def england_only(published: pd.DataFrame) -> pd.DataFrame:
    """England's comparable figures, one vintage each, in the columns of an authority's context."""
    known = measures()
    england = preferred(with_computed(published[published["geographic_level"].eq("National")]))
    outcome = england["measure"].map(lambda name: known[name].of if name in known else None)
    found = england.assign(
        figure=england["measure"],
        measure=outcome,
        area="England",
        source=england["publication"] + ", release " + england["release"],
    )
    kept = found[found["measure"].notna() & found["measure"].ne("")]
    return kept.sort_values(["measure", "figure", "breakdown", "time_period"])[COLUMNS].reset_index(drop=True)
