"""The progress workbook of a unit: its own measures filled in beforehand and locked, the rest with drop-downs."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from pipeline.progress.assignments import Asked, Assignment, Task
from pipeline.progress.periods import period_text
from pipeline.progress.tables import GIVEN, METRICS, METRICS_GIVEN, PERIOD, PROGRESS
from pipeline.scheme import Scheme
from pipeline.tables import BASIC, Column, Kind, Table
from pipeline.text import date_text
from pipeline.xlsx import packaging, style
from pipeline.xlsx.wrapping import height_of

BASIC_KEYS = ("unit", "period", "reporter", "phone", "reviewer", "date")
_GUIDE, _MARK = "填表说明", "_sandan"
_HEADER_ROW = 3
_LOCKED_FILL = PatternFill("solid", start_color="FFEDEDED")
_SIZE = 11
_LINE_HEIGHT = 15.0


def issue_progress(
    scheme: Scheme,
    period: str,
    given: Sequence[Assignment],
    folder: Path,
    submit_by: dt.date | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Path]:
    """Write `folder`/单位名称.xlsx for each assignment; returns their paths. OSError as the file system raises it.

    `period` is 2022-07. The same assignments give the same bytes.
    """
    paths = []
    for number, assignment in enumerate(given, start=1):
        path = folder / f"{_file_name(assignment.unit)}.xlsx"
        book = build_progress_form(scheme, period, assignment, submit_by)
        packaging.save_workbook(book, path, dt.date(scheme.settings.year, 1, 1))
        paths.append(path)
        if progress:
            progress(number, len(given))
    return paths


def build_progress_form(
    scheme: Scheme, period: str, assignment: Assignment, submit_by: dt.date | None = None
) -> Workbook:
    """The workbook of one unit."""
    book = Workbook()
    guide = book.active
    guide.title = _GUIDE
    _write_basic(book.create_sheet(BASIC.title), period, assignment.unit)
    title = f"{assignment.unit}整改进展填报表（{period_text(period)}）"
    _write_table(book.create_sheet(PROGRESS.title), PROGRESS, GIVEN, title, [_task_cells(t) for t in assignment.tasks])
    if assignment.asked:
        name = f"{assignment.unit}量化指标（{period_text(period)}）"
        rows = [_asked_cells(asked) for asked in assignment.asked]
        _write_table(book.create_sheet(METRICS.title), METRICS, METRICS_GIVEN, name, rows)
    _write_guide(guide, period, assignment, submit_by)
    mark = book.create_sheet(_MARK)
    for row, pair in enumerate(
        (
            ("方案", f"{scheme.settings.year}-{scheme.settings.plain_title}"),
            ("单位", assignment.unit),
            ("期次", period),
        ),
        start=1,
    ):
        mark.cell(row, 1, pair[0])
        mark.cell(row, 2, pair[1])
    mark.sheet_state = "veryHidden"
    book.active = 2
    return book


def _file_name(name: str) -> str:
    return re.sub(r'[\\/:*?"<>|\s]+', "_", name)


def _task_cells(task: Task) -> dict[str, str]:
    cells = task.item.cells
    return {
        "number": task.item.id,
        "role": task.role,
        "title": cells["title"],
        "detail": cells["detail"],
        "goal": cells["goal"],
        "deadline": cells["deadline"],
        "due": task.item.due.isoformat() if task.item.due else "",
        "before": task.before,
    }


def _asked_cells(asked: Asked) -> dict[str, str | float | None]:
    commitment = asked.commitment
    return {
        "number": asked.number,
        "indicator": commitment.indicator,
        "quote": commitment.quote,
        "target": f"{commitment.compare}{commitment.value:g}",
        "measure": commitment.measure,
        "cycle": commitment.period,
        "before": "" if asked.before is None else f"{asked.before:g}",
    }


def _write_title(sheet: Any, text: str, width: int) -> None:
    cell = sheet.cell(1, 1, text)
    cell.font = Font(name=style.HEADING_FONT, size=16, bold=True)
    cell.alignment = Alignment(horizontal="center", vertical="center")
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
    sheet.row_dimensions[1].height = 34


def _write_basic(sheet: Any, period: str, unit: str) -> None:
    _write_title(sheet, "整改进展——基本信息", 3)
    style.write_header(sheet, _HEADER_ROW, ("项目", "内容", "填写要求"))
    given = {"unit": unit, "period": period}
    for row, key in enumerate(BASIC_KEYS, start=_HEADER_ROW + 1):
        column = PERIOD if key == "period" else BASIC.column(key)
        title = sheet.cell(row, 1, column.title)
        value = sheet.cell(row, 2, given.get(key))
        sheet.cell(row, 3, column.help)
        for cell in sheet[row]:
            cell.border, cell.alignment = style.BORDER, style.WRAP
        title.font = Font(name=style.HEADING_FONT, size=_SIZE)
        value.number_format = "@"
        if key in given:
            value.fill = _LOCKED_FILL
        else:
            value.protection = style.UNLOCKED
    style.set_widths(sheet, (22, 40, 60))
    _protect(sheet)
    style.print_landscape(sheet, _HEADER_ROW)


def _write_table(sheet: Any, table: Table, locked: Sequence[str], title: str, rows: Sequence[dict[str, Any]]) -> None:
    _write_title(sheet, title, len(table.columns))
    note = sheet.cell(2, 1, "灰色各列已填好并锁定，请填白色各列；带 * 的必填。不要增删行、改动表头和措施编号。")
    note.font = Font(name=style.FONT, size=10, color="FF7F7F7F")
    style.write_header(sheet, _HEADER_ROW, table.titles(), [column.required for column in table])
    first, last = _HEADER_ROW + 1, _HEADER_ROW + len(rows)
    for row, cells in enumerate(rows, start=first):
        for index, column in enumerate(table, start=1):
            cell = sheet.cell(row, index)
            if column.key in locked:
                style.put_text(cell, cells.get(column.key) or None)
                cell.fill = _LOCKED_FILL
            else:
                cell.protection = style.UNLOCKED
            cell.border = style.BORDER
            cell.alignment = style.CENTRE if column.width <= 11 else style.WRAP
            cell.font = Font(name=style.FONT, size=_SIZE)
            cell.number_format = "@" if column.key != "value" else "General"
        sheet.row_dimensions[row].height = _height(table, cells)
    for index, column in enumerate(table, start=1):
        if column.key not in locked:
            letter = get_column_letter(index)
            rule = _validation(column)
            sheet.add_data_validation(rule)
            rule.add(f"{letter}{first}:{letter}{max(last, first)}")
    style.set_widths(sheet, [column.width for column in table])
    sheet.freeze_panes = sheet.cell(first, 4)
    style.print_landscape(sheet, _HEADER_ROW)
    sheet.print_area = f"A1:{get_column_letter(len(table.columns))}{last}"
    _protect(sheet)


def _height(table: Table, cells: dict[str, Any]) -> float:
    """Rows are as high as their longest text, and leave room to write."""
    texts = ((str(cells[column.key]), column.width - 1) for column in table if cells.get(column.key))
    return height_of(texts, _LINE_HEIGHT, least=3)


def _validation(column: Column) -> DataValidation:
    if column.kind is Kind.CHOICE:
        rule = DataValidation(
            type="list",
            formula1='"' + ",".join(column.choices) + '"',
            allow_blank=True,
            showErrorMessage=True,
            errorTitle="请从下拉列表中选",
            error="只能填：" + "、".join(column.choices),
        )
    elif column.key == "value":
        rule = DataValidation(
            type="decimal",
            operator="greaterThanOrEqual",
            formula1="0",
            allow_blank=True,
            showErrorMessage=True,
            errorTitle="请填数字",
            error="请只填阿拉伯数字，没有填 0。",
        )
    else:
        rule = DataValidation(type=None, allow_blank=True)
    rule.promptTitle = (column.title + ("（必填）" if column.required else ""))[:32]
    rule.prompt = (column.help or "没有可不填。")[:250]
    rule.showInputMessage = True
    return rule


def _write_guide(sheet: Any, period: str, assignment: Assignment, submit_by: dt.date | None) -> None:
    _write_title(sheet, f"整改进展填报表（{period_text(period)}）填表说明", 3)
    until = f"，请于 {date_text(submit_by)}前报送" if submit_by else ""
    lines = [
        f"一、本表由 {assignment.unit} 填写{until}。文件名可以改，内容不要另存为图片或 PDF。",
        "二、“进展填报”每行是一条措施，先列牵头的，再列配合的。完成情况、本期进展必填；本期进展写本期做了什么，不照抄上期。",
        "三、填“已完成”的，写明完成日期和佐证材料名称。",
        "四、申请事项：申请“销号”须已完成并有佐证材料；申请“延期”须写明申请延期至哪一天和理由，在原时限以前提出；"
        "申请“转长期坚持”须写明理由和下次复核日期。没有批准以前，时限不变。",
        "五、配合单位填报的内容留存备查，完成情况以牵头单位填报的为准；几个单位牵头的，以最慢的为准。",
        "六、“量化指标”只填数字；有周期的填本周期的数，没有周期的填累计数。",
        "七、重报请填全部内容并更新填报日期，以填报日期最新的一份为准。涉密内容不得填入本表。",
    ]
    for row, line in enumerate(lines, start=3):
        sheet.cell(row, 1, line).alignment = style.WRAP
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=3)
        sheet.row_dimensions[row].height = math.ceil(len(line) * 2 / 116) * _LINE_HEIGHT + 6
    style.set_widths(sheet, (14, 16, 90))
    style.print_landscape(sheet, 1)
    _protect(sheet)


def _protect(sheet: Any) -> None:
    """Lock everything that is not unlocked, without a password; widths, heights, sorting and filters stay free."""
    protection = sheet.protection
    protection.sheet = True
    for freedom in ("formatCells", "formatColumns", "formatRows", "sort", "autoFilter"):
        setattr(protection, freedom, False)
