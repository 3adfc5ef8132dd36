"""Nothing is written under reports/ without the label, and the label is only got by passing the proof."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath

import pandas as pd
import pytest

from swis.disclosure.label import Releasable, releasable_figure, releasable_page, releasable_table, release
from swis.disclosure.proof import prove_page
from swis.disclosure.protected import DisclosureError, Protected

PAGE = "<!doctype html><html lang='en-GB'><head><title>t</title></head><body>{}</body></html>"
COUNTS = Protected(pd.DataFrame({"name": ["a"], "count": [12], "symbol": [""]}), ("count",), "a policy")
LET_THROUGH = frozenset({1235, 17})


def test_labelled_outputs_are_written_and_listed_with_their_hashes(tmp_path: Path) -> None:
    written = release(tmp_path, "one", [releasable_table("tables/one.csv", COUNTS)], "a policy")
    assert written == [tmp_path / "tables" / "one.csv"]
    assert written[0].read_text() == "name,count,symbol\na,12,\n"
    listed = json.loads((tmp_path / "releasable" / "one.json").read_text())
    assert listed["label"] == "releasable"
    assert list(listed["outputs"]) == ["tables/one.csv"]


@pytest.mark.parametrize("unlabelled", ["text", b"bytes", Releasable(PurePosixPath("x.csv"), b"", label="unchecked")])
def test_an_unlabelled_output_stops_all_before_anything_is_written(tmp_path: Path, unlabelled: object) -> None:
    with pytest.raises(DisclosureError, match="1 outputs of one carry no label"):
        release(tmp_path, "one", [releasable_table("tables/one.csv", COUNTS), unlabelled], "a policy")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", ["/etc/one.csv", "../one.csv", "tables/../../one.csv"])
def test_an_output_stays_inside_the_folder_of_reports(path: str) -> None:
    with pytest.raises(DisclosureError, match="inside"):
        releasable_table(path, COUNTS)


def test_a_drawing_does_not_pass_as_a_picture_in_pixels() -> None:
    with pytest.raises(DisclosureError, match="not a PNG"):
        releasable_figure("figures/one.svg", b"<svg/>")


@pytest.mark.parametrize(
    ("planted", "said"),
    [
        ('<td data-kind="count">1,234</td>', "1 counts that did not pass the door"),
        ('<span data-kind="count">3</span>', "1 counts that did not pass the door"),
        ("<p>A999001234560</p>", "1 texts in the shape of a pupil number"),
        ("<script>1</script>", "1 scripts"),
        ("<svg><script>1</script></svg>", "1 scripts"),
        ('<p onclick="go()">x</p>', "1 scripts"),
        ('<a href=" JavaScript:go()">x</a>', "1 scripts"),
        ('<img src="https://example.org/a.png" alt="a">', "1 things loaded from outside"),
        ('<link rel="stylesheet" href="//example.org/a.css">', "1 things loaded from outside"),
        ('<img src="data:image/png;base64,AA==" alt=" ">', "1 pictures without alt text"),
    ],
)
def test_the_proof_finds_what_is_planted_and_quotes_nothing(planted: str, said: str) -> None:
    with pytest.raises(DisclosureError, match=said) as caught:
        releasable_page("index.html", PAGE.format(planted), LET_THROUGH)
    assert "1,234" not in str(caught.value)
    assert "A999" not in str(caught.value)


def test_the_proof_passes_counts_let_through_symbols_and_plain_links() -> None:
    prove_page(
        PAGE.format(
            '<td data-kind="count">1,235</td><td data-kind="count">[c]</td><a href="https://example.org">x</a>'
        ),
        LET_THROUGH,
    )


OWN = "document.title;\n"


def test_a_script_of_our_own_stands_in_the_pages_it_was_given_for_only() -> None:
    page = PAGE.format(f"<script>\n{OWN}</script>")
    prove_page(page, LET_THROUGH, scripts=[OWN])
    with pytest.raises(DisclosureError, match="1 scripts"):
        prove_page(page, LET_THROUGH)


@pytest.mark.parametrize(
    "other",
    [
        f"<script>{OWN}more</script>",
        f"<script>{OWN.upper()}</script>",
        f'<script src="other.js">{OWN}</script>',
        f'<script type="module">{OWN}</script>',
        f"<script>{OWN}</script><script></script>",
        f"<script>{OWN}</script><p onfocus='go()'>x</p>",
    ],
)
def test_any_script_that_differs_from_our_own_is_refused(other: str) -> None:
    with pytest.raises(DisclosureError, match="1 scripts"):
        prove_page(PAGE.format(other), LET_THROUGH, scripts=[OWN])
