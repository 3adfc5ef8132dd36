"""School spells of pupils, from entry and leaving dates over all termly extracts, one row a spell and academic year.

Rules: a pupil stays on roll through the summer holiday until the leaving date (the last day on roll) or, without one,
31 August; joins on the entry date; and, when missing from the school's next census without a leaving date, leaves at
the end of the term of the last census that shows the pupil (assumed). Main registration is status C (single) or
M (main); of two main registrations on a day the one that began later counts.
"""

from __future__ import annotations

import pandas as pd

from swis.derive.lookup import look_up
from swis.derive.terms import academic_start_year_of_ordinal, census_ordinal, end_of_census_term

MAIN = ["C", "M"]
SPELL = ["urn", "pupil", "entry_date"]
ENROLMENT_COLUMNS = ["authority", "urn", "upn", "academic_year", "start", "end", "year_group", "is_main"]
ONE_DAY = pd.Timedelta(days=1)
YEARS_BEFORE_FIRST_CENSUS = 7
"""Entry dates tell where today's pupils were before the first census; care that began then needs it."""


def enrolments(pupils: pd.DataFrame, closed: pd.Series | None = None) -> pd.DataFrame:
    """Spells on roll cut at every 1 September: ENROLMENT_COLUMNS, half-open [start, end).

    `pupils` is the canonical table with urn already the trial school and a column pupil (the number behind upn). Pupils
    who are on no census on roll and carry no leaving date have no spell. `upn` of the result is the pupil.
    `closed` gives the last day of schools that closed, by urn: no stay without a leaving date goes beyond it.
    """
    roll = _ordered(pupils)
    if roll.empty:
        return _empty()
    spells = _spell_ends(roll, pd.Series(dtype="datetime64[us]") if closed is None else closed)
    sliced = _slices(spells, int(roll["start_year"].min()) - YEARS_BEFORE_FIRST_CENSUS)
    described = _with_year_group(sliced, roll)
    return _tidy(_one_main_school_a_day(_without_overlap(described)))


def _ordered(pupils: pd.DataFrame) -> pd.DataFrame:
    known = pupils.dropna(subset=["urn", "pupil", "entry_date"])
    at = census_ordinal(known["census_year"], known["census_term"])
    columns = ["authority", *SPELL, "leaving_date", "year_group", "enrolment_status", "is_on_roll"]
    roll = known[columns].assign(at=at, start_year=academic_start_year_of_ordinal(at))
    roll["is_on_roll"] = roll["is_on_roll"].fillna(False).astype(bool)
    # Off roll after on roll in the same census: a leaver listed twice has left.
    roll["off_roll"] = ~roll["is_on_roll"]
    roll["spell"] = roll.groupby(SPELL, sort=True).ngroup()
    return roll.sort_values(["spell", "at", "off_roll"], kind="stable").reset_index(drop=True)


def _spell_ends(roll: pd.DataFrame, closed: pd.Series) -> pd.DataFrame:
    """One row a spell with its last day on roll worked out (column end, exclusive)."""
    spells = roll.drop_duplicates("spell", keep="last").set_index("spell")
    last_on_roll = roll.loc[roll["is_on_roll"]].groupby("spell")["at"].max()
    seen = spells.index.map(last_on_roll)
    spells = spells.assign(seen=pd.array(seen, dtype="Int64"))
    spells = spells[spells["leaving_date"].notna() | spells["seen"].notna()]
    last_return = roll.groupby("urn")["at"].max()
    shown = spells["seen"].fillna(spells["at"]).astype("int64")
    ended = spells["off_roll"] | (shown < spells["urn"].map(last_return))
    year_end = pd.to_datetime((academic_start_year_of_ordinal(shown) + 1).astype(str) + "-09-01").astype(
        "datetime64[us]"
    )
    without_date = end_of_census_term(shown).where(ended, year_end)
    last_day = look_up(spells["urn"], closed) + ONE_DAY
    without_date = without_date.mask(last_day < without_date, last_day)
    end = (spells["leaving_date"] + ONE_DAY).fillna(without_date)
    return spells.assign(end=end).reset_index()


def _slices(spells: pd.DataFrame, first_start_year: int) -> pd.DataFrame:
    """Each spell cut at every 1 September, from the academic year that begins in `first_start_year` on."""
    first = pd.Timestamp(first_start_year, 9, 1)
    start = spells["entry_date"].clip(lower=first)
    spells = spells.assign(start=start)[start < spells["end"]]
    last_start_year = int(_start_year(spells["end"] - ONE_DAY).max()) if len(spells) else first_start_year
    cut = []
    for year in range(first_start_year, last_start_year + 1):
        begins, ends = pd.Timestamp(year, 9, 1), pd.Timestamp(year + 1, 9, 1)
        part = spells[(spells["start"] < ends) & (spells["end"] > begins)]
        cut.append(
            part.assign(start=part["start"].clip(lower=begins), end=part["end"].clip(upper=ends), start_year=year)
        )
    columns = ["authority", *SPELL, "spell", "start_year", "start", "end"]
    return pd.concat(cut, ignore_index=True)[columns] if cut else spells.assign(start_year=0)[columns]


def _start_year(dates: pd.Series) -> pd.Series:
    return dates.dt.year - (dates.dt.month < 9)


def _with_year_group(slices: pd.DataFrame, roll: pd.DataFrame) -> pd.DataFrame:
    """Year group and registration from the census of that year, else moved on from the spell's nearest one."""
    stated = roll[["spell", "start_year", "year_group", "enrolment_status"]]
    groups = stated.dropna(subset=["year_group"]).drop_duplicates(["spell", "start_year"])
    statuses = stated.dropna(subset=["enrolment_status"]).drop_duplicates(["spell", "start_year"])
    found = slices.merge(groups[["spell", "start_year", "year_group"]], on=["spell", "start_year"], how="left")
    found = found.merge(statuses[["spell", "start_year", "enrolment_status"]], on=["spell", "start_year"], how="left")
    first = groups.drop_duplicates("spell").set_index("spell")
    moved_on = found["spell"].map(first["year_group"]) + found["start_year"] - found["spell"].map(first["start_year"])
    found["year_group"] = found["year_group"].fillna(moved_on).astype("Int64")
    usual = found["spell"].map(statuses.drop_duplicates("spell", keep="last").set_index("spell")["enrolment_status"])
    # A roll without any status (some systems leave it out for leavers) is taken as a single registration.
    status = found["enrolment_status"].fillna(usual).fillna("C")
    return found.assign(is_main=status.isin(MAIN).astype(bool))


def _without_overlap(slices: pd.DataFrame) -> pd.DataFrame:
    """Spells of a pupil at one school that overlap (a corrected entry date) joined, so that no day counts twice."""
    key = ["urn", "pupil", "start_year", "is_main"]
    ordered = slices.sort_values([*key, "start", "end"], kind="stable").reset_index(drop=True)
    if not ordered.duplicated(key).any():
        return ordered
    group = ordered.groupby(key, sort=False).ngroup()
    reached = ordered["end"].astype("int64").groupby(group).cummax().groupby(group).shift(1)
    begins = (ordered["start"].astype("int64") > reached) | reached.isna()
    run = begins.cumsum().rename("run")
    joined = ordered.groupby(run).agg({name: "first" for name in ordered.columns if name != "end"} | {"end": "max"})
    return joined.reset_index(drop=True)


def _one_main_school_a_day(slices: pd.DataFrame) -> pd.DataFrame:
    """A main registration that begins elsewhere ends the earlier one: one main school for each pupil and day."""
    order = ["is_main", "pupil", "start", "entry_date", "urn"]
    ordered = slices.sort_values(order, kind="stable").reset_index(drop=True)
    same = (ordered["pupil"] == ordered["pupil"].shift(-1)).fillna(False) & ordered["is_main"].shift(
        -1, fill_value=False
    )
    following = ordered["start"].shift(-1)
    cuts = same & ordered["is_main"] & (following < ordered["end"])
    trimmed = ordered.assign(end=ordered["end"].where(~cuts, following))
    return trimmed[trimmed["start"] < trimmed["end"]]


def _tidy(slices: pd.DataFrame) -> pd.DataFrame:
    years = slices["start_year"].astype("int64")
    label = years.astype("string") + "/" + ((years + 1) % 100).astype("string").str.zfill(2)
    named = slices.drop(columns="upn", errors="ignore").rename(columns={"pupil": "upn"}).assign(academic_year=label)
    return named.sort_values(["upn", "start", "urn"], kind="stable")[ENROLMENT_COLUMNS].reset_index(drop=True)


def _empty() -> pd.DataFrame:
    types = dict.fromkeys(ENROLMENT_COLUMNS, "string") | {
        "start": "datetime64[us]", "end": "datetime64[us]", "year_group": "Int64", "is_main": "bool",
    }  # fmt: skip
    return pd.DataFrame({name: pd.Series(dtype=types[name]) for name in ENROLMENT_COLUMNS})
