"""A list as a sheet, read back: where its header stands, which of its columns are there, its rows as text.

Neutral: knows tables, not what they are for. The summary's writer, its check, the read-back and the tests all read with it.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import python_calamine
from defusedxml import ElementTree

from pipeline.cells import Value, trimmed
from pipeline.tables import Table

Grid = Sequence[Sequence[Value]]

_PROPERTIES = "docProps/custom.xml"
_HEADER_WITHIN = 6
"""Rows at the top of a sheet among which the header is looked for (at most three title rows, and what an office adds)."""


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row of a list: `number` as a spreadsheet counts, its texts by column key; a column that is not there has no key."""

    number: int
    texts: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        return self.texts[key]

    def get(self, key: str) -> str:
        """The text, "" where the column is not there."""
        return self.texts.get(key, "")


@dataclass(frozen=True, slots=True)
class ListSheet:
    """What a list sheet holds: the header's row as a spreadsheet counts (0: none found), the rows that are not empty,
    the keys of the columns that are missing, and header texts that no column has (key "" of none)."""

    header: int
    rows: tuple[ListRow, ...]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    columns: Mapping[str, int]

    @property
    def found(self) -> bool:
        """Whether there is a header."""
        return self.header > 0


NOT_THERE = ListSheet(0, (), (), (), {})


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook as it was read: custom properties and the grids of the sheets that were asked for."""

    marks: Mapping[str, str]
    grids: Mapping[str, Grid]


def read_book(path: Path, sheets: Callable[[str], bool]) -> Book:
    """Read the marks, and the sheets whose names `sheets` accepts. Raises what the file system, zip and reader raise."""
    data = path.read_bytes()
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    names = [name for name in book.sheet_names if sheets(name)]
    return Book(
        read_marks(data), {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in names}
    )


def read_marks(data: bytes) -> dict[str, str]:
    """The package's custom properties; none where it has none."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if _PROPERTIES not in package.namelist():
            return {}
        root = ElementTree.fromstring(package.read(_PROPERTIES))
    return {str(node.get("name")): "".join(node.itertext()) for node in root}


def read_list(grid: Grid, table: Table) -> ListSheet:
    """The list `table` in `grid`, wherever its columns were moved to; NOT_THERE without a header that has half of them."""
    keys = {column.title: column.key for column in table}
    for index, line in enumerate(grid[:_HEADER_WITHIN]):
        titles = [trimmed(value) for value in line]
        columns = _first_places(keys.get(title, "") for title in titles)
        if len(columns) * 2 < len(keys):
            continue
        rows = []
        for number, values in enumerate(grid[index + 1 :], start=index + 2):
            texts = {key: trimmed(values[at]) if at < len(values) else "" for key, at in columns.items()}
            if any(texts.values()):
                rows.append(ListRow(number, texts))
        missing = tuple(key for key in keys.values() if key not in columns)
        unknown = tuple(title for title in titles if title and title not in keys)
        return ListSheet(index + 1, tuple(rows), missing, unknown, columns)
    return NOT_THERE


def _first_places(keys: Iterable[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for at, key in enumerate(keys):
        if key:
            places.setdefault(key, at)
    return places
