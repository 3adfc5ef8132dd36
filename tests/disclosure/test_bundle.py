"""The bundle a human checker gets: all that is released is in it, judged in the words checkers know, and true."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from invented_report_inputs import invented_inputs
from lxml import html

from swis import report
from swis.disclosure.bundle import (
    AskedException,
    AuditWords,
    HiddenCells,
    Release,
    hand_over,
    load_exceptions,
    read_audit,
    rules_of,
    write_audit,
    write_bundle,
    write_part,
)
from swis.disclosure.label import release as release_files
from swis.disclosure.policy import Policy, load_policy
from swis.errors import InputError
from swis.params import load_params
from swis.report.front.model import Front
from swis.report.index import refresh_index, write_index
from swis.report.model import Report
from swis.report.publish import outputs_of, publish
from swis.report.to_checker import part_of
from swis.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
SAFE = AuditWords(True, "every hidden cell could be anything that is required of it", 900, 12, 30)
REASON = "the two schools have agreed in writing to be shown together"


def built() -> Report:
    inputs = invented_inputs("salford")
    inputs = dataclasses.replace(inputs, trials=dict(list(inputs.trials.items())[:1]))
    chapters = (report.received(inputs), report.participants(inputs), report.outcomes_of_trials(inputs))
    return report.assemble(inputs, *chapters)


@pytest.fixture(scope="module")
def page() -> Report:
    return built()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, page: Report) -> Path:
    """A folder with `reports/demo` and `bundle`, once for all tests; each works on its own copy."""
    root = tmp_path_factory.mktemp("made")
    publish(page, root / "reports" / "demo", root / "bundle")
    front = Front("demo", True, None, [], [], [], None, "a policy", "p")
    write_index(root / "reports" / "demo", front, root / "bundle")
    return root


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy(ROOT / "params" / "disclosure", "dfe_children_in_need")


@pytest.fixture
def judge(folder: Path, policy: Policy) -> Callable[..., dict[str, Any]]:
    """Writes the bundle of the folder and gives `disclosure.json`."""

    def write(**changes: Any) -> dict[str, Any]:
        settled: dict[str, Any] = {"audit": SAFE, "scanned": {}} | changes
        given = Release("demo", True, policy, provenance="swis", **settled)
        verdict = write_bundle(folder / "bundle", folder / "reports" / "demo", given)
        told: dict[str, Any] = json.loads((folder / "bundle" / "disclosure.json").read_text())
        assert told["status"] == verdict
        return told

    return write


def of(told: dict[str, Any], path: str) -> dict[str, Any]:
    return next(output for output in told["outputs"] if output["path"] == path and output["sha256"])


def a_table(told: dict[str, Any]) -> str:
    return str(next(one["path"] for one in told["outputs"] if one["path"].startswith("tables/") and one["cells"]))


def test_a_release_that_was_audited_and_scanned_passes_whole(judge: Callable[..., dict[str, Any]]) -> None:
    told = judge()
    assert told["status"] == "pass"
    assert told["counts"] == {"pass": len(told["outputs"]), "review": 0, "fail": 0}
    assert all(output["why"] == [] for output in told["outputs"])


def test_every_released_file_stands_in_it_with_the_hash_it_has(
    judge: Callable[..., dict[str, Any]], folder: Path
) -> None:
    reports = folder / "reports" / "demo"
    files = {path.relative_to(reports).as_posix() for path in reports.rglob("*") if path.is_file()}
    described = {one["path"]: one["sha256"] for one in judge()["outputs"] if one["sha256"]}
    assert set(described) == {name for name in files if not name.startswith("releasable/")}
    for path, digest in described.items():
        assert hashlib.sha256((reports / path).read_bytes()).hexdigest() == digest


def test_the_checksums_are_those_of_a_tool_everybody_has(judge: Callable[..., dict[str, Any]], folder: Path) -> None:
    judge()
    command = ["sha256sum", "--check", "--quiet", str(folder / "bundle" / "checksums.txt")]
    done = subprocess.run(command, cwd=folder / "reports" / "demo", capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


def test_every_table_and_figure_says_what_it_is_and_has_its_counts_beside_it(
    judge: Callable[..., dict[str, Any]], folder: Path, page: Report
) -> None:
    told = judge()
    blocks = {one["id"]: one for one in told["outputs"] if one["kind"] in {"table", "figure"}}
    assert set(blocks) == {block.id for block in page.files}
    for one in blocks.values():
        assert one["title"]
        assert one["population"]
        if not one["is_about_nobody"]:
            assert len(pd.read_csv(folder / "bundle" / one["behind"]))
    figures = [one for one in blocks.values() if one["kind"] == "figure"]
    assert figures
    assert all(one["behind"] for one in figures)
    assert {name for one in blocks.values() for name in one["measures"]} == set(told["measures"])
    assert all(words["numerator"] and words["unit"] for words in told["measures"].values())


def test_the_frame_behind_a_figure_holds_what_the_figure_shows(folder: Path, page: Report) -> None:
    figure = next(one for one in page.figures if "pupils" in one.behind.frame)
    kept = pd.read_csv(folder / "bundle" / "behind" / "salford" / f"figure-{figure.id}.csv")
    assert kept["pupils"].dropna().astype(int).tolist() == figure.behind.frame["pupils"].dropna().astype(int).tolist()


def test_without_an_audit_nothing_with_a_number_passes(judge: Callable[..., dict[str, Any]]) -> None:
    told = judge(audit=AuditWords())
    assert told["status"] == "review"
    counting = [one for one in told["outputs"] if not one["is_about_nobody"]]
    assert {one["status"] for one in counting} == {"review"}
    assert all("no audit of the release was made" in one["why"] for one in counting)


def test_a_failed_audit_fails_every_number(judge: Callable[..., dict[str, Any]]) -> None:
    told = judge(audit=AuditWords(False, "3 cells can be told", 900, 12, 30))
    assert told["status"] == "fail"
    assert {one["status"] for one in told["outputs"] if not one["is_about_nobody"]} == {"fail"}


def test_a_changed_byte_fails_its_file_and_no_other(judge: Callable[..., dict[str, Any]], folder: Path) -> None:
    path = a_table(judge())
    file = folder / "reports" / "demo" / path
    file.write_bytes(file.read_bytes().replace(b"5", b"6", 1))
    told = judge()
    assert of(told, path)["why"] == ["its bytes are not those that were released"]
    assert told["counts"]["fail"] == 1
    assert told["unlabelled_files"] == [path]


def test_an_absent_file_fails(judge: Callable[..., dict[str, Any]], folder: Path) -> None:
    path = a_table(judge())
    (folder / "reports" / "demo" / path).unlink()
    told = judge()
    assert (of(told, path)["status"], of(told, path)["why"]) == ("fail", ["the file is not there"])


def test_a_file_that_did_not_go_through_the_door_fails_the_whole(
    judge: Callable[..., dict[str, Any]], folder: Path
) -> None:
    (folder / "reports" / "demo" / "tables" / "mine.csv").write_text("a\n1\n")
    told = judge()
    assert told["status"] == "fail"
    assert told["unlabelled_files"] == ["tables/mine.csv"]


def test_what_the_scanner_found_fails_its_file_by_kind(judge: Callable[..., dict[str, Any]]) -> None:
    path = a_table(judge())
    told = judge(scanned={path: ["pupil number", "path", "path"]})
    assert of(told, path)["why"] == ["the scanner found: path, pupil number"]
    assert told["status"] == "fail"


def test_what_the_scanner_found_in_no_output_fails_the_whole(judge: Callable[..., dict[str, Any]]) -> None:
    told = judge(scanned={"[name withheld] file 3": ["pupil number"]})
    assert told["status"] == "fail"
    assert told["found_elsewhere"] == {"[name withheld] file 3": ["pupil number"]}


def test_a_folder_that_was_not_scanned_is_for_review(judge: Callable[..., dict[str, Any]]) -> None:
    assert judge(scanned=None)["counts"]["pass"] == 0


def test_an_exception_is_put_before_the_checker_with_its_reason(judge: Callable[..., dict[str, Any]]) -> None:
    path = a_table(judge())
    asked = AskedException(output=path, rule="minimum_schools", reason=REASON, asked_by="A. Person")
    lost = AskedException(output="tables/none.csv", rule="minimum_schools", reason=REASON, asked_by="A. Person")
    told = judge(exceptions=(asked, lost))
    assert (told["status"], told["counts"]["review"]) == ("review", 1)
    assert of(told, path)["exceptions"] == [{"rule": "minimum_schools", "reason": REASON, "asked_by": "A. Person"}]
    assert [one["output"] for one in told["exceptions_that_name_no_output"]] == ["tables/none.csv"]


def test_a_released_file_of_which_no_report_says_anything_is_for_review(
    judge: Callable[..., dict[str, Any]], folder: Path, page: Report
) -> None:
    release_files(
        folder / "reports" / "demo", "other", [dataclasses.replace(outputs_of(page)[0], path=Path("x.csv"))], "a policy"
    )
    assert of(judge(), "x.csv")["why"] == ["no description came with it"]


def test_a_report_that_is_no_longer_released_leaves_the_bundle(
    judge: Callable[..., dict[str, Any]], folder: Path
) -> None:
    release_files(folder / "reports" / "demo", "salford", [], "a policy")
    (folder / "reports" / "demo" / "releasable" / "salford.json").unlink()
    told = judge()
    assert [one["report"] for one in told["outputs"]] == ["index"]
    assert not (folder / "bundle" / "behind" / "salford").exists()
    assert not (folder / "bundle" / "outputs" / "salford.json").exists()


def test_cells_are_counted_from_the_symbols_or_told(folder: Path, page: Report) -> None:
    frame = pd.DataFrame({"count": [10, None, None], "schools": [5, None, 5], "symbol": ["", "[c]", "[x]"]})
    assert HiddenCells.counted(frame, ("count", "schools"), "[c]") == HiddenCells(shown=3, primary=2)
    table = next(one for one in page.tables if one.data is not None)
    told = part_of(page, outputs_of(page), {table.id: HiddenCells(100, 3, 4)})
    assert next(one for one in told.outputs if one.id == table.id).hidden == HiddenCells(100, 3, 4)


def test_the_bundle_is_not_under_reports_and_the_same_every_time(
    judge: Callable[..., dict[str, Any]], folder: Path, page: Report
) -> None:
    judge()
    first = {path: path.read_bytes() for path in (folder / "bundle").rglob("*") if path.is_file()}
    write_part(folder / "bundle", part_of(page, outputs_of(page)))
    judge()
    assert {path: path.read_bytes() for path in (folder / "bundle").rglob("*") if path.is_file()} == first
    assert not (folder / "reports" / "demo" / "bundle").exists()


def test_the_page_says_all_that_the_json_says(judge: Callable[..., dict[str, Any]], folder: Path) -> None:
    path = a_table(judge())
    asked = AskedException(output=path, rule="small", reason=REASON + " <&>", asked_by="A. Person")
    told = judge(exceptions=(asked,))
    tree = html.parse(folder / "bundle" / "index.html").getroot()
    text = " ".join(tree.text_content().split())
    for output in told["outputs"]:
        assert " ".join(output["title"].split()) in text
        assert output["path"] in text
        assert output["sha256"][:12] in text
    for rule in told["rules"]:
        assert rule["words"] in text
    assert REASON + " <&>" in text
    assert "not part of the release" in tree.xpath("//body/p[1]")[0].text_content()
    assert "Synthetic" in tree.xpath("//body/p[1]")[0].text_content()


def test_the_page_needs_nothing_but_the_bundle_and_is_well_formed(
    judge: Callable[..., dict[str, Any]], folder: Path
) -> None:
    judge()
    tree = html.parse(folder / "bundle" / "index.html").getroot()
    assert tree.xpath("//script | //link | //img | //iframe | //@src") == []
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    for address in tree.xpath("//@href"):
        assert address[1:] in ids if address.startswith("#") else (folder / "bundle" / address).exists()
    assert tree.get("lang") == "en-GB"
    for table in tree.xpath("//table"):
        assert table.xpath("./caption")
        width = len(table.xpath("./thead/tr/th"))
        assert all(len(row.xpath("./th|./td")) == width for row in table.xpath("./tbody/tr"))


@pytest.mark.parametrize("path", sorted((ROOT / "params" / "disclosure").glob("*.yml")), ids=lambda path: path.stem)
def test_every_policy_is_told_in_words_with_all_of_its_numbers(path: Path) -> None:
    policy = load_policy(path.parent, path.stem)
    rules = rules_of(policy)
    told = {value for rule in rules for value in rule.numbers.values()}
    fields = policy.model_dump(exclude={"name", "title", "source", "assumed", "symbols", "hides_small"})
    numbers = [n for value in fields.values() for n in (value if isinstance(value, tuple) else [value])]
    assert set(numbers) <= told
    assert len({rule.name for rule in rules}) == len(rules)
    # A number that means 'not at all' is said in words, a share as a percentage.
    whole = [(rule, number) for rule in rules for number in rule.numbers.values() if isinstance(number, int)]
    assert all(str(number) in rule.words or (rule.name, number) == ("round_to", 1) for rule, number in whole)
    assert ("hidden" in rules[0].words.split("are ")[1].split()[0]) == policy.hides_small


def write_exceptions(folder: Path, text: str) -> Path:
    path = folder / "exceptions.yml"
    path.write_text(text)
    return path


def test_none_is_asked_by_default(policy: Policy, tmp_path: Path) -> None:
    names = [rule.name for rule in rules_of(policy)]
    assert load_exceptions(ROOT / "params" / "release" / "exceptions.yml", names) == ()
    assert load_exceptions(tmp_path / "absent.yml", names) == ()


GOOD = f"{{output: a.csv, rule: small, reason: {REASON}, asked_by: A. Person}}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no list under 'exceptions'"),
        ("exceptions: {", "no list under 'exceptions'"),
        ("exceptions: []\nothers: []", "no list under 'exceptions'"),
        (f"exceptions: [{GOOD}, {GOOD}]", "entry 2: output and rule met before"),
        (f"exceptions: [{GOOD.replace('small', 'smal')}]", "entry 1: unknown rule"),
        (f"exceptions: [{GOOD.replace(REASON, 'because')}]", "entry 1: reason"),
        (f"exceptions: [{GOOD.replace('asked_by', 'by')}]", "entry 1: asked_by"),
        ("exceptions: [a word]", "entry 1"),
    ],
)
def test_a_request_that_is_not_whole_is_refused_with_its_entry(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=said):
        load_exceptions(write_exceptions(tmp_path, text), ["small", "zeros"])


def test_a_whole_request_is_read(tmp_path: Path) -> None:
    (asked,) = load_exceptions(write_exceptions(tmp_path, f"exceptions: [{GOOD}]"), ["small"])
    assert (asked.output, asked.rule, asked.reason, asked.asked_by) == ("a.csv", "small", REASON, "A. Person")


@dataclasses.dataclass(frozen=True)
class Finding:
    file: str
    kind: str


def test_handing_over_reads_audit_requests_and_reports_from_their_places(folder: Path, policy: Policy) -> None:
    workspace = Workspace(folder, "demo")
    shutil.move(folder / "bundle", workspace.bundle)
    write_exceptions_of(folder, "exceptions: []")
    assert hand_over(workspace, policy, findings=[]) == "review", "no audit was kept"
    write_audit(workspace.bundle, SAFE)
    assert read_audit(workspace.bundle) == SAFE
    assert hand_over(workspace, policy, findings=[]) == "pass"
    assert hand_over(workspace, policy) == "review", "nothing was scanned"
    assert hand_over(workspace, policy, findings=[Finding("index.html", "path")]) == "fail"
    write_exceptions_of(folder, "exceptions: [{}]")
    with pytest.raises(InputError, match=r"exceptions\.yml: entry 1"):
        hand_over(workspace, policy, findings=[])


def test_the_front_page_of_a_run_is_described_too(tmp_path: Path, policy: Policy) -> None:
    workspace, params = Workspace(tmp_path, "demo"), load_params(ROOT / "params")
    (tmp_path / "requirements.lock").write_text("")
    (tmp_path / "params").symlink_to(ROOT / "params")
    refresh_index(workspace, params, params.definitions.data_cut)
    write_audit(workspace.bundle, SAFE)
    assert hand_over(workspace, policy, findings=[]) == "pass"
    (told,) = json.loads((workspace.bundle / "disclosure.json").read_text())["outputs"]
    assert (told["path"], told["title"], told["is_about_nobody"]) == ("index.html", "Front page", True)


def write_exceptions_of(root: Path, text: str) -> None:
    (root / "params" / "release").mkdir(parents=True, exist_ok=True)
    (root / "params" / "release" / "exceptions.yml").write_text(text)
