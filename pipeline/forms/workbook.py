"""One department workbook: guidance, drop-downs, input messages, protected headers, frozen panes, a hidden mark."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from pipeline.scheme import Scheme
from pipeline.tables import BASIC, INPUTS, Column, Kind, Table
from pipeline.xlsx import packaging, style

GUIDE_SHEET = "填表说明"
_OPTIONS_SHEET = "_选项"
_MARK_SHEET = "_sandan"
_HEADER_ROW = 3
_BLANK_ROWS = 200
"""Rows prepared for filling in; more may be added below."""

_LINE = 15.0
"""Points of a line of 11 point text."""

_EXPECTED_TEXT, _EXPECTED_TITLE = 130, 15
"""Characters that the hints ask for."""

_LIST_LIMIT = 255
"""Excel's limit for a list typed into a validation; longer ones refer to a hidden sheet."""


def issue_forms(scheme: Scheme, folder: Path, progress: Callable[[int, int], None] | None = None) -> list[Path]:
    """Write one blank workbook per unit of the roster into `folder`; returns their paths in the roster's order.

    Raises OSError as the file system does.
    """
    paths = []
    for number, unit in enumerate(scheme.roster, start=1):
        path = folder / f"{number:03d}-{_file_name(unit.name)}-填报表.xlsx"
        book = build_form(scheme, unit.name)
        packaging.save_workbook(book, path, dt.date(scheme.settings.year, 1, 1))
        paths.append(path)
        if progress:
            progress(number, len(scheme.roster))
    return paths


def build_form(scheme: Scheme, unit: str, tables: tuple[Table, ...] = INPUTS) -> Workbook:
    """The blank workbook for `unit`, its columns as `tables` declare them."""
    book = Workbook()
    guide = book.active
    guide.title = GUIDE_SHEET
    options = book.create_sheet(_OPTIONS_SHEET)
    _write_basic(book.create_sheet(BASIC.title), scheme, unit)
    for table in tables:
        _write_table(book.create_sheet(table.title), table, scheme, unit, options)
    _write_guide(guide, scheme, unit, tables)
    mark = book.create_sheet(_MARK_SHEET)
    for row, pair in enumerate((("方案", scheme_mark(scheme)), ("单位", unit)), start=1):
        mark.cell(row, 1, pair[0])
        mark.cell(row, 2, pair[1])
    mark.sheet_state = "veryHidden"
    options.sheet_state = "hidden"
    book.move_sheet(options, len(book.sheetnames))
    book.active = 1
    return book


def scheme_mark(scheme: Scheme) -> str:
    """What a form's hidden mark says of the round that it belongs to."""
    return f"{scheme.settings.year}-{scheme.settings.plain_title}"


def _file_name(name: str) -> str:
    return re.sub(r'[\\/:*?"<>|\s]+', "_", name)


def _title(sheet: Any, text: str, width: int) -> None:
    cell = sheet.cell(1, 1, text)
    cell.font = Font(name=style.HEADING_FONT, size=16, bold=True)
    cell.alignment = Alignment(horizontal="center", vertical="center")
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
    sheet.row_dimensions[1].height = 34


def _write_basic(sheet: Any, scheme: Scheme, unit: str) -> None:
    _title(sheet, f"{scheme.settings.document_title}——基本信息", 3)
    style.write_header(sheet, _HEADER_ROW, ("项目", "内容", "填写要求"))
    for row, column in enumerate(BASIC, start=_HEADER_ROW + 1):
        label = sheet.cell(row, 1, column.title)
        label.font = Font(name=style.HEADING_FONT, size=11)
        value = sheet.cell(row, 2, unit if column.key == "unit" else None)
        value.protection = style.UNLOCKED
        value.number_format = "@" if column.kind is Kind.TEXT else "General"
        sheet.cell(row, 3, scheme.dated(column.help))
        for cell in sheet[row]:
            cell.border, cell.alignment = style.BORDER, style.WRAP
    style.set_widths(sheet, (22, 40, 60))
    count_rows = [row for row, column in enumerate(BASIC, start=_HEADER_ROW + 1) if column.kind is Kind.COUNT]
    rule = DataValidation(
        type="whole",
        operator="greaterThanOrEqual",
        formula1="0",
        allow_blank=True,
        errorTitle="请填数字",
        error="请填阿拉伯数字，没有填 0。",
        showErrorMessage=True,
    )
    sheet.add_data_validation(rule)
    for row in count_rows:
        rule.add(f"B{row}")
    _protect(sheet)
    style.print_landscape(sheet, _HEADER_ROW)


def _write_table(sheet: Any, table: Table, scheme: Scheme, unit: str, options: Any) -> None:
    _title(sheet, f"{unit}{table.title}", len(table.columns))
    note = sheet.cell(2, 1, "带 * 的列必填。一行只写一条；不要改动表头，不要合并单元格；行数不够可接着往下填。")
    note.font = Font(name=style.FONT, size=10, color="FF7F7F7F")
    style.write_header(sheet, _HEADER_ROW, table.titles(), [column.required for column in table])
    first, last = _HEADER_ROW + 1, _HEADER_ROW + _BLANK_ROWS
    for index, column in enumerate(table, start=1):
        letter = get_column_letter(index)
        rule = _validation(column, scheme, options)
        sheet.add_data_validation(rule)
        rule.add(f"{letter}{first}:{letter}{last}")
    height = _row_height(table)
    for row in range(first, last + 1):
        sheet.row_dimensions[row].height = height
        for index, column in enumerate(table, start=1):
            cell = sheet.cell(row, index)
            cell.protection, cell.border = style.UNLOCKED, style.BORDER
            cell.alignment = style.CENTRE if column.width <= 8 else style.WRAP
            cell.font = Font(name=style.FONT, size=11)
            if column.kind in (Kind.TEXT, Kind.REFS, Kind.DEADLINE):
                cell.number_format = "@"  # so that Excel does not turn 1-3 into a date or =… into a formula
    style.set_widths(sheet, [column.width for column in table])
    sheet.freeze_panes = sheet.cell(first, 2)
    style.print_landscape(sheet, _HEADER_ROW)
    sheet.print_area = f"A1:{get_column_letter(len(table.columns))}{_HEADER_ROW + 30}"
    _protect(sheet)


def _validation(column: Column, scheme: Scheme, options: Any) -> DataValidation:
    """The drop-down (where values are fixed) and the input message of a column."""
    allowed = scheme.allowed(column) if column.kind is not Kind.CHOICES else ()
    if allowed:
        joined = ",".join(allowed)
        plain = len(joined) <= _LIST_LIMIT and '"' not in joined and not any("," in value for value in allowed)
        rule = DataValidation(
            type="list",
            formula1=f'"{joined}"' if plain else _option_range(options, allowed),
            allow_blank=True,
            showErrorMessage=True,
            errorTitle="请从下拉列表中选",
            error=("只能填：" + "；".join(allowed))[:220],
        )
    else:
        rule = DataValidation(type=None, allow_blank=True)
    rule.promptTitle = (column.title + ("（必填）" if column.required else ""))[:32]
    rule.prompt = (scheme.dated(column.help) or "没有可不填。")[:250]
    rule.showInputMessage = True
    return rule


def _choices_shown(column: Column, scheme: Scheme) -> str:
    """What may be filled in, one a line where the values contain the marks that would stand between them."""
    allowed = scheme.allowed(column) if column.kind is not Kind.CHOICES else ()
    if not allowed:
        return ""
    if any(mark in value for value in allowed for mark in "、，,；"):
        return "可填（每行一项）：\n" + "\n".join(allowed)
    return f"可填：{'、'.join(allowed)}。"


def _lines(text: str, width: float) -> int:
    """Lines that a text takes in a column: two columns a Chinese character, one for the margins."""
    wide = [sum(2 if ord(char) > 0x2E7F else 1 for char in line) for line in text.split("\n")]
    return sum(max(1, math.ceil(length / (width - 1))) for length in wide)


def _row_height(table: Table) -> float:
    """Height of a row that shows what is to be written: without one, LibreOffice shows filled rows as a single line."""
    expected = {"detail": _EXPECTED_TEXT, "title": _EXPECTED_TITLE}
    return _LINE * max(_lines("字" * expected.get(column.key, 0), column.width) for column in table) + 4


def _option_range(options: Any, allowed: tuple[str, ...]) -> str:
    column = options.max_column + (1 if options.cell(1, 1).value else 0)
    for row, value in enumerate(allowed, start=1):
        options.cell(row, column, value)
    letter = get_column_letter(column)
    return f"'{_OPTIONS_SHEET}'!${letter}$1:${letter}${len(allowed)}"


def _write_guide(sheet: Any, scheme: Scheme, unit: str, tables: tuple[Table, ...]) -> None:
    _title(sheet, f"{scheme.settings.document_title}填报表　填表说明", 3)
    deadline = f"请于 {scheme.settings.submit_by:%Y-%m-%d} 前报送。" if scheme.settings.submit_by else ""
    lines = [
        f"一、本表由 {unit} 填写。{deadline}请保存为 .xlsx 后报送，文件名不要改。",
        "二、先填“基本信息”，再填“问题清单”“原因剖析”“整改措施”。带 * 的列必填。",
        "三、“对应问题”填本表问题清单的序号，几个之间用顿号隔开，例：1、3。",
        "四、同一单位多次报送时，以填报日期最新的一份为准；重报请填全部内容。",
        "五、涉密内容不得填入本表。",
    ]
    row = 3
    for line in lines:
        sheet.cell(row, 1, line).alignment = style.WRAP
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=3)
        sheet.row_dimensions[row].height = _LINE * _lines(line, 120) + 4
        row += 1
    row += 1
    style.write_header(sheet, row, ("工作表", "列", "怎样填"))
    for table in tables:
        for column in table:
            row += 1
            helped = scheme.dated(column.help) + _choices_shown(column, scheme)
            for index, value in enumerate(
                (table.title, column.title + ("*" if column.required else ""), helped or "没有可不填。"), start=1
            ):
                cell = sheet.cell(row, index, value)
                cell.alignment, cell.border = style.WRAP, style.BORDER
        sheet.row_dimensions[row].height = _LINE * _lines(helped or "没有可不填。", 90) + 4
    style.set_widths(sheet, (14, 16, 90))
    _protect(sheet)
    style.print_landscape(sheet, 1)
    sheet.print_title_rows = None
    sheet.page_setup.orientation = "portrait"
    sheet.page_setup.fitToHeight = 1  # what explains the form must not be torn apart


def _protect(sheet: Any) -> None:
    """Lock everything that is not unlocked, without a password; rows, widths, sorting and filters stay free."""
    protection = sheet.protection
    protection.sheet = True
    for freedom in ("formatCells", "formatColumns", "formatRows", "insertRows", "deleteRows", "sort", "autoFilter"):
        setattr(protection, freedom, False)
