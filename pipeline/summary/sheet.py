"""A list as a sheet: title, header, an Excel table with filters, print set-up. Text is always written as text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from pipeline.summary.styles import Styles
from pipeline.tables import Column, Kind, Table

HEADER_ROW = 2
"""Zero-based row of every list's header: below the title and the line of links."""

_CELL_LIMIT = 32_767
_CUT = "……（超过单元格上限，全文见来源文件）"
_CENTRED = 12
_LIST_LIMIT = 255  # Excel's, for the values of a drop-down


@dataclass(frozen=True)
class Rich:
    """Text whose marked stretches stand out: (text, whether it differs)."""

    parts: tuple[tuple[str, bool], ...]


def put(sheet: Any, row: int, column: int, value: object, form: Any, styles: Styles) -> None:
    """Write one value: text never becomes a formula or a link, a date stays a date, an empty value keeps its frame."""
    if value is None or value == "":
        sheet.write_blank(row, column, None, form)
    elif isinstance(value, bool):
        sheet.write_string(row, column, "是" if value else "否", form)
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, column, dt.datetime(value.year, value.month, value.day), styles.date)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, form)
    elif isinstance(value, Rich):
        _put_rich(sheet, row, column, value, form, styles)
    else:
        text = str(value)
        sheet.write_string(
            row, column, text if len(text) <= _CELL_LIMIT else text[: _CELL_LIMIT - len(_CUT)] + _CUT, form
        )


def _put_rich(sheet: Any, row: int, column: int, value: Rich, form: Any, styles: Styles) -> None:
    parts = [(text, marked) for text, marked in value.parts if text]
    if len(parts) < 2 or sum(len(text) for text, _ in parts) > _CELL_LIMIT:
        put(sheet, row, column, "".join(text for text, _ in parts), form, styles)
        return
    fragments: list[Any] = []
    for text, marked in parts:
        fragments += [styles.differs if marked else styles.agrees, text]
    sheet.write_rich_string(row, column, *fragments, form)


def write_list(
    book: Any,
    styles: Styles,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    subtitle: str,
    inputs: Mapping[str, tuple[str, ...]] | None = None,
    home: str = "总览",
    open_rows: bool = False,
) -> Any:
    """A sheet named after the table with one line per row (a mapping column key -> value); returns the worksheet.

    A list with `open_rows` is not locked, so that rows can be added. `inputs` are the columns that the office fills in, with the values that may be chosen (none: free text).
    """
    sheet = book.add_worksheet(table.title)
    last_row, last_column = HEADER_ROW + max(len(rows), 1), len(table.columns) - 1
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, table.title, styles.title)
    if home:
        sheet.write_url(1, 0, f"internal:'{home}'!A1", styles.link, f"← {home}")
    sheet.write_string(1, 1, subtitle, styles.subtitle)
    sheet.set_row(HEADER_ROW, 30)
    forms = [_form(column, styles, inputs or {}) for column in table]
    for index, column in enumerate(table):
        sheet.set_column(index, index, column.width + 2)
    for number, row in enumerate(rows, start=HEADER_ROW + 1):
        sheet.set_row(number, _height(row, table))
        for index, column in enumerate(table):
            put(sheet, number, index, row.get(column.key), forms[index], styles)
    sheet.add_table(
        HEADER_ROW,
        0,
        last_row,
        last_column,
        {
            "name": table.key,
            "style": "Table Style Light 1",
            "banded_rows": False,
            "columns": [{"header": column.title, "header_format": styles.header} for column in table],
        },
    )
    for index, column in enumerate(table):
        allowed = (inputs or {}).get(column.key, ())
        if allowed and sum(len(value) + 1 for value in allowed) <= _LIST_LIMIT:
            sheet.data_validation(
                HEADER_ROW + 1,
                index,
                last_row,
                index,
                {
                    "validate": "list",
                    "source": list(allowed),
                    "input_title": column.title,
                    "input_message": (column.help or "从下拉列表中选。")[:250],
                },
            )
    if inputs and not open_rows:
        freedoms = ("autofilter", "sort", "format_cells", "format_columns", "format_rows", "select_locked_cells")
        sheet.protect("", dict.fromkeys(freedoms, True))
    sheet.freeze_panes(HEADER_ROW + 1, 2)
    _print_set_up(sheet, table, subtitle, last_row, last_column)
    return sheet


def _height(row: Mapping[str, Any], table: Table) -> float:
    """The height in points that a row's wrapped text needs: programs that do not fit rows themselves clip it else."""
    lines = max(_lines(row.get(column.key), column.width) for column in table)
    return float(min(4 + 15 * lines, 409))


def _lines(value: object, width: int) -> int:
    text = (
        "".join(part for part, _ in value.parts) if isinstance(value, Rich) else value if isinstance(value, str) else ""
    )
    return sum(1 + sum(1 if char.isascii() else 2 for char in line) // (width + 1) for line in text.split("\n"))


def _form(column: Column, styles: Styles, inputs: Mapping[str, tuple[str, ...]]) -> Any:
    if column.key in inputs:
        return styles.input if column.width <= _CENTRED else styles.input_text
    if column.kind is Kind.DATE:
        return styles.date
    return styles.centre if column.width <= _CENTRED else styles.text


def _print_set_up(sheet: Any, table: Table, subtitle: str, last_row: int, last_column: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(9 if last_column < 12 else 8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER_ROW)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    sheet.set_header(f"&L{table.title}&R{subtitle.replace('&', '&&')[:200]}")
    sheet.set_footer("&C第 &P 页 共 &N 页")
    sheet.print_area(0, 0, last_row, last_column)
    sheet.hide_gridlines(2)


def column_range(table: Table, key: str, count: int) -> str:
    """The data cells of a list's column as an absolute reference."""
    letter = xl_col_to_name(table.keys().index(key))
    return f"'{table.title}'!${letter}${HEADER_ROW + 2}:${letter}${HEADER_ROW + 1 + max(count, 1)}"
