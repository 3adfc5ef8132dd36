"""Speed of the release scanner beside a plain search by grep over the same bytes, measured in one run.

    python benchmarks/scanner.py [--pages 40] [--identifiers 500000] [--rounds 3] [--folder DIR] [--write PAGE]

The folder is made to look like a release: tables as CSV and JSON, pages that carry pictures as base64, the
pictures themselves, notebooks with outputs. grep looks for the plain spelling of a pupil number or an identifier,
nothing more: it unpacks nothing, decodes nothing and knows no child. It says what reading the bytes once costs.
The scanner must read at least 20 MB/s with two processes.
"""

from __future__ import annotations

import argparse
import base64
import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
from nbformat import v4
from page import as_table, write_section
from PIL import Image

from swis.scan.judge import Judge
from swis.scan.known import Known
from swis.scan.parts import CHILD_ID, UPN
from swis.scan.returns import collect
from swis.scan.walk import scan_folder
from swis.sources.upn import make_upns

MEGABYTE = 1_000_000
LEAST_SPEED = 20.0
PICTURES_OF_A_PAGE = 9
TABLES_OF_A_PAGE = 12
PATTERN = "[A-Z][0-9]{11}[0-9A-Z]|SYN[0-9]{7}"
TITLE = "Release scanner against grep"
LARGEST = "manchester"


def picture(rng: np.random.Generator) -> bytes:
    """A PNG of some tens of kilobytes, as a chart is."""
    pixels = np.kron(rng.integers(0, 255, (60, 80, 3), dtype=np.uint8), np.ones((6, 6, 1), dtype=np.uint8))
    pixels ^= rng.integers(0, 4, pixels.shape, dtype=np.uint8)
    held = io.BytesIO()
    Image.fromarray(pixels[:150, :200]).save(held, "PNG")
    return held.getvalue()


def table(rng: np.random.Generator) -> pd.DataFrame:
    """Counts and rates of one measure group by authority and year."""
    rows = 180
    return pd.DataFrame(
        {
            "authority": [f"Authority {number}" for number in rng.integers(1, 43, rows)],
            "academic_year": [f"20{number}/{number + 1}" for number in rng.integers(18, 23, rows)],
            "measure": rng.choice(["referrals", "enquiries under section 47", "suspensions"], rows),
            "children": rng.integers(5, 9000, rows),
            "rate": rng.normal(500, 90, rows).round(1),
            "lower": rng.normal(0, 1, rows).round(3),
        }
    )


def write_release(folder: Path, pages: int) -> int:
    """Write pages with pictures, the pictures, tables as CSV and JSON, notebooks; the size in bytes."""
    rng = np.random.default_rng(20200901)
    for page in range(pages):
        own = folder / f"authority-{page}"
        own.mkdir()
        pictures = [picture(rng) for _ in range(PICTURES_OF_A_PAGE)]
        tables = [table(rng) for _ in range(TABLES_OF_A_PAGE)]
        for number, content in enumerate(pictures):
            (own / f"figure-{number}.png").write_bytes(content)
        for number, frame in enumerate(tables):
            frame.to_csv(own / f"table-{number}.csv", index=False)
        tables[0].to_json(own / "table.json", orient="records")
        coded = [base64.b64encode(content).decode() for content in pictures]
        images = "".join(f'<img alt="figure" src="data:image/png;base64,{one}">' for one in coded)
        shown = "".join(frame.head(40).to_html(index=False) for frame in tables)
        (own / "report.html").write_text(f"<html><body>{shown}{images}</body></html>", encoding="utf-8")
        outputs = [v4.new_output("display_data", data={"image/png": coded[0], "text/html": tables[0].to_html()})]
        nbformat.write(v4.new_notebook(cells=[v4.new_code_cell("run", outputs=outputs)]), own / "results.ipynb")
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def invented(count: int) -> Known:
    """So many invented children, known as the returns' are."""
    known = Known()
    known.add(UPN, make_upns(pd.Series([f"999{number:09d}" for number in range(count)])))
    known.add(CHILD_ID, [f"SYN{number:07d}" for number in range(0, 10 * count, 10)])
    known.add_birth_dates(day.date().isoformat() for day in pd.date_range("1999-09-01", "2016-08-31"))
    return known


def seconds(action: Callable[[], object]) -> tuple[float, float]:
    """Wall time of one call, and the processor's time of it and of the processes it started."""
    start, before = time.perf_counter(), os.times()
    action()
    return time.perf_counter() - start, sum(os.times()[:4]) - sum(before[:4])


def grep(folder: Path) -> None:
    """The rival: one pass of grep over every byte."""
    subprocess.run(["grep", "-rEaic", PATTERN, str(folder)], capture_output=True, check=False)


def measure(folder: Path, judge: Judge, rounds: int) -> list[tuple[float, float]]:
    """Median seconds, by clock and by processor, of grep, one process and two, taken in turns."""
    actions = [
        lambda: grep(folder),
        lambda: scan_folder(folder, judge, jobs=1),
        lambda: scan_folder(folder, judge, jobs=2),
    ]
    taken = [[seconds(action) for action in actions] for _ in range(rounds)]
    return [
        (statistics.median(wall for wall, _ in column), statistics.median(busy for _, busy in column))
        for column in zip(*taken, strict=True)
    ]


def collected(root: Path) -> str:
    """A sentence on how long collecting the identifiers of the largest authority takes; empty where it is not there."""
    folder = root / "data_raw" / "synthetic" / LARGEST
    if not folder.is_dir():
        return ""
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / MEGABYTE
    took, _ = seconds(lambda: collect([folder], jobs=2))
    return f"Collecting the identifiers of the largest authority of the simulation ({size:.0f} MB): {took:.1f} s."


def as_page(size: int, identifiers: int, files: int, taken: list[tuple[float, float]], collecting: str) -> str:
    """The table and what it was measured on."""
    names = ["grep -E", "scanner, one process", "scanner, two processes"]
    bounds = ["", "", f"at least {LEAST_SPEED:.0f} MB/s"]
    megabytes = size / MEGABYTE
    rows = []
    for name, (wall, busy), bound in zip(names, taken, bounds, strict=True):
        speeds = [f"{megabytes / wall:.0f}", f"{megabytes / busy:.0f}", f"{taken[0][0] / wall:.3f}"]
        rows.append([name, f"{wall:.1f}", *speeds, bound])
    heads = ["", "seconds", "MB/s", "MB a second of processor", "speed beside grep", "bound"]
    told = f"{files:,} files of {megabytes:.0f} MB, {2 * identifiers:,} identifiers known, median of the rounds."
    return "\n\n".join([told, as_table(heads, rows), collecting])


def main() -> int:
    """Make the release, measure, print the table; exit code 1 where the bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=40, help="reports in the release, some 2 MB each")
    parser.add_argument("--identifiers", type=int, default=500_000, help="children known")
    parser.add_argument("--rounds", type=int, default=3, help="timed rounds")
    parser.add_argument("--folder", type=Path, help="where to write the files (default: a temporary folder)")
    parser.add_argument("--write", type=Path, help="page to put the table on")
    options = parser.parse_args()
    judge = Judge(invented(options.identifiers))
    with tempfile.TemporaryDirectory(dir=options.folder) as made:
        folder = Path(made)
        size = write_release(folder, options.pages)
        files = scan_folder(folder, judge, jobs=2)
        taken = measure(folder, judge, options.rounds)
    if files.findings:
        print("the scanner raises an alarm at files that hold no child")
        return 1
    text = as_page(size, options.identifiers, files.files, taken, collected(Path(__file__).resolve().parents[1]))
    print(text)
    if options.write:
        write_section(options.write, TITLE, text)
    return int(size / MEGABYTE / taken[-1][0] < LEAST_SPEED)


if __name__ == "__main__":
    sys.exit(main())
