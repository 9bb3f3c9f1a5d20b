"""How a list comes out on paper: which sheet of paper, which columns, how high its rows, what stands above and below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.summary.styles import BODY, BODY_FONT
from pipeline.tables import Table
from pipeline.xlsx.wrapping import height_of

A4, A3 = 9, 8
"""Paper as a workbook numbers it."""

SMALLEST = 8.0
"""Points: smaller type cannot be read on a wall."""

SIDE = 0.3
_WIDE = {A4: (297 / 25.4 - 2 * SIDE) * 96, A3: (420 / 25.4 - 2 * SIDE) * 96}
"""Pixels between the margins of the paper laid across."""

WIDENING = 1.22
"""Where the workbook's default font is missing, LibreOffice makes columns so many times wider (measured: 1.21)."""

_SIGNED = "填表人：　　　　审核人：　　　　分管领导："
_PADDING, _LINE = 5.0, 14.5
"""Points around a row's text, and of one line of it (the tallest of the fonts that stand in for each other)."""


def column_pixels(width: int) -> int:
    """A column's pixels, its cell padding and room for the filter's arrow included."""
    return 7 * room_of(width) + 5


def smallest_type(widths: Sequence[int], paper: int) -> float:
    """The points that the body comes out at on paper, wherever it is opened."""
    return BODY * min(1.0, _WIDE[paper] / (WIDENING * sum(column_pixels(width) for width in widths)))


def paper_for(widths: Sequence[int]) -> int:
    """A4 where the columns are readable on it, else A3."""
    return A4 if smallest_type(widths, A4) >= SMALLEST else A3


def printed_columns(table: Table) -> int:
    """How many columns of a list, from the left, are printed: no screen matter at its end, and what A3 holds readably."""
    count = len(table.columns)
    while count > 1 and (
        not table.columns[count - 1].on_paper
        or smallest_type([column.width for column in table.columns[:count]], A3) < SMALLEST
    ):
        count -= 1
    return count


def print_set_up(sheet: Any, title: str, subtitle: str, paper: int, signed: bool = False) -> None:
    """Landscape, as many pages as it takes; title, unit and date above every page, who signs and the page below."""
    sheet.set_landscape()
    sheet.set_paper(paper)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=SIDE, right=SIDE, top=0.75, bottom=0.6)
    unit, _, rest = subtitle.replace("&", "&&")[:180].partition("　")
    sheet.set_header(f'&L&"{BODY_FONT}"{unit}&C&"{BODY_FONT},Bold"&16{title}&R&"{BODY_FONT}"{rest}')
    page = "第 &P 页　共 &N 页"
    sheet.set_footer(f'&L&"{BODY_FONT}"{_SIGNED if signed else ""}&C&"{BODY_FONT}"{page}&R&"{BODY_FONT}"打印日期 &D')
    sheet.center_horizontally()
    sheet.hide_gridlines(2)


def row_height(texts: Mapping[str, str], columns: Mapping[str, int]) -> float:
    """The points that a row's wrapped texts need (key -> text, key -> width): programs that do not fit rows clip it else."""
    return height_of(((texts[key], room_of(width)) for key, width in columns.items() if key in texts), _LINE, _PADDING)


def room_of(width: int) -> int:
    """The characters that a column holds once its padding and the filter's arrow have room."""
    return width + 2
