"""The page of 总览 as a grid: narrow columns of one width, blocks that span them, rows of given heights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.summary.sheet import Live, put
from pipeline.summary.styles import Styles

COLUMNS, COLUMN, ROW = 54, 26, 26
"""Columns of the page, pixels of a column and of a row."""


@dataclass(frozen=True, slots=True)
class Span:
    """The columns of a block: the first and how many."""

    left: int
    width: int


LEFT, MIDDLE, RIGHT = Span(0, 17), Span(18, 17), Span(36, 18)
WIDE = Span(0, 35)
"""Left and middle together."""


class Page:
    """A sheet with its styles, written by spans of columns."""

    def __init__(self, sheet: Any, styles: Styles):
        self.sheet = sheet
        self.styles = styles
        self.heights: dict[int, int] = {}
        sheet.hide_gridlines(2)
        sheet.set_column_pixels(0, COLUMNS - 1, COLUMN)

    def height(self, row: int, pixels: int) -> None:
        """Set a row's height."""
        self.heights[row] = pixels
        self.sheet.set_row_pixels(row, pixels)

    def write(self, row: int, span: Span, value: object, form: Any) -> None:
        """One value over a span of columns."""
        if span.width > 1:
            self.sheet.merge_range(row, span.left, row, span.left + span.width - 1, "", form)
        put(self.sheet, row, span.left, value, form, self.styles)

    def link(self, row: int, span: Span, text: str, target: str, form: Any) -> None:
        """A link over a span of columns."""
        self.sheet.merge_range(row, span.left, row, span.left + span.width - 1, "", form)
        self.sheet.write_url(row, span.left, target, form, text)

    def heading(self, row: int, span: Span, question: str, reply: Live | str) -> None:
        """What the block answers, and the answer in the row below it."""
        self.write(row, span, question, self.styles.question)
        self.write(row + 1, span, reply, self.styles.reply)

    def cells(self, row: int, left: int, widths: Sequence[int], values: Sequence[object], forms: Sequence[Any]) -> None:
        """A line of cells, each over its width of columns."""
        for width, value, form in zip(widths, values, forms, strict=True):
            self.write(row, Span(left, width), value, form)
            left += width

    def chart(self, row: int, rows: int, span: Span, chart: Any, says: str) -> None:
        """A chart that fills a span of columns over so many rows; `says` is its text for those who cannot see it."""
        height = sum(self.heights.get(at, ROW) for at in range(row, row + rows))
        chart.set_size({"width": span.width * COLUMN, "height": height})
        self.sheet.insert_chart(row, span.left, chart, {"description": says, "object_position": 1})
