"""The tables of one authority, and the joins between them that many rules look through, each made once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from swis.schemas import table_schema
from swis.sources.school_census import census_day

CHILD_BLOCK = ["source_file", "source_record"]
CHILD_OF_RETURN = ["source_file", "la_child_id"]
FAR_FUTURE = pd.Timestamp("2262-01-01")
DAY = "datetime64[us]"
TERMS = ["autumn", "spring", "summer"]
SCALE_COLUMNS = ["scale", "items", "lowest", "highest"]

Made = TypeVar("Made")


class Tables(Mapping[str, pd.DataFrame]):
    """Canonical tables by name. Rows are addressed by position, so every index is a plain 0, 1, 2, …"""

    def __init__(self, tables: Mapping[str, pd.DataFrame], scales: pd.DataFrame | None = None) -> None:
        """Keep the frames under a fresh index; nothing is copied.

        `scales` [scale, items, lowest, highest] are those of the surveys that the authority's trials ask for.
        """
        self.scales = pd.DataFrame(columns=SCALE_COLUMNS) if scales is None else scales
        self._tables = {name: frame.reset_index(drop=True) for name, frame in tables.items()}
        self._joined: dict[tuple[str, str], pd.DataFrame] = {}
        self._repeats: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        self._made: dict[tuple[str, ...], Any] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        """The table of that name; KeyError where the authority has none."""
        return self._tables[name]

    def __iter__(self) -> Iterator[str]:
        """Names of the tables."""
        return iter(self._tables)

    def __len__(self) -> int:
        """How many tables there are."""
        return len(self._tables)

    def child_of(self, name: str) -> pd.DataFrame:
        """The `children` row of each row of a CIN census table: the child block of the file that holds both."""
        return self._once(name, "children", CHILD_BLOCK)

    def referral_of(self, name: str) -> pd.DataFrame:
        """The `referrals` row (CINdetails block) of each row of a CIN census table."""
        return self._once(name, "referrals", [*CHILD_BLOCK, "referral_date"])

    def header_of_episode(self) -> pd.DataFrame:
        """The `looked_after_children` row of each row of `care_episodes`, by return year and child."""
        return self._once("care_episodes", "looked_after_children", ["return_year", "la_child_id"])

    def repeats(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """Rows that repeat an earlier row whole, and rows that repeat an earlier row's key (`repeats_in`)."""
        if name not in self._repeats:
            self._repeats[name] = repeats_in(self[name], list(table_schema(name).primary_key))
        return self._repeats[name]

    def made_once(self, *what: str, make: Callable[[], Made]) -> Made:
        """What several checks work out of the tables, under its name."""
        if what not in self._made:
            self._made[what] = make()
        made: Made = self._made[what]
        return made

    def _once(self, name: str, to: str, keys: list[str]) -> pd.DataFrame:
        if (name, to) not in self._joined:
            self._joined[name, to] = matched(self[name], self[to], keys)
        return self._joined[name, to]


def repeats_in(frame: pd.DataFrame, key: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """True on rows equal to an earlier row but for their place in a file, and on rows with an earlier row's whole key.

    Only rows that share the key (or, without one, the event's first columns) are compared, which is cheap.
    """
    content = [column for column in frame.columns if column not in CHILD_BLOCK]
    sharing = frame.duplicated(key or content[:5], keep=False).to_numpy()
    whole, of_key = np.zeros((2, len(frame)), dtype=bool)
    if sharing.any():
        rows = frame[sharing]
        whole[sharing] = rows[content].duplicated()
        of_key[sharing] = rows.duplicated(key or None) & rows[key].notna().all(axis=1)
    return whole, of_key


def matched(rows: pd.DataFrame, others: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """For each of `rows` the first of `others` with the same keys (missing where there is none), on rows' index."""
    first = others.drop_duplicates(keys).assign(is_matched=True)
    joined = rows[keys].merge(first, on=keys, how="left").set_index(rows.index)
    joined["is_matched"] = joined["is_matched"].eq(True).fillna(False)
    return joined


def period_start(rows: pd.DataFrame) -> pd.Series:
    """First day, 1 April, of the year each row's return covers (`return_year` is the year it ends in)."""
    return _day_in(rows["return_year"] - 1, "04-01")


def period_end(rows: pd.DataFrame) -> pd.Series:
    """Last day, 31 March, of the year each row's return covers."""
    return _day_in(rows["return_year"], "03-31")


def _day_in(years: pd.Series, month_and_day: str) -> pd.Series:
    days = {year: pd.Timestamp(f"{int(year)}-{month_and_day}") for year in years.dropna().unique()}
    return pd.to_datetime(years.map(days)).astype(DAY)


def census_days(rows: pd.DataFrame) -> pd.Series:
    """Day of the school census of each row; missing where year or term is unknown."""
    known = rows[["census_year", "census_term"]].drop_duplicates().dropna()
    known = known[known["census_term"].isin(TERMS)]
    days = [census_day(int(year), str(term)) for year, term in known.itertuples(index=False)]
    named = rows[["census_year", "census_term"]].merge(
        known.assign(day=pd.Series(days, index=known.index, dtype=DAY)), on=["census_year", "census_term"], how="left"
    )
    return named["day"].set_axis(rows.index)


def has_repeated(rows: pd.DataFrame, keys: list[str]) -> pd.Series:
    """Rows whose keys are all present and occur more than once."""
    return rows.duplicated(keys, keep=False) & rows[keys].notna().all(axis=1)


def repeats_an_earlier(rows: pd.DataFrame, keys: list[str]) -> pd.Series:
    """Rows whose keys are all present and occurred in an earlier row."""
    return rows.duplicated(keys, keep="first") & rows[keys].notna().all(axis=1)


def starts_inside_an_earlier(
    rows: pd.DataFrame, group: list[str], start: str, end: str, *, on_its_last_day: bool = False
) -> pd.Series:
    """Rows that start before the latest end of an earlier row of the same group (an open row never ends).

    Two rows with the same start count as overlapping; a start on the day another ends does where it is asked for.
    """
    dated = rows.loc[rows[[*group, start]].notna().all(axis=1), [*group, start, end]]
    ordered = dated.sort_values([*group, start, end], kind="stable", na_position="last")
    ends = ordered[end].astype(DAY).fillna(FAR_FUTURE).astype("int64")
    members = [ordered[key] for key in group]
    latest = (
        ends.groupby(members, dropna=False)
        .cummax()
        .groupby(members, dropna=False)
        .shift(fill_value=np.iinfo("int64").min)
    )
    starts = ordered[start].astype(DAY).astype("int64")
    inside = starts <= latest if on_its_last_day else starts < latest
    return inside.reindex(rows.index, fill_value=False)


def is_last_of(rows: pd.DataFrame, group: list[str], start: str) -> pd.Series:
    """Rows with the latest start of their group (ties: the one lowest in the file)."""
    ordered = rows.sort_values([*group, start], kind="stable", na_position="first")
    return (~ordered.duplicated(group, keep="last")).reindex(rows.index)


def neighbour(rows: pd.DataFrame, group: list[str], order: list[str], columns: list[str], step: int) -> pd.DataFrame:
    """The columns of the next (`step` -1) or previous (`step` 1) row of the same group, on rows' index."""
    ordered = rows.sort_values([*group, *order], kind="stable", na_position="last")
    moved = ordered.groupby(group, dropna=False)[columns].shift(step)
    return moved.reindex(rows.index)


def age_in_years(birth: pd.Series, on: pd.Series) -> pd.Series:
    """Completed years of age on a day; missing where either date is missing."""
    before_birthday = (on.dt.month < birth.dt.month) | ((on.dt.month == birth.dt.month) & (on.dt.day < birth.dt.day))
    return on.dt.year - birth.dt.year - before_birthday.astype("float64").where(birth.notna() & on.notna())
