"""Whole pages, read back as a browser would: protected, marked, self-contained, accessible, the same every time."""

from __future__ import annotations

import dataclasses
import itertools
import re
from pathlib import Path

import pandas as pd
import pytest
from invented_report_inputs import invented_inputs
from lxml import html

from swis import report
from swis.report.chapters.lists import glossary_terms
from swis.report.figure_files import FIGURE_FORMS
from swis.report.forms import FORMS
from swis.report.inputs import ALL, Inputs
from swis.report.model import Report
from swis.report.publish import outputs_of
from swis.report.render import SYNTHETIC_WORDS, render_report

# Abbreviations that need no entry: names of documents and of units everyone knows.
PLAIN = {"PNG", "CSV", "CONSORT", "ONE", "ISRCTN90922032", "PDF", "SYN", "COVID"}


def built(inputs: Inputs) -> Report:
    common = [
        report.received(inputs),
        report.quality(inputs),
        report.participants(inputs),
        report.outcomes_of_trials(inputs),
    ]
    ending = [
        report.context(inputs),
        report.linkage(inputs),
        report.methods(inputs),
        report.protection(inputs),
        report.limitations(inputs),
    ]
    if inputs.area == ALL:
        return report.assemble(
            inputs, report.summary(inputs), report.background(inputs), report.timeline(inputs), *common, *ending
        )
    return report.assemble(inputs, report.headline(inputs), *common, *ending)


def of_one_trial(inputs: Inputs) -> Inputs:
    """The same inputs with one trial only: every chapter, a quarter of the figures."""
    first = dict(list(inputs.trials.items())[:1])
    return dataclasses.replace(inputs, trials=first)


@pytest.fixture(scope="module")
def synthetic_page() -> str:
    return render_report(built(of_one_trial(invented_inputs("salford"))))


@pytest.fixture(scope="module")
def real_page() -> str:
    return render_report(built(of_one_trial(invented_inputs("salford", is_synthetic=False))))


@pytest.fixture(scope="module")
def evaluation() -> Report:
    return built(of_one_trial(invented_inputs(ALL)))


@pytest.fixture(scope="module")
def evaluation_page(evaluation: Report) -> str:
    return render_report(evaluation)


@pytest.fixture(params=["synthetic_page", "evaluation_page"])
def page(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(request.param))


def test_every_count_in_tables_and_sentences_has_passed_the_door(page: str, request: pytest.FixtureRequest) -> None:
    area = "salford" if request.node.callspec.params["page"] == "synthetic_page" else ALL
    cells = html.document_fromstring(page).xpath('//*[@data-kind="count"]')
    numbers = {int(cell.text_content().replace(",", "")) for cell in cells if cell.text_content()[0].isdigit()}
    assert len(numbers) > 100
    assert numbers <= invented_inputs(area).released.numbers()


def test_no_small_number_of_events_is_on_a_page_and_its_rate_is_not_either(evaluation: Report) -> None:
    rows = evaluation.tables
    hidden = [row for table in rows for row in table.rows if "[c]" in row]
    assert hidden, "some of the invented counts are small"
    outcomes = [table for table in rows if table.data is not None and "denominator" in table.data.frame]
    for table in outcomes:
        assert table.data is not None
        frame = table.data.frame
        assert not frame["count"].between(1, 5).any()
        assert frame.loc[frame["count"].isna() & frame["unit"].str.startswith("per"), "value"].isna().all()


def test_the_policy_stands_on_the_page_and_in_every_file(evaluation: Report, evaluation_page: str) -> None:
    assert evaluation_page.count(evaluation.policy) > 10
    tables = [output for output in outputs_of(evaluation) if output.path.suffix == ".csv"]
    assert len(tables) > 5
    assert all(evaluation.policy in output.content.decode("utf-8") for output in tables)


def test_synthetic_words_stand_on_the_page_every_caption_and_every_picture(page: str) -> None:
    tree = html.document_fromstring(page)
    assert SYNTHETIC_WORDS in tree.xpath('//*[@class="banner"]')[0].text_content()
    assert SYNTHETIC_WORDS in tree.xpath("//title")[0].text_content()
    captions = tree.xpath("//caption") + tree.xpath("//figcaption")
    assert len(captions) > 10
    assert all(SYNTHETIC_WORDS in caption.text_content() for caption in captions)


def test_a_real_page_never_carries_them(real_page: str) -> None:
    assert SYNTHETIC_WORDS not in real_page
    assert "synthetic" not in html.document_fromstring(real_page).text_content().lower()
    assert "simulated" not in html.document_fromstring(real_page).text_content().lower()


def test_the_watermark_is_in_the_picture_itself() -> None:
    figures = [built(of_one_trial(invented_inputs("salford", is_synthetic=marked))).figures for marked in (True, False)]
    assert all(one.png != other.png and one.alt == other.alt for one, other in zip(*figures, strict=True))


def test_the_page_needs_nothing_but_itself(page: str) -> None:
    tree = html.document_fromstring(page)
    assert tree.xpath("//script | //link | //iframe | //object | //@srcset") == []
    assert all(address.startswith("data:image/png;base64,") for address in tree.xpath("//@src"))
    assert "@import" not in page
    assert not re.search(r"url\(", page)


def test_headings_go_down_one_step_at_a_time(page: str) -> None:
    levels = [int(heading.tag[1]) for heading in html.document_fromstring(page).xpath("//h1|//h2|//h3|//h4")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_every_contents_entry_leads_to_a_heading(page: str) -> None:
    tree = html.document_fromstring(page)
    targets = [address[1:] for address in tree.xpath("//nav//a/@href")]
    assert len(targets) > 5
    assert all(tree.xpath(f'//*[@id="{target}"]') for target in targets)
    assert len(set(tree.xpath("//@id"))) == len(tree.xpath("//@id"))


def test_tables_have_captions_and_scoped_headers_and_whole_rows(page: str) -> None:
    for table in html.document_fromstring(page).xpath("//table"):
        assert table.xpath("./caption")
        assert all(header.get("scope") in {"col", "row", "rowgroup", "colgroup"} for header in table.xpath(".//th"))
        width = len(table.xpath("./thead/tr/th[not(@colspan)]"))
        rows = table.xpath("./tbody/tr[not(@class='group')]")
        assert rows
        assert all(len(row.xpath("./th|./td")) == width for row in rows)
        assert all(cell.text_content().strip() for cell in table.xpath(".//td|.//th"))


def test_pictures_have_alt_texts_with_their_numbers(page: str) -> None:
    pictures = html.document_fromstring(page).xpath("//img")
    assert len(pictures) > 4
    # What a programme was expected to do has no numbers.
    drawn = [picture.get("alt") for picture in pictures if not picture.get("alt").startswith("Logic model")]
    assert all(re.search(r"\d", alt) for alt in drawn)


def test_language_and_skip_link(page: str) -> None:
    tree = html.document_fromstring(page)
    assert tree.get("lang") == "en-GB"
    skip = tree.xpath('//a[@class="skip"]/@href')[0]
    assert tree.xpath(f'//main[@id="{skip[1:]}"]')


def test_no_abbreviation_without_a_word_in_the_glossary(page: str) -> None:
    text = re.sub(r"<style>.*?</style>|<pre\b.*?</pre>", " ", page, flags=re.DOTALL)
    found = set(re.findall(r"\b[A-Z][A-Z0-9]{2,}s?\b", " ".join(html.document_fromstring(text).itertext())))
    explained = " ".join(glossary_terms())
    assert {word for word in found if word.rstrip("s") not in explained} - PLAIN == set()


def test_the_same_inputs_give_the_same_bytes(synthetic_page: str) -> None:
    assert render_report(built(of_one_trial(invented_inputs("salford")))) == synthetic_page


def test_no_effect_is_estimated_and_no_school_is_named(page: str) -> None:
    shown = html.document_fromstring(page)
    for words in shown.xpath('//table[@id="glossary-table"]'):
        words.drop_tree()
    text = shown.text_content().lower()
    assert "rate ratio" not in text
    assert "p-value" not in text
    assert "synthetic school" not in text


def test_published_page_has_its_tables_and_figures_beside_it(evaluation: Report, tmp_path: Path) -> None:
    written = report.publish(evaluation, tmp_path)
    assert written[-1] == tmp_path / "evaluation.html"
    named = html.document_fromstring(written[-1].read_text()).xpath('//table[@id="files-table"]//td/text()')
    paths = [path.relative_to(tmp_path) for path in written[:-1] if path.suffix not in FORMS]
    # A figure has three files in one line of the list.
    pictures = {str(path.with_suffix("")) for path in paths if path.suffix == ".png"}
    others = [str(path) for path in paths if str(path.with_suffix("")) not in pictures]
    assert sorted(named) == sorted([*others, *(f"{one}.png, .svg and .csv" for one in pictures)])
    assert {str(path) for path in paths} >= {f"{one}.{form}" for one in pictures for form in FIGURE_FORMS}
    assert all(len(pd.read_csv(path)) for path in written if path.suffix == ".csv")


def test_a_trial_without_outcomes_leaves_no_heading() -> None:
    inputs = invented_inputs("salford")
    assert report.outcomes(dataclasses.replace(inputs, outcomes=inputs.outcomes.where(trial="none")), "swis") is None
