"""Oddities of whole files that a reader must bear, and a month that is missing from a return."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

from swis.simulate.faults import Fault

MISSING_MONTH = "11"
Change = Callable[[Path, dict[str, str]], Path]


def without_month(texts: list[str], year: int) -> list[str]:
    """A return without the children whose one case began in its November, as when an extract was cut short."""
    begins = f"<CINreferralDate>{year - 1}-{MISSING_MONTH}-"
    return [text for text in texts if not (begins in text and text.count("<CINdetails>") == 1)]


def file_oddities(
    home: Path, authority: str, chosen: int, laestab_of: dict[str, str]
) -> tuple[list[Fault], dict[str, str]]:
    """Change a few files of an authority as real ones are changed on their way; which, follows from `chosen`.

    Returns what was planted, and the new name of each file that was renamed.
    """
    faults: list[Fault] = []
    renamed: dict[str, str] = {}
    for number, (name, pattern, change) in enumerate(_CHANGES):
        files = sorted((home).glob(pattern))
        if not files:
            continue
        path = files[(chosen + 7 * number) % len(files)]
        final = change(path, laestab_of).relative_to(home).as_posix()
        renamed[path.relative_to(home).as_posix()] = final
        faults.append(Fault(name, authority, final, 0))
    return faults, renamed


def _byte_order_mark(path: Path, laestab_of: dict[str, str]) -> Path:
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    return path


def _windows_lines(path: Path, laestab_of: dict[str, str]) -> Path:
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    return path


def _extra(value: str, encoding: str) -> Change:
    def change(path: Path, laestab_of: dict[str, str]) -> Path:
        lines = path.read_text(encoding="utf-8").splitlines()
        texts = [f"{line},{'TEST_COLUMN' if number == 0 else value}" for number, line in enumerate(lines)]
        path.write_bytes(("\n".join(texts) + "\n").encode(encoding))
        return path

    return change


def _compressed(path: Path, laestab_of: dict[str, str]) -> Path:
    final = path.with_name(path.name + ".gz")
    final.write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    path.unlink()
    return final


def _other_name(path: Path, laestab_of: dict[str, str]) -> Path:
    year = path.parent.name
    final = path.parent / f"SSDA903_{year}_episodes.csv"
    path.rename(final)
    return final


def _capitals(path: Path, laestab_of: dict[str, str]) -> Path:
    head, body = path.read_bytes().split(b"\n", 1)
    path.write_bytes(head.upper() + b"\n" + body)
    return path


def _laestab(path: Path, laestab_of: dict[str, str]) -> Path:
    lines = path.read_text(encoding="utf-8").split("\n")
    place = lines[0].split(",").index("NativeId")
    changed = []
    for line in lines[1:]:
        cells = line.split(",")
        if len(cells) > place:
            cells[place] = laestab_of.get(cells[place], cells[place])
        changed.append(",".join(cells))
    path.write_text("\n".join([lines[0], *changed]), encoding="utf-8", newline="\n")
    return path


_CHANGES = [
    ("file_byte_order_mark", "school_census/2019_*_pupilonroll.csv", _byte_order_mark),
    ("file_windows_line_ends", "school_census/2021_*_pupilonroll.csv", _windows_lines),
    ("file_headers_in_capitals", "school_census/2022_*_pupilnolongeronroll.csv", _capitals),
    ("file_school_as_laestab", "school_census/2023_*_pupilonroll.csv", _laestab),
    ("file_windows_encoding", "ssda903/20*/header.csv", _extra("Café", "cp1252")),
    ("file_compressed", "school_census/2020_*_pupilnolongeronroll.csv", _compressed),
    ("file_extra_column", "ssda903/2019/episodes.csv", _extra("", "utf-8")),
    ("file_other_name", "ssda903/202[0-3]/episodes.csv", _other_name),
]
