"""A list as a sheet: title, header, an Excel table with filters, print set-up. Text is always written as text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.cells import column_letter, fitted
from pipeline.summary.format import FIRST_ROW, HEADER_ROW
from pipeline.summary.styles import BLUE, INPUT_FILL, Styles
from pipeline.tables import Column, Kind, Table
from pipeline.vocabulary import YesNo

_CELL_LIMIT = 32_767
_CENTRED = 11
_LIST_LIMIT = 255  # Excel's, for the values of a drop-down
_LINK_LIMIT = 65_530  # Excel's, for the links of a sheet
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
    value: str | int | float


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
    `group` the column whose change is marked by a line; a list that is `open` is not locked, so that rows can be added.
    """

    subtitle: str
    inputs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    home: str = "总览"
    open: bool = False
    group: str = ""


def put(sheet: Any, row: int, column: int, value: object, form: Any, styles: Styles) -> None:
    """Write one value: text never becomes a formula or a link, a date stays a date, an empty value keeps its frame."""
    if value is None or value == "":
        sheet.write_blank(row, column, None, form)
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
            sheet.write_formula(row, column, value.formula, form, value.value)
        else:
            put(sheet, row, column, value.value, form, styles)
    elif isinstance(value, Linked):
        sheet.write_url(row, column, value.target, form, value.text, value.tip or None)
    else:
        text = fitted(str(value))
        if text.startswith("<r>") and text.endswith("</r>"):
            # XlsxWriter takes such a text for markup of its own and writes it raw; in two stretches it is text
            sheet.write_rich_string(row, column, styles.agrees, text[:1], styles.agrees, text[1:], form)
        else:
            sheet.write_string(row, column, text, form)


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
    for index, column in enumerate(table):
        sheet.set_column(index, index, column.width + 2)
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, table.title, styles.title)
    if look.home:
        sheet.write_url(1, 0, f"internal:'{look.home}'!A1", styles.link, f"← {look.home}")
    sheet.write_string(1, 1, look.subtitle, styles.subtitle)
    sheet.set_row(HEADER_ROW, 30)
    _add_table(sheet, table, last_row, styles, large)
    linkable = sum(isinstance(value, Linked) for row in rows for value in row.values()) < _LINK_LIMIT
    forms = [[_form(column, styles, look.inputs, band) for column in table] for band in (False, True)]
    links = [styles.cell(band=band, align="center", font_color=BLUE, underline=1) for band in (False, True)]
    for number, row in enumerate(rows, start=HEADER_ROW + 1):
        band = number % 2
        sheet.set_row(number, _height(row, table))
        for index, column in enumerate(table):
            value, form = row.get(column.key), forms[band][index]
            if isinstance(value, Linked):
                value, form = (value, links[band]) if linkable else (value.text, form)
            put(sheet, number, index, value, form, styles)
    _drop_downs(sheet, table, look.inputs, last_row)
    if look.group:
        letter = column_letter(table.keys().index(look.group))
        changes = f"=${letter}{FIRST_ROW}<>${letter}{FIRST_ROW - 1}"
        rule = {"type": "formula", "criteria": changes, "format": styles.group_line}
        sheet.conditional_format(HEADER_ROW + 1, 0, last_row, last_column, rule)
    if look.inputs and not look.open:
        freedoms = ("autofilter", "sort", "format_cells", "format_columns", "format_rows", "select_locked_cells")
        sheet.protect("", dict.fromkeys(freedoms, True))
    sheet.freeze_panes(HEADER_ROW + 1, 2)
    print_set_up(sheet, table.title, look.subtitle)
    sheet.repeat_rows(HEADER_ROW)
    sheet.print_area(0, 0, last_row, last_column)
    return sheet


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


def _height(row: Mapping[str, Any], table: Table) -> float:
    """The height in points that a row's wrapped text needs: programs that do not fit rows themselves clip it else."""
    lines = max(_lines(row.get(column.key), column.width) for column in table)
    return float(min(5 + 14 * lines, 409))


def _lines(value: object, width: int) -> int:
    if isinstance(value, Rich):
        value = "".join(part for part, _ in value.parts)
    elif isinstance(value, Linked):
        value = value.text
    if not isinstance(value, str):
        return 1
    if len(value) * 2 <= width:
        return 1 + value.count("\n")
    return sum(1 + _columns(line) // (width + 2) for line in value.split("\n"))


def _columns(line: str) -> int:
    """How many half-width columns a line takes: two for a character outside ASCII."""
    return len(line) if line.isascii() else len(line) + (len(line.encode("utf-8", "surrogatepass")) - len(line)) // 2


def _form(column: Column, styles: Styles, inputs: Mapping[str, tuple[str, ...]], band: bool | int) -> Any:
    centred = {"align": "center"} if column.width <= _CENTRED else {}
    if column.key in inputs:
        return styles.cell(band=False, bg_color=INPUT_FILL, locked=False, **centred)
    if column.kind is Kind.DATE:
        return styles.cell(band=bool(band), align="center", num_format="yyyy-mm-dd")
    return styles.cell(band=bool(band), **centred)


def print_set_up(sheet: Any, title: str, subtitle: str) -> None:
    """A4 landscape, fitted to the width; title, unit and date above, page x of y below."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.3, right=0.3, top=0.6, bottom=0.5)
    sheet.set_header(f"&L{title}&R{subtitle.replace('&', '&&')[:200]}")
    sheet.set_footer("&C第 &P 页 共 &N 页")
    sheet.hide_gridlines(2)
