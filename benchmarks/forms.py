"""Forms of a report beside what others make of the same page and tables, and all authority reports anew, in one run.

    python benchmarks/forms.py [--authority cumbria] [--rounds 5] [--dataset synthetic] [--write PAGE]

Needs a finished run of the data set. One report is made in each form, and beside it: the PDF that Chromium prints of
the page (where Chromium is installed), the Word document that pandoc makes of the page, and the workbooks that pandas
writes of the same cells with openpyxl and odfpy. None of the rivals tags headings of rows, marks tables or gives
the same bytes. Then the reports of all authorities are made anew by `swis run`, in every form, as a user makes them.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import pandas as pd
import pypandoc
from page import as_table, write_section

from swis.report.forms import FORMS
from swis.report.model import Report
from swis.report.render import render_report

ROOT = Path(__file__).resolve().parents[1]
TITLE = "Forms of a report"
MOST_SECONDS_OF_ALL, MOST_SECONDS_OF_A_PDF = 180.0, 1.0
NOT_MEASURED = float("nan")


def report_of(authority: str, dataset: str) -> Report:
    """The report as the notebook makes it: its cells up to the one that writes."""
    held: dict[str, object] = {}
    notebook = nbformat.read(ROOT / "notebooks" / "authority_report.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            source = cell.source.split("written = ")[0]
            if "parameters" in cell.metadata.get("tags", []):
                source += f"\ndataset, authority = {dataset!r}, {authority!r}"
            exec(source, held)
            if "page" in held:
                break
    made = held["page"]
    assert isinstance(made, Report)
    return made


def seconds(action: Callable[[], object], rounds: int) -> float:
    """Median wall time of an action that was done once before."""
    action()
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def printed_by_chromium(page: Path) -> None:
    """The page as Chromium prints it."""
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--print-to-pdf={page.with_suffix('.pdf')}"]
    subprocess.run(["chromium", *options, page.as_uri()], capture_output=True, check=True)


def word_by_pandoc(page: Path) -> None:
    """The page as pandoc turns it into a Word document."""
    pypandoc.convert_file(str(page), "docx", outputfile=str(page.with_suffix(".docx")))


def workbook_by_pandas(report: Report, engine: str) -> bytes:
    """The cells of every table as pandas writes them, a sheet each."""
    held = io.BytesIO()
    with pd.ExcelWriter(held, engine=engine) as writer:
        for name, table in zip(report.numbering.values(), report.tables, strict=False):
            frame = pd.DataFrame([[str(cell) for cell in row] for row in table.rows])
            frame.to_excel(writer, sheet_name=name, index=False)
    return held.getvalue()


def compared(report: Report, folder: Path, rounds: int) -> list[list[str]]:
    """A row a form: our seconds, the rival and its seconds, the ratio."""
    page = folder / "page.html"
    page.write_text(render_report(report), encoding="utf-8")
    rivals: dict[str, tuple[str, Callable[[], object]]] = {
        ".pdf": ("Chromium prints the page", lambda: printed_by_chromium(page)),
        ".docx": ("pandoc from the page", lambda: word_by_pandoc(page)),
        ".xlsx": ("pandas with openpyxl", lambda: workbook_by_pandas(report, "openpyxl")),
        ".ods": ("pandas with odfpy", lambda: workbook_by_pandas(report, "odf")),
    }
    rows = []
    for ending, form in FORMS.items():
        name, rival = rivals[ending]
        ours = seconds(lambda form=form: form.render(report), rounds)  # type: ignore[misc]
        is_there = ending != ".pdf" or shutil.which("chromium") is not None
        theirs = seconds(rival, rounds) if is_there else NOT_MEASURED
        shown = [f"{theirs:.2f}", f"{ours / theirs:.2f}"] if is_there else ["not installed", "–"]
        bound = f"{MOST_SECONDS_OF_A_PDF:.0f} s" if ending == ".pdf" else ""
        rows.append([form.title, f"{ours:.2f}", name, *shown, bound])
        if ending == ".pdf" and ours > MOST_SECONDS_OF_A_PDF:
            print("a PDF takes longer than the bound")
    return rows


def all_reports(dataset: str) -> tuple[int, float, float]:
    """How many authority reports `swis run` makes anew, its seconds by the clock, and those of its processes."""
    done = sorted((ROOT / "data_derived" / dataset).glob("*/authority_report/done.json"))
    for path in done:
        path.unlink()
    start, before = time.perf_counter(), os.times()
    command = [sys.executable, "-m", "swis.cli", "run", "--dataset", dataset, "--jobs", "2"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    after = os.times()
    busy = after.children_user + after.children_system - before.children_user - before.children_system
    return len(done), time.perf_counter() - start, busy


def main() -> int:
    """Measure, print the tables; exit code 1 where a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--authority", default="cumbria", help="whose report is made in each form")
    parser.add_argument("--rounds", type=int, default=5, help="timed rounds of each form")
    parser.add_argument("--dataset", default="synthetic", help="a finished data set")
    parser.add_argument("--write", type=Path, help="page to put the tables on")
    options = parser.parse_args()
    os.chdir(ROOT)
    # The notebook empties the folder of its stage; the run below makes that report anew with all others.
    report = report_of(options.authority, options.dataset)
    (ROOT / "data_derived" / options.dataset / options.authority / "authority_report" / "done.json").touch()
    with tempfile.TemporaryDirectory() as folder:
        rows = compared(report, Path(folder), options.rounds)
    heads = ["form", "seconds", "rival", "its seconds", "ours beside it", "bound"]
    number, wall, busy = all_reports(options.dataset)
    told = (
        f"One authority's report ({len(report.tables)} tables, {len(report.figures)} figures), made warm, median of "
        f"{options.rounds} rounds."
    )
    whole = (
        f"`swis run` made {number} authority reports anew in every form, on two processes, in {wall:.0f} s by the "
        f"clock ({busy / number:.1f} s of processor a report, its headers read and the front page included); "
        f"the bound is {MOST_SECONDS_OF_ALL:.0f} s."
    )
    text = "\n\n".join([told, as_table(heads, rows), whole])
    print(text)
    if options.write:
        write_section(options.write, TITLE, text)
    return int(wall > MOST_SECONDS_OF_ALL)


if __name__ == "__main__":
    sys.exit(main())
