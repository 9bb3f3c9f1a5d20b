"""How a list stands in a sheet: the one place that those who write it, refer to it and read it again share."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from itertools import takewhile
from pathlib import Path
from typing import Any, TypeVar

import python_calamine

from pipeline.progress.tables import LINES
from pipeline.project import SUMMARY_FILE
from pipeline.tables import RETURNS_STATE, Table, cause_list, problem_list, task_list
from pipeline.vocabulary import TableKey

HEADER_ROW = 2
"""Zero-based row of every list's header: below the title and the line of links."""

FIRST_ROW = HEADER_ROW + 2
"""The first row of data, as a spreadsheet counts."""

ITEM_LISTS: Mapping[str, Table] = {
    TableKey.PROBLEMS: problem_list(),
    TableKey.CAUSES: cause_list(),
    TableKey.MEASURES: task_list(),
}
"""The list that shows all items of a table."""

Key = TypeVar("Key", bound=Hashable)


def rows_from(keys: Iterable[Key]) -> dict[Key, int]:
    """Each line's key -> its row as a spreadsheet counts, the lines being written in this order."""
    return {key: row for row, key in enumerate(keys, start=FIRST_ROW)}


def read_list(book: Any, title: str) -> list[dict[str, Any]]:
    """The lines of a list sheet of our own by column title, down to the first blank one; `book` is python_calamine's. A sheet that is missing raises as calamine does."""
    grid = book.get_sheet_by_name(title).to_python(skip_empty_area=False)
    header = [str(value) for value in grid[HEADER_ROW]]
    lines = takewhile(lambda line: any(value != "" for value in line), grid[HEADER_ROW + 1 :])
    return [dict(zip(header, line, strict=False)) for line in lines]


def lists_in(folder: Path) -> dict[str, list[dict[str, Any]]] | None:
    """The lists that other outputs quote, read from 汇总台账.xlsx in `folder`, by title; None where one is in volumes."""
    book = python_calamine.load_workbook(str(folder / SUMMARY_FILE))
    tables = [*ITEM_LISTS.values(), RETURNS_STATE, *([LINES] if LINES.title in book.sheet_names else [])]
    lists = {table.title: read_list(book, table.title) for table in tables}
    return None if any(rows and "分册" in rows[0] for rows in lists.values()) else lists
