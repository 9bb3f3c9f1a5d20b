"""Scheme -> 方案.xlsx, for an office to edit in Excel."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation

from pipeline.progress.sections import TABLES
from pipeline.scheme.model import Body, Scheme, Settings
from pipeline.scheme.reader import SHEETS, TERM_KINDS
from pipeline.vocabulary import AutoMerge, PartKind
from pipeline.xlsx import packaging, style
from pipeline.xlsx.wrapping import height_of

_WIDTHS: dict[str, tuple[float, ...]] = {
    "基本设置": (18, 60, 60),
    "对照方面": (6, 22, 100),
    "原因类别": (6, 22, 60),
    "努力方向": (6, 50),
    "填报单位": (6, 30, 40, 14),
    "班子情况": (20, 12, 60),
    "文稿": (10, 30, 80, 50),
    "外单位": (6, 30, 40),
    "通报": (20, 100, 14),
    "词库": (12, 24, 60),
}

_CHOICES = {
    str(field.title): ("是", "否")
    if field.annotation is bool
    else tuple(AutoMerge)
    if field.annotation is AutoMerge
    else get_args(field.annotation)
    for field in Settings.model_fields.values()
    if field.annotation in (bool, AutoMerge) or get_origin(field.annotation) is Literal
}
"""Settings with a few values: title -> what may be chosen."""


def write_scheme(scheme: Scheme, path: Path) -> None:
    """Write the scheme as an editable workbook; raises OSError as the file system does."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in _contents(scheme).items():
        sheet = book.create_sheet(name)
        style.write_header(sheet, 1, SHEETS[name])
        style.set_widths(sheet, _WIDTHS[name])
        for number, row in enumerate(rows, start=2):
            for column, value in enumerate(row, start=1):
                cell = sheet.cell(number, column)
                style.put_text(cell, None if value == "" else value)
                cell.font = Font(name=style.FONT, size=11)
                cell.alignment, cell.border = style.WRAP, style.BORDER
            # stored, since not every program fits a row to its wrapped text when it opens the file
            sheet.row_dimensions[number].height = height_of(zip(map(str, row), _WIDTHS[name], strict=True))
        sheet.freeze_panes = "A2"
        style.print_landscape(sheet, 1)
    _drop_down(book["文稿"], "A2:A60", tuple(PartKind))
    _drop_down(book["通报"], "C2:C60", TABLES)
    _drop_down(book["词库"], "A2:A500", TERM_KINDS)
    for row in book["基本设置"].iter_rows(min_row=2):
        choices = _CHOICES.get(str(row[0].value))
        if choices:
            _drop_down(book["基本设置"], row[1].coordinate, choices)
    packaging.save_workbook(book, path, dt.date(scheme.settings.year, 1, 1))


def _contents(scheme: Scheme) -> dict[str, list[tuple[Any, ...]]]:
    """Sheet -> its rows; an office's scheme of an earlier version has no 班子情况, and gets none."""
    fields = Settings.model_fields.items()
    return {
        "基本设置": [
            (field.title, _shown(getattr(scheme.settings, name)), field.description) for name, field in fields
        ],
        "对照方面": [(n, aspect.short, aspect.full) for n, aspect in enumerate(scheme.aspects, 1)],
        "原因类别": [(n, aspect.short, aspect.full) for n, aspect in enumerate(scheme.categories, 1)],
        "努力方向": [(n, title) for n, title in enumerate(scheme.directions, 1)],
        "填报单位": [(n, unit.name, "、".join(unit.aliases), unit.category) for n, unit in enumerate(scheme.roster, 1)],
        **_body(scheme),
        "文稿": [(part.kind, part.title, part.content, part.note) for part in scheme.parts],
        "外单位": [(n, unit.name, "、".join(unit.aliases)) for n, unit in enumerate(scheme.externals, 1)],
        "通报": [(section.title, section.content, section.table) for section in scheme.bulletin],
        "词库": [(term.category, term.word, "、".join(term.synonyms)) for term in scheme.terms],
    }


def _body(scheme: Scheme) -> dict[str, list[tuple[Any, ...]]]:
    if scheme.body is None:
        return {}
    fields = Body.model_fields.items()
    return {"班子情况": [(field.title, getattr(scheme.body, name), field.description) for name, field in fields]}


def _shown(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        return "、".join(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return value


def _drop_down(sheet: Any, cells: str, choices: tuple[str, ...]) -> None:
    rule = DataValidation(type="list", formula1='"' + ",".join(choices) + '"', allow_blank=True)
    sheet.add_data_validation(rule)
    rule.add(cells)
