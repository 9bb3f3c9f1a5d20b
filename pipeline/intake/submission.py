"""One file from a department -> its rows, each understood against the scheme, and everything found on the way."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field, replace

from pipeline import findings
from pipeline.findings import Finding, Place
from pipeline.forms import GUIDE_SHEET, scheme_mark
from pipeline.intake import opening, values
from pipeline.intake.basics import Basics
from pipeline.intake.cell_reader import CellReader
from pipeline.intake.grid import Grid
from pipeline.intake.progress import read_progress
from pipeline.intake.region_reader import RegionReader
from pipeline.intake.sheets import Sheet, find_tables
from pipeline.intake.suspects import suspects, unit_in
from pipeline.intake.table_reader import renumbered, without_repeats
from pipeline.progress.entries import ProgressFile
from pipeline.records import DroppedLine, SourceRow
from pipeline.scheme import Scheme
from pipeline.tables import MARKS_SHEET

_GUIDES = frozenset({GUIDE_SHEET, "填报说明", "填写说明", "说明", MARKS_SHEET})


@dataclass(frozen=True)
class Submission:
    """What one file holds; `progress` alone, where it is a progress workbook.

    `tables` are those that it has a header for, `filled` those that it has rows of. `layout` gives each sheet's columns by
    key as letters. `dropped` are the lines between and around the rows that were not taken as rows.
    """

    file: str
    sha256: str
    unit: str = ""
    date: dt.date | None = None
    facts: dict[str, int | None] = field(default_factory=dict)
    rows: list[SourceRow] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    layout: dict[str, dict[str, str]] = field(default_factory=dict)
    tables: frozenset[str] = frozenset()
    opened: bool = True
    progress: ProgressFile | None = None
    dropped: tuple[DroppedLine, ...] = ()

    @property
    def filled(self) -> frozenset[str]:
        """The tables of which the file holds rows."""
        return frozenset(row.table for row in self.rows if not row.refused)


def read_submission(data: bytes, file: str, scheme: Scheme, base: dt.date, careful: bool = False) -> Submission:
    """Read one file's bytes; `file` is its path below workbooks/, `base` the date from which deadlines count.

    `careful` is for a file at which a first try died.

    Never raises on content: a file that cannot be opened is a Submission with `opened=False` and a finding.
    """
    digest = hashlib.sha256(data).hexdigest()
    try:
        book = opening.open_workbook(data, careful)
    except opening.UnreadableError as error:
        return Submission(file, digest, findings=[findings.UNREADABLE.at(Place(file), why=str(error))], opened=False)
    reported = read_progress(book, file, digest, scheme)
    if reported is not None:
        found = list(reported.findings)
        return Submission(file, digest, reported.unit, reported.date, findings=found, progress=reported)
    return _Reading(file, digest, book, scheme, base).submission()


class _Reading:
    """The reading of one workbook: basic facts first, then the tables sheet by sheet."""

    def __init__(self, file: str, digest: str, book: opening.Workbook, scheme: Scheme, base: dt.date):
        self.file, self.digest, self.book, self.scheme, self.base = file, digest, book, scheme, base
        self.findings: list[Finding] = []

    def submission(self) -> Submission:
        if self.book.date_1904:
            self.findings.append(findings.DATE_1904.at(Place(self.file)))
        self.findings += [rule.at(Place(self.file), what) for rule, what in self.book.notes]
        sheets = find_tables([grid for grid in self.book.grids if grid.name not in _GUIDES], self.scheme)
        basics = Basics(self.file)
        for sheet in sheets:
            basics.look_at(sheet)
        date = basics.date()
        moving = {(grid.name, cell): what for grid in self.book.grids for cell, what in grid.moving.items()}
        reader = RegionReader(self.file, self.scheme, CellReader(self.scheme, self.base, date, moving))
        for sheet in sheets:
            self.sheet(sheet, reader, basics)
        if reader.unit:
            basics.said.setdefault("unit", reader.unit)
        rows, repeats = without_repeats(reader.table.rows, reader.table.wide)
        rows = renumbered(rows)
        for row, first in repeats:
            place = Place(self.file, row.id.sheet, row.cell("title"), "问题")
            self.findings.append(
                findings.REPEATED_PROBLEM.at(
                    place, (row.title or row.detail)[:60], sheet=first.id.sheet, row=first.id.row
                )
            )
            reader.dropped.append(DroppedLine(self.file, row.id.sheet, row.id.row, row.text, "与问题清单重复的问题"))
        unit = self.unit(basics, own=bool(rows) and all(row.unit for row in rows))
        self.round()
        self.findings += suspects(sheets, self.scheme, unit, self.file)
        if rows:
            basics.no_date()
        found = [*self.findings, *basics.findings, *reader.findings]
        if not reader.tables and not any(finding.code == findings.NO_HEADER.code for finding in found):
            found.append(findings.NO_TABLE.at(Place(self.file)))
        elif not rows:
            found.append(findings.EMPTY_FILE.at(Place(self.file)))
        return Submission(
            self.file,
            self.digest,
            unit,
            date,
            basics.facts,
            rows,
            [
                replace(finding, remedy=self.scheme.dated(finding.remedy)).of_unit(
                    reader.unit_at(finding.place) or unit
                )
                for finding in found
            ],
            reader.layout,
            frozenset(reader.tables),
            dropped=tuple(reader.dropped),
        )

    def sheet(self, sheet: Sheet, reader: RegionReader, basics: Basics) -> None:
        place = Place(self.file, sheet.grid.name)
        if not sheet.regions:
            if not basics.is_basic(sheet.grid):
                self.other_sheet(sheet.grid, place)
            return
        self.findings += [findings.CONTROL_CHARACTERS.at(replace(place, cell=cell)) for cell in sheet.grid.controls]
        if not sheet.grid.visible:
            self.findings.append(findings.HIDDEN_SHEET.at(place, sheet=sheet.grid.name))
        reader.read_sheet(sheet, place)

    def other_sheet(self, grid: Grid, place: Place) -> None:
        """A sheet without a table that is not 基本信息 either: something that should be looked at."""
        if grid.name.startswith("_"):
            return
        filled = [
            text for row in range(grid.height) for column in range(grid.width(row)) if (text := grid.text(row, column))
        ]
        if not filled:
            return
        if any(word in grid.name for word in ("问题", "原因", "措施")):
            self.findings.append(findings.NO_HEADER.at(place, filled[0][:80], sheet=grid.name, rows=grid.height))
        else:
            self.findings.append(findings.UNKNOWN_SHEET.at(place, filled[0][:80], sheet=grid.name, cells=len(filled)))

    def unit(self, basics: Basics, own: bool) -> str:
        """Whose file it is: what it says itself, else the mark of the form, else the file's name.

        `own`: every row names its unit itself, so that the file needs none.
        """
        marked = self.book.mark[1] if self.book.mark else ""
        if "unit" in basics.said:
            text, place = basics.said["unit"]
            name, hint = values.unit_name(text.strip(), self.scheme)
            if hint is not None:
                self.findings.append(findings.NOT_ON_ROSTER.at(place, text, hint=hint))
            if marked and marked != name:
                self.findings.append(findings.MARK_DIFFERS.at(place, text, marked=marked))
            return name.strip()
        place = Place(self.file)
        if marked:
            self.findings.append(findings.UNIT_FROM.at(place, marked, source="表中的下发标记"))
            return marked
        if name := unit_in(self.file, self.scheme):
            self.findings.append(findings.UNIT_FROM.at(place, name, source="文件名"))
            return name
        if not own:
            self.findings.append(findings.NO_UNIT.at(place))
        return ""

    def round(self) -> None:
        """A form of another year or round says so by its hidden mark."""
        if self.book.mark and self.book.mark[0] and self.book.mark[0] != scheme_mark(self.scheme):
            self.findings.append(
                findings.OTHER_ROUND.at(Place(self.file), self.book.mark[0], now=scheme_mark(self.scheme))
            )
