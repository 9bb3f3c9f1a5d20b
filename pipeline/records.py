"""What travels between the rooms: rows and items, as values with names. Frozen; a change is a new value.

A row is known by where it stands (`RowId`), an item by its number; nothing is known by its position in a list.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pipeline.tables import Table, row_text


@dataclass(frozen=True, slots=True, order=True)
class RowId:
    """Where a row stands: file below workbooks/, sheet, row as Excel counts, and `part` (1, 2 … of a cell that was split, else 0)."""

    file: str
    sheet: str
    row: int
    part: int = 0

    def __str__(self) -> str:
        return f"{self.file}!{self.sheet}!{self.row}" + (f"（{self.part}）" if self.part else "")


class Cells(Mapping[str, str]):
    """Texts by column key. A key that was not declared is a KeyError, on reading as on making; one not given is ""."""

    __slots__ = ("_texts",)

    def __init__(self, declared: Iterable[str], given: Mapping[str, str]):
        self._texts = dict.fromkeys(declared, "")
        unknown = given.keys() - self._texts.keys()
        if unknown:
            raise KeyError(f"undeclared: {', '.join(sorted(unknown))}")
        self._texts.update(given)

    def __getitem__(self, key: str) -> str:
        return self._texts[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __repr__(self) -> str:
        return f"Cells({ {key: text for key, text in self._texts.items() if text} })"

    def __reduce__(self) -> tuple[type[Cells], tuple[tuple[str, ...], dict[str, str]]]:
        return Cells, (tuple(self._texts), {key: text for key, text in self._texts.items() if text})

    def but(self, **changed: str) -> Cells:
        """The same with some texts changed."""
        return Cells(self._texts, {**self._texts, **changed})


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row as a department wrote it and as it was understood.

    `cells` are the table's columns (without 序号); for columns of units the text as written, `leads` and `supports` what it
    means. `written` is 序号 as written, `seq` the number that it means. `refs` are the problems that a cause or a measure
    answers. `extras` is 其他内容; `refused` says why it is in no item, "" if it is in one. `at` tells where its cells stand:
    column key -> the column's letter, or a whole address where the row is a card or a column of the sheet.
    """

    id: RowId
    table: str
    unit: str
    seq: int
    written: str
    cells: Cells
    leads: tuple[str, ...] = ()
    supports: tuple[str, ...] = ()
    refs: tuple[RowId, ...] = ()
    due: dt.date | None = None
    for_good: bool = False
    extras: str = ""
    refused: str = ""
    at: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    def cell(self, key: str) -> str:
        """The address of the cell of a column; the row as a whole ("5:5") where its sheet has no such column."""
        where = self.at.get(key, "")
        return where if where[-1:].isdigit() else f"{where}{self.id.row}" if where else f"{self.id.row}:{self.id.row}"

    @property
    def title(self) -> str:
        """问题, 原因 or 措施."""
        return self.cells["title"]

    @property
    def detail(self) -> str:
        """具体表现, 剖析 or 具体举措."""
        return self.cells["detail"]

    @property
    def text(self) -> str:
        """原文."""
        return row_text(self.title, self.detail)


@dataclass(frozen=True, slots=True)
class DroppedLine:
    """A line of a sheet that was not taken as a row: a title, an example, a sum, a signature; `text` is all of it."""

    file: str
    sheet: str
    row: int
    text: str
    why: str


def row_cells(table: Table, given: Mapping[str, str]) -> Cells:
    """The cells of a row of `table`; KeyError for a key that the table does not declare."""
    return Cells((column.key for column in table if column.key != "seq"), given)


@dataclass(frozen=True, slots=True)
class Links:
    """The numbers of the items that an item belongs with, each in their order."""

    problems: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """A merged problem, cause or measure.

    `rows` in source order, `shown` the one whose text the item shows. `cells` by column key of the table and of the lists
    that show it. `reason` says why it goes into the narrative or does not. `edited`: columns that hold the office's
    value -> the day of the edit (ISO).
    """

    table: str
    rows: tuple[SourceRow, ...]
    shown: RowId
    cells: Cells
    units: tuple[str, ...]
    leads: tuple[str, ...] = ()
    supports: tuple[str, ...] = ()
    id: str = ""
    due: dt.date | None = None
    for_good: bool = False
    included: bool = False
    reason: str = ""
    links: Links = Links()
    edited: Mapping[str, str] = field(default_factory=dict)

    @property
    def shown_row(self) -> SourceRow:
        """The row whose text the item shows."""
        return next(row for row in self.rows if row.id == self.shown)

    @property
    def name(self) -> str:
        """The item's short name for messages: its title, or the beginning of its text."""
        return self.cells["title"].strip() or self.cells["detail"].strip()[:20]

    @property
    def status(self) -> str:
        """完成情况 of a measure."""
        return self.cells["status"]


@dataclass(frozen=True, slots=True)
class Constraint:
    """A person's word on two rows, known by unit and normal form ("" as unit: any unit).

    `same`: must-link, above any likelihood; else cannot-link, for the whole items in which the two stand. `basis`: whose word, and when.
    """

    unit_a: str
    form_a: str
    unit_b: str
    form_b: str
    same: bool
    basis: str = ""


def number_order(number: str) -> int:
    """What item numbers are sorted by: CS-010 after CS-009."""
    return int(number.rsplit("-", 1)[1])
