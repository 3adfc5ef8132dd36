"""The front page of a run tells the states of every stage apart, links what is there, and says what has changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html

from swis.disclosure.label import releasable_form, releasable_page, release
from swis.io import write_json
from swis.params import Params, load_params
from swis.report.front.changes import changes_between, read_record, record_of
from swis.report.front.files import report_files
from swis.report.front.lines import POOLED_TITLES, STAGE_TITLES
from swis.report.front.page import front_script
from swis.report.front.status import STATUSES, authority_statuses
from swis.report.index import refresh_index, withdraw_others
from swis.report.render import SYNTHETIC_WORDS
from swis.stage_list import AUTHORITY_STAGES, POOLED_STAGES
from swis.unlabelled import unlabelled
from swis.workspace import DONE, MARKER, POOLED, Workspace, trial_slug

ROOT = Path(__file__).resolve().parents[2]
PAGE = "<!doctype html><html lang='en-GB'><head><title>t</title></head><body>{}</body></html>"
SLUGS = ("croydon", "devon", "ealing", "hull", "wirral")
STEPS = tuple(STAGE_TITLES)


@pytest.fixture(scope="module")
def params() -> Params:
    return load_params(ROOT / "params")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A run of five: Hull is done, Croydon's checks failed, Devon stopped, Ealing waits, Wirral sent nothing."""
    made = Workspace(tmp_path, "demo")
    (tmp_path / "params").symlink_to(ROOT / "params")
    (tmp_path / "requirements.lock").write_text("")
    for slug in SLUGS:
        made.returns(slug).mkdir(parents=True)
    (made.raw / MARKER).write_text("{}")
    for slug, steps in (("hull", STEPS), ("croydon", STEPS[:1]), ("devon", STEPS)):
        for step in steps:
            finish(made, slug, step)
    write_json(made.derived("hull", "validate") / "verdict.json", {"status": "review"})
    write_json(made.derived("croydon", "validate") / "verdict.json", {"status": "fail"})
    write_json(made.failure_file("croydon", "derive"), {"exit_code": 2, "lines": []})
    write_json(made.failure_file("devon", "outcomes"), {"exit_code": 1, "lines": []})
    write_json(made.failure_file("wirral", "refused"), {"exit_code": 2, "lines": []})
    finish(made, trial_slug("swis"), "effects")
    finish(made, POOLED, "disclosure")
    publish(made, "hull", "first")
    publish(made, "devon", "of an earlier run")
    return made


def finish(workspace: Workspace, slug: str, stage: str) -> None:
    write_json(workspace.derived(slug, stage) / DONE, {})


def publish(workspace: Workspace, slug: str, text: str, *forms: str) -> None:
    page = releasable_page(f"authorities/{slug}.html", PAGE.format(text), frozenset())
    beginnings = {"pdf": b"%PDF-", "docx": b"PK\x03\x04", "xlsx": b"PK\x03\x04"}
    others = [releasable_form(f"authorities/{slug}.{form}", beginnings[form], page) for form in forms]
    release(workspace.reports, slug, [*others, page], "a policy")


def refreshed(workspace: Workspace, params: Params) -> html.HtmlElement:
    written = refresh_index(workspace, params, params.definitions.data_cut)
    return html.document_fromstring(written.read_text(encoding="utf-8"))


def rows(tree: html.HtmlElement) -> dict[str, list[str]]:
    """Verdict and the four stages, by authority, as a reader sees them."""
    found = tree.xpath("//table[@id='authorities-table']/tbody/tr")
    return {row[0].text_content(): [" ".join(cell.text_content().split()) for cell in row[1:6]] for row in found}


def test_authorities_stand_by_name_with_every_stage_in_words_and_by_symbol(
    workspace: Workspace, params: Params
) -> None:
    assert rows(refreshed(workspace, params)) == {
        "Croydon": ["fail", "● done", "▲ refused", "– not reached", "– not reached"],
        "Devon": ["not checked", "● done", "● done", "■ failed", "– not reached"],
        "Ealing": ["not checked", "○ waiting", "○ waiting", "○ waiting", "○ waiting"],
        "Hull": ["review", "● done", "● done", "● done", "● done"],
        "Wirral": ["not checked", "□ no return", "– not reached", "– not reached", "– not reached"],
    }


def test_no_two_states_share_a_word_or_a_symbol() -> None:
    assert len({status.word for status in STATUSES}) == len({status.symbol for status in STATUSES}) == len(STATUSES)


def test_the_guide_names_every_state() -> None:
    guide = (ROOT / "docs" / "how-to" / "read-the-front-page.md").read_text(encoding="utf-8")
    assert [status.word for status in STATUSES if f"| {status.symbol} {status.word} |" not in guide] == []


def test_every_stage_of_a_run_has_its_place() -> None:
    assert list(STAGE_TITLES) == [stage.name for stage in AUTHORITY_STAGES]
    assert list(POOLED_TITLES) == [stage.name for stage in POOLED_STAGES]


def test_a_return_that_is_there_and_cannot_be_used_is_refused(workspace: Workspace) -> None:
    (workspace.returns("wirral") / "costs.csv").write_text("", encoding="utf-8")
    assert authority_statuses(workspace, "wirral")["validate"].key == "refused"


def test_a_report_that_was_taken_back_says_so_and_one_of_an_earlier_run_too(workspace: Workspace) -> None:
    write_json(workspace.failure_file(POOLED, "disclosure"), {"exit_code": 1, "lines": []})
    assert authority_statuses(workspace, "hull")["authority_report"].key == "earlier"
    workspace.failure_file(POOLED, "disclosure").unlink()
    workspace.released("all").mkdir(parents=True)
    assert withdraw_others(workspace) == ["devon", "hull"]
    assert authority_statuses(workspace, "hull")["authority_report"].key == "withdrawn"


def test_only_pages_of_authorities_that_got_through_are_linked(workspace: Workspace, params: Params) -> None:
    links = refreshed(workspace, params).xpath("//table[@id='authorities-table']//a/@href")
    assert set(links) == {"authorities/hull.html"}


def test_every_form_on_disk_is_linked_and_none_that_is_not(workspace: Workspace, params: Params) -> None:
    publish(workspace, "hull", "first", "pdf", "docx", "xlsx")
    (workspace.reports / "authorities" / "hull.docx").unlink()
    made = report_files(workspace.reports, "hull", "Hull")
    assert [(link.words, link.path) for link in made.forms] == [
        ("Web page", "authorities/hull.html"),
        ("PDF", "authorities/hull.pdf"),
        ("Excel", "authorities/hull.xlsx"),
    ]
    tree = refreshed(workspace, params)
    assert "PDF of Hull" in [link.text_content() for link in tree.xpath("//td//a")]
    missing = [link for link in tree.xpath("//main//a/@href") if not (workspace.reports / link).is_file()]
    assert missing == []


def test_files_beside_a_report_stand_by_folder(tmp_path: Path) -> None:
    outputs = dict.fromkeys(
        ("authorities/hull.html", "tables/hull/b.csv", "tables/hull/a.csv", "maps/hull/m.png", "open_data/a.csv"), "0"
    )
    for path in outputs:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("made")
    write_json(tmp_path / "releasable" / "hull.json", {"outputs": outputs})
    made = report_files(tmp_path, "hull", "Hull")
    assert [(folder, [link.words for link in links]) for folder, links in made.folders] == [
        ("Maps", ["m.png"]),
        ("Open data", ["a.csv"]),
        ("Tables", ["a.csv", "b.csv"]),
    ]
    assert made.number == len(outputs)


def changes_said(tree: html.HtmlElement) -> str:
    return " ".join(tree.xpath("//section[@aria-labelledby='changes']")[0].text_content().split())


def test_the_page_says_what_has_changed_since_it_was_written_last(workspace: Workspace, params: Params) -> None:
    assert "first run" in changes_said(refreshed(workspace, params))
    assert "Nothing has changed" in changes_said(refreshed(workspace, params))
    publish(workspace, "hull", "second", "pdf")
    workspace.failure_file("croydon", "derive").unlink()
    for step in STEPS:
        finish(workspace, "croydon", step)
    publish(workspace, "croydon", "first")
    said = changes_said(refreshed(workspace, params))
    assert "Croydon: done (before: refused at ‘Tables’)" in said
    assert "Croydon: 1 file added" in said
    assert "Hull: 1 file added, 1 changed" in said
    assert "Hull: done" not in said


def test_a_withdrawn_report_and_a_removed_file_are_told(workspace: Workspace, params: Params) -> None:
    publish(workspace, "hull", "first", "pdf")
    refreshed(workspace, params)
    publish(workspace, "hull", "first")
    assert "Hull: 1 file removed" in changes_said(refreshed(workspace, params))
    workspace.released("all").mkdir(parents=True)
    withdraw_others(workspace)
    assert "Hull: withdrawn at ‘Report’ (before: done)" in changes_said(refreshed(workspace, params))


def test_an_authority_that_came_or_went_is_told() -> None:
    before, now = record_of({"hull": {"validate": "done"}}, {}), record_of({"devon": {"validate": "done"}}, {})
    assert changes_between(before, now, {"devon": "Devon"}).statuses == (
        "Devon: done (before: not in this data set)",
        "hull: not in this data set (before: done)",
    )


def test_a_record_of_another_form_is_none(tmp_path: Path) -> None:
    write_json(tmp_path / "record.json", {"form": 0})
    assert read_record(tmp_path / "record.json") is None


def test_the_same_inputs_give_the_same_bytes(workspace: Workspace, params: Params) -> None:
    refreshed(workspace, params)
    first = refresh_index(workspace, params, params.definitions.data_cut).read_bytes()
    assert refresh_index(workspace, params, params.definitions.data_cut).read_bytes() == first


def test_the_one_script_stands_as_it_is_in_the_templates(workspace: Workspace, params: Params) -> None:
    (script,) = refreshed(workspace, params).xpath("//script")
    assert script.text.strip() == front_script().strip()
    assert "fetch(" not in script.text
    assert "import" not in script.text


def test_the_page_is_whole_without_its_script(workspace: Workspace, params: Params) -> None:
    tree = refreshed(workspace, params)
    hidden = tree.xpath("//*[@hidden]")
    assert [part.get("class") for part in hidden] == ["search with-script"]
    assert tree.xpath("//button") == []


def test_synthetic_and_real_pages_are_told_apart(workspace: Workspace, params: Params) -> None:
    assert SYNTHETIC_WORDS in refreshed(workspace, params).text_content()
    (workspace.raw / MARKER).unlink()
    text = refreshed(workspace, params).text_content()
    assert SYNTHETIC_WORDS not in text
    assert "has not been made yet" in text


def test_all_runs_are_listed_with_authorities_and_status(workspace: Workspace, params: Params) -> None:
    refreshed(workspace, params)
    tree = html.document_fromstring((workspace.all_reports / "index.html").read_text(encoding="utf-8"))
    assert tree.xpath("//main//a/@href") == ["demo/index.html"]
    (row,) = tree.xpath("//tbody/tr")
    assert [" ".join(cell.text_content().split()) for cell in row] == [
        "demo",
        SYNTHETIC_WORDS,
        "○ waiting",
        "1 of 5",
    ]
    assert "Devon: – not reached" in " ".join(tree.xpath("//details")[0].text_content().split())
    assert unlabelled(workspace.all_reports) == []
