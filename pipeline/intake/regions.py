"""Tables of a sheet: where each header stands, over how many rows and columns, and how far down its rows go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from pipeline.intake import values
from pipeline.intake.assign import Assignment, Field, HeaderCell, assign
from pipeline.intake.content import TICKS, Sample, sample
from pipeline.intake.grid import Grid
from pipeline.intake.spelling import LONGEST, TABLES, fold_header, label_of, names_table, spelling_score
from pipeline.scheme import Scheme
from pipeline.tables import Kind, Table
from pipeline.vocabulary import TableKey

_DEEPEST = 3
"""Rows that a header may have."""

_FIRST_ROWS = 60
"""How far down a sheet a first header is looked for."""

_TICKED = 13.0
"""What a group of ticked columns is worth: a little more than the one column that it stands for."""

_BEGINS = 14
"""A header begins with cells no longer than this."""

_STRONG = 3.9
"""A header cell that names a column well enough to begin a header with."""


@dataclass(frozen=True)
class Region:
    """A table in a sheet: header rows `top`..`bottom`, data rows up to `end` (exclusive), columns `left`..`right` (exclusive).

    `ticks`: column -> which value of which table column a tick in it means.
    """

    assignment: Assignment
    top: int
    bottom: int
    end: int
    left: int
    right: int
    ticks: dict[int, tuple[Field, str]] = field(default_factory=dict)

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables whose rows stand in it: several for a wide one."""
        return self.assignment.tables

    @property
    def score(self) -> float:
        """How good a reading it is; a group of ticked columns is worth more than one column."""
        return self.assignment.score + _TICKED * len({meant for meant, _ in self.ticks.values()})

    def column(self, table: str, key: str) -> int | None:
        """The grid column of a table's column, None where it has none."""
        return self.assignment.columns.get((table, key))


def find_regions(grid: Grid, scheme: Scheme, known_titles: frozenset[str]) -> list[Region]:
    """The tables of a sheet, top down and from left to right."""
    found: list[Region] = []
    row = 0
    while row < grid.height and (found or row < _FIRST_ROWS):
        best = _at(grid, row, scheme, known_titles, later=bool(found))
        if not best or _repeats(best, found):
            row += 1
            continue
        found += best
        row = best[0].bottom + 1
    tops = sorted({region.top for region in found})
    return [replace(region, end=next((top for top in tops if top > region.top), grid.height)) for region in found]


def _repeats(new: list[Region], found: list[Region]) -> bool:
    """The same header printed again on a next page is no new table."""
    if not found:
        return False
    last = [region for region in found if region.top == found[-1].top]
    return [region.assignment.columns for region in new] == [region.assignment.columns for region in last]


def _at(grid: Grid, row: int, scheme: Scheme, known_titles: frozenset[str], later: bool) -> list[Region]:
    """The tables whose headers begin in `row`: one, or several side by side."""
    texts = {text for column in range(grid.width(row)) if (text := grid.text(row, column))}
    strong = sum(_strength(text) >= _STRONG for text in texts)
    if len(texts) < 2 or not strong:
        return []
    if strong < 2:  # the upper row of a deeper header
        below = {grid.text(row + 1, column) for column in range(grid.width(row + 1))} - {""}
        if strong + sum(_strength(text) >= _STRONG for text in below) < 2:
            return []
    best: tuple[float, list[Region]] = (0.0, [])
    for depth in range(_least_depth(grid, row), _DEEPEST + 1):
        cells = header_cells(grid, row, depth)
        if cells is None:
            break
        regions = _read(grid, row, depth, cells, scheme, known_titles)
        score = sum(region.score for region in regions)
        if regions and score > best[0] + 0.5 * (depth > 1):
            best = (score, regions)
    if later and any(region.assignment.strong < 3 for region in best[1]):
        return []
    return best[1]


def _least_depth(grid: Grid, row: int) -> int:
    """How many rows a header has at least: as many as its cells are merged down."""
    down = [bottom - top + 1 for top, left, bottom, right in grid.merges if top == row and bottom > top]
    return max(down) if len(down) >= 2 and max(down) <= _DEEPEST else 1


def _read(
    grid: Grid, row: int, depth: int, cells: list[HeaderCell], scheme: Scheme, known_titles: frozenset[str]
) -> list[Region]:
    bottom = row + depth - 1
    look = _Looker(grid, bottom, known_titles)
    whole = _region(grid, row, bottom, cells, look, scheme)
    parts: list[Region] = []
    for segment in _segments(grid, cells, look):
        part = _region(grid, row, bottom, segment, look, scheme)
        if part is None or not _stands_alone(part, parts):
            return [whole] if whole else []
        parts.append(part)
    if len(parts) > 1 and (whole is None or sum(p.score for p in parts) > whole.score):
        return parts
    return [whole] if whole else []


def _stands_alone(part: Region, before: list[Region]) -> bool:
    """Whether a part of a header is a table beside another, and not the rest of a wide one.

    It numbers its rows itself; and one that follows without an empty column says which problems it answers.
    """
    keys = {key for _, key in part.assignment.columns}
    if not before or TableKey.PROBLEMS in part.tables or before[-1].right < part.left:
        return bool(keys & {"seq", "refs"})
    return "refs" in keys


def _region(grid: Grid, top: int, bottom: int, cells: list[HeaderCell], look: _Looker, scheme: Scheme) -> Region | None:
    ticks = _ticks(cells, look, scheme)
    plain = [cell for cell in cells if cell.column not in ticks]

    def named(table: Table) -> bool:
        return names_table(grid.name, table)

    found = assign(plain, look, scheme, named) if plain else None
    if found is None:
        return None
    size = len(found.columns) + (1 if ticks else 0)
    if size < 2 or (size == 2 and found.strong < 2) or size < 0.35 * len(plain):
        return None
    ticks = {column: meant for column, meant in ticks.items() if meant[0][0] in found.tables}
    columns = [cell.column for cell in cells]
    return Region(found, top, bottom, grid.height, min(columns), max(columns) + 1, ticks)


class _Looker:
    """Gives the cells below a header, column by column."""

    def __init__(self, grid: Grid, bottom: int, known_titles: frozenset[str]):
        self.grid, self.known_titles = grid, known_titles
        self.rows = list(_body(grid, bottom + 1))
        self.seen: dict[int, Sample] = {}

    def __call__(self, column: int) -> Sample:
        if column not in self.seen:
            texts = (self.grid.text(row, column) for row in self.rows)
            self.seen[column] = sample(texts, self.known_titles)
        return self.seen[column]


def _body(grid: Grid, row: int) -> Iterator[int]:
    """The rows below a header that may be its own: up to another header, 60 of them at the most."""
    for number in range(row, min(grid.height, row + 60)):
        texts = [text for column in range(grid.width(number)) if (text := grid.text(number, column))]
        if sum(bool(label_of(text)) for text in texts) >= 3:
            return
        if len(texts) > 1 and not _counts(texts):
            yield number


def _counts(texts: list[str]) -> bool:
    """A row of column numbers says nothing of the columns."""
    return len(texts) >= 3 and all(re.fullmatch(r"[（(]?\d{1,2}[）)]?", text.strip()) for text in texts)


@lru_cache(maxsize=16384)
def _strength(text: str) -> float:
    if len(fold_header(text)) > _BEGINS:
        return 0.0
    return max(spelling_score(text, table, column) for table in TABLES.values() for column in table)


def header_cells(grid: Grid, row: int, depth: int) -> list[HeaderCell] | None:
    """The header of every column over `depth` rows, None where the lower rows are no part of a header."""
    if row + depth > grid.height:
        return None
    width = max(grid.width(row + level) for level in range(depth))
    found = []
    lower = 0
    for column in range(width):
        levels = [_level(grid, row, row + level, column, level < depth - 1) for level in range(depth)]
        own = [text for text in dict.fromkeys(reversed(levels)) if text]
        if any(len(text) > LONGEST for text in own):
            return None
        if depth > 1 and (text := grid.text(row + depth - 1, column)):
            if not _may_stand_below(grid, row + depth - 2, column) or re.fullmatch(r"[\d.]+", text.strip()):
                return None
            lower += 1
        if own:
            found.append(HeaderCell(column, own[0], tuple(own[1:])))
    return found if depth == 1 or lower else None


def _level(grid: Grid, top: int, row: int, column: int, deep: bool) -> str:
    """The text that a row of a header gives a column: its own, that of the merged cell over it, or of the group on its left."""
    if text := grid.text(row, column):
        return text
    first = grid.covering(row, column)
    if first != (row, column):
        # a cell merged over several columns is the header of the first, unless lower rows tell them apart
        below = grid.text(row + 1, column) and not grid.merged_above(row + 1, column)
        return grid.text(*first) if first[0] >= top and (first[1] == column or (deep and below)) else ""
    if grid.text(row + 1, column) and not grid.merged_above(row + 1, column):
        left = column - 1
        while left >= 0 and not grid.text(row, left) and grid.text(row + 1, left):
            left -= 1
        if left >= 0 and grid.text(row + 1, left) and grid.covering(row, left) == (row, left):
            return grid.text(row, left)
    return ""


def _may_stand_below(grid: Grid, row: int, column: int) -> bool:
    """Whether a cell below (row, column) can belong to a header: nothing above it, or a group over several columns."""
    first = grid.covering(row, column)
    if first != (row, column) or grid.right_of(row, column) > column + 1:
        return grid.right_of(*first) > first[1] + 1 and grid.covering(row + 1, column)[0] != first[0]
    if not grid.text(row, column):
        return True
    return not grid.text(row, column + 1) and bool(grid.text(row + 1, column + 1))


def _segments(grid: Grid, cells: list[HeaderCell], look: _Looker) -> list[list[HeaderCell]]:
    """The header cut where an empty column, or a second 序号, begins another table beside the first."""
    segments: list[list[HeaderCell]] = []
    for cell in cells:
        gap = bool(segments) and cell.column > segments[-1][-1].column + 1
        if gap:
            between = range(segments[-1][-1].column + 1, cell.column)
            gap = not any(look(column).texts for column in between)
        again = bool(segments) and _is_seq(cell) and any(_is_seq(other) for other in segments[-1])
        if not segments or gap or again:
            segments.append([])
        segments[-1].append(cell)
    return segments if len(segments) > 1 else []


def _is_seq(cell: HeaderCell) -> bool:
    return any(key == "seq" for _, key in label_of(cell.own))


def _ticks(cells: list[HeaderCell], look: _Looker, scheme: Scheme) -> dict[int, tuple[Field, str]]:
    """Columns headed by an allowed value and filled with ticks: at least two of one kind."""
    found: dict[Field, dict[int, str]] = {}
    for cell in cells:
        texts = look(cell.column).texts
        if not all(text in TICKS or text == "1" for text in texts):
            continue
        for table in TABLES.values():
            for column in table:
                value = ""
                if column.kind in (Kind.CHOICE, Kind.CHOICES):
                    value = values.choice(cell.own.strip(), column.choices, column.key).value
                elif column.kind in (Kind.ASPECT, Kind.DIRECTION):
                    value = values.heading(cell.own.strip(), values.names_of(column.kind, scheme)).value
                if value:
                    found.setdefault((table.key, column.key), {})[cell.column] = value
    ticks: dict[int, tuple[Field, str]] = {}
    for meant, columns in found.items():
        if len(columns) >= 2 and any(look(column).texts for column in columns):
            ticks |= {column: (meant, value) for column, value in columns.items() if column not in ticks}
    return ticks
