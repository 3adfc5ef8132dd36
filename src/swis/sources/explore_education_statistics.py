"""Reader of Explore Education Statistics (EES) tidy CSV files: any of them, old or new, into `published`.

An EES file has one row an area, period and combination of filters, and one column an indicator. Names that
changed between releases are mapped by `published_measures.yaml`. Authorities are known by their three-digit code,
which outlives changes of their nine-character one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from swis.errors import InputError, Problem, ReadingNote
from swis.schemas import conform
from swis.sources.published_cells import clean_filters, clean_periods, end_year, figures_of, is_old_vintage
from swis.sources.published_files import TidyFile, open_tidy_files
from swis.sources.published_measures import filter_names, measure_of_column, names, publication_of, unit_of
from swis.sources.result import NOT_A_NUMBER, RECORD_WITHOUT_KEY, ReadResult, combine, fault_rows, stack_faults

LEVELS = ("National", "Regional", "Local authority")
ALL_LEVELS = (*LEVELS, "School")
ENGLAND = {"country_code": "E92000001", "country_name": "England"}
AREA_COLUMNS = {
    "National": (["country_code"], ["country_name"]),
    "Regional": (["region_code"], ["region_name"]),
    "Local authority": (["old_la_code", "new_la_code"], ["la_name"]),
    "School": (["school_urn", "urn", "school_laestab", "laestab"], ["school_name", "la_name"]),
}
NO_CODE = ["", ".", "x", "z", ":"]
KEYS = ["time_period", "time_identifier", "geographic_level", "area_code", "area_name"]
VINTAGE = ["publication", "release"]
NATIONAL = "national"


def read_explore_education_statistics(
    path: Path,
    *,
    publication: str | None = None,
    release: str | None = None,
    levels: Sequence[str] = LEVELS,
    measures: Collection[str] | None = None,
    file: str = "",
) -> ReadResult:
    """Read a tidy CSV (.csv, .csv.gz, or a .zip of several, meta files used where there are any) as `published`.

    `publication` and `release` name the vintage where the file's name and last period do not; `levels` are the
    geographic levels kept (schools only on request); `measures` keeps some measures only. InputError where the
    file cannot be read or lacks a mandatory column.
    """
    unknown = set(levels) - set(ALL_LEVELS)
    if unknown:
        raise ValueError(f"no geographic level {sorted(unknown)}; levels are {ALL_LEVELS}")
    tidy_files = open_tidy_files(path, file or path.name)
    return combine(_read_tidy(tidy, publication, release, levels, measures) for tidy in tidy_files)


def _read_tidy(
    tidy: TidyFile, publication: str | None, release: str | None, levels: Sequence[str], wanted: Collection[str] | None
) -> ReadResult:
    keys, notes = _keys_of(tidy.cells, levels, tidy.name)
    unplaced = keys["time_period"].isna() | keys["area_code"].isna()
    faults = [
        _faults(keys.index[unplaced & keys["geographic_level"].isin(levels)], "time_period", RECORD_WITHOUT_KEY, tidy)
    ]
    keys = keys[~unplaced & keys["geographic_level"].isin(levels)]
    if keys.empty:
        return ReadResult({"published": conform(pd.DataFrame(), "published")}, stack_faults(faults), tidy.notes + notes)
    cells = tidy.cells.loc[keys.index]
    filters, indicators = _roles(tidy)
    values, filter_notes = clean_filters(_renamed_filters(cells[filters]), tidy.name)
    series, years_after = publication_of(tidy.name, set(tidy.cells.columns))
    vintage = _release(keys["time_period"], years_after, release, cells)
    frame = keys.assign(publication=publication or series, release=vintage)
    long = _melt(frame, cells, values, indicators, tidy, wanted)
    faults += [
        _faults(group.index, str(column), NOT_A_NUMBER, tidy)
        for column, group in long[long["is_faulty"]].groupby("column")
    ]
    blanks = int(long["value_as_published"].eq("").sum())
    blank_notes = (
        [ReadingNote(tidy.name, "blank_cell", blanks, "blank figures, read as not available")] if blanks else []
    )
    kept = conform(long[~long["is_faulty"]], "published")
    return ReadResult({"published": kept}, stack_faults(faults), tidy.notes + notes + filter_notes + blank_notes)


def _keys_of(cells: pd.DataFrame, levels: Sequence[str], file: str) -> tuple[pd.DataFrame, list[ReadingNote]]:
    """Period and area of each row; the code missing where the level is not known or has no code."""
    spelt = {level.lower(): level for level in ALL_LEVELS}
    level = cells["geographic_level"].str.strip().str.lower().astype(object).map(spelt).astype("string")
    keys = pd.DataFrame(
        {
            "time_period": clean_periods(cells["time_period"]),
            "time_identifier": cells["time_identifier"].str.strip(),
            "geographic_level": level,
        }
    )
    located = [_area(cells[level.eq(name).fillna(False)], name) for name in ALL_LEVELS]
    keys = keys.join(pd.concat(located))
    skipped = int((~level.isin(levels)).sum())
    notes = [ReadingNote(file, "level_not_read", skipped, "rows of other geographic levels")] if skipped else []
    recoded = _recoded_areas(cells, level)
    if recoded:
        notes.append(
            ReadingNote(file, "several_codes_one_area", recoded, "authorities whose nine-character code changes")
        )
    return keys, notes


def _area(rows: pd.DataFrame, level: str) -> pd.DataFrame:
    codes, area_names = AREA_COLUMNS[level]
    code = _first_filled(rows, codes).str.replace(r"\.0$", "", regex=True)
    return pd.DataFrame({"area_code": code, "area_name": _first_filled(rows, area_names)}, index=rows.index)


def _first_filled(rows: pd.DataFrame, columns: list[str]) -> pd.Series:
    found = pd.Series(pd.NA, index=rows.index, dtype="string")
    for column in columns:
        if column in rows:
            text = rows[column].str.strip()
            found = found.fillna(text.mask(text.isin(NO_CODE)))
    return found.fillna(ENGLAND[columns[0]]) if columns[0] in ENGLAND else found


def _recoded_areas(cells: pd.DataFrame, level: pd.Series) -> int:
    if not {"old_la_code", "new_la_code"} <= set(cells.columns):
        return 0
    authorities = cells.loc[level.eq("Local authority").fillna(False), ["old_la_code", "new_la_code"]].drop_duplicates()
    return int(authorities.groupby("old_la_code").size().gt(1).sum())


def _roles(tidy: TidyFile) -> tuple[list[str], list[str]]:
    """Filter and indicator columns: as the meta file says; else known names; else figures are indicators."""
    table = names()
    others = [c for c in tidy.cells.columns if c not in {*table["places"], *KEYS, table["version"]}]
    said = dict(zip(tidy.meta["col_name"].str.strip().str.lower(), tidy.meta["col_type"].str.strip(), strict=True))
    groups = set(tidy.meta.get("filter_grouping_column", pd.Series(dtype="string")).str.lower())
    kind = {
        column: said.get(column, "Filter" if column in groups else "") or _guess(tidy.cells[column])
        for column in others
    }
    filters = [column for column in others if kind[column] == "Filter"]
    if not len(filters) + len([c for c in others if kind[c] == "Indicator"]):
        raise InputError(
            [Problem(tidy.name, "no indicator column", "columns of figures", "use the release's data file")]
        )
    return _without_titles(filters, tidy.cells), [column for column in others if kind[column] == "Indicator"]


def _guess(cells: pd.Series) -> str:
    if str(cells.name) in filter_names():
        return "Filter"
    if str(cells.name) in measure_of_column():
        return "Indicator"
    distinct = pd.Series(cells.unique(), dtype="string")
    return "Filter" if figures_of(distinct, is_old=False)["is_faulty"].any() else "Indicator"


def _without_titles(filters: list[str], cells: pd.DataFrame) -> list[str]:
    """The filters but those that only repeat the file's title on every row."""
    return [name for name in filters if not (name in names()["titles"] and len(cells[name].unique()) <= 1)]


def _renamed_filters(filters: pd.DataFrame) -> pd.DataFrame:
    """Filters under their present names, known ones first in the fixed order, so that column order does not matter."""
    known = list(filter_names())
    order = sorted(filters.columns, key=lambda c: (known.index(c) if c in known else len(known), c))
    return filters[order].rename(columns=filter_names())


def _release(periods: pd.Series, years_after: int, release: str | None, cells: pd.DataFrame) -> pd.Series:
    """Name of the vintage: the year given, or the last year of the file; with the edition where the file has one."""
    last = str(periods.loc[end_year(periods).idxmax()])
    year = f"{last[:4]}/{last[4:]}" if len(last) == 6 else str(int(last) + years_after)
    named = pd.Series(release or year, index=periods.index, dtype="string")
    edition = names()["version"]
    return named + " " + cells[edition].str.strip() if edition in cells else named


def _melt(
    keys: pd.DataFrame,
    cells: pd.DataFrame,
    filters: pd.DataFrame,
    indicators: list[str],
    tidy: TidyFile,
    wanted: Collection[str] | None,
) -> pd.DataFrame:
    """One row a figure, indexed by row of the file; the compact tables' meta may name measure and vintage itself."""
    is_old = is_old_vintage(keys["time_period"])
    meta = tidy.meta.set_index(tidy.meta["col_name"].str.strip().str.lower())
    parts = []
    for by_filter, breakdown in _breakdowns(filters):
        named = {column: _measure_name(column, by_filter, meta) for column in indicators}
        chosen = {column: name for column, name in named.items() if wanted is None or name in wanted}
        if len(breakdown) and chosen:
            rows = keys.loc[breakdown.index].assign(breakdown=breakdown)
            parts.append(_figures(rows, cells.loc[breakdown.index], _described(chosen, meta), is_old))
    return pd.concat(parts) if parts else keys.iloc[:0].assign(column="", is_faulty=False, value_as_published="")


def _breakdowns(filters: pd.DataFrame) -> list[tuple[dict[str, str], pd.Series]]:
    """(measure of each indicator, breakdown of each row) for every part of a file that names measures by a filter."""
    for long in names()["measure_from_filter"]:
        if long["filter"] in filters:
            value = filters[long["filter"]]
            rest = filters.drop(columns=[long["filter"], *[d for d in [long.get("drops")] if d in filters]])
            named = [(m, _joined(rest[value.eq(item)])) for item, m in long["items"].items() if value.eq(item).any()]
            return [*named, ({}, _joined(filters[~value.isin(long["items"])]))]
    return [({}, _joined(filters))]


def _joined(filters: pd.DataFrame) -> pd.Series:
    """Filter values joined with ' | ', Total left out; Total where nothing is left."""
    if filters.empty or not len(filters.columns):
        return pd.Series("Total", index=filters.index, dtype="string")
    distinct = filters.drop_duplicates()
    text = [" | ".join(v for v in row if v not in ("Total", "")) or "Total" for row in distinct.itertuples(index=False)]
    columns = list(filters.columns)
    number = filters.groupby(columns, sort=False).ngroup()
    return pd.Series(pd.array(text, dtype="string").take(number.to_numpy()), index=filters.index)


def _measure_name(column: str, from_filter: dict[str, str], meta: pd.DataFrame) -> str:
    said = str(meta["measure"].get(column, "")) if "measure" in meta else ""
    return said or from_filter.get(column) or measure_of_column().get(column, column)


def _described(measures: Mapping[str, str], meta: pd.DataFrame) -> pd.DataFrame:
    """One row a column of figures: column, measure, unit and, where the meta file says them, its vintage."""
    said = meta[~meta.index.duplicated()].reindex(list(measures)).replace("", None)
    units = said.get("indicator_unit", pd.Series(index=said.index, dtype="string")).fillna("")
    described = {"column": list(measures), "measure": list(measures.values())}
    described["unit"] = [unit_of(measure, str(unit)) for measure, unit in zip(measures.values(), units, strict=True)]
    return pd.DataFrame(described).assign(**{name: said[name].array for name in VINTAGE if name in said})


def _figures(rows: pd.DataFrame, cells: pd.DataFrame, described: pd.DataFrame, is_old: bool) -> pd.DataFrame:
    """All figures of some rows, one described column after another."""
    text = pd.concat([cells[column] for column in described["column"]])
    repeated = rows.iloc[np.tile(np.arange(len(rows)), len(described))]
    of_column = described.iloc[np.repeat(np.arange(len(described)), len(rows))].set_axis(text.index)
    vintage = {name: of_column[name].fillna(repeated[name]) for name in VINTAGE if name in of_column}
    read = figures_of(text, is_old=is_old)
    named = {name: of_column[name] for name in ["column", "measure", "unit"]} | vintage
    said = {name: values.array for name, values in {**named, **dict(read.items())}.items()}
    return repeated.assign(**said, value_as_published=text.str.strip().array)


def _faults(rows: pd.Index, column: str, fault: str, tidy: TidyFile) -> pd.DataFrame:
    return fault_rows("published", column, fault, rows.to_numpy() + 1, authority=NATIONAL, source_file=tidy.name)
