"""Finding a table's header row in a sheet, wherever it stands and however it is spelled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import fuzz, process

from pipeline.intake.grid import Grid
from pipeline.tables import INPUTS, Table
from pipeline.text import fold

_NEAR = 78.0
"""Least rapidfuzz ratio at which a header counts as a near-spelling: one character changed or added in four or five."""
_BRACKETS = re.compile(r"[（(【\[][^）)】\]]*[）)】\]]")
_EDGES = re.compile(r"^[*＊:：、.\d]+|[*＊:：]+$")
_OTHER_FIELD = re.compile(
    r"类|别|性质|来源|编号|序号|时间|日期|数|是否|单位|部门|属性|等级|程度|领导|人|情况|结果|依据|对应"
)
"""Headers that speak of a problem or a measure but hold something about it."""

_LONGEST = 60
"""Longer cells are no headers, whatever stands in brackets in them."""

_LEAST_CELLS = 2
"""A row with fewer filled cells begins no header."""

_SEARCHED_ROWS = 60
"""How far down a sheet a first header is looked for."""


@dataclass(frozen=True)
class Header:
    """A header: its table, its rows (top..bottom), and which grid column holds which table column."""

    table: Table
    top: int
    bottom: int
    columns: dict[str, int]
    near: dict[int, str] = field(default_factory=dict)  # grid column -> title as read, for near-spellings
    twice: dict[int, str] = field(default_factory=dict)  # a second column that looks like the same table column
    extras: dict[int, str] = field(default_factory=dict)  # grid column -> header that we do not know
    score: float = 0.0


@lru_cache(maxsize=8192)
def fold_header(text: str) -> str:
    """A header reduced to what identifies it: width, white space, stars, colons and bracketed hints do not."""
    folded = fold(text)
    bare = _EDGES.sub("", _BRACKETS.sub("", folded))
    return bare or _EDGES.sub("", folded)


@lru_cache(maxsize=32)
def _spellings(table: Table) -> dict[str, str]:
    """Folded spelling -> column key; a column's own title goes before any alias."""
    known: dict[str, str] = {fold_header(column.title): column.key for column in table}
    for column in table:
        for alias in column.aliases:
            known.setdefault(fold_header(alias), column.key)
    return known


@lru_cache(maxsize=4096)
def match_header(text: str, table: Table) -> tuple[str, bool] | None:
    """(column key, whether it is a known spelling) for a header cell's text, None where it is like no column."""
    if len(text) > _LONGEST:
        return None
    folded = fold_header(text)
    known = _spellings(table)
    if folded in known:
        return known[folded], True
    if not 3 <= len(folded) <= 14:
        return None
    best = process.extractOne(folded, known.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR)
    if best:
        return known[best[0]], False
    if not _OTHER_FIELD.search(folded):
        for key in ("detail", "title"):  # 问题及具体表现, 查摆出的主要问题
            column = table.column(key)
            if any(len(name) >= 2 and fold_header(name) in folded for name in (column.title, *column.aliases)):
                return key, False
    return None


def find_headers(grid: Grid, tables: tuple[Table, ...] = INPUTS) -> list[Header]:
    """The headers of a sheet, top down: usually one; several where tables stand one below the other."""
    found: list[Header] = []
    row = 0
    while row < grid.height and (found or row < _SEARCHED_ROWS):
        header = _best_at(grid, row, tables)
        if header is None:
            row += 1
            continue
        if found and (header.table.key == found[-1].table.key or len(header.columns) - len(header.near) < 4):
            row += 1  # the same header repeated on a next page is the reader's business
            continue
        found.append(header)
        row = header.bottom + 1
    return found


def _best_at(grid: Grid, row: int, tables: tuple[Table, ...]) -> Header | None:
    """The best reading of a header that begins at `row`, over one row or two."""
    if sum(1 for value in grid.cells[row] if value is not None) < _LEAST_CELLS:
        return None
    cells = {depth: list(_header_cells(grid, row, depth)) for depth in (1, 2)}
    options = [
        header
        for table in tables
        for depth in (1, 2)
        if (header := _read(grid, row, depth, table, cells[depth])) is not None
    ]
    return max(options, key=lambda header: (header.score, -header.bottom), default=None)


def _read(grid: Grid, row: int, depth: int, table: Table, cells: list[tuple[int, str, bool]]) -> Header | None:
    columns: dict[str, int] = {}
    near: dict[int, str] = {}
    twice: dict[int, str] = {}
    extras: dict[int, str] = {}
    lower_hits = 0
    matches = {column: match_header(text, table) for column, text, _ in cells}
    # known spellings take their columns first, so that a near-spelling cannot push one out
    for wanted_exact in (True, False):
        for column, text, low in cells:
            match = matches[column]
            if match is None or match[1] is not wanted_exact:
                continue
            key = match[0]
            if key in columns:
                twice[column] = table.column(key).title
                extras[column] = text
                continue
            columns[key] = column
            lower_hits += low
            if not wanted_exact:
                near[column] = table.column(key).title
    for column, text, _ in cells:
        if matches[column] is None:
            extras[column] = text
    has_text = "title" in columns or "detail" in columns
    named = _names(grid.name, table)
    enough = len(columns) >= (2 if named else 3) and len(columns) >= 0.4 * len(cells)
    if not has_text or not enough or (depth == 2 and not 0 < lower_hits < len(columns)):
        return None
    bonus = 1.5 if named else 0.0
    score = (
        len(columns)
        - 0.3 * len(near)
        - 0.1 * len(extras)
        + bonus
        + 0.5 * ("title" in columns)
        + 0.5 * ("detail" in columns)
    )
    return Header(table, row, row + depth - 1, columns, near, twice, extras, score)


def _header_cells(grid: Grid, row: int, depth: int) -> Iterator[tuple[int, str, bool]]:
    """(column, text, whether it stands in the lower row) for the cells of a header.

    Over two rows the lower cell speaks where it has text; else the upper one, but not a title that is merged across
    several columns whose lower cells speak for themselves.
    """
    for column in range(max(grid.width(row), grid.width(row + depth - 1))):
        upper, lower = grid.text(row, column), grid.text(row + 1, column) if depth == 2 else ""
        if lower:
            yield column, lower, True
        elif upper:
            yield column, upper, False


def _names(sheet: str, table: Table) -> bool:
    folded = fold_header(sheet)
    return any(fold_header(name) in folded for name in (table.title, *table.aliases))
