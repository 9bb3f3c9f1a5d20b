"""One file from a department -> its rows, each understood against the scheme, and everything found on the way."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from pipeline import findings
from pipeline.cells import address, shown
from pipeline.findings import Finding, Place
from pipeline.forms import GUIDE_SHEET
from pipeline.intake import opening, values
from pipeline.intake.grid import Grid
from pipeline.intake.headers import find_headers, fold_header
from pipeline.intake.progress import read_progress
from pipeline.intake.table_reader import TableReader
from pipeline.progress.entries import ProgressFile
from pipeline.records import SourceRow
from pipeline.scheme import Scheme, fold_name
from pipeline.tables import BASIC, MARKS_SHEET, Kind

_GUIDES = frozenset({GUIDE_SHEET, "填报说明", "填写说明", "说明", MARKS_SHEET})
_INLINE = re.compile(
    r"(填报单位|报送单位|上报单位|单位名称|填表单位|^单位)(?:[（(][^）)]*[）)])?\s*[:：]\s*([^\s:：，,。；;]{2,30})"
)
_INLINE_DATE = re.compile(
    r"(?:填报|报送|填表|上报)(?:日期|时间)\s*[:：]\s*(\d{4}\s*[-./年]\s*\d{1,2}\s*[-./月]\s*\d{1,2})"
)


@dataclass(frozen=True)
class Submission:
    """What one file holds; `progress` alone, where it is a progress workbook. `layout` gives each sheet's columns by key as letters, so that a cell can be named later."""

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
    """The reading of one workbook: collects rows, facts and findings sheet by sheet."""

    def __init__(self, file: str, digest: str, book: opening.Workbook, scheme: Scheme, base: dt.date):
        self.file, self.digest, self.book, self.scheme, self.base = file, digest, book, scheme, base
        self.table = TableReader(file, scheme, base)
        self.facts: dict[str, int | None] = {}
        self.said: dict[str, tuple[str, Place]] = {}  # unit, date as the workbook says them

    def submission(self) -> Submission:
        if self.book.date_1904:
            self.note(findings.DATE_1904.at(Place(self.file)))
        for rule, what in self.book.notes:
            self.note(rule.at(Place(self.file), what))
        for grid in self.book.grids:
            self.read_sheet(grid)
        if self.table.unit:
            self.said.setdefault("unit", self.table.unit)
        unit = self.unit()
        date = self.date()
        if not self.table.tables and not any(
            finding.code == findings.NO_HEADER.code for finding in self.table.findings
        ):
            self.note(findings.NO_TABLE.at(Place(self.file)))
        elif not self.table.rows:
            self.note(findings.EMPTY_FILE.at(Place(self.file)))
        found = [finding.of_unit(unit) for finding in self.table.findings]
        return Submission(
            self.file,
            self.digest,
            unit,
            date,
            self.facts,
            self.table.rows,
            found,
            self.table.layout,
            frozenset(self.table.tables),
        )

    def note(self, *found: Finding) -> None:
        self.table.note(*found)

    # ---- sheets ----
    def read_sheet(self, grid: Grid) -> None:
        place = Place(self.file, grid.name)
        if grid.name in _GUIDES:
            return
        headers = find_headers(grid)
        if not headers:
            self.read_other_sheet(grid, place)
            return
        for cell in grid.controls:
            self.note(findings.CONTROL_CHARACTERS.at(replace(place, cell=cell)))
        if not grid.visible:
            self.note(findings.HIDDEN_SHEET.at(place, sheet=grid.name))
        self.read_inline(grid, headers[0].top, place)
        for header, following in zip(headers, [*headers[1:], None], strict=True):
            end = following.top if following else grid.height
            self.table.read_table(grid, header, end, place)

    def read_other_sheet(self, grid: Grid, place: Place) -> None:
        """A sheet without a table: 基本信息, guidance, or something that should be looked at."""
        pairs = list(_pairs(grid))
        if len(pairs) >= 2 or any(
            fold_header(name) in fold_header(grid.name) for name in (BASIC.title, *BASIC.aliases)
        ):
            self.read_basic(grid, pairs, place)
            return
        if grid.name.startswith("_"):
            return
        filled = [
            grid.text(row, column)
            for row in range(grid.height)
            for column in range(grid.width(row))
            if grid.text(row, column)
        ]
        if not filled:
            return
        self.read_inline(grid, grid.height, place)
        if any(word in grid.name for word in ("问题", "原因", "措施")):
            self.note(findings.NO_HEADER.at(place, filled[0][:80], sheet=grid.name, rows=grid.height))
        else:
            self.note(findings.UNKNOWN_SHEET.at(place, filled[0][:80], sheet=grid.name, cells=len(filled)))

    def read_basic(self, grid: Grid, pairs: list[tuple[str, int, int]], place: Place) -> None:
        for key, row, column in pairs:
            text = grid.text(row, column).strip()
            here = replace(place, cell=address(row, column), column=BASIC.column(key).title)
            if key in ("unit", "date") and text:
                self.said.setdefault(key, (shown(grid.value(row, column)), here))
            elif BASIC.column(key).kind is Kind.COUNT and text:
                number = values.count(grid.value(row, column))
                if number is None:
                    self.note(findings.BAD_FACT.at(here, text, column=here.column))
                self.facts[key] = number

    def read_inline(self, grid: Grid, end: int, place: Place) -> None:
        """填报单位：… and 填报日期：… in the title rows above a table."""
        for row in range(min(end, grid.height)):
            for column in range(grid.width(row)):
                text = grid.text(row, column)
                cell = replace(place, cell=address(row, column))
                if match := _INLINE.search(text):
                    self.said.setdefault("unit", (match[2].strip("_＿ "), cell))
                elif fold_header(text) in ("填报单位", "报送单位") and (value := grid.text(row, column + 1)):
                    self.said.setdefault("unit", (value.strip(), replace(place, cell=address(row, column + 1))))
                if match := _INLINE_DATE.search(text):
                    self.said.setdefault("date", (re.sub(r"\s", "", match[1]), cell))

    # ---- the file as a whole ----
    def unit(self) -> str:
        marked = self.book.mark[1] if self.book.mark else ""
        if "unit" in self.said:
            text, place = self.said["unit"]
            name, hint = values.unit_name(text.strip(), self.scheme)
            if hint is not None:
                self.note(findings.NOT_ON_ROSTER.at(place, text, hint=hint))
            if marked and marked != name:
                self.note(findings.MARK_DIFFERS.at(place, text, marked=marked))
            return name.strip()
        place = Place(self.file)
        if marked:
            self.note(findings.UNIT_FROM.at(place, marked, source="表中的下发标记"))
            return marked
        folded = fold_name(self.file)
        inside = {
            name: len(spelling)
            for spelling, name in self.scheme.unit_names.items()
            if len(spelling) >= 3 and spelling in folded
        }
        longest = [name for name, length in inside.items() if length == max(inside.values())]
        if len(longest) == 1:
            self.note(findings.UNIT_FROM.at(place, longest[0], source="文件名"))
            return longest[0]
        self.note(findings.NO_UNIT.at(place))
        return ""

    def date(self) -> dt.date | None:
        if "date" not in self.said:
            return None
        text, place = self.said["date"]
        found = values.date(text)
        if found is None:
            self.note(findings.BAD_DATE_FACT.at(place, text))
        return found


def _pairs(grid: Grid) -> Iterator[tuple[str, int, int]]:
    """(key of 基本信息, row, column of the value) for each label with its value to the right."""
    spellings = {fold_header(name): column.key for column in BASIC for name in (column.title, *column.aliases)}
    for row in range(min(grid.height, 60)):
        for column in range(min(grid.width(row), 12)):
            key = spellings.get(fold_header(grid.text(row, column)))
            if key is None:
                continue
            yield key, row, grid.right_of(row, column)
