"""Planted leaks that other libraries export: whatever they put in a file beside what is seen."""

from __future__ import annotations

import bz2
import io
import lzma
import pickle
import sqlite3
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import altair
import docx
import fpdf
import itables
import joblib
import matplotlib as mpl
import nbformat
import numpy as np
import odf.opendocument
import odf.text
import openpyxl
import openpyxl.comments
import pandas as pd
import plotly.express as express
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq
import seaborn as sns
import xlsxwriter
from disclosure.scan.invented_child import CHILD
from disclosure.scan.leaks_by_hand import Leak
from matplotlib.figure import Figure
from nbformat import v4
from PIL import Image, PngImagePlugin

from swis.scan import parts

mpl.use("agg")
UPN, ID = CHILD.upn, CHILD.child_id
RNG = np.random.default_rng(20200901)
POINTS = pd.DataFrame({"days": RNG.normal(30, 9, 200), "sessions": RNG.normal(90, 20, 200), "arm": ["a", "b"] * 100})
ROWS = pd.DataFrame({"authority": ["Gateshead", "Tameside"], "note": ["none", f"see {ID}"], "children": [40, 55]})
COUNTS = pd.DataFrame({"authority": ["Gateshead", "Tameside"], "children": [40, 55]})


def figure(draw: Callable[[Any], object]) -> Figure:
    made = Figure(figsize=(4, 3))
    draw(made.subplots())
    return made


def bars(axes: Any) -> None:
    axes.bar(COUNTS["authority"], COUNTS["children"])


def scatter(axes: Any) -> None:
    axes.scatter(POINTS["days"], POINTS["sessions"])


def strip(axes: Any) -> None:
    sns.stripplot(POINTS, x="arm", y="days", ax=axes, jitter=False)


def rug(axes: Any) -> None:
    sns.rugplot(POINTS, x="days", ax=axes)


def line_each(axes: Any) -> None:
    long = pd.DataFrame({"child": np.repeat(range(60), 5), "year": list(range(5)) * 60, "days": RNG.normal(0, 1, 300)})
    sns.lineplot(long, x="year", y="days", units="child", estimator=None, ax=axes)


def workbook(change: Callable[[openpyxl.Workbook, Any], object]) -> Callable[[Path], object]:
    def write(path: Path) -> None:
        book = openpyxl.Workbook()
        book.active.append(["authority", "children"])
        book.active.append(["Gateshead", 40])
        change(book, book.active)
        book.save(path)

    return write


def comment(book: openpyxl.Workbook, sheet: Any) -> None:
    sheet["B2"].comment = openpyxl.comments.Comment(f"check {UPN}", "someone")


def keywords(book: openpyxl.Workbook, sheet: Any) -> None:
    book.properties.keywords = ID


def hidden(book: openpyxl.Workbook, sheet: Any) -> None:
    book.create_sheet("work").sheet_state = "hidden"


def numbers(book: openpyxl.Workbook, sheet: Any) -> None:
    sheet.append(["Child ID", "plans"])
    sheet["D1"] = "Child ID"
    sheet["D2"] = int(CHILD.short_id)


def xlsx_by_xlsxwriter(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for place, piece in enumerate([UPN[:3], UPN[3:7], UPN[7:]]):
            sheet.write_string(4, place, piece)


def xlsx_property(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        book.set_custom_property("reviewed", UPN)
        book.add_worksheet().set_footer(f"&L{ID}")


def xlsx_chart(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_column("A1", [3, 4, 5])
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=Sheet1!$A$1:$A$3", "name": f"children {ID}"})
        sheet.insert_chart("C2", chart)


def word(change: Callable[[Any], object]) -> Callable[[Path], object]:
    def write(path: Path) -> None:
        document = docx.Document()
        document.add_paragraph("Referrals rose in both arms.")
        change(document)
        document.save(str(path))

    return write


def runs(document: Any) -> None:
    paragraph = document.add_paragraph("child ")
    for piece in (ID[:2], ID[2:5], ID[5:]):
        paragraph.add_run(piece).bold = piece.isdigit()


def cells(document: Any) -> None:
    grid = document.add_table(rows=2, cols=2)
    grid.cell(0, 0).text, grid.cell(0, 1).text = UPN[:6], UPN[6:]


def subject(document: Any) -> None:
    document.core_properties.comments = f"from {UPN.lower()}"


def footer(document: Any) -> None:
    document.sections[0].footer.paragraphs[0].text = ID


def odt(path: Path) -> None:
    document = odf.opendocument.OpenDocumentText()
    paragraph = odf.text.P()
    for piece in (UPN[:4], UPN[4:]):
        paragraph.addElement(odf.text.Span(text=piece))
    document.text.addElement(paragraph)
    document.save(str(path))


def ods(path: Path) -> None:
    ROWS.to_excel(path, index=False, engine="odf")


def paper(change: Callable[[fpdf.FPDF], object]) -> Callable[[Path], object]:
    def write(path: Path) -> None:
        document = fpdf.FPDF()
        document.add_page()
        document.set_font("helvetica", size=12)
        document.cell(text="Referrals by authority")
        change(document)
        document.output(str(path))

    return write


def pdf_words(document: fpdf.FPDF) -> None:
    document.ln()
    document.cell(text=UPN[:6])
    document.cell(text=UPN[6:])


def pdf_keywords(document: fpdf.FPDF) -> None:
    document.set_keywords(ID)


def pdf_attached(document: fpdf.FPDF) -> None:
    document.embed_file(basename="rows.csv", bytes=f"upn\n{UPN}\n".encode(), compress=True)


def pdf_note(document: fpdf.FPDF) -> None:
    document.text_annotation(20, 20, f"is this {ID}?")


def pdf_circles(document: fpdf.FPDF) -> None:
    for across, down in zip(POINTS["days"], POINTS["sessions"], strict=True):
        document.circle(x=across, y=down + 20, radius=1)


def locked(document: fpdf.FPDF) -> None:
    document.set_encryption(owner_password="a", user_password="b")


def notebook(*outputs: Any, source: str = "table", metadata: dict[str, Any] | None = None) -> Callable[[Path], object]:
    cell = v4.new_code_cell(source, outputs=list(outputs), metadata=metadata or {})
    return lambda path: nbformat.write(v4.new_notebook(cells=[v4.new_markdown_cell("# Results"), cell]), path)


def shown(data: dict[str, Any]) -> Any:
    return v4.new_output("execute_result", data=data)


def notebook_with_file(path: Path) -> None:
    picture = {"note.png": {"image/png": png_bytes(f"child {ID}")}}
    cell = v4.new_markdown_cell("![see](attachment:note.png)", attachments=picture)
    nbformat.write(v4.new_notebook(cells=[cell]), path)


def png_bytes(note: str) -> str:
    import base64

    held = io.BytesIO()
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", note, zip=True)
    Image.new("RGB", (4, 4)).save(held, "PNG", pnginfo=info)
    return base64.b64encode(held.getvalue()).decode()


def png_chunk(path: Path) -> None:
    """A chunk that programs read for the significant bits of a colour, and that holds more than these."""
    Image.new("RGB", (4, 4)).save(path, "PNG")
    body = b"sBIT" + ID.encode()
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    made = path.read_bytes()
    path.write_bytes(made[:33] + chunk + made[33:])


def png_appended(path: Path) -> None:
    Image.new("RGB", (4, 4)).save(path, "PNG")
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("rows.csv", f"upn\n{UPN}\n")
    path.write_bytes(path.read_bytes() + held.getvalue())


def jpeg(path: Path) -> None:
    exif = Image.Exif()
    exif[0x9286] = b"ASCII\0\0\0" + UPN.encode()
    exif[0x010E] = f"chart of {ID}"
    Image.new("RGB", (4, 4)).save(path, "JPEG", exif=exif)


def tiff(path: Path) -> None:
    Image.new("RGB", (4, 4)).save(path, "TIFF", tiffinfo={270: f"child {ID}"})


def webp(path: Path) -> None:
    Image.new("RGB", (4, 4)).save(path, "WEBP", xmp=f"<x:xmpmeta><k>{UPN}</k></x:xmpmeta>".encode())


def plotted(path: Path) -> None:
    express.scatter(POINTS, x="days", y="sessions").write_html(path, include_plotlyjs="cdn")


def plotted_in_notebook(path: Path) -> None:
    made = express.scatter(POINTS, x="days", y="sessions").to_json()
    notebook(shown({"application/vnd.plotly.v1+json": __import__("json").loads(made)}))(path)


def layered(path: Path) -> None:
    altair.Chart(POINTS).mark_point().encode(x="days", y="sessions").save(str(path))


def parquet_note(path: Path) -> None:
    pq.write_table(pa.Table.from_pandas(COUNTS).replace_schema_metadata({"made_from": UPN}), path)


def tarred(path: Path) -> None:
    with tarfile.open(path, "w:gz") as archive:
        member = tarfile.TarInfo("rows.csv")
        member.size = len(f"a\n{ID}\n")
        archive.addfile(member, io.BytesIO(f"a\n{ID}\n".encode()))


def nested(path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/rows.csv.bz2", bz2.compress(f"a\n{UPN}\n".encode()))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("b.zip", inner.getvalue())


def zip_comment(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("read-me.txt", "Counts only.")
        archive.comment = f"sent for {ID}".encode()


def zip_name(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{UPN}/plan.txt", "Counts only.")


def database(path: Path) -> None:
    with sqlite3.connect(path) as held:
        COUNTS.to_sql("counts", held)
    held.close()


def drawn(draw: Callable[[Any], object], **metadata: Any) -> Callable[[Path], object]:
    return lambda path: figure(draw).savefig(path, metadata=metadata or None)


OF_LIBRARIES: list[Leak] = [
    ("openpyxl_cell.xlsx", parts.CHILD_ID, lambda path: ROWS.to_excel(path, index=False, engine="openpyxl")),
    ("openpyxl_comment.xlsx", parts.UPN, workbook(comment)),
    ("openpyxl_keywords.xlsx", parts.CHILD_ID, workbook(keywords)),
    ("openpyxl_hidden.xlsx", parts.HIDDEN, workbook(hidden)),
    ("openpyxl_number.xlsx", parts.CHILD_ID, workbook(numbers)),
    ("xlsxwriter_cells.xlsx", parts.UPN, xlsx_by_xlsxwriter),
    ("xlsxwriter_property.xlsx", parts.UPN, xlsx_property),
    ("xlsxwriter_footer.xlsx", parts.CHILD_ID, xlsx_property),
    ("xlsxwriter_chart.xlsx", parts.CHILD_ID, xlsx_chart),
    ("odfpy.ods", parts.CHILD_ID, ods),
    ("odfpy.odt", parts.UPN, odt),
    ("docx_runs.docx", parts.CHILD_ID, word(runs)),
    ("docx_cells.docx", parts.UPN, word(cells)),
    ("docx_comments.docx", parts.UPN, word(subject)),
    ("docx_footer.docx", parts.CHILD_ID, word(footer)),
    ("fpdf_words.pdf", parts.UPN, paper(pdf_words)),
    ("fpdf_keywords.pdf", parts.CHILD_ID, paper(pdf_keywords)),
    ("fpdf_attached.pdf", parts.UPN, paper(pdf_attached)),
    ("fpdf_note.pdf", parts.CHILD_ID, paper(pdf_note)),
    ("fpdf_circles.pdf", parts.MARKS, paper(pdf_circles)),
    ("fpdf_locked.pdf", parts.ENCRYPTED, paper(locked)),
    ("pandas_table.html", parts.CHILD_ID, lambda path: ROWS.to_html(path, index=False)),
    ("pandas_styler.html", parts.CHILD_ID, lambda path: ROWS.style.set_caption(f"{UPN}").to_html(path)),
    ("pandas_styler_caption.html", parts.UPN, lambda path: COUNTS.style.set_caption(UPN).to_html(path)),
    ("pandas.json", parts.CHILD_ID, lambda path: ROWS.to_json(path, orient="split")),
    ("pandas_schema.json", parts.DATA_SET, lambda path: COUNTS.to_json(path, orient="table")),
    ("pandas.csv.xz", parts.CHILD_ID, lambda path: ROWS.to_csv(path, index=False)),
    ("pandas.dta", parts.CARRIER, lambda path: COUNTS.to_stata(path)),
    ("pandas.pkl", parts.CARRIER, lambda path: COUNTS.to_pickle(path)),
    ("pickle_without_ending", parts.CARRIER, lambda path: path.write_bytes(pickle.dumps(COUNTS))),
    ("pickle_as_picture.png", parts.CARRIER, lambda path: path.write_bytes(pickle.dumps([1, 2], protocol=4))),
    ("pickle_of_text.txt", parts.CARRIER, lambda path: path.write_bytes(pickle.dumps({"a": [1, 2]}, protocol=0))),
    ("joblib.gz", parts.CARRIER, lambda path: joblib.dump(COUNTS, path)),
    ("numpy.npz", parts.CARRIER, lambda path: np.savez(path, days=POINTS["days"])),
    ("numpy_without_ending", parts.CARRIER, lambda path: np.save(path.open("wb"), POINTS["days"])),
    ("pyarrow.feather", parts.CARRIER, lambda path: pyarrow.feather.write_feather(COUNTS, path)),
    ("sqlite.bin", parts.CARRIER, database),
    ("pyarrow.parquet", parts.CHILD_ID, lambda path: pq.write_table(pa.Table.from_pandas(ROWS), path)),
    ("pyarrow_note.parquet", parts.UPN, parquet_note),
    ("index.parquet", parts.UPN, lambda path: COUNTS.assign(k=[UPN, "x"]).set_index("k").to_parquet(path)),
    ("notebook_output.ipynb", parts.CHILD_ID, notebook(shown({"text/html": ROWS.to_html()}))),
    ("notebook_source.ipynb", parts.UPN, notebook(source=f"frame.query('upn == \"{UPN}\"')")),
    ("notebook_metadata.ipynb", parts.CHILD_ID, notebook(metadata={"papermill": {"note": ID}})),
    (
        "notebook_error.ipynb",
        parts.TRACEBACK,
        notebook(v4.new_output("error", ename="KeyError", evalue="3", traceback=[])),
    ),
    ("notebook_picture.ipynb", parts.CHILD_ID, notebook(shown({"image/png": png_bytes(ID)}))),
    ("notebook_attachment.ipynb", parts.CHILD_ID, notebook_with_file),
    ("notebook_plotly.ipynb", parts.DATA_SET, plotted_in_notebook),
    ("plotly.html", parts.DATA_SET, plotted),
    ("plotly.json", parts.DATA_SET, lambda path: express.scatter(POINTS, x="days", y="sessions").write_json(path)),
    ("altair.html", parts.DATA_SET, layered),
    ("altair.json", parts.DATA_SET, layered),
    (
        "numbers.html",
        parts.DATA_SET,
        lambda path: path.write_text(f"<script>d={POINTS.iloc[:, :2].to_numpy().tolist() * 2}</script>"),
    ),
    ("itables.html", parts.DATA_SET, lambda path: path.write_text(itables.to_html_datatable(POINTS))),
    ("matplotlib_scatter.svg", parts.MARKS, drawn(scatter)),
    ("matplotlib_scatter.pdf", parts.MARKS, drawn(scatter)),
    ("seaborn_strip.svg", parts.MARKS, drawn(strip)),
    ("seaborn_rug.svg", parts.MARKS, drawn(rug)),
    ("seaborn_lines.svg", parts.MARKS, drawn(line_each)),
    ("seaborn_lines.pdf", parts.MARKS, drawn(line_each)),
    ("matplotlib_title.svg", parts.CHILD_ID, drawn(bars, Title=f"child {ID}")),
    ("matplotlib_words.svg", parts.UPN, drawn(lambda axes: axes.set_title(UPN))),
    ("matplotlib_author.png", parts.CHILD_ID, drawn(bars, Author=ID)),
    ("matplotlib_subject.pdf", parts.UPN, drawn(bars, Subject=f"upn {UPN}")),
    ("pillow.jpg", parts.UPN, jpeg),
    ("pillow_description.jpg", parts.CHILD_ID, jpeg),
    ("pillow.tiff", parts.CHILD_ID, tiff),
    ("pillow.webp", parts.UPN, webp),
    ("chunk.png", parts.CHILD_ID, png_chunk),
    ("appended.png", parts.UPN, png_appended),
    ("appended_bytes.png", parts.APPENDED, png_appended),
    ("nested.zip", parts.UPN, nested),
    ("comment.zip", parts.CHILD_ID, zip_comment),
    ("name.zip", parts.UPN, zip_name),
    ("rows.tar.gz", parts.CHILD_ID, tarred),
    ("rows.lzma", parts.UPN, lambda path: path.write_bytes(lzma.compress(UPN.encode(), lzma.FORMAT_ALONE))),
]
