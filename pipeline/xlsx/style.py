"""How the workbooks that we write with openpyxl look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter

from pipeline.vocabulary import Level

FONT = "宋体"
HEADING_FONT = "黑体"
_LINE = Side(style="thin", color="FFBFBFBF")
BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
HEADER_FILL = PatternFill("solid", start_color="FF1F3864")
REQUIRED_FILL = PatternFill("solid", start_color="FF9C2A2A")
BAND_FILL = PatternFill("solid", start_color="FFF3F6FA")
MARK_FILLS = {
    Level.ERROR: PatternFill("solid", start_color="FFF8CBAD"),
    Level.WARNING: PatternFill("solid", start_color="FFFFE699"),
    Level.NOTE: PatternFill("solid", start_color="FFDDEBF7"),
}
WRAP = Alignment(vertical="top", wrap_text=True)
CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
UNLOCKED = Protection(locked=False)


def put_text(cell: Any, value: object) -> None:
    """Write a value so that a spreadsheet never runs it: text stays text, whatever it begins with."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        if value[:1] in "=+-@\t":
            cell.quotePrefix = True


def write_header(sheet: Any, row: int, titles: Sequence[str], required: Iterable[bool] = ()) -> None:
    """A header row in the house style; required columns carry a `*` and their own colour."""
    marks = list(required) or [False] * len(titles)
    for index, (title, must) in enumerate(zip(titles, marks, strict=True), start=1):
        cell = sheet.cell(row, index, f"{title}*" if must else title)
        cell.font = Font(name=HEADING_FONT, size=11, color="FFFFFFFF")
        cell.fill = REQUIRED_FILL if must else HEADER_FILL
        cell.alignment = CENTRE
        cell.border = BORDER
    sheet.row_dimensions[row].height = 30


def set_widths(sheet: Any, widths: Sequence[float]) -> None:
    """Column widths in characters, from column A on."""
    for index, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = width


def print_landscape(sheet: Any, header_row: int) -> None:
    """A4 landscape, fitted to the width, the header repeated on every page, page x of y below."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{header_row}:{header_row}"
    sheet.oddFooter.center.text = "第 &P 页 共 &N 页"
    sheet.page_margins.left = sheet.page_margins.right = 0.5
