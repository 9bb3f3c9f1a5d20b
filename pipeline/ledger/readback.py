"""The last 汇总台账.xlsx as the office left it: what stands in its editable cells, in 待确认 and in 已定事项. Judges nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.cells import address
from pipeline.ledger.edits import Cell
from pipeline.tables import DECIDED, DECIDED_V1, INPUTS, PENDING, PENDING_V1, TRACE, Table, list_tables
from pipeline.xlsx.lists import NOT_THERE, Book, Grid, ListRow, ListSheet, read_book, read_list

FORMAT = 2
"""Of the marks in the summary's properties; a summary with a higher one is from a newer version."""

PROJECT_MARK, SNAPSHOT_MARK, FORMAT_MARK = "sandan_project", "sandan_snapshot", "sandan_format"
_PAIRS_FORMAT = 1
_VOLUME = "分册"


class SummaryInTheWayError(Exception):
    """The summary that is there must not be written over; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class FoundCell:
    """An editable cell of a list: its text and where it stands."""

    value: str
    sheet: str
    cell: str


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A row of 待确认 (`group` is its 组号) or 已定事项 (`group` is its 决定号); `cell` is that of 归并为. `table` is "" for a 表别 that is none."""

    group: str
    table: str
    item: str
    unit: str
    text: str
    suggestion: str
    mark: str
    row: int
    cell: str


@dataclass(frozen=True, slots=True)
class FoundPair:
    """A row of version 1's 待确认 or 已定事项: two texts and the 处理意见 as it stands."""

    table: str
    unit_a: str
    text_a: str
    unit_b: str
    text_b: str
    verdict: str
    sheet: str
    cell: str


@dataclass(frozen=True, slots=True)
class Gone:
    """What could not be read: a whole list (`column` "") or one of its editable columns, by keys; `title` is the sheet's."""

    table: str
    title: str
    column: str = ""
    column_title: str = ""
    strangers: tuple[str, ...] = ()  # headers of the sheet that no column has: the renamed one may be among them


@dataclass(frozen=True, slots=True)
class Stranger:
    """A row of a list whose number is missing, or stands there twice; what it holds."""

    sheet: str
    cell: str
    number: str
    text: str


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A row of 合并明细: what a ledger that was lost can be told again from."""

    table: str
    unit: str
    text: str
    seq: str
    item: str


@dataclass(frozen=True)
class ReadBack:
    """What a summary says. `saved_at` is when its file was saved (local ISO date-time). `pending` and `decided` are None where they cannot be read.

    `rows` are read only where the ledger knows of no summary yet.
    """

    project: str
    snapshot: str
    format: int = FORMAT
    saved_at: str = ""
    cells: Mapping[Cell, FoundCell] = field(default_factory=dict)
    pending: tuple[FoundLine, ...] | None = None
    decided: tuple[FoundLine, ...] | None = None
    pending_pairs: tuple[FoundPair, ...] = ()
    decided_pairs: tuple[FoundPair, ...] = ()
    gone: tuple[Gone, ...] = ()
    strangers: tuple[Stranger, ...] = ()
    twice: Mapping[Cell, tuple[FoundCell, ...]] = field(default_factory=dict)
    rows: tuple[FoundRow, ...] = ()


def read_summary(path: Path, project: str) -> ReadBack | None:
    """Read the summary at `path`, None if there is none; `project` is this project's identity ("" if not known yet).

    Raises SummaryInTheWayError if it is open in Excel, damaged, of another project or from a newer version.
    """
    if not path.exists():
        return None
    if (path.parent / f"~${path.name}").exists():
        raise SummaryInTheWayError(f"{path} 正在 Excel 或 WPS 中打开，请保存并关闭后再运行。")
    wanted = {table.title for table in (*list_tables(), PENDING, DECIDED, *(() if project else (TRACE,)))}
    try:
        saved = dt.datetime.fromtimestamp(path.stat().st_mtime).isoformat(timespec="seconds")
        book = read_book(path, wanted.__contains__)
    except PermissionError as error:
        raise SummaryInTheWayError(f"{path} 不能读取，可能正被别的程序打开，请关闭后再运行。") from error
    except Exception as error:
        raise SummaryInTheWayError(
            f"{path} 已损坏，打不开。其中可能有填好的意见，没有覆盖；请移走或修复后再运行。"
        ) from error
    if PROJECT_MARK not in book.marks:
        raise SummaryInTheWayError(f"{path} 不是 sandan 写的汇总台账，没有覆盖；请移走后再运行。")
    digits = book.marks.get(FORMAT_MARK, "")
    version = int(digits) if digits.isdigit() else _PAIRS_FORMAT
    if version > FORMAT:
        raise SummaryInTheWayError(f"{path} 是更新版本的 sandan 写的，请升级后再运行。")
    if project and book.marks[PROJECT_MARK] != project:
        raise SummaryInTheWayError(f"{path} 是另一个项目的汇总台账，没有覆盖；请移走后再运行。")
    return _read(book, version, saved)


def _read(book: Book, version: int, saved: str) -> ReadBack:
    cells: dict[Cell, FoundCell] = {}
    twice: dict[Cell, tuple[FoundCell, ...]] = {}
    gone: list[Gone] = []
    strangers: list[Stranger] = []
    for table in list_tables():
        sheet = _sheet(book, table, gone, table.editable())
        for row in sheet.rows:
            number = row.get("id")
            found = dict(_editable(sheet, row, table))
            if not number:
                text = "；".join(cell.value for cell in found.values() if cell.value)
                strangers += [Stranger(table.title, f"A{row.number}", "", text)] if text else []
            for key, cell in found.items() if number else ():
                where = (number, table.key, key)
                if where in cells:
                    twice[where] = (*twice.get(where, (cells[where],)), cell)
                else:
                    cells[where] = cell
    pairs: list[tuple[FoundPair, ...]] = [(), ()]
    lines: list[tuple[FoundLine, ...] | None] = [None, None]
    if version == _PAIRS_FORMAT:
        pairs = [tuple(_pairs(_sheet(book, table, gone, ("verdict",)), table)) for table in (PENDING_V1, DECIDED_V1)]
    else:
        needed = {PENDING.key: ("family", "mark"), DECIDED.key: ("decision", "mark")}
        sheets = [(_sheet(book, table, gone, needed[table.key]), needed[table.key]) for table in (PENDING, DECIDED)]
        lines = [tuple(_lines(sheet)) if all(key in sheet.columns for key in keys) else None for sheet, keys in sheets]
    return ReadBack(
        project=book.marks[PROJECT_MARK],
        snapshot=book.marks.get(SNAPSHOT_MARK, ""),
        format=version,
        saved_at=saved,
        cells=cells,
        pending=lines[0],
        decided=lines[1],
        pending_pairs=pairs[0],
        decided_pairs=pairs[1],
        gone=tuple(gone),
        strangers=tuple(strangers),
        twice=twice,
        rows=tuple(_traced(book)),
    )


def _sheet(book: Book, table: Table, gone: list[Gone], needed: tuple[str, ...]) -> ListSheet:
    """The list; what is needed of it and not there is put into `gone`."""
    grid = book.grids.get(table.title)
    sheet = read_list(grid, table) if grid is not None else NOT_THERE
    unnumbered = "id" in sheet.missing and table.key not in (PENDING.key, DECIDED.key)
    if not sheet.found or unnumbered:
        if grid is None or not _in_volumes(grid):
            gone.append(Gone(table.key, table.title))
        return NOT_THERE
    for key in needed:
        if key in sheet.missing:
            gone.append(Gone(table.key, table.title, key, table.column(key).title, sheet.unknown))
    return sheet


def _in_volumes(grid: Grid) -> bool:
    """Whether an index of volumes stands in the list's place (the list was too long for a sheet; volumes are not read)."""
    return any(_VOLUME in row for row in grid[:6])


def _editable(sheet: ListSheet, row: ListRow, table: Table) -> Iterator[tuple[str, FoundCell]]:
    for key in table.editable():
        if key in row.texts:
            yield key, FoundCell(row[key], table.title, address(row.number - 1, sheet.columns[key]))


_KEYS = {table.short: table.key for table in INPUTS}


def _lines(sheet: ListSheet) -> Iterator[FoundLine]:
    for row in sheet.rows:
        yield FoundLine(
            row.get("family") or row.get("decision"),
            _KEYS.get(row.get("short"), ""),
            row.get("id"),
            row.get("unit"),
            row.get("text"),
            row.get("suggestion"),
            row["mark"],
            row.number,
            address(row.number - 1, sheet.columns["mark"]),
        )


def _traced(book: Book) -> Iterator[FoundRow]:
    for row in read_list(book.grids.get(TRACE.title, ()), TRACE).rows:
        key = _KEYS.get(row.get("short"), "")
        if key and row.get("item"):
            yield FoundRow(key, row.get("unit"), row.get("text"), row.get("seq"), row.get("item"))


def _pairs(sheet: ListSheet, table: Table) -> Iterator[FoundPair]:
    if "verdict" not in sheet.columns:
        return
    for row in sheet.rows:
        key = _KEYS.get(row.get("short"), "")
        a_unit, a_text, b_unit, b_text, verdict = (
            row.get(name) for name in ("a_unit", "a_text", "b_unit", "b_text", "verdict")
        )
        if key and a_text and b_text:
            cell = address(row.number - 1, sheet.columns["verdict"])
            yield FoundPair(key, a_unit, a_text, b_unit, b_text, verdict, table.title, cell)
