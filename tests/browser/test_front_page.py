"""Search and sorting of the front page, by mouse and by keyboard, on the page of a run of five authorities."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.checks import CHECKS
from browser.opened import Opened, opened
from browser.run_of_five import run_of_five
from playwright.sync_api import Browser
from pypdf import PdfReader

VISIBLE = (
    "Array.from(document.querySelectorAll('#authorities-table tbody tr:not([hidden]) th')).map(h => h.textContent)"
)
BY_NAME = ["Croydon", "Devon", "Ealing", "Hull", "Wirral"]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_of_five(tmp_path_factory.mktemp("run"))


@pytest.fixture
def one(browser: Browser, page: Path) -> Iterator[Opened]:
    with opened(browser, page) as window:
        yield window


def names(one: Opened) -> list[str]:
    found: list[str] = one.page.evaluate(VISIBLE)
    return found


def sorted_columns(one: Opened) -> dict[str, str]:
    headers = one.page.locator("#authorities-table thead th[aria-sort]").all()
    return {header.inner_text().strip(): str(header.get_attribute("aria-sort")) for header in headers}


@pytest.mark.parametrize("check", CHECKS)
def test_the_page_of_a_run_with_every_state_passes(check: str, browser: Browser, page: Path) -> None:
    with opened(browser, page) as one:
        assert CHECKS[check](one) == []


@pytest.mark.parametrize(
    ("typed", "left", "said"),
    [
        ("hull", ["Hull"], "1 of 5 authorities and the files of 1 of 1 reports match."),
        ("REFUSED", ["Croydon"], "1 of 5 authorities and the files of 0 of 1 reports match."),
        ("social  failed", ["Devon"], "1 of 5 authorities and the files of 0 of 1 reports match."),
        ("pupils-by-year", [], "0 of 5 authorities and the files of 1 of 1 reports match."),
        ("nobody", [], "0 of 5 authorities and the files of 0 of 1 reports match."),
    ],
)
def test_the_search_leaves_what_matches_and_says_how_much(typed: str, left: list[str], said: str, one: Opened) -> None:
    one.page.get_by_label("Find an authority or a file").fill(typed)
    assert names(one) == left
    assert one.page.get_by_role("status").inner_text() == said


def test_a_search_that_is_emptied_shows_all_again(one: Opened) -> None:
    box = one.page.get_by_label("Find an authority or a file")
    box.fill("pupils-by-year")
    assert one.page.locator("details.files li:not([hidden])").all_inner_texts() == ["pupils-by-year.csv"]
    box.fill("")
    assert names(one) == BY_NAME
    assert one.page.get_by_role("status").inner_text() == "All 5 authorities are shown."
    assert one.page.locator("[hidden]:not(script)").count() == 0
    assert one.page.locator("details.files[open]").count() == 0


def test_a_column_is_sorted_by_mouse_and_says_so(one: Opened) -> None:
    assert list(sorted_columns(one).values()) == ["ascending"]
    one.page.get_by_role("button", name="Outcomes").click()
    assert names(one) == ["Hull", "Ealing", "Croydon", "Wirral", "Devon"]
    assert list(sorted_columns(one).items()) == [("Outcomes", "ascending")]
    one.page.get_by_role("button", name="Outcomes").click()
    assert names(one)[0] == "Devon"
    assert list(sorted_columns(one).values()) == ["descending"]


def test_a_column_is_sorted_by_keyboard(one: Opened) -> None:
    for key, expected in (("Enter", BY_NAME[::-1]), ("Space", BY_NAME)):
        one.page.get_by_role("button", name="Authority").focus()
        one.page.keyboard.press(key)
        assert names(one) == expected


def test_rows_that_the_search_has_hidden_stay_hidden_when_sorted(one: Opened) -> None:
    one.page.get_by_label("Find an authority or a file").fill("not reached")
    one.page.get_by_role("button", name="Authority").click()
    assert names(one) == ["Wirral", "Devon", "Croydon"]


def test_on_paper_every_sheet_of_the_table_has_its_header(one: Opened) -> None:
    one.page.evaluate(
        "() => { const body = document.querySelector('#authorities-table tbody');"
        " for (let more = 0; more < 4; more++) body.append(...Array.from(body.rows, (row) => row.cloneNode(true))); }"
    )
    sheets = PdfReader(io.BytesIO(one.page.pdf(prefer_css_page_size=True))).pages
    texts = [" ".join(sheet.extract_text().split()) for sheet in sheets]
    with_rows = [text for text in texts if text.count("not reached") > 1]
    assert len(with_rows) > 1
    assert all("Authority Verdict Checks" in text for text in with_rows)


def test_without_scripts_no_box_and_no_button_is_there_that_would_do_nothing(browser: Browser, page: Path) -> None:
    with opened(browser, page, java_script_enabled=False) as one:
        assert one.page.locator("#authorities-table tbody tr").count() == len(BY_NAME)
        assert one.page.locator("button").count() == 0
        assert not one.page.locator("#search").is_visible()
