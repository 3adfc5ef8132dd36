"""What the form of a file tells (locked, damaged, unknown, too deep, linked, code): nothing is skipped in silence."""

from __future__ import annotations

import base64
import gzip
import io
import random
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from disclosure.scan.invented_child import CHILD, ignorant_judge, judge_of, kinds_found, scanned, write_returns

from swis.scan import parts, reading
from swis.scan.files import packed
from swis.scan.files.html_page import TABLE
from swis.scan.files.marks import MOST_MARKS, too_many
from swis.scan.judge import BLOCK, Judge
from swis.scan.known import Known
from swis.scan.parts import Part


def zipped(members: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return held.getvalue()


def locked(content: bytes) -> bytes:
    """The archive with the mark of encryption set on its one member, in both places where it stands."""
    made = bytearray(content)
    for start, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = made.find(start) + at
        made[place : place + 2] = struct.pack("<H", struct.unpack("<H", made[place : place + 2])[0] | 1)
    return bytes(made)


# Bytes that nothing is packed in, the same in every run.
NOISE = random.Random(7).randbytes(5000)
FORMS = [
    ("locked.zip", locked(zipped({"a.csv": b"1"})), parts.ENCRYPTED),
    ("cut.zip", zipped({"a.csv": b"1" * 999})[:60], parts.UNREADABLE),
    ("cut.csv.gz", gzip.compress(NOISE)[:900], parts.UNREADABLE),
    ("cut.png", b"\x89PNG\r\n\x1a\n\x00\x00", parts.UNREADABLE),
    ("cut.pdf", b"%PDF-1.7\nnothing of the kind", parts.UNREADABLE),
    ("cut.parquet", b"PAR1 nothing PAR1", parts.UNREADABLE),
    ("locked.parquet", b"PAR1 nothing PARE", parts.ENCRYPTED),
    ("locked.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), parts.ENCRYPTED),
    ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), parts.UNKNOWN),
    ("rows.7z", b"7z\xbc\xaf\x27\x1c" + bytes(60), parts.UNKNOWN),
    ("rows.zst", b"\x28\xb5\x2f\xfd" + NOISE[:60], parts.UNKNOWN),
    ("sound.xyz", bytes(range(256)) * 9, parts.UNKNOWN),
    ("macro.xlsm", zipped({"xl/vbaProject.bin": b"\0" * 40}), parts.CODE),
    ("pivot.xlsx", zipped({"xl/pivotCache/pivotCacheRecords1.xml": b"<r/>"}), parts.DATA_SET),
    ("chart.docx", zipped({"word/embeddings/book.xlsx": b"x"}), parts.DATA_SET),
    ("picture.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', parts.CODE),
]


@pytest.mark.parametrize(("name", "content", "kind"), FORMS, ids=[form[0] for form in FORMS])
def test_form_is_reported(name: str, content: bytes, kind: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    assert kind in kinds_found(tmp_path, ignorant_judge())


def test_a_link_is_named_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "away").symlink_to("/")
    assert kinds_found(tmp_path, ignorant_judge()) == {parts.LINK}


def test_nesting_beyond_the_stated_depth_is_reported(tmp_path: Path) -> None:
    content = b"counts"
    for _ in range(reading.MOST_DEPTH + 2):
        content = gzip.compress(content)
    (tmp_path / "deep.gz").write_bytes(content)
    assert parts.TOO_DEEP in kinds_found(tmp_path, ignorant_judge())


def test_nesting_within_the_stated_depth_is_read(tmp_path: Path) -> None:
    content = CHILD.upn.encode()
    for step in range(reading.MOST_DEPTH):
        content = gzip.compress(content) if step % 2 else base64.b64encode(content)
    (tmp_path / "deep").write_bytes(content)
    assert kinds_found(tmp_path, ignorant_judge()) == {parts.UPN}


def test_an_archive_that_swells_is_not_unpacked(tmp_path: Path) -> None:
    (tmp_path / "swells.zip").write_bytes(zipped({"zeros.csv": bytes(packed.SMALL + 1)}))
    assert kinds_found(tmp_path, ignorant_judge()) == {parts.TOO_DEEP}


def test_whatever_breaks_a_reader_is_reported_and_tells_no_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(content: bytes) -> Iterator[Part]:
        raise RuntimeError(CHILD.upn)
        yield

    monkeypatch.setattr(reading.plain_text, "read_plain", broken)
    (tmp_path / "a.csv").write_text("x")
    assert kinds_found(tmp_path, ignorant_judge()) == {parts.UNREADABLE}


def test_an_identifier_on_the_border_of_two_blocks_is_found(tmp_path: Path) -> None:
    known = Known()
    known.add(parts.CHILD_ID, [CHILD.child_id])
    text = "." * (BLOCK - 4) + CHILD.child_id + "." * BLOCK
    (tmp_path / "long.txt").write_text(text)
    assert kinds_found(tmp_path, Judge(known)) == {parts.CHILD_ID}


def test_a_pseudonym_of_a_worker_in_a_column_is_found(tmp_path: Path) -> None:
    known = Known()
    workers = [f"W{number}" for number in range(3701, 3720)]
    known.add(parts.STAFF_ID, workers)
    (tmp_path / "posts.csv").write_text("post,share\n" + "".join(f"{one},1.0\n" for one in workers))
    assert kinds_found(tmp_path, Judge(known)) == {parts.STAFF_ID}


def test_counts_are_of_different_values_and_places_say_where(tmp_path: Path) -> None:
    judge = judge_of(write_returns(tmp_path / "returns"))
    out = tmp_path / "out"
    out.mkdir()
    (out / "a.csv").write_text(f"k,v\n{CHILD.upn},{CHILD.upn}\n{CHILD.upn.lower()},1\n")
    (finding,) = scanned(out, judge).findings
    assert (finding.file, finding.place, finding.kind, finding.count) == ("a.csv", "text", parts.UPN, 1)


def test_two_processes_find_what_one_finds(tmp_path: Path) -> None:
    judge = judge_of(write_returns(tmp_path / "returns"))
    out = tmp_path / "out"
    out.mkdir()
    for number in range(40):
        (out / f"{number}.csv").write_text(f"k\n{CHILD.upn if number % 3 else 'none'}\n")
    assert reading_of(out, judge, 2) == reading_of(out, judge, 1)


def reading_of(folder: Path, judge: Judge, jobs: int) -> object:
    from swis.scan.walk import scan_folder

    return scan_folder(folder, judge, jobs=jobs)


@pytest.mark.parametrize(("marks", "expected"), [(MOST_MARKS, 0), (MOST_MARKS + 1, MOST_MARKS + 1)])
def test_one_mark_an_authority_may_be_shown_and_no_more(marks: int, expected: int) -> None:
    assert too_many(("points", float(place), 3.0) for place in range(marks)) == expected
    assert too_many(("tick", float(place % 6), float(place % 4)) for place in range(marks)) == 0


def test_cells_of_a_spreadsheet_are_not_taken_for_tables_of_a_page() -> None:
    # For each that were taken so, the rest of the file would be searched: minutes for one workbook.
    assert TABLE.search("<table:table-cell>x</table:table-cell></table>") is None
    assert TABLE.search('<TABLE class="a"><tr><td>x</td></tr></table>') is not None
