"""Makes the compact tables of `data_raw/published/` from a user's copy of the DfE files.

Run as `python -m swis.published.compact DIR [OUT]`.

The tables are tidy in the DfE's own sense, one row an area and period and one column a figure, because that is a
twentieth of the size of one row a figure; their meta files name each column's measure, publication, release and unit.
Cells are as published; of LAIT, numbers without the artefacts of its spreadsheet. Same files in, same bytes out.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from swis.errors import EXIT_BAD_INPUT, EXIT_OK, InputError, Problem
from swis.io import read_yaml, write_csv
from swis.params import Authority, load_params
from swis.published.load import COMPACT_PREFIX, NEIGHBOURS_FILE
from swis.sources.explore_education_statistics import read_explore_education_statistics
from swis.sources.lait import read_lait
from swis.sources.published_measures import unit_of
from swis.sources.statistical_neighbours import read_statistical_neighbours
from swis.workspace import find_root

SPECIFICATION = Path(__file__).with_suffix(".yaml")
PLACE = ["time_period", "time_identifier", "geographic_level", "old_la_code", "la_name"]
PHASE = "education_phase"
NO_FIGURE = ["", "-", "x", "z"]
ENGLAND_CODE = "E92000001"
SIGNIFICANT_DIGITS = 15


def make_compact(source: Path, authorities: Iterable[Authority], folder: Path) -> list[Path]:
    """Write every compact table and the neighbours of the named authorities into `folder`; returns what was written.

    `source` is a folder that holds the DfE files anywhere below it. InputError names every file that is missing.
    """
    specification = read_yaml(SPECIFICATION)
    paths = _find(source, specification)
    named = [authority for authority in authorities if not authority.is_invented]
    own = sorted({code.old_la_code for authority in named for code in authority.codes})
    model = read_statistical_neighbours(paths[specification["neighbours"]])
    neighbours = model[model["old_la_code"].isin(own)]
    figures = _read(paths, specification)
    areas = {"own": {ENGLAND_CODE, *own}, "neighbours": {ENGLAND_CODE, *own, *neighbours["neighbour_old_la_code"]}}
    written = [folder / NEIGHBOURS_FILE]
    write_csv(written[0], neighbours)
    for name, table in specification["tables"].items():
        chosen = figures[figures["area_code"].isin(areas[table["areas"]])]
        cells, meta = compact_table(chosen, table, specification)
        written += [folder / f"{COMPACT_PREFIX}{name}.csv", folder / f"{COMPACT_PREFIX}{name}.meta.csv"]
        write_csv(written[-2], cells)
        write_csv(written[-1], meta)
    return written


def _find(source: Path, specification: dict[str, Any]) -> dict[str, Path]:
    wanted = [*specification["files"], specification["lait"], specification["neighbours"]]
    found = {name: sorted(source.rglob(name))[:1] for name in wanted}
    action = "download it from Explore Education Statistics"
    missing = [Problem(name, "file missing", "a file of the DfE release", action) for name in wanted if not found[name]]
    if missing:
        raise InputError(missing)
    return {name: paths[0] for name, paths in found.items()}


def _read(paths: dict[str, Path], specification: dict[str, Any]) -> pd.DataFrame:
    tidy = [read_explore_education_statistics(paths[name]).tables["published"] for name in specification["files"]]
    tool = read_lait(paths[specification["lait"]]).tables["published"]
    clean = tool["value"].map(lambda value: f"{value:.{SIGNIFICANT_DIGITS}g}", na_action="ignore")
    tool = tool.assign(value_as_published=clean.astype("string").fillna(tool["value_as_published"]))
    return pd.concat([*tidy, tool], ignore_index=True)


def compact_table(
    figures: pd.DataFrame, table: dict[str, Any], specification: dict[str, Any]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(cells, meta) of one compact table: rows by period and area, columns as the specification names them."""
    in_years = figures[figures["time_period"].isin(_periods(table, specification))]
    breakdowns = table.get("breakdowns", ["Total"])
    parts, meta = [], []
    for measure, shorts in table["columns"].items():
        for short in shorts:
            column = measure if short == shorts[0] else f"{measure}_{short}"
            of_column = in_years["measure"].eq(measure) & in_years["publication"].eq(
                specification["publications"][short]
            )
            rows = in_years[of_column & in_years["breakdown"].isin(breakdowns)]
            parts.append(rows.drop_duplicates(["time_period", "area_code", "breakdown"]).assign(column=column))
            meta.append(_meta_row(column, measure, rows))
    cells = _wide(pd.concat(parts), [row["col_name"] for row in meta], names_of_areas(figures))
    if "breakdowns" in table:
        meta.append({"col_name": PHASE, "col_type": "Filter", "label": "Phase of school"})
    else:
        cells = cells.drop(columns=PHASE)
    return cells, pd.DataFrame(meta).fillna("")


def _periods(table: dict[str, Any], specification: dict[str, Any]) -> list[str]:
    is_academic = table.get("academic", False)
    first = specification["first_academic_year_ends" if is_academic else "first_reporting_year"]
    years = range(first - table.get("years_before", 0), specification["last_reporting_year"] + 1)
    return [f"{year - 1}{year % 100:02d}" if is_academic else str(year) for year in years]


def _meta_row(column: str, measure: str, rows: pd.DataFrame) -> dict[str, str]:
    return {
        "col_name": column,
        "col_type": "Indicator",
        "label": measure.replace("_", " "),
        "indicator_unit": unit_of(measure),
        "measure": measure,
        "publication": str(rows["publication"].iloc[0]),
        "release": " and ".join(sorted(rows["release"].unique())),
    }


def names_of_areas(figures: pd.DataFrame) -> pd.Series:
    """One name an area: the one its statistical release of the latest year uses."""
    ordered = figures.reset_index(drop=True)
    return ordered.drop_duplicates("area_code").set_index("area_code")["area_name"]


def _wide(figures: pd.DataFrame, columns: list[str], area_names: pd.Series) -> pd.DataFrame:
    keys = ["time_period", "time_identifier", "geographic_level", "area_code", "breakdown"]
    wide = figures.pivot_table(index=keys, columns="column", values="value_as_published", aggfunc="first")[
        columns
    ].fillna("")
    has_figure = ~wide.isin(NO_FIGURE).all(axis=1)
    rows = wide[has_figure].sort_index().reset_index()
    is_national = rows["geographic_level"].eq("National")
    placed = rows.assign(
        old_la_code=rows["area_code"].mask(is_national, ""),
        la_name=rows["area_code"].map(area_names).mask(is_national, ""),
    ).rename(columns={"breakdown": PHASE})
    ordered = placed.sort_values(["time_period", "old_la_code", PHASE], kind="stable")
    return ordered[[*PLACE, PHASE, *columns]].rename_axis(columns=None)


def main(arguments: list[str]) -> int:
    """Command: the folder of DfE files, and the one to write into (by default data_raw/published of the checkout)."""
    if len(arguments) not in (1, 2):
        print("usage: python -m swis.published.compact DIR [OUT]   (DIR holds the DfE files)")
        return EXIT_BAD_INPUT
    root = find_root(Path.cwd())
    target = Path(arguments[1]) if len(arguments) > 1 else root / "data_raw" / "published"
    try:
        authorities = load_params(root / "params").authorities.values()
        for path in make_compact(Path(arguments[0]), authorities, target):
            print(path)
    except InputError as error:
        print(error)
        return EXIT_BAD_INPUT
    return EXIT_OK


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
