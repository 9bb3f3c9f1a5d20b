"""基本信息: unit, date and counts, in a sheet of their own, above a table or below it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace

from pipeline import findings
from pipeline.cells import shown
from pipeline.findings import Finding, Place
from pipeline.intake import values
from pipeline.intake.grid import Grid
from pipeline.intake.sheets import Sheet
from pipeline.intake.spelling import fold_header
from pipeline.tables import BASIC, Kind

_INLINE = re.compile(
    r"(?:填报单位|报送单位|上报单位|单位名称|填表单位|^\s*单位|(?<=[\s　])单位)(?:[（(][^）)]*[）)])?\s*[:：]\s*([^\s:：，,。；;]{2,30})"
)
_INLINE_DATE = re.compile(
    r"(?:填报|报送|填表|上报)(?:日期|时间)\s*[:：]\s*(\d{4}\s*[-./年]\s*\d{1,2}\s*[-./月]\s*\d{1,2})"
)
_MEASURES = re.compile(
    r"^[（(]?(?:[百千万亿]*元|人|人次|次|个|件|条|项|户|亩|公里|平方米|吨|%|份|名|册)+(?:[、/].*)?[）)]?$"
)
"""单位：万元 says in what something is counted, not whose it is."""

_ROWS, _COLUMNS = 60, 14


def named_unit(text: str) -> str:
    """The name behind 填报单位：…, "" where a cell says none."""
    match = _INLINE.search(text)
    return match[1].strip("_＿ ") if match and not _MEASURES.match(match[1]) else ""


class Basics:
    """What a workbook says of itself. `said`: "unit" and "date" with their cells; `facts`: the counts."""

    def __init__(self, file: str):
        self.file = file
        self.facts: dict[str, int | None] = {}
        self.said: dict[str, tuple[str, Place]] = {}
        self.findings: list[Finding] = []
        self._basic: set[str] = set()
        self._blank_date: Place | None = None

    def is_basic(self, grid: Grid) -> bool:
        """Whether a sheet was read as 基本信息."""
        return grid.name in self._basic

    def look_at(self, sheet: Sheet) -> None:
        """Read what a sheet says: all of a sheet without a table, else what stands around its tables."""
        grid, place = sheet.grid, Place(self.file, sheet.grid.name)
        if not sheet.regions:
            pairs = list(_pairs(grid, grid.height))
            named = any(fold_header(name) in fold_header(grid.name) for name in (BASIC.title, *BASIC.aliases))
            if len(pairs) >= 2 or named:
                self._basic.add(grid.name)
                self.pairs(grid, pairs, place)
                return
            self.inline(grid, range(grid.height), place)
            return
        if sheet.turned:
            self.inline(grid, range(grid.height), place)
            return
        top = sheet.regions[0].top
        self.pairs(grid, list(_pairs(grid, top)), place)
        self.inline(grid, range(top), place)
        self.inline(grid, range(max(top, grid.height - 8), grid.height), place)

    def no_date(self) -> None:
        """Say that a sheet 基本信息 has no date."""
        if self._blank_date is not None and "date" not in self.said:
            self.findings.append(findings.NO_DATE.at(self._blank_date))

    def pairs(self, grid: Grid, pairs: list[tuple[str, int, int]], place: Place) -> None:
        """Labels with their values on the right."""
        for key, row, column in pairs:
            text = grid.text(row, column).strip()
            here = replace(place, cell=grid.at(row, column), column=BASIC.column(key).title)
            if key == "unit" and text and not _MEASURES.match(text):
                self.said.setdefault(key, (text, here))
            elif key == "date" and not text:
                self._blank_date = here
            elif key == "date":
                self.said.setdefault(key, (shown(grid.value(row, column)), here))
                if formula := grid.moving.get(here.cell):
                    self.findings.append(findings.MOVING_DATE.at(here, formula))
            elif BASIC.column(key).kind is Kind.COUNT and text:
                number = values.count(grid.value(row, column))
                if number is None:
                    self.findings.append(findings.BAD_FACT.at(here, text, column=here.column))
                self.facts[key] = number

    def inline(self, grid: Grid, rows: range, place: Place) -> None:
        """填报单位：… and 填报日期：… in one cell, in the lines above or below a table."""
        for row in rows:
            for column in range(min(grid.width(row), 40)):
                text = grid.text(row, column)
                if not text or len(text) > 120:
                    continue
                cell = replace(place, cell=grid.at(row, column))
                match = _INLINE.search(text)
                if match and not _MEASURES.match(match[1]):
                    self.said.setdefault("unit", (match[1].strip("_＿ "), cell))
                if match := _INLINE_DATE.search(text):
                    self.said.setdefault("date", (re.sub(r"\s", "", match[1]), cell))

    def date(self) -> dt.date | None:
        """填报日期; None where it is blank or not understood, which is said."""
        if "date" not in self.said:
            return None
        text, place = self.said["date"]
        found = values.date(text)
        if found is None:
            self.findings.append(findings.BAD_DATE_FACT.at(place, text))
        return found


def _pairs(grid: Grid, end: int) -> Iterator[tuple[str, int, int]]:
    """(key of 基本信息, row, column of the value) for each label with its value to the right."""
    spellings = {fold_header(name): column.key for column in BASIC for name in (column.title, *column.aliases)}
    for row in range(min(end, grid.height, _ROWS)):
        for column in range(min(grid.width(row), _COLUMNS)):
            key = spellings.get(fold_header(grid.text(row, column)))
            if key is not None and grid.covering(row, column) == (row, column):
                yield key, row, grid.right_of(row, column)
