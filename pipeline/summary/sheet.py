"""A list as a sheet: title, header, an Excel table with filters, print set-up. Text is always written as text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.cells import column_letter, fitted
from pipeline.summary.format import FIRST_ROW, HEADER_ROW
from pipeline.summary.paper import paper_for, print_set_up, printed_columns, room_of, row_height
from pipeline.summary.styles import BLUE, INPUT_FILL, Styles
from pipeline.tables import Column, Kind, Table
from pipeline.vocabulary import YesNo
from pipeline.xlsx.wrapping import lines_of

_CELL_LIMIT = 32_767
_CENTRED = 11
_LIST_LIMIT = 255  # Excel's, for the values of a drop-down
_LINK_LIMIT = 65_530  # Excel's, for the links of a sheet
_WALL_LINK = 6
"""The column of the link to the sheet for the wall."""
_LARGE = 20_000
"""A longer list is written row by row to disk instead of being held in memory (XlsxWriter's constant_memory)."""


@dataclass(frozen=True, slots=True)
class Rich:
    """Text whose marked stretches stand out: (text, whether it differs)."""

    parts: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Live:
    """A formula with the value that it has now."""

    formula: str
    value: str | int | float | dt.date


@dataclass(frozen=True, slots=True)
class Linked:
    """Text that leads somewhere: `target` as XlsxWriter writes links ("internal:'任务清单'!A5", "external:…")."""

    text: str
    target: str
    tip: str = ""


@dataclass(frozen=True)
class Look:
    """What a list may have beyond its rows.

    `inputs` are the columns that the office fills in, with the values that may be chosen (none: free text);
    `group` the column whose change is marked by a line; a list that is `open` is not locked, so that rows can be added; one that is
    `signed` has a line for signatures below each page; `wall` is the sheet that shows the same for a wall.
    """

    subtitle: str
    inputs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    home: str = "总览"
    open: bool = False
    group: str = ""
    signed: bool = False
    wall: str = ""


def put(sheet: Any, row: int, column: int, value: object, form: Any, styles: Styles) -> None:
    """Write one value: text never becomes a formula or a link, a date stays a date, an empty value keeps its frame."""
    if value is None or value == "":
        sheet.write_blank(row, column, None, form)
    elif isinstance(value, str):  # most cells of a long list
        _put_text(sheet, row, column, str(value), form, styles)
    elif isinstance(value, bool):
        sheet.write_string(row, column, YesNo.of(value), form)
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, column, dt.datetime(value.year, value.month, value.day), form)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, form)
    elif isinstance(value, Rich):
        _put_rich(sheet, row, column, value, form, styles)
    elif isinstance(value, Live):
        if styles.live:
            sheet.write_formula(row, column, value.formula, form, _cached(value.value))
        else:
            put(sheet, row, column, value.value, form, styles)
    elif isinstance(value, Linked):
        sheet.write_url(row, column, value.target, form, value.text, value.tip or None)
    else:
        _put_text(sheet, row, column, str(value), form, styles)


def _put_text(sheet: Any, row: int, column: int, text: str, form: Any, styles: Styles) -> None:
    text = fitted(text)
    if text.startswith("<r>") and text.endswith("</r>"):
        # XlsxWriter takes such a text for markup of its own and writes it raw; in two stretches it is text
        sheet.write_rich_string(row, column, styles.agrees, text[:1], styles.agrees, text[1:], form)
    else:
        sheet.write_string(row, column, text, form)


def _cached(value: str | int | float | dt.date) -> str | int | float:
    """A formula's value as the file holds it: a date as days."""
    return (value - dt.date(1899, 12, 30)).days if isinstance(value, dt.date) else value


def _put_rich(sheet: Any, row: int, column: int, value: Rich, form: Any, styles: Styles) -> None:
    parts = [(text, marked) for text, marked in value.parts if text]
    if len(parts) < 2 or sum(len(text) for text, _ in parts) > _CELL_LIMIT:
        put(sheet, row, column, "".join(text for text, _ in parts), form, styles)
        return
    fragments: list[Any] = []
    for text, marked in parts:
        fragments += [styles.differs if marked else styles.agrees, text]
    sheet.write_rich_string(row, column, *fragments, form)


def write_list(book: Any, styles: Styles, table: Table, rows: Sequence[Mapping[str, Any]], look: Look) -> Any:
    """A sheet named after the table with one line per row (a mapping column key -> value); returns the worksheet."""
    large = len(rows) > _LARGE
    book.constant_memory = large
    sheet = book.add_worksheet(table.title)
    book.constant_memory = False
    last_row, last_column = HEADER_ROW + max(len(rows), 1), len(table.columns) - 1
    widths = {column.key: column.width for column in table}
    for index, column in enumerate(table):
        sheet.set_column(index, index, column.width + 2)
    _titles(sheet, styles, table, look)
    _add_table(sheet, table, last_row, styles, large)
    linkable = sum(isinstance(value, Linked) for row in rows for value in row.values()) < _LINK_LIMIT
    forms = [_form(column, styles, look.inputs) for column in table]
    link = styles.cell(align="center", font_color=BLUE, underline=1)
    for number, row in enumerate(rows, start=HEADER_ROW + 1):
        sheet.set_row(number, row_height(shown_texts(row), widths))
        for index, column in enumerate(table):
            value, form = row.get(column.key), forms[index]
            if isinstance(value, Linked):
                looks = form if column.key in look.inputs else link  # a cell to fill in stays unlocked
                value, form = (value, looks) if linkable else (value.text, form)
            put(sheet, number, index, value, form, styles)
    _drop_downs(sheet, table, look.inputs, last_row)
    _own_drop_downs(sheet, table, rows)
    if look.group:
        letter = column_letter(table.keys().index(look.group))
        changes = f"=${letter}{FIRST_ROW}<>${letter}{FIRST_ROW - 1}"
        rule = {"type": "formula", "criteria": changes, "format": styles.group_line}
        sheet.conditional_format(HEADER_ROW + 1, 0, last_row, last_column, rule)
    if look.inputs and not look.open:
        freedoms = ("autofilter", "sort", "format_cells", "format_columns", "format_rows", "select_locked_cells")
        sheet.protect("", dict.fromkeys(freedoms, True))
    sheet.freeze_panes(HEADER_ROW + 1, 2)
    printed = printed_columns(table)
    paper = paper_for([column.width for column in table.columns[:printed]])
    print_set_up(sheet, table.title, look.subtitle, paper, look.signed)
    sheet.repeat_rows(HEADER_ROW)
    # the page's own header says what the two rows above the list's header say
    sheet.print_area(HEADER_ROW, 0, last_row, printed - 1)
    return sheet


def _titles(sheet: Any, styles: Styles, table: Table, look: Look) -> None:
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, table.title, styles.title)
    if look.home:
        sheet.write_url(1, 0, f"internal:'{look.home}'!A1", styles.link, f"← {look.home}")
    sheet.write_string(1, 1, look.subtitle, styles.subtitle)
    if look.wall:
        sheet.write_url(0, _WALL_LINK, f"internal:'{look.wall}'!A1", styles.link, f"打印用：{look.wall} →")
    heading = max(lines_of(column.title, room_of(column.width)) for column in table)
    sheet.set_row(HEADER_ROW, max(30.0, 15.0 * heading))


def shown_texts(row: Mapping[str, Any]) -> dict[str, str]:
    """What a row's cells show, where it is text and may wrap."""
    texts: dict[str, str] = {}
    for key, value in row.items():
        if isinstance(value, str):
            texts[key] = value
        elif isinstance(value, Linked):
            texts[key] = value.text
        elif isinstance(value, Rich):
            texts[key] = "".join(part for part, _ in value.parts)
        elif isinstance(value, Live) and isinstance(value.value, str):
            texts[key] = value.value
    return texts


def _add_table(sheet: Any, table: Table, last_row: int, styles: Styles, large: bool) -> None:
    columns = [{"header": column.title, "header_format": styles.header} for column in table]
    options = {"name": table.key, "style": "Table Style Light 1", "banded_rows": False, "columns": columns}
    if (
        large
    ):  # XlsxWriter refuses tables here, since a header could come after rows that are already on disk; ours does not
        sheet.write_blank(HEADER_ROW, 0, None, styles.header)
        sheet.constant_memory = False
    sheet.add_table(HEADER_ROW, 0, last_row, len(table.columns) - 1, options)
    if large:
        sheet.constant_memory = True
        for index, column in enumerate(table):
            sheet.write_string(HEADER_ROW, index, column.title, styles.header)


def _drop_downs(sheet: Any, table: Table, inputs: Mapping[str, tuple[str, ...]], last_row: int) -> None:
    for index, column in enumerate(table):
        allowed = inputs.get(column.key, ())
        if allowed and sum(len(value) + 1 for value in allowed) <= _LIST_LIMIT:
            choice = {
                "validate": "list",
                "source": list(allowed),
                "input_title": column.title,
                "input_message": (column.help or "从下拉列表中选。")[:250],
            }
            sheet.data_validation(HEADER_ROW + 1, index, last_row, index, choice)


def _own_drop_downs(sheet: Any, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """What may be chosen in one line alone: its `choices`, by column key."""
    for number, row in enumerate(rows, start=HEADER_ROW + 1):
        for key, allowed in row.get("choices", {}).items():
            if sum(len(value) + 1 for value in allowed) <= _LIST_LIMIT:
                choice = {"validate": "list", "source": list(allowed), "input_title": table.column(key).title}
                sheet.data_validation(number, table.keys().index(key), number, table.keys().index(key), choice)


def _form(column: Column, styles: Styles, inputs: Mapping[str, tuple[str, ...]]) -> Any:
    centred = {"align": "center"} if column.width <= _CENTRED else {}
    if column.key in inputs:
        return styles.cell(bg_color=INPUT_FILL, locked=False, **centred)
    if column.kind is Kind.DATE:
        return styles.cell(align="center", num_format="yyyy-mm-dd")
    if column.kind is Kind.RATE:
        return styles.cell(align="center", num_format="0.0%")
    return styles.cell(**centred)
