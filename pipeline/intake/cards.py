"""Sheets whose labels stand on the left: one card per problem, or a table turned on its side -> a sheet with a header."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from pipeline.cells import Value
from pipeline.intake.grid import Grid
from pipeline.intake.spelling import fold_header, label_of

_LEAST_LABELS = 3
_TEXT_KEYS = ("title", "detail")
_NUMBERED = re.compile(r"\d{1,2}$|[一二三四五六七八九十]{1,2}$")


@dataclass
class _Card:
    """One record in the making: label -> (its cell's place, the value's place)."""

    values: dict[str, tuple[int, int]] = field(default_factory=dict)


def upright(grid: Grid) -> Grid | None:
    """The same cells with the labels in one row on top; None where the sheet is an ordinary one.

    Each cell of the result knows where it stands in the sheet (`Grid.origins`).
    """
    columns = Counter(
        column for row in range(grid.height) for column in range(min(grid.width(row), 12)) if _label(grid, row, column)
    )
    if not columns:
        return None
    column, count = columns.most_common(1)[0]
    rows = [row for row in range(grid.height) if _label(grid, row, column)]
    keys = {key for row in rows for _, key in label_of(grid.text(row, column))}
    if count < _LEAST_LABELS or not keys & set(_TEXT_KEYS) or len(keys) < _LEAST_LABELS:
        return None
    across = [max((sum(_label(grid, row, c) for c in range(grid.width(row)))), 0) for row in rows]
    if any(number > 4 for number in across) or _looks_like_table(grid, rows, column):
        return None
    filled = [_values_right(grid, row, column) for row in rows]
    several = sum(len(found) > 1 for found in filled)
    pairs = any(_label(grid, row, place) for row, found in zip(rows, filled, strict=True) for place in found)
    if (
        not pairs
        and several >= max(2, 0.5 * len(rows))
        and len({fold_header(grid.text(row, column)) for row in rows}) == len(rows)
    ):
        return _turned(grid, rows, column)
    return _from_cards(grid)


def _label(grid: Grid, row: int, column: int) -> bool:
    return bool(label_of(grid.text(row, column)))


def _looks_like_table(grid: Grid, rows: list[int], column: int) -> bool:
    """Labels below one another whose neighbours are labels too are the rows of a header, not labels of values."""
    beside = sum(_label(grid, row, grid.right_of(row, column)) for row in rows)
    return beside > 0.4 * len(rows)


def _values_right(grid: Grid, row: int, column: int) -> list[int]:
    return [c for c in range(grid.right_of(row, column), grid.width(row)) if grid.text(row, c)]


def _turned(grid: Grid, rows: list[int], column: int) -> Grid:
    """A table turned on its side: each column right of the labels is a row."""
    first, last = rows[0], rows[-1]
    start = min(grid.right_of(row, column) for row in rows)
    lines = [c for c in range(start, max(grid.width(row) for row in rows)) if any(grid.text(row, c) for row in rows)]
    wanted = [
        row
        for row in range(first, last + 1)
        if any(grid.text(row, c) for c in range(column, max(lines, default=0) + 1))
    ]
    cells: list[list[Value]] = [[grid.value(row, column) for row in wanted]]
    origins = {(0, place): (row, column) for place, row in enumerate(wanted)}
    merges = []
    for line, c in enumerate(lines, start=1):
        cells.append([grid.value(row, c) for row in wanted])
        origins |= {(line, place): (row, c) for place, row in enumerate(wanted)}
    for top, left, bottom, right in grid.merges:
        if top == bottom and top in wanted and right > left and left in lines:
            ends = [lines.index(c) + 1 for c in range(left, right + 1) if c in lines]
            merges.append((min(ends), wanted.index(top), max(ends), wanted.index(top)))
    return _made(grid, cells, origins, tuple(merges))


def _from_cards(grid: Grid) -> Grid | None:
    """Cards one below another: a label that the card has already begins the next one."""
    cards: list[_Card] = []
    names: dict[str, str] = {}  # what tells labels apart -> label as first written
    begin = ""
    heading = False
    for row in range(grid.height):
        for column in range(grid.width(row)):
            text = grid.text(row, column)
            if not label_of(text):
                continue
            right = grid.right_of(row, column)
            if label_of(grid.text(row, right)) and grid.text(row, right + 1):
                continue  # a label without a value
            key = _NUMBERED.sub("", fold_header(text)) or fold_header(text)
            names.setdefault(key, key if key != fold_header(text) else text)
            if not grid.text(row, right):
                heading = heading or key != fold_header(text)  # 问题二 above a card
                continue
            begin = begin or key
            # the next card, or a further measure of the same problem, which gets a line of its own
            if not cards or heading or key == begin or key in cards[-1].values:
                cards.append(_Card())
            heading = False
            cards[-1].values[key] = (row, right)
    cards = [card for card in cards if any(grid.text(*place) for place in card.values.values())]
    if not cards:
        return None
    order = list(names)
    cells: list[list[Value]] = [list(names.values())]
    origins: dict[tuple[int, int], tuple[int, int]] = {}
    for line, card in enumerate(cards, start=1):
        cells.append([grid.value(*card.values[key]) if key in card.values else None for key in order])
        origins |= {(line, order.index(key)): place for key, place in card.values.items()}
    first = min(place for place in origins.values())
    origins |= {(0, place): first for place in range(len(order))}
    return _made(grid, cells, origins, ())


def _made(
    grid: Grid,
    cells: list[list[Value]],
    origins: dict[tuple[int, int], tuple[int, int]],
    merges: tuple[tuple[int, int, int, int], ...],
) -> Grid:
    formatted = {cell: grid.formatted[place] for cell, place in origins.items() if place in grid.formatted}
    hidden = frozenset(
        line
        for line in range(1, len(cells))
        if any(place[0] in grid.hidden_rows for cell, place in origins.items() if cell[0] == line)
    )
    return Grid(
        grid.name,
        cells,
        merges,
        hidden,
        grid.visible,
        dict(grid.errors),
        grid.controls,
        grid.moving,
        formatted,
        origins,
    )
