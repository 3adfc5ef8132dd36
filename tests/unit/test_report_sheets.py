"""The workbook holds every cell of every table, shown as the report shows it, and follows the accessibility rules."""

from __future__ import annotations

import dataclasses
import io
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest
from invented_report_inputs import invented_inputs
from odf.opendocument import load
from odf.table import Table as OdsTable
from odf.table import TableCell, TableRow
from odf.teletype import extractText
from python_calamine import CalamineWorkbook

from swis import report as chapters
from swis.report.inputs import ALL
from swis.report.model import Column, Report, Section, Table
from swis.report.render import SYNTHETIC_WORDS
from swis.report.sheets import render_ods, render_xlsx, workbook_of
from swis.report.sheets.cells import NONE, NumberFormat, cell_of
from swis.report.sheets.workbook import LONGEST_NAME, Cell, Line, Sheet, Workbook, WorkbookError
from swis.report.sheets.xlsx import format_code
from swis.report.wording import DASH

SOFFICE = shutil.which("soffice")
# A user needs no LibreOffice to run the tests; continuous integration installs it, and there its absence is a failure.
with_libreoffice = pytest.mark.skipif(
    SOFFICE is None and "CI" not in os.environ,
    reason="soffice (LibreOffice) is not installed: the conversion is not tried",
)
OVER = "Intervention schools"
COLUMNS = (
    Column("Trial"),
    Column("Academic year"),
    Column("Number", "count", OVER),
    Column("Value", "value", OVER),
    Column("95% interval", "interval", OVER),
    Column("Cost", "value"),
    Column("Share", "published"),
    Column("Rule", "status"),
)
ROWS = (
    ("Supervision", "2018/19", "1,234", "45.3", "44.1 to 46.5", "£1,605", "1.3%", "8670"),
    ("Supervision", "2019/20 †", "[c]", "[z]", DASH, "−£53,316", "5%", "903 388"),
    ("Workers", "2018/19", "0", "−0.03", "−0.10 to 0.04", "£2.35", "under 1%", "trial"),
    ("Workers", "2019/20", "[low]", "+0.030", "+0.010 to +0.050", "[x]", "100%", "no"),
)
TABLE = Table("one", "Numbers of all kinds", COLUMNS, ROWS, "a source", "A note. [c] hidden.", 2, is_grouped=True)
KEPT = Table("two", "A table of the annex", (Column("Name"), Column("Number", "count")), (("a", "12,345"),), "a source")


def small_report(*, is_synthetic: bool = True) -> Report:
    parts = [Section(f"part-{t.id}", f"Part {t.id}", (t,), is_synthetic=is_synthetic) for t in (TABLE, KEPT)]
    return Report(
        "page", "A title", "A subtitle", (parts[0],), is_synthetic, "Provenance\n  x", "a policy", annex=(parts[1],)
    )


def authority_report(area: str = "salford") -> Report:
    """A report of invented inputs with tables of every kind and the figures of one trial."""
    inputs = invented_inputs(area)
    inputs = dataclasses.replace(inputs, trials=dict(list(inputs.trials.items())[:1]))
    made = [
        chapters.received(inputs),
        chapters.quality(inputs),
        chapters.participants(inputs),
        chapters.outcomes_of_trials(inputs),
        chapters.context(inputs),
        chapters.methods(inputs),
    ]
    return chapters.assemble(inputs, *made)


REPORTS = {
    "small": small_report,
    "authority": authority_report,
    "evaluation": lambda: authority_report(ALL),
}


@pytest.fixture(scope="module", params=list(REPORTS))
def report(request: pytest.FixtureRequest) -> Report:
    return REPORTS[request.param]()


def shown(text: str) -> str:
    return NONE if text == DASH else text


def ods_cells(content: bytes) -> dict[str, list[list[tuple[str, str | None]]]]:
    """Text and value of each cell by sheet, as odfpy reads them."""
    sheets = load(io.BytesIO(content)).spreadsheet.getElementsByType(OdsTable)
    return {
        sheet.getAttribute("name"): [
            [(extractText(cell), cell.getAttribute("value")) for cell in row.getElementsByType(TableCell)]
            for row in sheet.getElementsByType(TableRow)
        ]
        for sheet in sheets
    }


def body(report: Report, table: Table, rows: list[list[object]]) -> list[list[object]]:
    """The rows under the header of a table's sheet."""
    sheet = next(one for one in workbook_of(report).sheets if one.name == report.numbering[table.id])
    return rows[sheet.header_row + 1 :]


def test_every_cell_of_every_table_is_in_the_excel_file_and_is_shown_as_the_report_shows_it(report: Report) -> None:
    book = openpyxl.load_workbook(io.BytesIO(render_xlsx(report)))
    planned = {sheet.name: sheet for sheet in workbook_of(report).sheets}
    for table in report.tables:
        name = report.numbering[table.id]
        found = body(report, table, [list(row) for row in book[name].iter_rows()])
        assert len(found) == len(table.rows)
        for cells, row, made in zip(found, table.rows, planned[name].rows, strict=True):
            for cell, text, one in zip(cells, row, made, strict=True):
                if one.number is None:
                    assert cell.value == shown(text)
                else:
                    assert one.format.shown(float(cell.value)) == text
                    assert cell.number_format == format_code(one.format)


def test_another_reader_finds_the_same_numbers(report: Report) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(render_xlsx(report)))
    for sheet in workbook_of(report).sheets:
        rows = book.get_sheet_by_name(sheet.name).to_python()[sheet.header_row + 1 :] if sheet.header else []
        read = [[cell for cell in row if cell != ""] for row in rows]
        assert read == [[cell.text if cell.number is None else cell.number for cell in row] for row in sheet.rows]


def test_every_cell_of_every_table_is_in_the_ods_file_with_its_number(report: Report) -> None:
    sheets = ods_cells(render_ods(report))
    planned = {sheet.name: sheet for sheet in workbook_of(report).sheets}
    assert list(sheets) == list(planned)
    for table in report.tables:
        name = report.numbering[table.id]
        found = body(report, table, sheets[name])
        assert [[text for text, _ in row] for row in found] == [[shown(text) for text in row] for row in table.rows]
        numbers = [[None if value is None else float(value) for _, value in row] for row in found]
        assert numbers == [[cell.number for cell in row] for row in planned[name].rows]


@pytest.mark.parametrize("render", [render_xlsx, render_ods])
def test_the_same_report_gives_the_same_bytes_with_fixed_dates(render: object) -> None:
    first = render(small_report())  # type: ignore[operator]
    # Another workbook between the two: what a library keeps from one file must not show in the next.
    render(authority_report())  # type: ignore[operator]
    assert render(small_report()) == first  # type: ignore[operator]
    with zipfile.ZipFile(io.BytesIO(first)) as packed:
        assert {member.date_time for member in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_ods_says_first_and_uncompressed_what_it_is() -> None:
    with zipfile.ZipFile(io.BytesIO(render_ods(small_report()))) as packed:
        first = packed.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert packed.read("mimetype") == b"application/vnd.oasis.opendocument.spreadsheet"


def test_the_excel_file_follows_the_accessibility_rules(report: Report) -> None:
    book = openpyxl.load_workbook(io.BytesIO(render_xlsx(report)))
    names = book.sheetnames
    assert len({name.casefold() for name in names}) == len(names)
    assert max(map(len, names)) <= LONGEST_NAME
    assert names[:3] == ["Cover", "Contents", "Symbols"]
    assert book.properties.title == report.title
    assert book.custom_doc_props["Language"].value == "en-GB"
    for sheet in workbook_of(report).sheets:
        page = book[sheet.name]
        assert not page.merged_cells.ranges
        assert not [row for row in page.iter_rows(max_col=1) if row[0].value in (None, "")]
        assert len(page.tables) == (1 if sheet.header else 0)
        for table in page.tables.values():
            cells = list(page[table.ref])
            assert table.ref == page.dimensions.replace("A1:", f"A{sheet.header_row + 1}:")
            assert [cell.value for cell in cells[0]] == list(sheet.header)
            assert all(str(cell.value).strip() for row in cells for cell in row if cell.value is not None)
            assert not [cell for row in cells for cell in row if cell.value is None]
            assert table.tableStyleInfo.showFirstColumn
        assert page.freeze_panes == (f"A{sheet.frozen_rows + 1}" if sheet.frozen_rows else None)


def test_a_table_without_rows_keeps_its_heads() -> None:
    empty = dataclasses.replace(TABLE, rows=())
    report = small_report()
    report = dataclasses.replace(report, sections=(dataclasses.replace(report.sections[0], blocks=(empty,)),))
    (sheet,) = [one for one in workbook_of(report).sheets if one.header and not one.rows and one.name == "Table 1"]
    page = openpyxl.load_workbook(io.BytesIO(render_xlsx(report)))[sheet.name]
    heads = [cell.value for cell in page[sheet.header_row + 1]]
    assert heads == list(sheet.header) and not page.tables


def test_contents_leads_to_every_table_and_each_back() -> None:
    report = small_report()
    book = openpyxl.load_workbook(io.BytesIO(render_xlsx(report)))
    links = [row[0].hyperlink.location for row in book["Contents"].iter_rows(min_row=5)]
    assert links == ["'Table 1'!A1", "'Table 2'!A1"]
    assert [cell.value for cell in list(book["Contents"].columns)[2]][-1] == "Annex: Part two"
    assert "'Contents'!A1" in [cell.hyperlink.location for cell in book["Table 2"]["A"] if cell.hyperlink]


@pytest.mark.parametrize("is_synthetic", [True, False])
def test_simulated_numbers_are_marked_on_every_sheet_and_real_ones_on_none(is_synthetic: bool) -> None:
    report = small_report(is_synthetic=is_synthetic)
    book = openpyxl.load_workbook(io.BytesIO(render_xlsx(report)))
    for page in book:
        texts = [str(cell.value) for cell in page["A"]]
        assert (SYNTHETIC_WORDS in texts) is is_synthetic
        assert page.oddHeader.center.text == (SYNTHETIC_WORDS if is_synthetic else None)
    for rows in ods_cells(render_ods(report)).values():
        assert any(text == SYNTHETIC_WORDS for row in rows for text, _ in row) is is_synthetic


def test_header_joins_the_heading_over_a_column_and_the_group_is_a_column() -> None:
    sheet = workbook_of(small_report()).sheets[3]
    assert sheet.header[:4] == ("Trial", "Academic year", f"{OVER}: Number", f"{OVER}: Value")
    assert [row[0].text for row in sheet.rows] == ["Supervision", "Supervision", "Workers", "Workers"]


def test_source_notes_and_symbols_stand_above_the_table() -> None:
    lines = [line.text for line in workbook_of(small_report()).sheets[3].lines]
    assert lines[0] == "Table 1: Numbers of all kinds"
    assert "Source: a source" in lines
    assert "A note. [c] hidden." in lines
    assert [line for line in lines if line.startswith(("[low]", "[x]", "[z]", NONE))] == [
        "[low] rounds to zero.",
        "[x] not available: the return that holds it was not received, or it was not published.",
        "[z] not applicable: there is no such number for this measure, period or school phase.",
        "[none] no number here: the report has a dash.",
    ]


@pytest.mark.parametrize(
    ("text", "kind", "number", "style"),
    [
        ("1,234", "count", 1234, NumberFormat()),
        ("45.3", "value", 45.3, NumberFormat(1)),
        ("−0.03", "value", -0.03, NumberFormat(2)),
        ("+0.030", "value", 0.03, NumberFormat(3, has_plus=True)),
        ("−£53,316", "value", -53316, NumberFormat(prefix="£")),
        ("1.3%", "published", 0.013, NumberFormat(1, suffix="%")),
        ("2024", "plain", 2024, NumberFormat(is_grouped=False)),
    ],
)
def test_plain_numbers_become_numbers(text: str, kind: str, number: float, style: NumberFormat) -> None:
    cell = cell_of(text, kind)
    assert cell.number == pytest.approx(number, rel=1e-12)  # one division in floating point
    assert cell.format == style
    assert style.shown(number) == text


@pytest.mark.parametrize("text", ["[c]", "4.1 to 6.3", "under 1%", "1.04 (0.97 to 1.12)", "2018/19", "−0", "007"])
def test_everything_else_stays_text(text: str) -> None:
    assert cell_of(text, "value") == Cell(text, is_right=True)


def test_codes_and_years_in_columns_of_words_stay_text() -> None:
    assert cell_of("8670", "status") == cell_of("8670", "text") == Cell("8670")


@pytest.mark.parametrize(
    ("header", "rows", "said"),
    [
        (("A", "a"), (), "two columns of one name"),
        (("A", "B"), ((Cell("x"),),), "unequal length"),
        (("A",), ((Cell(" "),),), "1 blank cells"),
        (("",), (), "1 blank cells"),
    ],
)
def test_a_sheet_that_is_not_accessible_is_refused(header: object, rows: object, said: str) -> None:
    with pytest.raises(WorkbookError, match=said):
        Sheet("Table 1", (Line("A title"),), header, rows)  # type: ignore[arg-type]


def test_a_name_too_long_and_a_name_used_twice_are_refused() -> None:
    with pytest.raises(WorkbookError, match="up to 31"):
        Sheet("x" * 32, (Line("A title"),))
    twice = Sheet("One", (Line("A title"),))
    with pytest.raises(WorkbookError, match="two sheets"):
        Workbook("t", "s", "", (twice, twice))


@with_libreoffice
def test_libreoffice_reads_the_ods_and_writes_it_as_excel_without_loss(tmp_path: Path) -> None:
    report = authority_report()
    (tmp_path / "report.ods").write_bytes(render_ods(report))
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    command = [str(SOFFICE), home, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path), "report.ods"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    book = CalamineWorkbook.from_path(tmp_path / "report.xlsx")
    for sheet in workbook_of(report).sheets:
        rows = book.get_sheet_by_name(sheet.name).to_python()
        read = [[cell for cell in row if cell != ""] for row in rows[sheet.header_row + 1 :]] if sheet.header else []
        assert read == [[cell.text if cell.number is None else cell.number for cell in row] for row in sheet.rows]


@with_libreoffice
@pytest.mark.parametrize("render", [render_xlsx, render_ods])
def test_libreoffice_shows_each_number_as_the_report_does(tmp_path: Path, render: object) -> None:
    name = render.__name__.replace("render_", "report.")  # type: ignore[attr-defined]
    (tmp_path / name).write_bytes(render(small_report()))  # type: ignore[operator]
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    # Field separator ';', text marked with '"', UTF-8, from line 1, cells as they are shown, sheet 4.
    shape = "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,true,false,false,4"
    command = [str(SOFFICE), home, "--headless", "--convert-to", shape, "--outdir", str(tmp_path), name]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    lines = next(tmp_path.glob("*.csv")).read_text(encoding="utf-8").splitlines()
    assert lines[-len(ROWS) :] == [";".join(map(shown, row)) for row in ROWS]
