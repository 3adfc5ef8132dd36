"""The book: every number of a run as a cell, and what follows from what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from swis.disclosure.book.entries import CHECKED, entries_of, merged
from swis.disclosure.book.kinds import Kind
from swis.disclosure.book.names import cell_names, statistic_of
from swis.disclosure.book.relations import Relations, differences, refuse_where, sums_over
from swis.disclosure.protected import DisclosureError


@dataclass
class Book:
    """Cells and relations, added table by table; `entries` and `relations` are what `cells_of` makes a system of."""

    _entries: list[pd.DataFrame] = field(default_factory=list)
    _tables: dict[str, list[pd.DataFrame]] = field(default_factory=dict)
    _keys: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _kinds: dict[str, Kind] = field(default_factory=dict)
    _told: dict[str, list[pd.DataFrame]] = field(default_factory=dict)  # the entries that tell of a statistic
    _schools: dict[str, tuple[int, pd.Series]] = field(default_factory=dict)  # of how many of these, schools by name
    relations: list[Relations] = field(default_factory=list)

    def add(
        self,
        frame: pd.DataFrame,
        *,
        statistic: str,
        kind: Kind,
        value: str,
        keys: Sequence[str],
        schools: str | None = None,
        largest_share: str | None = None,
        behind: str | None = None,
        half_width: str | None = None,
        is_judged: str | None = None,
        least: float = 0.0,
        cost: str | float = 1.0,
        is_public: bool = False,
    ) -> pd.Series:
        """One cell a row (a row without a value has none); gives the cells' names, missing where there is none.

        Columns named: `schools` behind the row, `largest_share` of one school, `behind`: the fewest children that can
        stand behind an amount, `half_width` of the interval a printed mean gives for its sum, `is_judged`: whether an
        estimate beside it is shown only where the number is large enough, `cost` of hiding.
        What `is_public` is known to everybody and cannot be hidden.
        A number met twice is one cell; DisclosureError where the two disagree, or under other keys than before.
        """
        if self._keys.setdefault(statistic, tuple(keys)) != tuple(keys):
            raise DisclosureError(f"{statistic} was kept under other keys before")
        self._kinds.setdefault(statistic, kind)
        held = frame[frame[value].notna()]
        names = cell_names(held, statistic, keys)
        table = held[list(keys)].astype(str).assign(name=names, value=held[value].astype(float))
        self._tables.setdefault(statistic, []).append(table)
        columns = {
            "schools": schools,
            "largest_share": largest_share,
            "behind": behind,
            "half_width": half_width,
            "is_judged": is_judged,
        }
        given = {name: held[column] for name, column in columns.items() if column is not None}
        own_cost = held[cost] if isinstance(cost, str) else cost
        self._tell(entries_of(table, statistic, kind, least=least, cost=own_cost, is_public=is_public, **given))
        return names.reindex(frame.index)

    def table(self, statistic: str) -> pd.DataFrame:
        """The cells of a statistic: its keys as text, name, value; one row a cell. No rows where it was never met."""
        if statistic not in self._tables:
            return pd.DataFrame(columns=["name", "value"])
        held = pd.concat(self._tables[statistic], ignore_index=True).drop_duplicates("name", ignore_index=True)
        self._tables[statistic] = [held]
        return held

    def schools(self, names: pd.Series) -> pd.Series:
        """Schools behind each named cell, by the index of `names`; infinite where nothing was said of them."""
        statistics = sorted({statistic_of(str(name)) for name in names})
        said = pd.concat([pd.Series(dtype=float), *(self._said_of_schools(one) for one in statistics)])
        return names.map(said).astype(float).fillna(np.inf)

    def _said_of_schools(self, statistic: str) -> pd.Series:
        """Fewest schools said of each cell of a statistic, by name; kept until another table tells of its cells."""
        told = self._told.get(statistic, [])
        tables, said = self._schools.get(statistic, (0, pd.Series(dtype=float)))
        if tables != len(told):
            every = pd.concat(told)
            said = every[every["statistic"] == statistic].groupby("name")["schools"].min()
            self._schools[statistic] = len(told), said
        return said

    def _tell(self, entries: pd.DataFrame) -> None:
        self._entries.append(entries)
        for statistic in entries["statistic"].unique():
            self._told.setdefault(str(statistic), []).append(entries)

    def keys(self, statistic: str) -> tuple[str, ...]:
        """The keys of a statistic, in their order."""
        return self._keys[statistic]

    def sums(self, statistic: str, *, over: str, total: str) -> None:
        """The cell whose key `over` is `total` is the sum of those with its other values, all other keys equal.

        DisclosureError where a sum does not hold.
        """
        table = self.table(statistic)
        if len(table):
            keys = [key for key in self.keys(statistic) if key != over]
            self.relate(sums_over(table, keys, over, total), what=f"{statistic} over {over}")

    def part(self, whole: str, part: str, *, name: str, is_nearly_all: bool = False) -> None:
        """Cells of `part` are part of those of `whole` with the same keys; what is left is an implied cell.

        DisclosureError where a part exceeds its whole. A part that `is_nearly_all` is, as a rule, the whole (`nearly`).
        """
        terms = differences(self.table(whole), self.table(part), self._keys.get(part, ()))
        what = f"{part} as part of {whole}"
        if is_nearly_all:
            self.nearly(terms, what=what, rest=name, like=part)
        else:
            self.relate(terms, what=what, rest=name, like=part)

    def nearly(self, terms: pd.DataFrame, *, what: str, rest: str, like: str, never_less: bool = False) -> None:
        """Relations that hold as a rule: where one does, a reader may take it for granted, so it counts as known.

        Where one does not, the difference is an implied cell (see `relate`); where it is above zero, a reader may know
        that too. DisclosureError for one below zero that is `never_less`.
        """
        if terms.empty:
            return
        left = terms["value"].mul(terms["weight"]).groupby(terms["group"]).transform("sum")
        near = CHECKED + 1e-9 * terms["value"].abs().groupby(terms["group"]).transform("sum")
        self.relate(terms[left.abs() <= near], what=what)
        self.relate(terms[left > near], what=what, rest=rest, like=like)
        self.relate(terms[left < -near], what=what, rest=rest, like=like, least=0.0 if never_less else -np.inf)

    def whole_of(self, whole: str, parts: Sequence[str]) -> None:
        """Cells of `whole` are the sums of the cells of all `parts` with the same keys; DisclosureError where not."""
        held = [self.table(part) for part in parts]
        if len(self.table(whole)) and all(len(table) for table in held):
            every = pd.concat(held, ignore_index=True)
            pairs = differences(self.table(whole), every, self.keys(whole))
            complete = pairs["group"].map(pairs["group"].value_counts()) == 1 + len(parts)
            self.relate(pairs[complete], what=f"{whole} as sum of {', '.join(parts)}")

    def at_most(self, part: str, whole: str) -> None:
        """Cells of `part` never exceed those of `whole`, though what is between counts nobody."""
        pairs = differences(self.table(whole), self.table(part), self._keys.get(part, ()))
        self.relate(pairs, what=f"{part} up to {whole}", slack=np.inf)

    def relate(
        self,
        terms: pd.DataFrame,
        *,
        what: str,
        rest: str | None = None,
        like: str | None = None,
        slack: float = 0.0,
        least: float = 0.0,
    ) -> None:
        """Relations from terms [group, name, weight, value]: within a group the weighted sum is zero.

        With `rest` it is an implied cell of that statistic instead, of the kind of statistic `like` and at least
        `least`; with `slack` it lies between zero and that. Of implied cells the first term of a group may say more:
        `label`, put after the name of the statistic; `schools` behind the cell; `of_one_child`, the most that one child
        can add to it. DisclosureError where a relation does not hold.
        """
        if terms.empty:
            return
        left = terms["value"].mul(terms["weight"]).groupby(terms["group"], sort=False).sum()
        near = CHECKED + 1e-9 * terms["value"].abs().groupby(terms["group"], sort=False).sum()
        if rest is None and slack == 0:
            refuse_where(left.abs() > near, what)
        elif least == 0:
            refuse_where(left < -near, what)
        nothing = np.zeros(len(left))
        if rest is None:
            self.relations.append(Relations.of(terms, nothing, nothing + slack))
            return
        names = self._imply(terms, left.mask(left.abs() <= near, 0.0), rest, self._kinds[str(like)], least)
        closing = pd.DataFrame({"group": left.index, "name": names, "weight": -1.0})
        both = pd.concat([terms[["group", "name", "weight"]], closing], ignore_index=True)
        self.relations.append(Relations.of(both, nothing, nothing))

    def _imply(self, terms: pd.DataFrame, left: pd.Series, rest: str, kind: Kind, least: float) -> np.ndarray:
        """Add the implied cells of some groups; gives their names."""
        first = terms.drop_duplicates("group").set_index("group")
        statistic = rest + ", " + first["label"] if "label" in first else pd.Series(rest, index=first.index)
        # The keys of the first term tell one implied cell from another.
        names = (statistic + "|" + first["name"]).to_numpy(dtype=object)
        given: dict[str, pd.Series] = {"schools": first["schools"]} if "schools" in first else {}
        if "of_one_child" in first:
            given["behind"] = left.abs() / first["of_one_child"]
        table = pd.DataFrame({"name": names, "value": left.to_numpy()})
        self._tell(entries_of(table, statistic, kind, least=least, is_implied=True, **given))
        return names

    def entries(self) -> pd.DataFrame:
        """Every cell once, with what several tables said of it; DisclosureError where values disagree."""
        return merged(self._entries)
