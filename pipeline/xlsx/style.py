"""How the workbooks that we write with openpyxl look, and how they are saved to the same bytes each time."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter

FONT = "宋体"
HEADING_FONT = "黑体"
_LINE = Side(style="thin", color="FFBFBFBF")
BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
HEADER_FILL = PatternFill("solid", start_color="FF1F3864")
REQUIRED_FILL = PatternFill("solid", start_color="FF9C2A2A")
BAND_FILL = PatternFill("solid", start_color="FFF3F6FA")
MARK_FILLS = {
    "错误": PatternFill("solid", start_color="FFF8CBAD"),
    "警告": PatternFill("solid", start_color="FFFFE699"),
    "提示": PatternFill("solid", start_color="FFDDEBF7"),
}
WRAP = Alignment(vertical="top", wrap_text=True)
CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
UNLOCKED = Protection(locked=False)

ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_PEOPLE = re.compile(rb"(<(dc:creator|cp:lastModifiedBy)[^>]*>)[^<]*(</(?:dc:creator|cp:lastModifiedBy)>)")
_STAMPS = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


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


def save_workbook(workbook: Workbook, path: Path, stamp: dt.date) -> None:
    """Save as `workbook_bytes` makes it. Raises OSError as the file system does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(workbook_bytes(workbook, stamp))


def workbook_bytes(workbook: Workbook, stamp: dt.date) -> bytes:
    """Without people's names and the same bytes for the same content: times are `stamp`, zip order is fixed."""
    moment = dt.datetime(stamp.year, stamp.month, stamp.day)
    workbook.properties.creator = "sandan"
    workbook.properties.lastModifiedBy = None
    workbook.properties.created = workbook.properties.modified = moment
    buffer = io.BytesIO()
    workbook.save(buffer)
    return repack(buffer.getvalue(), stamp)


def without_people(core: bytes, stamp: dt.date) -> bytes:
    """docProps/core.xml without people's names, and with `stamp` as its times."""
    core = _PEOPLE.sub(rb"\g<1>sandan\g<3>", core)
    return _STAMPS.sub(rb"\g<1>" + f"{stamp:%Y-%m-%d}T00:00:00Z".encode() + rb"\g<3>", core)


def repack(package: bytes, stamp: dt.date) -> bytes:
    """The same Office package with fixed member times, and `stamp` as the document's times."""
    when = f"{stamp:%Y-%m-%d}T00:00:00Z".encode()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = _STAMPS.sub(rb"\g<1>" + when + rb"\g<3>", data)
            info = zipfile.ZipInfo(name, ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, data)
    return out.getvalue()
