"""One marked-up copy per workbook with findings: coloured cells, a comment in each, and a list of what to mend."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Font

from pipeline import stationery
from pipeline.findings import Finding
from pipeline.intake import opening
from pipeline.intake.grid import Grid
from pipeline.tables import LEVELS, MARKS_SHEET

_CELL = re.compile(r"[A-Z]{1,3}[1-9]\d*")
_COLUMNS = ("级别", "工作表", "单元格", "列名", "原值", "问题说明", "修改建议")
_WIDTHS = (7, 14, 9, 14, 28, 50, 50)
_SENT_BACK = frozenset({"错误", "警告"})


def write_copies(source: Path, target: Path, findings: list[Finding], stamp: dt.date) -> dict[str, str]:
    """Write a copy for every file below `source` with an error or warning; returns file -> its copy's name below `target`.

    A file that openpyxl cannot keep (.xls, .et, .ods, .csv …) comes back as a fresh .xlsx with its values. A file that
    cannot be opened at all has no copy: 核对结果 says so. OSError as the file system raises it.
    """
    by_file: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.place.file and (source / finding.place.file).is_file():
            by_file[finding.place.file].append(finding)
    written: dict[str, str] = {}
    for file, own in sorted(by_file.items()):
        if not any(finding.level in _SENT_BACK for finding in own):
            continue
        book = _book(source / file)
        if book is None:
            continue
        _mark(book, own)
        name = file if Path(file).suffix.lower() == ".xlsx" else f"{file}.xlsx"
        stationery.save_workbook(book, target / name, stamp)
        written[file] = name
    return written


def _book(path: Path) -> Any:
    """The original where openpyxl keeps it, else its values in a fresh workbook; None if it cannot be opened."""
    data = path.read_bytes()
    if path.suffix.lower() == ".xlsx" and data.startswith(b"PK"):
        try:
            book = openpyxl.load_workbook(path)
        except Exception:
            book = None
        if book is not None and book.sheetnames:
            return book
    try:
        grids = opening.open_workbook(data).grids
    except opening.UnreadableError:
        return None
    book = openpyxl.Workbook()
    book.remove(book.active)
    for grid in grids:
        _copy_values(book.create_sheet(_sheet_name(grid.name)), grid)
    return book if grids else None


def _sheet_name(name: str) -> str:
    return re.sub(r"[\\/*?:\[\]]", "_", name)[:31]


def _copy_values(sheet: Any, grid: Grid) -> None:
    for row, cells in enumerate(grid.cells, start=1):
        for column, value in enumerate(cells, start=1):
            if value is not None:
                cell = sheet.cell(row, column)
                stationery.put_text(cell, value)
                cell.alignment, cell.border = stationery.WRAP, stationery.BORDER
    for top, left, bottom, right in grid.merges:
        sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
    for index in range(1, max((len(row) for row in grid.cells), default=0) + 1):
        sheet.column_dimensions[openpyxl.utils.get_column_letter(index)].width = 20


def _mark(book: Any, findings: list[Finding]) -> None:
    by_cell: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        sheet = _sheet_name(finding.place.sheet)
        if sheet in book.sheetnames and _CELL.fullmatch(finding.place.cell):
            by_cell[sheet, finding.place.cell].append(finding)
    for (sheet, address), own in by_cell.items():
        cell = _anchor(book[sheet], address)
        cell.fill = stationery.MARK_FILLS[min((finding.level for finding in own), key=LEVELS.index)]
        comment = Comment(
            "\n".join(f"【{finding.level}】{finding.message}\n→ {finding.remedy}" for finding in own), "sandan"
        )
        comment.width, comment.height = 360, 60 + 60 * len(own)
        cell.comment = comment
    _list(book, findings)


def _anchor(sheet: Any, address: str) -> Any:
    for merged in sheet.merged_cells.ranges:
        if address in merged:
            return sheet.cell(merged.min_row, merged.min_col)
    return sheet[address]


def _list(book: Any, findings: list[Finding]) -> None:
    if MARKS_SHEET in book.sheetnames:
        del book[MARKS_SHEET]
    sheet = book.create_sheet(MARKS_SHEET, 0)
    sheet.cell(1, 1, "请按下表修改后重新报送；改好后本表不用删除。").font = Font(name=stationery.HEADING_FONT, size=12)
    stationery.write_header(sheet, 2, _COLUMNS)
    stationery.set_widths(sheet, _WIDTHS)
    for row, finding in enumerate(sorted(findings, key=lambda finding: LEVELS.index(finding.level)), start=3):
        place = finding.place
        for column, value in enumerate(
            (finding.level, place.sheet, place.cell, place.column, finding.value, finding.message, finding.remedy),
            start=1,
        ):
            cell = sheet.cell(row, column)
            stationery.put_text(cell, value)
            cell.alignment, cell.border = stationery.WRAP, stationery.BORDER
        sheet_name = _sheet_name(place.sheet)
        if sheet_name in book.sheetnames and _CELL.fullmatch(place.cell):
            sheet.cell(row, 3).hyperlink = f"#'{sheet_name}'!{place.cell}"
            sheet.cell(row, 3).font = Font(name=stationery.FONT, color="FF2F5597", underline="single")
        sheet.cell(row, 1).fill = stationery.MARK_FILLS[finding.level]
    sheet.freeze_panes = "A3"
    book.active = 0
