"""The sheets of a workbook, each with its tables: found first in all of them, since one tells how to read another."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.intake.cards import upright
from pipeline.intake.grid import Grid
from pipeline.intake.regions import Region, find_regions
from pipeline.scheme import Scheme
from pipeline.text import fold
from pipeline.vocabulary import TableKey

_SURE = 4
"""So many headers named beyond doubt make an ordinary table."""


@dataclass(frozen=True)
class Sheet:
    """A sheet as the department sees it (`grid`), and upright (`table`) with its tables."""

    grid: Grid
    table: Grid
    regions: list[Region]

    @property
    def turned(self) -> bool:
        """Whether the labels stand on the left."""
        return self.table is not self.grid


def find_tables(grids: list[Grid], scheme: Scheme) -> list[Sheet]:
    """Every sheet with its tables.

    Where a sheet of problems is there, a column of the same problems beside measures names what they answer; where none
    is, it is the problems themselves.
    """
    sheets = [_sheet(grid, scheme, frozenset()) for grid in grids]
    known = frozenset(
        title
        for sheet in sheets
        for region in sheet.regions
        if region.tables == (TableKey.PROBLEMS,)
        for title in _titles(sheet.table, region)
    )
    if not known:
        return sheets
    return [_sheet(sheet.grid, scheme, known) if any(map(_depends, sheet.regions)) else sheet for sheet in sheets]


def _depends(region: Region) -> bool:
    """Whether other sheets may tell how a table is meant: whether a column holds its problems, or names those it answers."""
    if region.tables == (TableKey.PROBLEMS,):
        return False
    return len(region.tables) > 1 or region.column(region.tables[0], "refs") is None


def _sheet(grid: Grid, scheme: Scheme, known: frozenset[str]) -> Sheet:
    regions = find_regions(grid, scheme, known)
    if any(region.assignment.strong >= _SURE for region in regions):
        return Sheet(grid, grid, regions)
    turned = upright(grid)
    if turned is not None and (found := find_regions(turned, scheme, known)):
        return Sheet(grid, turned, found)
    return Sheet(grid, grid, regions)


def _titles(grid: Grid, region: Region) -> set[str]:
    columns = [region.column(TableKey.PROBLEMS, key) for key in ("title", "detail")]
    return {
        fold(text).rstrip("。")
        for row in range(region.bottom + 1, region.end)
        for column in columns
        if column is not None and (text := grid.text(row, column))
    }
