"""The summary's file format: the marks it bears, where a list's header stands, and how it is read."""

from __future__ import annotations

from pipeline.ledger.readback import FORMAT, FORMAT_MARK, PROJECT_MARK, SNAPSHOT_MARK
from pipeline.xlsx.lists import Book, Grid, ListRow, ListSheet, read_book, read_list

HEADER_ROW = 2
"""Zero-based row of every list's header: below the title and the line of links."""

FIRST_ROW = HEADER_ROW + 2
"""The first row of data, as a spreadsheet counts."""

__all__ = [
    "FIRST_ROW",
    "FORMAT",
    "FORMAT_MARK",
    "HEADER_ROW",
    "PROJECT_MARK",
    "SNAPSHOT_MARK",
    "Book",
    "Grid",
    "ListRow",
    "ListSheet",
    "read_book",
    "read_list",
]
