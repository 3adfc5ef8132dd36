"""Forms of a report beside what others make of the same page and tables, and all authority reports anew, in one run.

    python benchmarks/forms.py [--authorities A,B,…] [--dataset synthetic] [--write PAGE]

Needs a finished run of the data set. Reports are made in each form, and beside them: the PDF that Chromium prints of
the page (where Chromium is installed), the Word document that pandoc makes of the page, and the workbooks that pandas
writes of the same cells with openpyxl and odfpy. None of the rivals tags headings of rows, marks tables or gives
the same bytes. Then the reports of all authorities are made anew by `swis run`, in every form, as a user makes them.
"""

from __future__ import annotations

import argparse
import io
import os
import re
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
AUTHORITIES = "cumbria,gateshead,bolton,tameside,invented-group-authority-1,lambeth"
ENDED = re.compile(r"authority_report +done +([\d.]+) s")


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


def seconds(action: Callable[[Report], object], reports: list[Report]) -> float:
    """Median wall time of an action over reports that differ, one having been done before."""
    taken = []
    for report in reports:
        start = time.perf_counter()
        action(report)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken[1:])


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


def compared(reports: list[Report], folder: Path) -> list[list[str]]:
    """A row a form: our seconds, the rival and its seconds, the ratio."""
    pages = {report.id: folder / f"{report.id}.html" for report in reports}
    for report in reports:
        pages[report.id].write_text(render_report(report), encoding="utf-8")
    rivals: dict[str, tuple[str, Callable[[Report], object]]] = {
        ".pdf": ("Chromium prints the page", lambda report: printed_by_chromium(pages[report.id])),
        ".docx": ("pandoc from the page", lambda report: word_by_pandoc(pages[report.id])),
        ".xlsx": ("pandas with openpyxl", lambda report: workbook_by_pandas(report, "openpyxl")),
        ".ods": ("pandas with odfpy", lambda report: workbook_by_pandas(report, "odf")),
    }
    rows = []
    for ending, form in FORMS.items():
        name, rival = rivals[ending]
        ours = seconds(form.render, reports)
        is_there = ending != ".pdf" or shutil.which("chromium") is not None
        theirs = seconds(rival, reports) if is_there else NOT_MEASURED
        shown = [f"{theirs:.2f}", f"{ours / theirs:.2f}"] if is_there else ["not installed", "–"]
        bound = f"{MOST_SECONDS_OF_A_PDF:.0f} s" if ending == ".pdf" else ""
        rows.append([form.title, f"{ours:.2f}", name, *shown, bound])
    return rows


def all_reports(dataset: str) -> tuple[int, float, float]:
    """How many reports `swis run` makes anew, the seconds from the first start to the last end, and its own."""
    for path in (ROOT / "data_derived" / dataset).glob("*/authority_report/done.json"):
        path.unlink()
    command = [sys.executable, "-u", "-m", "swis.cli", "run", "--dataset", dataset, "--jobs", "2"]
    start, first, last, number = time.perf_counter(), 0.0, 0.0, 0
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        for line in run.stdout:
            if ended := ENDED.search(line):
                last = time.perf_counter() - start
                first = first or last - float(ended[1])
                number += 1
    whole = time.perf_counter() - start
    if run.returncode:
        raise SystemExit(f"swis run ended with {run.returncode}")
    return number, last - first, whole


def main() -> int:
    """Measure, print the tables; exit code 1 where a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--authorities", default=AUTHORITIES, help="whose reports are made in each form; the first to warm up"
    )
    parser.add_argument("--dataset", default="synthetic", help="a finished data set")
    parser.add_argument("--write", type=Path, help="page to put the tables on")
    options = parser.parse_args()
    os.chdir(ROOT)
    reports = [report_of(name, options.dataset) for name in options.authorities.split(",")]
    with tempfile.TemporaryDirectory() as folder:
        rows = compared(reports, Path(folder))
    # The notebooks above have emptied the folders of their stage; this makes these reports anew with all others.
    number, reporting, whole = all_reports(options.dataset)
    heads = ["form", "seconds", "rival", "its seconds", "ours beside it", "bound"]
    tables = statistics.median(len(report.tables) for report in reports)
    told = (
        f"Reports of {len(reports) - 1} authorities in one process that has made another before, each once, median; "
        f"about {tables:.0f} tables a report."
    )
    ended = (
        f"`swis run` made {number} authority reports anew in every form, figures too, two at a time, in "
        f"{reporting:.0f} s from the first one's start to the last one's end (bound {MOST_SECONDS_OF_ALL:.0f} s), "
        f"and in {whole:.0f} s as a command, which reads the headers of all returns before and the whole release after."
    )
    text = "\n\n".join([told, as_table(heads, rows), ended])
    print(text)
    if options.write:
        write_section(options.write, TITLE, text)
    return int(reporting > MOST_SECONDS_OF_ALL or float(rows[0][1]) > MOST_SECONDS_OF_A_PDF)


if __name__ == "__main__":
    sys.exit(main())
