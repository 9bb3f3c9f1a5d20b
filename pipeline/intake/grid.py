"""A sheet as a grid of addressed cells, whatever file it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.cells import Value, address, shown


@dataclass(frozen=True)
class Grid:
    """A sheet: `cells[row][column]` from A1 on, merged ranges (r1, c1, r2, c2 inclusive), hidden rows. Zero-based.

    `formatted` holds what a person sees where the cell's number format says more than the value (85%, 2022.10, 2022年6月).
    `origins` is for a sheet that was turned round (cards, transposed tables): where each cell really stands.
    """

    name: str
    cells: list[list[Value]]
    merges: tuple[tuple[int, int, int, int], ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    visible: bool = True
    errors: dict[str, str] = field(default_factory=dict)  # address -> "#REF!", or "公式" for one never calculated
    controls: tuple[str, ...] = ()  # addresses of cells from which control characters were taken out
    moving: Mapping[str, str] = field(
        default_factory=dict
    )  # address -> a formula that changes with the day, =TODAY()+30
    formatted: Mapping[tuple[int, int], str] = field(default_factory=dict)
    origins: Mapping[tuple[int, int], tuple[int, int]] = field(default_factory=dict)

    def text(self, row: int, column: int) -> str:
        """The cell's own text as it is seen, "" outside the grid or where only white space stands."""
        if row >= len(self.cells) or column >= len(self.cells[row]):
            return ""
        text = self.formatted.get((row, column)) or shown(self.cells[row][column])
        return text if text.strip() else ""

    def at(self, row: int, column: int) -> str:
        """The address of a cell in the sheet as the department sees it."""
        return address(*self.origins.get((row, column), (row, column)))

    def number(self, row: int) -> int:
        """The row as Excel counts it; of a sheet that was turned round, the row of the line's first cell."""
        if not self.origins:
            return row + 1
        places = [place for (line, _), place in self.origins.items() if line == row]
        return min(places, default=(row, 0))[0] + 1

    def value(self, row: int, column: int) -> Value:
        """The cell's own value, None outside the grid."""
        if row >= len(self.cells) or column >= len(self.cells[row]):
            return None
        return self.cells[row][column]

    @property
    def height(self) -> int:
        """Number of rows."""
        return len(self.cells)

    def width(self, row: int) -> int:
        """Number of columns of a row."""
        return len(self.cells[row]) if row < len(self.cells) else 0

    @cached_property
    def _tall(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Cells covered by a range that is merged down rows -> the range's first cell."""
        covered = {}
        for top, left, bottom, right in self.merges:
            if bottom > top:
                for row in range(top, min(bottom, self.height - 1) + 1):
                    for column in range(left, right + 1):
                        if (row, column) != (top, left):
                            covered[row, column] = (top, left)
        return covered

    @cached_property
    def _wide(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Cells covered by any merged range -> the range's first cell."""
        covered = {}
        for top, left, bottom, right in self.merges:
            for row in range(top, min(bottom, self.height - 1) + 1):
                for column in range(left, min(right, 1000) + 1):
                    covered[row, column] = (top, left)
        return covered

    def merged_above(self, row: int, column: int) -> tuple[int, int] | None:
        """The first cell of the range merged down over this cell, if it lies in a higher row."""
        first = self._tall.get((row, column))
        return first if first and first[0] < row and first[1] == column else None

    def covering(self, row: int, column: int) -> tuple[int, int]:
        """The first cell of the merged range over this cell, or the cell itself."""
        return self._wide.get((row, column), (row, column))

    def right_of(self, row: int, column: int) -> int:
        """The column right of a cell, past the range that is merged over it."""
        return next(
            (right + 1 for top, left, bottom, right in self.merges if top <= row <= bottom and left <= column <= right),
            column + 1,
        )
