"""Lines of a table -> its rows, table by table: one of a narrow table, a problem with its causes and measures of a wide one."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.cells import Value, column_letter
from pipeline.intake.assign import Field
from pipeline.intake.grid import Grid
from pipeline.intake.lines import Line
from pipeline.intake.regions import Region
from pipeline.intake.spelling import TABLES
from pipeline.tables import Column, Table
from pipeline.text import fold
from pipeline.vocabulary import TableKey

_DITTO = frozenset({"同上", "〃", "″", "''", "”", "“", '"', "々", "同前", "同上行", "同上一条", "同上条", "ditto"})
_TEXTS = ("title", "detail")


@dataclass
class RawRow:
    """A row as it stands. `values` and `seen` (the text as shown) by column key, `where` its cells' addresses.

    `given`: what ticks, headings or the sheet's name say. `answers` is the problem that stands in the same line.
    `ditto`: columns that said 同上, `more`: texts of further lines under a cell merged down.
    """

    table: str
    line: int
    number: int
    values: dict[str, Value] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    where: dict[str, str] = field(default_factory=dict)
    extras: list[tuple[str, str]] = field(default_factory=list)
    given: dict[str, list[str]] = field(default_factory=dict)
    ditto: list[str] = field(default_factory=list)
    more: list[str] = field(default_factory=list)
    answers: RawRow | None = None

    def text(self, key: str) -> str:
        """What a cell shows, "" if it is blank or there is none."""
        return self.seen.get(key, "")


def read_rows(grid: Grid, region: Region, lines: list[Line]) -> list[RawRow]:
    """The rows of every table of a region, in the order of the lines."""
    return _Rows(grid, region, _seq_owner(grid, region, lines)).read(lines)


def _seq_owner(grid: Grid, region: Region, lines: list[Line]) -> dict[Field, int]:
    """The columns, with the one 序号 of a wide table given to what it counts: the problems, or else the measures."""
    columns = dict(region.assignment.columns)
    owned = [key for key in columns if key[1] == "seq"]
    if len(region.tables) < 2 or len(owned) != 1:
        return columns
    column = columns.pop(owned[0])
    first, last = region.tables[0], region.tables[-1]
    texts = [place for (table, key), place in columns.items() if table == first and key in _TEXTS]
    numbers: set[str] = set()
    problems, before = 0, ""
    for line in lines:
        said = fold("".join(line.own.get(place, "") for place in texts))
        problems += bool(said) and said != before
        numbers |= {line.own[column].strip()} if column in line.own else set()
        before = said or before
    columns[(first if len(numbers) <= problems else last), "seq"] = column
    return columns


class _Rows:
    """The reading of one region."""

    def __init__(self, grid: Grid, region: Region, columns: dict[Field, int]):
        self.grid, self.region, self.columns = grid, region, columns
        self.wide = len(region.tables) > 1
        self.rows: list[RawRow] = []
        self.current: dict[str, RawRow] = {}

    def read(self, lines: list[Line]) -> list[RawRow]:
        for line in lines:
            made = [row for key in self.region.tables if (row := self.row(TABLES[key], line))]
            self.rows += made
            for row in made:
                self.current[row.table] = row
                row.answers = self.current.get(TableKey.PROBLEMS) if row.table != TableKey.PROBLEMS else None
            if not made:
                made = self.continued(line)
            self.leave_nothing(line, made)
        return self.rows

    def row(self, table: Table, line: Line) -> RawRow | None:
        """The row of `table` that begins in a line, None where none does."""
        own = {key: column for (of, key), column in self.columns.items() if of == table.key and column in line.own}
        texts = [column for (of, key), column in self.columns.items() if of == table.key and key in _TEXTS]
        begins = [column for column in texts if column in line.own]
        if self.wide:
            if not begins or (table.key == TableKey.PROBLEMS and self.same_problem(table, line)):
                return None
        elif not begins and (not own or self.lower_half(line, texts)) and self.rows:
            return None
        row = RawRow(table.key, line.row, self.grid.number(line.row))
        for column in table:
            self.fill(row, column, line)
        for place, (meant, value) in self.region.ticks.items():
            if meant[0] == table.key and place in line.own:
                row.given.setdefault(meant[1], []).append(value)
        for meant, value in line.group.items():
            if meant[0] == table.key:
                row.given.setdefault(meant[1], [value])
        return row

    def same_problem(self, table: Table, line: Line) -> bool:
        """Whether a wide line repeats the problem of the line above, for a further measure of it."""
        last = self.current.get(table.key)
        if last is None:
            return False
        said = {
            key: fold(line.own.get(column, ""))
            for (of, key), column in self.columns.items()
            if of == table.key and key in _TEXTS
        }
        return any(said.values()) and all(
            not text or text in _DITTO or text == fold(last.text(key)) for key, text in said.items()
        )

    def lower_half(self, line: Line, texts: list[int]) -> bool:
        """Whether a line lies under texts that are merged down over it."""
        return bool(texts) and all(
            (first := self.grid.merged_above(line.row, column)) is not None and first[0] > self.region.bottom
            for column in texts
        )

    def fill(self, row: RawRow, column: Column, line: Line) -> None:
        place = self.columns.get((row.table, column.key))
        if place is None:
            return
        value, shown, cell = self.grid.value(line.row, place), line.own.get(place, ""), (line.row, place)
        if fold(shown) in _DITTO and row.table in self.current:
            above = self.current[row.table]
            value, shown = above.values.get(column.key), above.text(column.key)
            row.ditto.append(column.key)
        elif not shown:
            repeats = column.repeats or (self.wide and column.key not in (*_TEXTS, "seq"))
            first = self.grid.merged_above(line.row, place) if repeats else None
            if first is None or first[0] <= self.region.bottom:
                row.where[column.key] = self.grid.at(line.row, place)
                return
            value, shown, cell = self.grid.value(*first), self.grid.text(*first), first
        row.values[column.key], row.seen[column.key] = value, shown
        row.where[column.key] = self.grid.at(*(cell if column.key in row.ditto else (line.row, place)))

    def continued(self, line: Line) -> list[RawRow]:
        """A line under merged texts adds to the row above: two persons beside one measure."""
        for table in reversed(self.region.tables):
            texts = [column for (of, key), column in self.columns.items() if of == table and key in _TEXTS]
            if table in self.current and self.lower_half(line, texts):
                row = self.current[table]
                for (of, key), column in self.columns.items():
                    text = line.own.get(column, "").strip()
                    if of == table and text and text not in row.text(key):
                        row.values[key] = row.seen[key] = f"{row.text(key)}\n{text}".strip()
                        row.more.append(key)
                return [row]
        return []

    def leave_nothing(self, line: Line, made: list[RawRow]) -> None:
        """What no row of a line took goes into 其他内容; a line that no row took at all becomes one, to be refused."""
        taken = {place for (of, key), place in self.columns.items() if any(row.table == of for row in made)}
        ticked = {
            place for place, (meant, _) in self.region.ticks.items() if any(row.table == meant[0] for row in made)
        }
        rest = {
            column: text
            for column, text in line.own.items()
            if column not in taken | ticked and not self.known(column, text)
        }
        if not rest:
            return
        if not made:
            row = RawRow(self.region.tables[-1], line.row, self.grid.number(line.row))
            for asked in TABLES[row.table]:
                self.fill(row, asked, line)
            row.answers = self.current.get(TableKey.PROBLEMS) if self.wide else None
            self.rows.append(row)
            made = [row]
            taken = {place for (of, _), place in self.columns.items() if of == row.table}
        for column, text in rest.items():
            if column not in taken:
                name = self.region.assignment.extras.get(column) or self.name(column)
                self.nearest(column, made).extras.append((name, text))

    def known(self, column: int, text: str) -> bool:
        """Whether a cell only repeats what the current problem or cause said already."""
        return any(
            place == column
            and of in self.current
            and (fold(text) in _DITTO or fold(text) == fold(self.current[of].text(key)))
            for (of, key), place in self.columns.items()
        )

    def name(self, column: int) -> str:
        for (of, key), place in self.columns.items():
            if place == column:
                return TABLES[of].column(key).title
        top = self.grid.text(self.region.bottom, column)
        return top or f"{column_letter(column)}列（无表头）"

    def nearest(self, column: int, made: list[RawRow]) -> RawRow:
        """Of several rows in a line, the one whose columns begin last before a column."""
        starts = {
            row.table: min((p for (of, _), p in self.columns.items() if of == row.table), default=0) for row in made
        }
        before = [row for row in made if starts[row.table] <= column]
        return max(before or made, key=lambda row: starts[row.table])
