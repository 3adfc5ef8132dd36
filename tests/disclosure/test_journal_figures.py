"""Figures set alone are those that were released, at a size that can be read, and go when the release changes."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from invented_figures import KINDS, POLICY
from PIL import Image

from swis.cli import main
from swis.disclosure.label import Releasable, releasable_setting, release, released_again
from swis.disclosure.protected import DisclosureError
from swis.report.figure_files import figure_files
from swis.report.journal import publish_journal, still_holds
from swis.report.journal.setting import DOUBLE_MM, SMALLEST_POINTS, read_drawing, set_alone
from swis.report.model import Figure
from swis.report.publish import HEADERS, tidy

DRAWING = "figures/page/one.svg"


def released(reports: Path, figure: Figure) -> None:
    let_through = {int(one) for name in figure.behind.counts for one in figure.behind.frame[name].dropna()}
    release(
        reports,
        "page",
        figure_files(figure, "page", tidy(figure.behind, HEADERS, is_synthetic=True), let_through),
        POLICY,
    )


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    released(tmp_path / "reports", KINDS["outcomes_figure"]())
    return tmp_path / "reports"


def test_each_figure_is_there_as_picture_and_drawing_with_its_line_in_the_index(reports: Path, tmp_path: Path) -> None:
    written = publish_journal(reports, "page", tmp_path / "bundle")
    folder = reports / "journal_figures" / "page"
    assert written == [folder / "one.svg", folder / "one.png", folder / "index.csv"]
    (line,) = pd.read_csv(folder / "index.csv").to_dict("records")
    figure = KINDS["outcomes_figure"]()
    assert (line["caption"], line["alt"], line["long_description"]) == (
        figure.caption, figure.alt, figure.long_description,
    )  # fmt: skip
    with Image.open(folder / "one.png") as picture:
        # 300 pixels to the inch; an edge of the page may fall within a pixel.
        assert abs(picture.width - line["width_mm"] / 25.4 * 300) <= 1
        assert abs(picture.height - line["height_mm"] / 25.4 * 300) <= 2
    told = json.loads((tmp_path / "bundle" / "outputs" / "page-journal.json").read_text())
    assert {one["path"] for one in told["outputs"]} == {str(path.relative_to(reports)) for path in written}


def test_the_same_release_gives_the_same_bytes(reports: Path, tmp_path: Path) -> None:
    first = [path.read_bytes() for path in publish_journal(reports, "page", tmp_path / "bundle")]
    assert [path.read_bytes() for path in publish_journal(reports, "page", tmp_path / "bundle")] == first


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_can_be_read_at_the_width_it_is_set_to(kind: str) -> None:
    held = read_drawing(KINDS[kind]().svg)
    assert held.smallest_at(held.column_mm) >= SMALLEST_POINTS - 0.01
    assert held.column_mm <= DOUBLE_MM


def test_a_drawing_that_is_not_what_was_released_is_not_set(reports: Path, tmp_path: Path) -> None:
    path = reports / DRAWING
    path.write_bytes(path.read_bytes().replace(b"2018/19 16.4", b"2018/19 19.9"))
    with pytest.raises(DisclosureError, match="is not what was released"):
        publish_journal(reports, "page", tmp_path / "bundle")


def test_set_figures_hold_until_a_drawing_is_released_anew_with_other_numbers(reports: Path, tmp_path: Path) -> None:
    publish_journal(reports, "page", tmp_path / "bundle")
    assert still_holds(reports, "page-journal")
    assert not still_holds(reports, "page")
    released(reports, KINDS["forest_figure"]())
    assert not still_holds(reports, "page-journal")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (
            lambda svg: svg.replace(b"</svg>\n</svg>", b'<g id="line2d_9"><path d="M 1 1 L 2 2"/></g></svg></svg>'),
            "2 points",
        ),
        (lambda svg: svg.replace(b'd="M ', b'd="M 1', 1), "lines of the drawing"),
        (lambda svg: svg.replace(b"</svg>\n</svg>", b"<script/></svg></svg>"), "no part of a drawing"),
    ],
)
def test_a_setting_that_is_more_or_less_than_its_drawing_is_refused(
    reports: Path, spoil: Callable[[bytes], bytes], said: str
) -> None:
    drawing = released_again(reports, "page", DRAWING)
    lines, _ = set_alone(read_drawing(drawing.content), "one")
    assert releasable_setting("journal_figures/page/one.svg", lines, drawing).content == lines
    inner = lines.rindex(b"<svg ")
    with pytest.raises(DisclosureError, match=said):
        releasable_setting("journal_figures/page/one.svg", lines[:inner] + spoil(lines[inner:]), drawing)


def test_only_a_labelled_drawing_is_set(reports: Path) -> None:
    drawing = released_again(reports, "page", DRAWING)
    with pytest.raises(DisclosureError, match="no released drawing"):
        releasable_setting("x.svg", drawing.content, Releasable(drawing.path, drawing.content, label="unchecked"))
    png = released_again(reports, "page", DRAWING.replace("svg", "png"))
    assert Image.open(io.BytesIO(png.content)).format == "PNG"
    with pytest.raises(DisclosureError, match="no released drawing"):
        releasable_setting("x.svg", drawing.content, png)


def test_the_command_says_how_it_is_used() -> None:
    said = CliRunner().invoke(main, ["figures", "--help"]).output
    assert "89 mm" in said
    assert "--authority" in said
