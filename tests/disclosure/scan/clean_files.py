"""Files that tell of no child and look as releases do: counts, years, codes, hashes, dates of laws, charts of sums."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import fpdf
import matplotlib as mpl
import nbformat
import numpy as np
import openpyxl
import pandas as pd
import seaborn as sns
import xlsxwriter
from matplotlib.figure import Figure
from nbformat import v4
from PIL import Image

mpl.use("agg")
Clean = tuple[str, Callable[[Path], object]]
RNG = np.random.default_rng(20210901)
YEARS = ["2018/19", "2019/20", "2020/21", "2021/22", "2022/23"]
AUTHORITIES = [f"Authority {number}" for number in range(1, 43)]
COUNTS = pd.DataFrame(
    {
        "authority": np.repeat(AUTHORITIES, len(YEARS)),
        "academic_year": YEARS * len(AUTHORITIES),
        "la_code": np.repeat(range(301, 343), len(YEARS)),
        "new_la_code": [f"E0{number:07d}" for number in np.repeat(range(6000001, 6000043), len(YEARS))],
        "children": RNG.integers(1000, 9999, 210),
        "pupils": RNG.integers(100_000, 999_999, 210),
        "rate": RNG.normal(520, 40, 210).round(1),
        "estimate": RNG.normal(0, 1, 210),
    }
)
PIVOT = COUNTS.pivot_table(index="authority", columns="academic_year", values="children", aggfunc="sum")
TERMS = "term,from,to\n" + "".join(f"autumn {year},{year}-09-01,{year}-12-31\n" for year in range(2003, 2024))
HASHES = "\n".join(f"{hashlib.sha256(bytes([n])).hexdigest()}  tables/{n}.csv" for n in range(200))
IDS = [uuid.UUID(int=int(number)) for number in RNG.integers(2**62, size=300)]
RUNS = "\n".join(f"{one},2026{n % 12 + 1:02d}{n % 28 + 1:02d}T101500" for n, one in enumerate(IDS))
WORDS = """Social workers in schools did not reduce enquiries under section 47. Grace periods, the Young report, Rose
Lane and Summer term are words. Children born before 1 September 2004 were out of compulsory school age. The UPN is a
letter, eleven digits and a digit or letter; child ids have up to 10 characters.
A 2018 2019 2020, T 2021 2022 2023 [c] 4 [c] 12."""


def wrote(text: str, encoding: str = "utf-8") -> Callable[[Path], object]:
    return lambda path: path.write_text(text, encoding=encoding)


def plain(rows: int) -> str:
    return COUNTS.head(rows).to_csv(index=False)


def drawn(draw: Callable[[Any], object]) -> Callable[[Path], object]:
    def write(path: Path) -> None:
        made = Figure(figsize=(7, 5))
        draw(made.subplots())
        made.savefig(path)

    return write


def forest(axes: Any) -> None:
    axes.errorbar(RNG.normal(0, 1, 42), range(42), xerr=0.2, fmt="o")
    axes.scatter(RNG.normal(0, 1, 42), range(42))


def lines(axes: Any) -> None:
    sns.lineplot(COUNTS.head(60), x="academic_year", y="children", hue="authority", errorbar=None, ax=axes, marker="o")


def heat(axes: Any) -> None:
    sns.heatmap(PIVOT, ax=axes)


def bars(axes: Any) -> None:
    COUNTS.head(42).plot.bar(x="authority", y=["children", "rate"], ax=axes)


def boxes(axes: Any) -> None:
    sns.boxplot(COUNTS, x="academic_year", y="rate", ax=axes, showfliers=False)


def histogram(axes: Any) -> None:
    axes.hist(COUNTS["rate"], bins=60)


def many_axes(path: Path) -> None:
    made = Figure(figsize=(9, 9))
    for axes in made.subplots(4, 3).flat:
        axes.plot(range(5), RNG.normal(0, 1, 5), marker="o")
    made.savefig(path)


def png() -> bytes:
    held = io.BytesIO()
    Image.fromarray(RNG.integers(0, 255, (90, 90, 3), dtype=np.uint8)).save(held, "PNG")
    return held.getvalue()


def page(path: Path) -> None:
    picture = base64.b64encode(png()).decode()
    table = COUNTS.head(40).to_html(index=False)
    path.write_text(
        f'<html><style>p{{color:#1C2}}</style><p>{WORDS}</p><img src="data:image/png;base64,{picture}">{table}</html>'
    )


def book(path: Path) -> None:
    with pd.ExcelWriter(path, engine="openpyxl") as writer:
        COUNTS.to_excel(writer, sheet_name="Counts", index=False)
        PIVOT.to_excel(writer, sheet_name="Years", startrow=3)


def titled_book(path: Path) -> None:
    made = openpyxl.Workbook()
    made.active.append(["Children in need by authority, 2018/19 to 2022/23"])
    made.active.append([])
    for row in [["Authority", *YEARS], *([name, *RNG.integers(10, 90, 5).tolist()] for name in AUTHORITIES)]:
        made.active.append(row)
    made.properties.creator = "Evaluation team"
    made.save(path)


def charted_book(path: Path) -> None:
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet()
        sheet.write_column("A1", COUNTS["children"].head(42).tolist())
        chart = made.add_chart({"type": "line"})
        chart.add_series({"values": "=Sheet1!$A$1:$A$42"})
        sheet.insert_chart("C2", chart)


def report(path: Path) -> None:
    document = docx.Document()
    document.add_heading("Findings")
    document.add_paragraph(WORDS)
    document.add_picture(io.BytesIO(png()))
    grid = document.add_table(rows=1, cols=3)
    for row in PIVOT.head(20).itertuples():
        for cell, value in zip(grid.add_row().cells, row[:3], strict=True):
            cell.text = str(value)
    document.save(str(path))


def paper(path: Path) -> None:
    document = fpdf.FPDF()
    document.add_page()
    document.set_font("helvetica", size=9)
    document.multi_cell(0, text=WORDS)
    with document.table() as table:
        for row in PIVOT.head(30).reset_index().astype(str).to_numpy().tolist():
            table.row(row)
    document.image(Image.open(io.BytesIO(png())))
    document.output(str(path))


def notebook(path: Path) -> None:
    outputs = [
        v4.new_output(
            "execute_result", data={"text/html": PIVOT.head(20).to_html(), "text/plain": str(PIVOT.head(20))}
        ),
        v4.new_output("display_data", data={"image/png": base64.b64encode(png()).decode()}),
        v4.new_output("stream", text="42 authorities pooled, 210 rows\n"),
    ]
    cells = [v4.new_markdown_cell(f"# Results\n{WORDS}"), v4.new_code_cell("run.finish()", outputs=outputs)]
    nbformat.write(v4.new_notebook(cells=cells), path)


def crate(path: Path) -> None:
    files = [{"@id": f"tables/{n}.csv", "sha256": hashlib.sha256(bytes([n])).hexdigest()} for n in range(60)]
    made = {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": files, "datePublished": "2026-11-23"}
    path.write_text(json.dumps(made))


def release(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tables/counts.csv", plain(210))
        archive.writestr("figures/one.png", png())
        archive.writestr("read-me.md", WORDS)


CLEAN: list[Clean] = [
    ("counts.csv", wrote(plain(210))),
    ("counts.tsv", wrote(COUNTS.to_csv(sep="\t", index=False))),
    ("counts_of_windows.csv", wrote(plain(210), "cp1252")),
    ("counts_wide.csv", wrote(plain(210), "utf-16")),
    ("counts.csv.gz", lambda path: COUNTS.to_csv(path, index=False)),
    ("counts.csv.bz2", lambda path: COUNTS.to_csv(path, index=False)),
    ("counts.parquet", lambda path: COUNTS.to_parquet(path)),
    ("years.parquet", lambda path: PIVOT.to_parquet(path)),
    ("counts.json", lambda path: COUNTS.to_json(path, orient="records")),
    ("years.json", lambda path: PIVOT.to_json(path)),
    ("counts.html", lambda path: COUNTS.to_html(path)),
    ("styled.html", lambda path: PIVOT.style.background_gradient().to_html(path)),
    ("counts.xml", lambda path: COUNTS.to_xml(path)),
    ("counts.tex", lambda path: COUNTS.head(20).to_latex(path)),
    ("counts.txt", wrote(COUNTS.to_string())),
    ("page.html", page),
    ("book.xlsx", book),
    ("titled.xlsx", titled_book),
    ("charted.xlsx", charted_book),
    ("book.ods", lambda path: COUNTS.to_excel(path, index=False)),
    ("report.docx", report),
    ("paper.pdf", paper),
    ("results.ipynb", notebook),
    ("crate.json", crate),
    ("release.zip", release),
    ("forest.svg", drawn(forest)),
    ("forest.pdf", drawn(forest)),
    ("lines.svg", drawn(lines)),
    ("lines.pdf", drawn(lines)),
    ("heat.svg", drawn(heat)),
    ("bars.svg", drawn(bars)),
    ("bars.pdf", drawn(bars)),
    ("boxes.svg", drawn(boxes)),
    ("histogram.svg", drawn(histogram)),
    ("histogram.pdf", drawn(histogram)),
    ("many_axes.svg", many_axes),
    ("many_axes.pdf", many_axes),
    ("bars.png", drawn(bars)),
    ("photograph.jpg", lambda path: Image.open(io.BytesIO(png())).save(path, "JPEG", quality=80)),
    ("terms.csv", wrote(TERMS)),
    ("hashes.txt", wrote(HASHES)),
    ("runs.csv", wrote(f"run,started\n{RUNS}\n")),
    ("words.md", wrote(WORDS)),
    ("numbers.txt", wrote("\n".join(str(number) for number in range(2000, 2026)))),
    ("years.csv", wrote("year,schools\n" + "".join(f"{year},{year - 1900}\n" for year in range(1990, 2026)))),
    ("decimals.csv", wrote("\n".join(f"{value:.12f}" for value in RNG.normal(1000, 300, 400)))),
    ("urns.csv", wrote("urn,phase\n" + "".join(f"{100000 + 13 * n},secondary\n" for n in range(300)))),
    ("empty.txt", wrote("")),
    ("script.js", wrote("function f(a){return a.replace(/\\d{2}:\\\\s+/g,'\\u00a3')+'C:/'}")),
    ("style.css", wrote("@font-face{font-family:x;src:url(https://example.org/home/fonts/x.woff2)}")),
]
