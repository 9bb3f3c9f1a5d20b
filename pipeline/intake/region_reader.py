"""The tables of a sheet, read one after the other: headers said, lines told apart, rows understood."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline import findings
from pipeline.cells import column_letter
from pipeline.findings import Finding, Place
from pipeline.intake import values
from pipeline.intake.assign import Field
from pipeline.intake.cell_reader import CellReader
from pipeline.intake.content import LONG
from pipeline.intake.grid import Grid
from pipeline.intake.lines import SIGNATURE, Left, Line, read_lines, said_by_title
from pipeline.intake.regions import Region
from pipeline.intake.rows import RawRow, read_rows
from pipeline.intake.sheets import Sheet
from pipeline.intake.spelling import TABLES, fold_header
from pipeline.intake.table_reader import Shape, TableReader
from pipeline.records import DroppedLine
from pipeline.scheme import Scheme
from pipeline.tables import BASIC, Kind

_UNIT_HEADERS = frozenset(fold_header(name) for name in (BASIC.column("unit").title, *BASIC.column("unit").aliases))
_SENTENCE = 12
_TELLING = re.compile(r"问题|原因|措施|举措|表现|剖析|内容")
_DITTO = frozenset({"同上", "〃", "″"})


def _says_something(name: str, texts: Sequence[str]) -> bool:
    """Whether a column that was not understood holds what departments are asked for: long texts, or sentences under a telling header."""
    usual = sorted(len(text) for text in texts)[len(texts) // 2]
    return usual >= LONG or (usual >= _SENTENCE and _TELLING.search(name) is not None)


class RegionReader:
    """Reads the tables of one file; its lists grow with each. `unit` is what a column said of the whole file."""

    def __init__(self, file: str, scheme: Scheme, cells: CellReader):
        self.file, self.scheme = file, scheme
        self.table = TableReader(file, cells)
        self.layout: dict[str, dict[str, str]] = {}
        self.tables: set[str] = set()
        self.dropped: list[DroppedLine] = []
        self.unit: tuple[str, Place] | None = None
        self._units: dict[tuple[str, int], str] = {}

    @property
    def findings(self) -> list[Finding]:
        """Everything found so far."""
        return self.table.findings

    def unit_at(self, place: Place) -> str:
        """The unit that a row names itself, for a finding in that row; "" for the file's."""
        match = re.search(r"\d+$", place.cell)
        return self._units.get((place.sheet, int(match[0])), "") if match and self._units else ""

    def read_sheet(self, sheet: Sheet, place: Place) -> None:
        """Read every table of a sheet."""
        grid = sheet.table
        if sheet.turned:
            self.findings.append(findings.TURNED.at(place, grid.text(sheet.regions[0].bottom, 0)))
        above = 0
        for region in sheet.regions:
            if not sheet.turned and region.top >= above:
                for row in range(above, region.top) if region is sheet.regions[0] else ():
                    text = "　".join(
                        grid.text(row, column) for column in range(grid.width(row)) if grid.text(row, column)
                    )
                    if text:
                        self.drop(grid, row, text, "表头上方的标题行", place)
            self.read(grid, region, place, sheet.turned, self.said_above(grid, region, place, sheet.turned))
            above = region.end

    def read(self, grid: Grid, region: Region, place: Place, turned: bool, titles: dict[Field, str]) -> None:
        """Read one table; `titles` is what the sheet's name or a title says of all its rows."""
        self.tables |= set(region.tables)
        columns = {
            table: {key: column for (of, key), column in region.assignment.columns.items() if of == table}
            for table in region.tables
        }
        if not turned:
            for of in columns.values():
                self.layout.setdefault(place.sheet, {}).update(
                    {key: column_letter(column) for key, column in of.items()}
                )
        lines, left = read_lines(grid, region, self.scheme)
        for entry in left:
            self.leave(grid, entry, place)
        for line in lines:
            self.of_line(grid, region, line, place)
        raw = read_rows(grid, region, lines)
        for row in raw:
            for (table, key), value in titles.items():
                if row.table == table and key not in columns.get(table, {}):
                    row.given.setdefault(key, [value])
        units = self.units(grid, region, lines, raw, place)
        self.header(grid, region, lines, raw, place)
        used = read_columns(region, raw)
        self.table.read(
            raw, Shape(used, len(region.tables) > 1, turned), replace(place, cell=self.header_row(grid, region)), units
        )

    @staticmethod
    def header_row(grid: Grid, region: Region) -> str:
        """The header's row as an address."""
        number = region.bottom + 1 if not grid.origins else grid.number(region.bottom)
        return f"{number}:{number}"

    # ---- headers ----
    def header(self, grid: Grid, region: Region, lines: list[Line], raw: list[RawRow], place: Place) -> None:
        """Say what was read otherwise than written, what is there twice, and what nobody asked for."""
        assignment = region.assignment

        def at(column: int) -> Place:
            row = next((r for r in range(region.bottom, region.top - 1, -1) if grid.text(r, column)), region.bottom)
            return replace(place, cell=grid.at(row, column))

        def written(column: int) -> str:
            row = next((r for r in range(region.bottom, region.top - 1, -1) if grid.text(r, column)), region.bottom)
            return grid.text(row, column).strip() or assignment.extras.get(column, "")

        if len(region.tables) > 1 and len(raw) > 0:
            titles = "、".join(TABLES[key].short for key in region.tables)
            self.findings.append(findings.WIDE_TABLE.at(replace(place, cell=self.header_row(grid, region)), titles))
        for column, meant in assignment.near.items():
            if column in assignment.doubts:
                other = self.title(assignment.doubts[column][1])
                self.findings.append(
                    findings.HEADER_DOUBT.at(at(column), written(column), column=self.title(meant), other=other)
                )
            else:
                self.findings.append(findings.NEAR_HEADER.at(at(column), written(column), column=self.title(meant)))
        known = {*assignment.columns.values(), *region.ticks}
        strange: dict[int, list[str]] = {}
        for line in lines:
            for column, text in line.own.items():
                if column not in known:
                    strange.setdefault(column, []).append(text)
        for column, texts in sorted(strange.items()):
            name = assignment.extras.get(column) or f"{column_letter(column)}列（无表头）"
            if fold_header(name) in _UNIT_HEADERS:
                continue
            if column in assignment.twice and assignment.twice[column][1] != "seq":
                title = self.title(assignment.twice[column])
                self.findings.append(findings.TWO_COLUMNS.at(at(column), name, column=title))
            elif _says_something(name, texts):
                self.findings.append(findings.UNKNOWN_TEXT.at(at(column), name, text=texts[0][:60]))
            else:
                self.findings.append(findings.EXTRA_COLUMN.at(at(column), name))

    @staticmethod
    def title(meant: Field) -> str:
        """How a column is named to people."""
        return TABLES[meant[0]].column(meant[1]).title

    def said_above(self, grid: Grid, region: Region, place: Place, turned: bool) -> dict[Field, str]:
        """对照方面 or 努力方向 that the sheet's name, or a title above the table, says of all its rows."""
        wanted = {
            (table, column.key)
            for table in region.tables
            for column in TABLES[table]
            if column.kind in (Kind.ASPECT, Kind.DIRECTION) and region.column(table, column.key) is None
        }
        if not wanted:
            return {}
        sources = [("工作表名", grid.name)]
        if not turned:
            for row in range(region.top - 1, max(-1, region.top - 4), -1):
                texts = [text for column in range(grid.width(row)) if (text := grid.text(row, column))]
                if len(texts) == 1:
                    sources.append(("表上方的标题", texts[0]))
        for source, text in sources:
            found = {
                meant: value for meant, value in said_by_title(text, region, self.scheme).items() if meant in wanted
            }
            for meant, value in found.items():
                self.findings.append(
                    findings.SAID_BY_TITLE.at(place, text[:40], column=self.title(meant), source=source, meaning=value)
                )
            if found:
                return found
        return {}

    # ---- lines ----
    def leave(self, grid: Grid, left: Left, place: Place) -> None:
        """Keep a line that is no row, and say so; names and telephone numbers of those who sign are not repeated."""
        self.drop(grid, left.row, left.text, left.what, place)
        cell = replace(place, cell=grid.at(left.row, min(left.own)))
        quoted = "" if left.what == SIGNATURE else left.text[:300]
        self.findings.append(
            findings.SKIPPED_ROW.at(cell, quoted, what=left.what, text=f"原文：{quoted}" if quoted else "")
        )

    def drop(self, grid: Grid, row: int, text: str, why: str, place: Place) -> None:
        """Keep a line that is no row for the list of such lines."""
        self.dropped.append(DroppedLine(self.file, place.sheet, grid.number(row), text, why))

    def of_line(self, grid: Grid, region: Region, line: Line, place: Place) -> None:
        """Say of a row that it is hidden, and which of its cells hold errors."""
        if line.row in grid.hidden_rows:
            cell = grid.at(line.row, min(line.own))
            self.findings.append(findings.HIDDEN_ROW.at(replace(place, cell=cell), next(iter(line.own.values()))[:80]))
        if not grid.errors:
            return
        for meant, column in region.assignment.columns.items():
            cell = grid.at(line.row, column)
            if what := grid.errors.get(cell):
                value = "（公式没有计算结果）" if what == "公式" else what
                self.findings.append(
                    findings.ERROR_VALUE.at(replace(place, cell=cell, column=self.title(meant)), value)
                )

    def units(self, grid: Grid, region: Region, lines: list[Line], raw: list[RawRow], place: Place) -> dict[int, str]:
        """Grid row -> the unit that a column 报送单位 names there, where it names several; one for all is the file's."""
        column = next((c for c, text in region.assignment.extras.items() if fold_header(text) in _UNIT_HEADERS), None)
        if column is None:
            return {}
        name = region.assignment.extras[column]
        said: dict[int, str] = {}
        last = ""
        for line in lines:
            text = line.own.get(column, "").strip() or grid.text(*grid.covering(line.row, column)).strip()
            last = last if not text or text in _DITTO else text
            said[line.row] = last
        names = {text for text in said.values() if text}
        if not names:
            return {}
        for row in raw:
            row.extras = [(title, text) for title, text in row.extras if title != name]
        first = next(number for number, text in said.items() if text)
        if len(names) == 1:
            self.unit = self.unit or (names.pop(), replace(place, cell=grid.at(first, column)))
            return {}
        found: dict[int, str] = {}
        for number, text in said.items():
            unit, hint = values.unit_name(text, self.scheme) if text else ("", None)
            if hint is not None and self.scheme.roster:
                self.findings.append(
                    findings.NOT_ON_ROSTER.at(replace(place, cell=grid.at(number, column)), text, hint=hint)
                )
            found[number] = unit
            self._units[place.sheet, grid.number(number)] = unit
        return found


def read_columns(region: Region, raw: list[RawRow]) -> dict[str, dict[str, int]]:
    """The columns of each table as its rows use them: the one 序号 of a wide table where it belongs."""
    columns: dict[str, dict[str, int]] = {table: {} for table in region.tables}
    for (table, key), column in region.assignment.columns.items():
        columns[table][key] = column
    for row in raw:
        if "seq" in row.where and "seq" not in columns[row.table]:
            for of in columns.values():
                if "seq" in of:
                    columns[row.table]["seq"] = of.pop("seq")
                    break
    return columns
