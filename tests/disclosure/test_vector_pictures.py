"""A vector picture goes out only if it is a drawing of numbers that were let through, and nothing else."""

from __future__ import annotations

import pandas as pd
import pytest

from swis.disclosure.label import releasable_vector
from swis.disclosure.protected import DisclosureError, Protected
from swis.disclosure.vector import prove_drawing
from swis.report.figures import style
from swis.report.figures.alt import described

YEARS = [2019, 2020, 2021]
BEHIND = Protected(pd.DataFrame({"pupils": [120, 135, 140]}), ("pupils",), "a policy")
NUMBERS = frozenset({120, 135, 140})
WORDS = described("Line chart of pupils by year", ["120 in 2019 and 140 in 2021"], ["2019 120, 2020 135, 2021 140"])


def drawing(points: list[int] | None = None) -> bytes:
    heights = points or BEHIND.frame["pupils"].tolist()
    with style.settings():
        made = style.canvas(4, 3)
        made.subplots().plot(range(len(heights)), heights, "o-")
        return style.finished(
            made, WORDS, BEHIND, id="pupils", caption="Pupils", source="a source", is_synthetic=True
        ).svg


def refused(svg: bytes, behind: Protected = BEHIND) -> str:
    with pytest.raises(DisclosureError) as caught:
        releasable_vector("figures/pupils.svg", svg, behind, NUMBERS)
    return str(caught.value)


def test_a_drawing_of_numbers_that_were_let_through_passes_as_it_is() -> None:
    made = drawing()
    output = releasable_vector("figures/pupils.svg", made, BEHIND, NUMBERS)
    assert (str(output.path), output.content) == ("figures/pupils.svg", made)


def test_a_count_behind_it_that_did_not_pass_the_door_stops_it_and_is_not_quoted() -> None:
    frame = pd.DataFrame({"pupils": [120, 135, 3]})
    said = refused(drawing(), Protected(frame, ("pupils",), "a policy"))
    assert said == "the picture may not be released: 1 counts behind it that did not pass the door"


def test_more_points_than_numbers_behind_it_stop_it() -> None:
    # Ten points are ten marks and ten corners of the line; three numbers account for six of the twenty.
    assert "14 points that no number behind it accounts for" in refused(drawing(list(range(10))))


@pytest.mark.parametrize(
    ("planted", "said"),
    [
        ("<script>1</script>", "1 elements that are no part of a drawing"),
        ("<metadata>who</metadata>", "1 elements that are no part of a drawing"),
        ('<image href="data:image/png;base64,AA=="/>', "1 elements that are no part of a drawing, 1 things loaded"),
        ("<text>120</text>", "1 elements that are no part of a drawing"),
        ('<foreignObject width="1"/>', "1 elements that are no part of a drawing"),
        ('<g onload="a()"/>', "1 scripts in an attribute"),
        ('<use href="https://example.org/a.svg#a"/>', "1 things loaded from outside"),
        ('<use xlink:href="other.svg#a"/>', "1 things loaded from outside"),
        ('<rect fill="url(//example.org/a)"/>', "1 things loaded from outside"),
        ("<style>@import 'a.css'</style>", "1 things loaded from outside"),
        ("<?php a ?>", "1 instructions to a program"),
        ("<!-- A999001234560 -->", "1 texts in the shape of a pupil number"),
        ('<g id="A999001234560"/>', "1 texts in the shape of a pupil number"),
        ("<title>&#65;999001234560</title>", "1 texts in the shape of a pupil number"),
    ],
)
def test_what_is_no_part_of_a_drawing_is_found_and_not_quoted(planted: str, said: str) -> None:
    found = refused(drawing().replace(b"</svg>", planted.encode() + b"</svg>"))
    assert said in found
    assert "A999" not in found


@pytest.mark.parametrize("element", [b"title", b"desc"])
def test_a_drawing_without_words_is_refused(element: bytes) -> None:
    before, _, rest = drawing().partition(b"<" + element)
    assert "without title or description" in refused(before + rest.partition(b"</" + element + b">")[2])


def test_a_document_type_is_refused_for_it_is_an_address() -> None:
    assert "1 document types" in refused(b'<!DOCTYPE svg SYSTEM "http://example.org/svg.dtd">' + drawing())


@pytest.mark.parametrize(("svg", "said"), [(b"<svg", "no well-formed SVG"), (b"<html/>", "no SVG")])
def test_what_is_no_svg_is_refused(svg: bytes, said: str) -> None:
    with pytest.raises(DisclosureError, match=said):
        prove_drawing(svg)
