"""Reader of the Local Authority Interactive Tool (LAIT): one long parquet of every measure, into `published`.

The measure's kind of year is in the tool's data dictionary: '2022' is the reporting year to March 2022 for a
social care measure and the academic year 2021/22 for a school measure.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from swis.errors import InputError, Problem, ReadingNote
from swis.schemas import conform
from swis.sources.published_cells import figures_of
from swis.sources.published_measures import measure_of_lait_code, names, unit_of
from swis.sources.result import NOT_A_NUMBER, RECORD_WITHOUT_KEY, ReadResult, fault_rows, stack_faults
from swis.sources.text import decode

COLUMNS = ["Short Desc", "Years", "LA and Regions", "Values", "LA Number"]
DICTIONARY_NAME = "lait_data_dictionary.csv"
DICTIONARY_COLUMNS = ["Measure_short", "Measure", "y_axis_name", "Year_Type", "Last Update"]
ENGLAND_NUMBER = 970
EXCEL_DAY_ZERO = pd.Timestamp("1899-12-30")
ACADEMIC = "Academic Year"
CALENDAR = "Calendar Year"
SIGNIFICANT_DIGITS = 15


def read_lait(
    path: Path, *, dictionary: Path | None = None, codes: Collection[str] | None = None, file: str = ""
) -> ReadResult:
    """Read the tool's long parquet as `published`; the release is 'LAIT' and the month the measure was updated.

    `dictionary` is the tool's data dictionary (by default the file of its usual name in the same folder).
    `codes` are the measures to keep: by default those that have a name of ours; an empty collection keeps all.
    InputError where the parquet or its dictionary cannot be read or lacks a column.
    """
    name = file or path.name
    described = _read_dictionary(dictionary or path.with_name(DICTIONARY_NAME))
    table = _read_parquet(path, name)
    wanted = measure_of_lait_code() if codes is None else codes
    chosen = table[table["Short Desc"].isin(list(wanted))] if wanted else table
    rows = chosen.join(described.set_index("Measure_short"), on="Short Desc")
    periods, notes = _periods(rows, name)
    rows, periods = rows[periods["time_period"].notna()], periods[periods["time_period"].notna()]
    figures = figures_of(rows["Values"], is_old=False)
    areas = _areas(rows)
    named = rows["Short Desc"].map(_named).astype(object)
    frame = areas.assign(
        publication=names()["lait_publication"],
        release=_releases(rows, periods),
        time_period=periods["time_period"],
        time_identifier=periods["time_identifier"],
        measure=named.str[0],
        breakdown=named.str[1],
        value=_without_artefacts(figures["value"]),
        symbol=figures["symbol"],
        value_as_published=rows["Values"],
        unit=[unit_of(str(pair[0]), str(axis)) for pair, axis in zip(named, rows["y_axis_name"], strict=True)],
    )
    faults = [
        _faults(figures.index[figures["is_faulty"]], "Values", NOT_A_NUMBER, name),
        _faults(areas.index[areas["area_code"].isna()], "LA Number", RECORD_WITHOUT_KEY, name),
    ]
    usable = ~figures["is_faulty"] & areas["area_code"].notna()
    return ReadResult({"published": conform(frame[usable], "published")}, stack_faults(faults), notes)


def _read_parquet(path: Path, file: str) -> pd.DataFrame:
    try:
        held = pq.read_schema(path).names
        missing = [column for column in COLUMNS if column not in held]
        if missing:
            action = "use the long parquet of the tool"
            raise InputError(
                Problem(file, f"column {column!r} is missing", "the tool's columns", action) for column in missing
            )
        table = pq.read_table(path, columns=COLUMNS)
    except (OSError, pa.ArrowInvalid):
        problem = Problem(file, "cannot be read as parquet", "the tool's long parquet file", "download it again")
        raise InputError([problem]) from None
    return table.to_pandas(types_mapper={pa.string(): pd.StringDtype(), pa.large_string(): pd.StringDtype()}.get)


def _read_dictionary(path: Path) -> pd.DataFrame:
    """Kind of year, axis and update of each measure, one row a code (the dictionary lists some codes twice)."""
    if not path.is_file():
        action = "put the tool's data dictionary beside the parquet"
        raise InputError([Problem(path.name, "file missing", "the data dictionary of LAIT", action)])
    text, _ = decode(path.read_bytes())
    table = pd.read_csv(io.StringIO(text), dtype="string", keep_default_na=False)
    missing = [column for column in DICTIONARY_COLUMNS if column not in table]
    if missing:
        raise InputError(
            Problem(path.name, f"column {column} is missing", "the tool's dictionary columns", "download it again")
            for column in missing
        )
    return table[DICTIONARY_COLUMNS].drop_duplicates("Measure_short")


def _periods(rows: pd.DataFrame, file: str) -> tuple[pd.DataFrame, list[ReadingNote]]:
    pairs = rows[["Years", "Year_Type"]].drop_duplicates()
    read = [period_of(str(years), str(kind)) for years, kind in pairs.itertuples(index=False)]
    known = pairs.assign(
        time_period=pd.array([p[0] or None for p in read], dtype="string"),
        time_identifier=pd.array([p[1] or None for p in read], dtype="string"),
        edition=pd.array([p[2] for p in read], dtype="string"),
    )
    periods = rows[["Years", "Year_Type"]].merge(known, on=["Years", "Year_Type"], how="left").set_index(rows.index)
    lost = int(periods["time_period"].isna().sum())
    message = "rows whose year is not a year, left out"
    return periods, [ReadingNote(file, "no_time_period", lost, message)] if lost else []


def period_of(years: str, kind: str) -> tuple[str, str, str]:
    """(time_period, time_identifier, edition) of a spelling of `Years` for a kind of year; empty where it is none.

    '2022' of an academic measure is '202122'; '2018 (Rev)' has edition 'Rev'; '2014-16' and '2013/14-15/16' are
    three years, named by the last.
    """
    text, edition = re.fullmatch(r"(.*?)\s*(?:\((.*)\))?", years.strip()).groups(default="")  # type: ignore[union-attr]
    three = re.fullmatch(r"(\d{4})/(\d{2})-(\d{2})/(\d{2})", text)
    if three:
        return f"{three[1][:2]}{three[3]}{three[4]}", "Three financial years to", edition
    two = re.fullmatch(r"(\d{4})[/-](\d{2})", text)
    if two and (int(two[1]) + 1) % 100 == int(two[2]):
        return two[1] + two[2], "Academic year" if kind == ACADEMIC else "Financial year", edition
    if two:
        return two[1][:2] + two[2], "Three calendar years to", edition
    if not re.fullmatch(r"\d{4}", text):
        return "", "", edition
    if kind == ACADEMIC:
        return f"{int(text) - 1}{text[2:]}", "Academic year", edition
    return text, "Calendar year" if kind == CALENDAR else "Reporting year", edition


def _releases(rows: pd.DataFrame, periods: pd.DataFrame) -> pd.Series:
    """'LAIT 2025-10' by the measure's last update (an Excel day number or a date), and the edition of the year."""
    updates = {text: f"LAIT {month}".strip() for text, month in _months(rows["Last Update"].unique()).items()}
    release = rows["Last Update"].map(updates).astype("string")
    edition = periods["edition"].fillna("")
    return release.str.cat(edition.where(edition.eq(""), " " + edition))


def _months(updates: Collection[str]) -> dict[str, str]:
    days = pd.to_numeric(pd.Series(list(updates), dtype="object"), errors="coerce")
    stamps = EXCEL_DAY_ZERO + pd.to_timedelta(days, unit="D")
    return {text: "" if pd.isna(day) else f"{day:%Y-%m}" for text, day in zip(updates, stamps, strict=True)}


def _areas(rows: pd.DataFrame) -> pd.DataFrame:
    number = rows["LA Number"].astype("Int64")
    regions = names()["lait_regions"]
    is_region = number.isin(list(regions)).fillna(False)
    level = (
        pd.Series("Local authority", index=rows.index)
        .mask(is_region, "Regional")
        .mask(number.eq(ENGLAND_NUMBER).fillna(False), "National")
    )
    code = number.astype("string").mask(is_region, number.map(regions).astype("string"))
    return pd.DataFrame({"geographic_level": level, "area_code": code, "area_name": rows["LA and Regions"]})


def _named(code: str) -> tuple[str, str]:
    return measure_of_lait_code().get(code, (code, "Total"))


def _without_artefacts(values: pd.Series) -> pd.Series:
    """Numbers to 15 significant digits: the tool's file holds 28.499999999999996 for 28.5."""
    distinct = values.dropna().unique()
    return values.map({number: float(f"{number:.{SIGNIFICANT_DIGITS}g}") for number in distinct}).astype("float64")


def _faults(rows: pd.Index, column: str, fault: str, file: str) -> pd.DataFrame:
    return fault_rows("published", column, fault, rows.to_numpy() + 1, authority="national", source_file=file)
