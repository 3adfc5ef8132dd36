"""Every kind of figure: its words tell its numbers, and its two pictures and its data are one thing."""

from __future__ import annotations

import importlib
import io
import itertools
import pkgutil
import re
from collections.abc import Callable, Mapping

import pandas as pd
import pytest
from invented_figures import KINDS, MEASURE, NAMED, POLICY, YEARS
from lxml import etree

from swis.disclosure.label import releasable_vector
from swis.report import figures
from swis.report.figure_files import figure_files
from swis.report.figures import style
from swis.report.figures.alt import SHORT, described
from swis.report.figures.by_year import outcomes_figure
from swis.report.figures.forest import ForestRow, _reach, forest_figure
from swis.report.figures.value import CURVES
from swis.report.model import Figure
from swis.report.publish import HEADERS, tidy
from swis.report.wording import count_text, number_text

SPACE = "{http://www.w3.org/2000/svg}"
WHITE_LUMINANCE, LEAST_CONTRAST = 1.0, 4.5


def decimals(places: int) -> Callable[[object], str]:
    return lambda value: number_text(value, decimals=places)


# Which columns of the data each long description tells, and how their numbers are written there.
TOLD: Mapping[str, Mapping[str, Callable[[object], str]]] = {
    "outcomes_figure": {"value": decimals(1), "period": str},
    "authorities_figure": {"value": decimals(1), "period": str},
    "context_figure": {"value": number_text, "time_period": str},
    "completeness_figure": {"status": str},
    "error_curve_figure": {"between_school_sd": decimals(2), "standard_error": decimals(3)},
    "rootogram_figure": {"observed_schools": count_text},
    "flow_figure": {"schools": count_text, "pupils": count_text},
    "forest_figure": {"label": str, "words": str},
    "incidence_figure": {"incidence": decimals(0), "step": str},
    "participants_figure": {"pupils": count_text},
    "planned_figure": {"planned": count_text, "delivered": count_text},
    "acceptability_figure": {"probability": decimals(0), "with_uncertain_prices": decimals(0), "pounds": count_text},
    "plane_figure": {"share": decimals(0), "cost_from": count_text, "prevented_to": number_text},
    "views_figure": {"mean": decimals(2)},
    "logic_model_figure": {"box": str},
    "timeline_figure": {"name": str},
}
OF_NUMBERS = sorted(set(KINDS) - {"logic_model_figure", "timeline_figure"})


@pytest.fixture(scope="module")
def made() -> dict[str, Figure]:
    return {kind: make() for kind, make in KINDS.items()}


def test_every_kind_of_figure_of_the_package_is_tested_here() -> None:
    modules = [
        importlib.import_module(f"{figures.__name__}.{one.name}") for one in pkgutil.iter_modules(figures.__path__)
    ]
    assert {name for module in modules for name in vars(module) if name.endswith("_figure")} == set(KINDS) == set(TOLD)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_long_description_tells_every_number_behind_the_figure(made: dict[str, Figure], kind: str) -> None:
    frame = made[kind].behind.frame
    for column, write in TOLD[kind].items():
        known = frame[column].dropna()
        assert len(known)
        missing = [write(value) for value in known if write(value) not in made[kind].long_description]
        assert not missing, column


@pytest.mark.parametrize("kind", OF_NUMBERS)
def test_the_alt_text_is_short_and_has_no_number_that_the_long_description_lacks(
    made: dict[str, Figure], kind: str
) -> None:
    figure = made[kind]
    assert len(figure.alt) <= SHORT
    numbers = re.findall(r"\d[\d,.]*\d|\d", figure.alt)
    # Counts of lines or cells are of the picture and stand in the short text only.
    of_picture = re.findall(r"(\d+) of (\d+) intervals|Of all its cells: (.*)\.", figure.alt)
    kept = set(numbers) - {one for group in of_picture for text in group for one in re.findall(r"\d+", text)}
    assert numbers
    assert not [one for one in kept if one not in figure.long_description]


def test_a_message_that_does_not_fit_is_left_out_of_the_short_text_only() -> None:
    words = described("A chart", ["x" * SHORT, "5 in 2019"], ["5 in 2019"])
    assert words.alt == "A chart. 5 in 2019."


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_drawing_carries_the_words_and_passes_the_door(made: dict[str, Figure], kind: str) -> None:
    figure = made[kind]
    root = etree.fromstring(figure.svg)
    assert root.get("role") == "img"
    assert root.findtext(f"{SPACE}title") == figure.caption
    assert root.findtext(f"{SPACE}desc").split("\n") == [
        figure.alt, figure.long_description, f"Source: {figure.source}",
    ]  # fmt: skip
    let_through = {int(one) for name in figure.behind.counts for one in figure.behind.frame[name].dropna()}
    assert releasable_vector("figures/one.svg", figure.svg, figure.behind, let_through).content == figure.svg


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_same_numbers_give_the_same_bytes_of_both_pictures(made: dict[str, Figure], kind: str) -> None:
    again = KINDS[kind]()
    assert (again.png, again.svg) == (made[kind].png, made[kind].svg)


def test_a_drawing_is_marked_where_the_data_are_synthetic(made: dict[str, Figure]) -> None:
    assert all("Synthetic data" in figure.svg.decode() for figure in made.values())


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_file_of_data_is_the_frame_behind_the_figure(made: dict[str, Figure], kind: str) -> None:
    figure = made[kind]
    let_through = {int(one) for name in figure.behind.counts for one in figure.behind.frame[name].dropna()}
    png, svg, data = figure_files(figure, "page", tidy(figure.behind, HEADERS, is_synthetic=True), let_through)
    assert [str(one.path) for one in (png, svg, data)] == [f"figures/page/one.{form}" for form in ("png", "svg", "csv")]
    kept = pd.read_csv(io.BytesIO(data.content), dtype=str, keep_default_na=False)
    # As text, so that neither the file's types nor its missing numbers need a rule of their own.
    expected = figure.behind.frame.drop(columns=["decimals"], errors="ignore").rename(columns=HEADERS)
    text = pd.read_csv(io.StringIO(expected.to_csv(index=False)), dtype=str, keep_default_na=False)
    pd.testing.assert_frame_equal(kept.drop(columns=["remark", "disclosure_policy"]), text)
    assert set(kept["remark"]) == {"Synthetic data – not findings"}


@pytest.mark.parametrize("series", [style.ARMS, style.AREAS, CURVES])
def test_series_differ_by_mark_and_by_dash_and_so_can_be_told_apart_in_grey(series: Mapping[str, style.Series]) -> None:
    for one, other in itertools.combinations(series.values(), 2):
        assert one.marker != other.marker
        assert one.dashes != other.dashes


@pytest.mark.parametrize("colour", [style.DARK_BLUE, style.TURQUOISE, style.DARK_PINK, style.ORANGE, style.DARK_GREY])
def test_words_have_the_contrast_that_small_lettering_needs(colour: str) -> None:
    # Relative luminance and contrast as WCAG 2.2 defines them.
    levels = [int(style.lettering(colour)[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4 for level in levels)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    assert (WHITE_LUMINANCE + 0.05) / (luminance + 0.05) >= LEAST_CONTRAST


def test_a_drawing_tells_no_more_than_its_file_of_data(made: dict[str, Figure]) -> None:
    """Drawn again from nothing but the released file, every line is at the same place to the last digit."""
    figure = made["outcomes_figure"]
    text = tidy(figure.behind, HEADERS, is_synthetic=True).frame.to_csv(index=False)
    names = {shown: name for name, shown in HEADERS.items()}
    read = pd.read_csv(io.StringIO(text)).rename(columns=names).fillna({"symbol": "", "comparability": ""})
    again = outcomes_figure(figure.behind.with_frame(read.assign(decimals=1)), [MEASURE], YEARS, **NAMED)
    assert again.svg == figure.svg


def test_an_interval_without_end_is_drawn_to_the_edge_with_an_arrow() -> None:
    rows = [ForestRow("Most", 1.1, 0.9, 1.3, "1.1"), ForestRow("Few schools", 0.2, 0.0, 4.8e15, "0.2")]
    made = forest_figure(rows, axis_title="Ratio", sides=("less", "more"), policy=POLICY, **NAMED)
    usual = forest_figure(rows[:1], axis_title="Ratio", sides=("less", "more"), policy=POLICY, **NAMED)
    arrows = len(etree.fromstring(made.svg).findall(".//{*}use")) - len(
        etree.fromstring(usual.svg).findall(".//{*}use")
    )
    assert arrows > 0 and made.png != usual.png
    low, high = _reach(rows)
    assert 0 < low < 1 / 1000 and 1000 < high < 10_000
