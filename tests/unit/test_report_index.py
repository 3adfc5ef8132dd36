"""The front page of a run tells done, failed and waiting apart, and links only whole pages."""

from __future__ import annotations

from pathlib import Path

from lxml import html

from swis.report.index import Line, index_lines, write_index
from swis.report.render import SYNTHETIC_WORDS

NAMES = {"hull": "Hull", "croydon": "Croydon", "devon": "Devon", "ealing": "Ealing"}
VERDICTS = {"hull": "review", "croydon": "fail", "devon": "pass"}


def lines(reports: Path) -> list[Line]:
    for slug in ("hull", "devon"):
        (reports / "authorities").mkdir(exist_ok=True)
        (reports / "authorities" / f"{slug}.html").write_text("made")
    return index_lines(reports, NAMES, {"hull": "Social Workers in Schools"}, VERDICTS, failed={"devon"})


def test_authorities_stand_by_name_with_what_became_of_them(tmp_path: Path) -> None:
    assert [(line.name, line.status, line.page) for line in lines(tmp_path)] == [
        ("Croydon", "no report: checks found what must be mended first", None),
        ("Devon", "no report: the run stopped for this authority", None),
        ("Ealing", "not run yet", None),
        ("Hull", "report made", "authorities/hull.html"),
    ]


def test_the_front_page_links_what_is_there_and_carries_the_banner_of_its_data(tmp_path: Path) -> None:
    (tmp_path / "evaluation.html").write_text("made")
    made = write_index(tmp_path, lines(tmp_path), dataset="demo", is_synthetic=True, provenance="", policy="a policy")
    tree = html.document_fromstring(made.read_text(encoding="utf-8"))
    assert tree.xpath("//main//a/@href") == ["evaluation.html", "authorities/hull.html"]
    assert SYNTHETIC_WORDS in tree.xpath("//body")[0].text_content()


def test_a_real_front_page_has_no_banner_and_says_what_is_missing(tmp_path: Path) -> None:
    made = write_index(tmp_path, lines(tmp_path), dataset="north", is_synthetic=False, provenance="", policy="a policy")
    text = html.document_fromstring(made.read_text(encoding="utf-8")).text_content()
    assert SYNTHETIC_WORDS not in text
    assert "has not been made yet" in text
