"""The numbers of children of the ages on roll are found on the rolls about as often in every year."""

import pandas as pd

from swis.sources.upn import is_usable_upn
from swis.validate.plausibility.check import Context, NotRunError, check, units
from swis.validate.rule import EVALUATION_TEAM

MIDDLE = (0.05, 0.95)
SMALLEST_OF_USUAL = 0.5
SMALLEST_NUMBER = 30


@check(
    "links to rolls fall away",
    table="children",
    title="In one return the children found on a roll are less than half of the usual share",
    severity="note",
    reason="numbers or rolls of that year are faulty, and the year's rates would be too low",
    how_to_mend="compare the numbers of that return with the rolls of the same year",
    owner=EVALUATION_TEAM,
)
def fall_away(context: Context) -> pd.DataFrame:
    children, pupils = context.table("children"), context.table("pupils")
    usable = children.loc[is_usable_upn(children["upn"]), ["return_year", "upn", "birth_date"]]
    in_january = pupils.loc[pupils["census_term"].eq("spring").fillna(False), ["census_year", "upn", "birth_date"]]
    years = sorted(set(usable["return_year"].dropna().unique()) & set(in_january["census_year"].dropna().unique()))
    shares = {year: _share_on_roll(usable, in_january, year) for year in years}
    known = pd.Series(shares, dtype="float64").dropna()
    if len(known) < 3:
        raise NotRunError("there are fewer than three returns with enough children of the ages on roll")
    return units(known.index.astype(str), known >= SMALLEST_OF_USUAL * known.median())


def _share_on_roll(children: pd.DataFrame, pupils: pd.DataFrame, year: int) -> float:
    """Of the children of a return who are of the ages on roll that January, the share found there."""
    on_roll = pupils[pupils["census_year"].eq(year).fillna(False)]
    youngest, oldest = on_roll["birth_date"].quantile(MIDDLE[0]), on_roll["birth_date"].quantile(MIDDLE[1])
    of_year = children[children["return_year"].eq(year).fillna(False)]
    of_age = of_year[of_year["birth_date"].between(youngest, oldest)]
    if len(of_age) < SMALLEST_NUMBER:
        return float("nan")
    # An index finds one text among many; `isin` would turn each of the many into a scalar first.
    places = pd.Index(on_roll["upn"].dropna().unique()).get_indexer(of_age["upn"])
    return float((places >= 0).mean())
