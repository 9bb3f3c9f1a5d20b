"""A block of figures in 统计, and the formulas that its cells are made of.

Formulas keep to what Excel 2016, WPS and LibreOffice understand alike: COUNTIFS, SUMPRODUCT, INDEX and MATCH over the
lists' tables. Each carries its value.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from pipeline.cells import column_letter
from pipeline.summary.format import HEADER_ROW
from pipeline.summary.sheet import Linked, Live, put
from pipeline.summary.styles import Styles
from pipeline.vocabulary import Status

STATISTICS = "统计"
BASE_DATE, WARN_DAYS = "基准日期", "预警天数"
"""Names that 总览 gives to the cells that the formulas of 预警 look at."""
LATE = f'"<"&{BASE_DATE}'
DONE = f'"{Status.DONE}"'
_NAMES = ("单位", "措施", "牵头单位", "责任领导", "对照方面", "努力方向", "要点")
"""Columns that may hold names, which need room; in some blocks they hold counts."""
_HELPERS = frozenset({"次序值", "键", "行", "止（不含）"})
"""Columns that formulas alone look at: keys of an order, row numbers, ends that lie in the year 9999. Hidden."""


@dataclass(frozen=True)
class Block:
    """Where a block of figures stands in 统计: rows zero-based, `columns` by name; what its cells hold, row by row."""

    first: int
    columns: Mapping[str, int]
    rows: Sequence[Mapping[str, Any]]

    @property
    def last(self) -> int:
        """The last row, the first where there are none."""
        return self.first + max(len(self.rows), 1) - 1

    def cells(self, name: str, count: int = 0) -> str:
        """A column's cells as a formula names them; the first `count` alone if given."""
        column = self.columns[name]
        end = self.first + count - 1 if count else self.last
        first, last = (xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True) for row in (self.first, end))
        return f"'{STATISTICS}'!{first}:{last}"

    def at(self, number: int, name: str) -> str:
        """One cell as a formula names it; `number` counts the block's rows from 0."""
        return (
            f"'{STATISTICS}'!{xl_rowcol_to_cell(self.first + number, self.columns[name], row_abs=True, col_abs=True)}"
        )

    def copy(self, number: int, name: str) -> Live:
        """A formula that shows one of its cells."""
        return Live(f"={self.at(number, name)}", self.value(number, name))

    def value(self, number: int, name: str) -> Any:
        """What a cell shows now."""
        return value_of(self.rows[number][name])

    def values(self, name: str) -> list[Any]:
        """What a column shows now."""
        return [value_of(row[name]) for row in self.rows]

    def series(self, name: str, count: int = 0) -> list[Any]:
        """A column's cells as a chart wants them; the first `count` alone if given."""
        column = self.columns[name]
        return [STATISTICS, self.first, column, self.first + count - 1 if count else self.last, column]


def write_block(
    sheet: Any, styles: Styles, left: int, titles: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> Block:
    """Write a block whose first column is `left`."""
    columns = {title: left + index for index, title in enumerate(titles)}
    named = {title for title in titles if title in _NAMES and rows and isinstance(value_of(rows[0][title]), str)}
    for title, column in columns.items():
        sheet.set_column(column, column, 24 if title in named else 11, None, {"hidden": title in _HELPERS})
        sheet.write_string(HEADER_ROW, column, title, styles.header)
    sheet.set_column(left + len(titles), left + len(titles), 3)
    for number, row in enumerate(rows, start=HEADER_ROW + 1):
        for title, column in columns.items():
            value = row[title]
            dated = isinstance(value_of(value), dt.date)
            form = styles.rate if title.endswith("率") else styles.day if dated else styles.number
            put(sheet, number, column, value, styles.plain if title in named else form, styles)
    return Block(HEADER_ROW + 1, columns, rows)


def value_of(cell: object) -> Any:
    """What a cell shows, be it a formula or not."""
    return cell.value if isinstance(cell, Live) else cell.text if isinstance(cell, Linked) else cell


def quoted(text: str) -> str:
    """A text in a formula."""
    return f'"{text}"'


def table_range(table: str, column: str) -> str:
    """A column of a list's table."""
    return f"{table}[{column}]"


def counted(table: str, column: str) -> str:
    """How many cells of a list's column are filled."""
    return f"COUNTA({table_range(table, column)})"


def count_if(*conditions: str) -> str:
    """COUNTIFS over pairs of range and criterion."""
    return f"COUNTIFS({','.join(conditions)})"


def ratio(part: str, whole: str) -> str:
    """part / whole, 0 where there is no whole."""
    return f"=IF({whole}=0,0,{part}/{whole})"


def among(name: str) -> str:
    """Criteria for a name in cells of names joined by 、: alone, first, last or between. Wants a SUMPRODUCT around it."""
    return f'{{"","*、"}}&{name}&{{"";"、*"}}'


def cell(column: int, row: int) -> str:
    """A cell of the sheet that the formula is in, its column fixed; `row` as a spreadsheet counts."""
    return f"${column_letter(column)}{row}"
