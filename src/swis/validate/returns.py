"""What validation looks at: all returns of one authority, its schools and allocation, and what was found on reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from swis.params import Authority, Definitions, Trial
from swis.schemas import table_names, table_schema
from swis.sources.result import ReadResult
from swis.validate.tables import SCALE_COLUMNS, Tables

NATIONAL_RETURNS = {"gias", "allocation"}


@dataclass(frozen=True)
class Returns:
    """Tables as read, cells that did not parse, notes of what was tolerated, and which returns came.

    `completeness`: columns authority, returns, period, status (received, missing, known gap, not expected), reason.
    """

    authority: Authority
    definitions: Definitions
    tables: Tables
    faults: pd.DataFrame
    reading_notes: pd.DataFrame
    completeness: pd.DataFrame
    published: pd.DataFrame | None
    is_synthetic: bool

    @property
    def expected_tables(self) -> list[str]:
        """Tables that must be there: those of a return the authority is expected to send, and the national ones.

        A table of which every return is a known gap, with its reason in the parameters, is not asked for.
        """
        expected = NATIONAL_RETURNS | (set(self.authority.returns_expected) - _wholly_known_gaps(self.completeness))
        return [name for name in table_names() if _main_returns(name) & expected]

    def overview(self) -> pd.DataFrame:
        """By table: rows read, cells that could not be read, and files they came from; counts only."""
        faulty = self.faults["table"].value_counts()
        rows = [
            {
                "table": name,
                "rows": len(frame),
                "unreadable_cells": int(faulty.get(name, 0)),
                "files": int(frame["source_file"].nunique()) if "source_file" in frame else 1,
            }
            for name, frame in sorted(self.tables.items())
        ]
        return pd.DataFrame(rows, columns=["table", "rows", "unreadable_cells", "files"])

    def completeness_matrix(self) -> pd.DataFrame:
        """How many periods of each return were received, are missing, are known gaps, or were not expected."""
        counted = pd.crosstab(self.completeness["returns"], self.completeness["status"])
        return counted.rename_axis(columns=None).reset_index()


def _main_returns(name: str) -> set[str]:
    """The returns that must bring a table; Annex A is a second source where another return is the first."""
    returns = set(table_schema(name).returns)
    return returns - {"annex_a"} if len(returns) > 1 else returns


def _wholly_known_gaps(completeness: pd.DataFrame) -> set[str]:
    stated = completeness[completeness["status"].ne("not expected")]
    only_gaps = stated["status"].eq("known gap").groupby(stated["returns"]).all()
    return set(only_gaps.index[only_gaps.astype(bool)])


def of_authority(
    authority: Authority, own: ReadResult, national: ReadResult, trials: Mapping[str, Trial] | None = None
) -> tuple[Tables, pd.DataFrame]:
    """The authority's tables with its part of the national ones, and the faults of both.

    Of the allocation: the schools of the authority's stratum. Of the register: those schools, the schools they merged
    into or were followed by, every school on a roll, and all schools of the authority by its codes. Of the costs: all,
    where the authority sent none of its own. `trials` say which scales a survey of theirs has.
    """
    tables = dict(own.tables)
    if "allocation" in national.tables:
        allocation = national.tables["allocation"]
        tables["allocation"] = allocation[allocation["stratum"].eq(authority.slug).fillna(False)]
    if "schools" in national.tables:
        schools = national.tables["schools"]
        tables["schools"] = schools[_is_concerned(schools, tables, authority)]
    if "costs" in national.tables and tables.get("costs", pd.DataFrame()).empty:
        tables["costs"] = national.tables["costs"]
    faults = pd.concat([own.faults, national.faults], ignore_index=True)
    return Tables(tables, survey_scales(authority, trials or {})), faults


def survey_scales(authority: Authority, trials: Mapping[str, Trial]) -> pd.DataFrame:
    """The scales [scale, items, lowest, highest] of the surveys of the authority's own trials, each once."""
    asked = [trial.survey for name, trial in trials.items() if name in authority.trials and trial.survey is not None]
    rows = [(one.name, one.items, one.lowest, one.highest) for survey in asked for one in survey.scales.values()]
    return pd.DataFrame(rows, columns=SCALE_COLUMNS).drop_duplicates("scale", ignore_index=True)


def _is_concerned(schools: pd.DataFrame, tables: dict[str, pd.DataFrame], authority: Authority) -> pd.Series:
    named = [tables[name][column] for name, column in _NAMES_OF_SCHOOLS if name in tables]
    wanted = pd.concat(named).dropna().unique() if named else []
    codes = {code.old_la_code for code in authority.codes}
    followed = schools.loc[schools["urn"].isin(wanted), "successor_urn"].dropna()
    return schools["urn"].isin(wanted) | schools["urn"].isin(followed) | schools["old_la_code"].isin(codes)


_NAMES_OF_SCHOOLS = (("allocation", "urn"), ("allocation", "merged_into_urn"), ("pupils", "urn"))


def published_counts(published: pd.DataFrame, authority: Authority) -> pd.DataFrame:
    """The authority's published totals by reporting year: measure, time_period, value.

    Where the authority was published under several codes in a year, its parts are added up, and left out unless
    all are there.
    """
    parts = []
    own = published["area_code"].isin([code.old_la_code for code in authority.codes])
    totals = published[(own & published["breakdown"].eq("Total")).fillna(False)].dropna(subset="value")
    for year in range(2013, 2031):
        codes = [code.old_la_code for code in authority.codes_in_return(year)]
        of_year = totals["time_period"].eq(str(year)) & totals["area_code"].isin(codes)
        rows = totals[of_year.fillna(False)]
        latest = rows.sort_values("release", kind="stable").drop_duplicates(["measure", "area_code"], keep="last")
        sums = latest.groupby("measure")["value"].agg(["sum", "size"])
        whole = sums.loc[sums["size"] == len(codes), "sum"]
        parts.append(pd.DataFrame({"measure": whole.index, "time_period": str(year), "value": whole.to_numpy()}))
    return pd.concat(parts, ignore_index=True)
