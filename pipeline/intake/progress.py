"""A progress workbook as it comes back: recognised by its headers, wherever they stand and however they are spelled."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field, replace
from functools import lru_cache

from rapidfuzz import fuzz, process

from pipeline import findings
from pipeline.cells import Value, address, column_letter, shown
from pipeline.findings import Finding, Place
from pipeline.intake import opening, values
from pipeline.intake.grid import Grid
from pipeline.progress.entries import MetricEntry, ProgressEntry, ProgressFile
from pipeline.progress.periods import Spelled, read_period
from pipeline.progress.tables import METRICS, PERIOD, PROGRESS
from pipeline.records import RowId
from pipeline.scheme import Scheme, fold_name
from pipeline.tables import BASIC, Column, Table
from pipeline.text import fold

_NUMBER = re.compile(r"^(?:CS|措施|编号)?[-—_－]?0*(\d{1,4})号?$", re.IGNORECASE)
_DECORATION = re.compile(r"[（(][^）)]*[）)]|[*＊:：]+$|^[*＊]+")
_NOT_ROWS = re.compile(
    r"^[（(]?(填报人|填表人|制表人?|审核人?|经办人|负责人|单位负责人|主要负责人|联系人|联系电话|填报单位|填报日期|单位[（(]?盖章|盖章|"
    r"本?[页表]?(?:合计|小计|总计|共计)|注|说明|备注|示例|例)[^：:]{0,8}(?:[：:]|$)"
)
_INLINE = re.compile(r"([^\s　：:]{2,8})[：:]\s*([^\s　：:，,；;]+)")
_PERIOD_IN_TEXT = re.compile(r"20\d{2}\s*[-年./]\s*\d{1,2}\s*月?")
_SUMMARY_SHEETS = frozenset({"合并明细", "待确认"})
"""A workbook with these is a summary: its 对账销号 has columns of ours too."""

_NEAR = 78.0
_SEARCHED, _LONGEST = 60, 40
_NEEDED: dict[str, tuple[str, ...]] = {"progress": ("status", "progress"), "metrics": ("value",)}
_TELLING: dict[str, frozenset[str]] = {
    "progress": frozenset({"progress", "before", "application", "extend_to", "review_on"}),
    "metrics": frozenset({"quote", "target", "indicator"}),
}
"""Of these a header has at least one: 措施编号 and 完成情况 alone stand in many lists."""
_DEPARTMENT = frozenset({"对应问题", "努力方向", "整改类型", "销号状态", "预警"})
"""Headers that progress workbooks do not have."""


@dataclass(frozen=True)
class _Header:
    table: Table
    top: int
    bottom: int
    columns: dict[str, int]
    near: dict[int, str] = field(default_factory=dict)
    extras: dict[int, str] = field(default_factory=dict)


def read_progress(book: opening.Workbook, file: str, digest: str, scheme: Scheme) -> ProgressFile | None:
    """The progress that a workbook reports, None where it is no progress workbook. Never raises on content."""
    if any(grid.name in _SUMMARY_SHEETS for grid in book.grids):
        return None
    found = [(grid, _headers(grid)) for grid in book.grids]
    if not any(header.table.key == PROGRESS.key for _, headers in found for header in headers):
        return None
    return _Reading(book, file, digest, scheme, found).file()


# ---- headers ----


def _label(text: str) -> str:
    folded = fold(text)
    return _DECORATION.sub("", folded) or folded


@lru_cache(maxsize=8)
def _spellings(table: Table) -> dict[str, str]:
    known = {_label(column.title): column.key for column in table}
    for column in table:
        for alias in column.aliases:
            known.setdefault(_label(alias), column.key)
    return known


def _headers(grid: Grid) -> list[_Header]:
    """The headers of a sheet, top down; a header repeated on a next page is not one of its own."""
    headers: list[_Header] = []
    row = 0
    while row < grid.height:
        header = _header_at(grid, row)
        if header is None or (headers and header.table.key == headers[-1].table.key):
            row += 1
            continue
        if not headers and row >= _SEARCHED:
            break
        headers.append(header)
        row = header.bottom + 1
    return headers


def _header_at(grid: Grid, row: int) -> _Header | None:
    options = [_read_header(grid, row, depth, table) for table in (PROGRESS, METRICS) for depth in (1, 2)]
    found = [header for header in options if header is not None]
    return max(found, key=lambda header: (len(header.columns), -header.bottom), default=None)


def _read_header(grid: Grid, row: int, depth: int, table: Table) -> _Header | None:
    labels: dict[int, str] = {}
    low = 0
    for column in range(max(grid.width(row), grid.width(row + depth - 1))):
        lower = grid.text(row + 1, column) if depth == 2 else ""
        text = lower or grid.text(row, column)
        if text and len(text) <= _LONGEST:
            labels[column] = text
            low += bool(lower)
    known = _spellings(table)
    folded = {column: _label(text) for column, text in labels.items()}
    if depth == 2 and not 0 < low < len(labels):
        return None
    if _DEPARTMENT & set(folded.values()) or len(labels) < 3:
        return None
    columns: dict[str, int] = {}
    near: dict[int, str] = {}
    for column, text in folded.items():
        if text in known:
            columns.setdefault(known[text], column)
    for column, text in folded.items():
        if column in columns.values() or not 3 <= len(text) <= 14:
            continue
        best = process.extractOne(text, known.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR)
        if best and known[best[0]] not in columns:
            columns[known[best[0]]] = column
            near[column] = table.column(known[best[0]]).title
    needed = any(key in columns for key in _NEEDED[table.key])
    if "number" not in columns or not needed or not _TELLING[table.key] & columns.keys():
        return None
    if depth == 2 and not any(column in columns.values() and grid.text(row + 1, column) for column in labels):
        return None
    extras = {column: text for column, text in labels.items() if column not in columns.values()}
    return _Header(table, row, row + depth - 1, columns, near, extras)


# ---- the workbook ----


class _Reading:
    """Collects what a progress workbook says of itself, its rows, and what is to be said of them."""

    def __init__(
        self,
        book: opening.Workbook,
        file: str,
        digest: str,
        scheme: Scheme,
        sheets: list[tuple[Grid, list[_Header]]],
    ):
        self.book, self.name, self.digest, self.scheme, self.sheets = book, file, digest, scheme, sheets
        self.findings: list[Finding] = []
        self.said: dict[str, tuple[Value, Place]] = {}
        self.entries: list[ProgressEntry] = []
        self.metrics: list[MetricEntry] = []
        self.layout: dict[str, dict[str, str]] = {}

    def file(self) -> ProgressFile:
        for grid, headers in self.sheets:
            self.look_at(grid, headers[0].top if headers else min(grid.height, _SEARCHED), bool(headers))
        unit = self.unit()
        period = self.period()
        date = self.date()
        for grid, headers in self.sheets:
            for header, after in zip(headers, [*headers[1:], None], strict=False):
                self.read_table(grid, header, after.top if after else grid.height)
        missing = "" if period else "期次没有填写或看不懂"
        entries = tuple(
            replace(entry, unit=unit, period=period, refused=entry.refused or missing) for entry in self.entries
        )
        metrics = tuple(replace(entry, unit=unit, period=period) for entry in self.metrics)
        found = tuple(finding.of_unit(unit) for finding in self.findings)
        return ProgressFile(self.name, unit, period, date, entries, metrics, found, self.layout, self.digest)

    def look_at(self, grid: Grid, end: int, has_table: bool) -> None:
        """Unit, period and date: as labels with their values on the right, or 填报单位：… in a title row."""
        place = Place(self.name, grid.name)
        columns: tuple[tuple[str, Column], ...] = (
            ("unit", BASIC.column("unit")),
            ("period", PERIOD),
            ("date", BASIC.column("date")),
        )
        spellings = {_label(name): key for key, column in columns for name in (column.title, *column.aliases)}
        for row in range(min(end, grid.height)):
            for column in range(min(grid.width(row), 20)):
                text = grid.text(row, column)
                if not text:
                    continue
                key = spellings.get(_label(text))
                right = grid.right_of(row, column)
                if key and grid.text(row, right):
                    self.said.setdefault(key, (grid.value(row, right), replace(place, cell=address(row, right))))
                for said in _INLINE.finditer(text):
                    if key := spellings.get(_label(said[1])):
                        self.said.setdefault(key, (said[2], replace(place, cell=address(row, column))))
                if has_table and (match := _PERIOD_IN_TEXT.search(text)):
                    self.said.setdefault(
                        "title", (re.sub(r"\s", "", match[0]), replace(place, cell=address(row, column)))
                    )

    def unit(self) -> str:
        marked = self.book.mark[1] if self.book.mark else ""
        if "unit" in self.said:
            text, place = shown(self.said["unit"][0]).strip(), self.said["unit"][1]
            name, hint = values.unit_name(text, self.scheme)
            if hint is not None:
                self.findings.append(findings.NOT_ON_ROSTER.at(place, text, hint=hint))
            if marked and marked != name:
                self.findings.append(findings.MARK_DIFFERS.at(place, text, marked=marked))
            return name.strip()
        if marked:
            self.findings.append(findings.UNIT_FROM.at(Place(self.name), marked, source="表中的下发标记"))
            return marked
        folded = fold_name(self.name)
        inside = {name: len(text) for text, name in self.scheme.unit_names.items() if len(text) >= 3 and text in folded}
        longest = [name for name, length in inside.items() if length == max(inside.values())]
        if len(longest) == 1:
            self.findings.append(findings.UNIT_FROM.at(Place(self.name), longest[0], source="文件名"))
            return longest[0]
        self.findings.append(findings.NO_UNIT.at(Place(self.name)))
        return ""

    def period(self) -> str:
        year = self.scheme.deadline_year
        for key in ("period", "title"):
            if key in self.said:
                value, place = self.said[key]
                read = read_period(value, year)
                if read is not None:
                    return self.understood(read, shown(value), replace(place, column=PERIOD.title))
        if match := _PERIOD_IN_TEXT.search(self.name):
            read = read_period(match[0], year)
            if read is not None:
                return self.understood(Spelled(read.period, "取自文件名"), match[0], Place(self.name))
        value, place = self.said.get("period", ("", Place(self.name)))
        self.findings.append(findings.NO_PERIOD.at(replace(place, column=PERIOD.title), shown(value) or "没有填写"))
        return ""

    def understood(self, read: Spelled, text: str, place: Place) -> str:
        if read.added:
            self.findings.append(findings.PERIOD_READ.at(place, text, meaning=read.period, why=read.added))
        return read.period

    def date(self) -> dt.date | None:
        if "date" not in self.said:
            return None
        value, place = self.said["date"]
        found = values.date(value)
        if found is None:
            self.findings.append(findings.BAD_DATE_FACT.at(place, shown(value)))
        return found

    # ---- tables ----
    def read_table(self, grid: Grid, header: _Header, end: int) -> None:
        place = Place(self.name, grid.name)
        letters = {key: column_letter(column) for key, column in header.columns.items()}
        self.layout.setdefault(grid.name, {}).update(letters)
        for column, title in header.near.items():
            cell = replace(place, cell=address(header.bottom, column))
            text = grid.text(header.bottom, column) or grid.text(header.top, column)
            self.findings.append(findings.NEAR_HEADER.at(cell, text, column=title))
        for column, text in header.extras.items():
            self.findings.append(findings.EXTRA_COLUMN.at(replace(place, cell=address(header.top, column)), text))
        for row in range(header.bottom + 1, end):
            own = {column: text for column in range(grid.width(row)) if (text := grid.text(row, column))}
            if not own:
                continue
            here = replace(place, cell=address(row, min(own)))
            if what := self.not_a_row(own, header):
                text = "　".join(own.values())[:300]
                self.findings.append(findings.SKIPPED_ROW.at(here, text, what=what, text=f"原文：{text}"))
                continue
            if row in grid.hidden_rows:
                self.findings.append(findings.HIDDEN_ROW.at(here, next(iter(own.values()))[:80]))
            line = _Line(grid, header, row, place, self.findings)
            if header.table.key == PROGRESS.key:
                self.entries.append(line.entry(own))
            else:
                self.metrics.append(line.metric())

    def not_a_row(self, own: dict[int, str], header: _Header) -> str:
        first = next(iter(own.values())).strip()
        known = _spellings(header.table)
        same = sum(known.get(_label(text)) is not None for text in own.values())
        if same >= 3 and same >= 0.6 * len(own):
            return "重复的表头"
        number = own.get(header.columns["number"], "")
        if _NUMBER.match(fold(number)):
            return ""
        if _NOT_ROWS.search(fold(first)) and len(own) <= 6:
            return "落款、合计或说明行"
        return "分类小标题行" if len(own) == 1 and first == number.strip() and not re.search(r"\d", first) else ""


class _Line:
    """One row of a table, its cells understood by what their columns allow."""

    def __init__(self, grid: Grid, header: _Header, row: int, place: Place, found: list[Finding]):
        self.grid, self.header, self.row, self.sheet, self.findings = grid, header, row, place, found

    def at(self, key: str) -> Place:
        column = self.header.columns.get(key)
        cell = address(self.row, column) if column is not None else f"{self.row + 1}:{self.row + 1}"
        return replace(self.sheet, cell=cell, column=self.header.table.column(key).title)

    def value(self, key: str) -> Value:
        """The cell's value; a measure's own columns that are merged down repeat."""
        column = self.header.columns.get(key)
        if column is None:
            return None
        if self.grid.text(self.row, column):
            return self.grid.value(self.row, column)
        first = self.grid.merged_above(self.row, column) if key in ("number", "title", "detail", "role") else None
        return self.grid.value(*first) if first and first[0] > self.header.bottom else None

    def text(self, key: str) -> str:
        text = shown(self.value(key)).strip()
        return "" if values.is_placeholder(text) else text

    def required(self, key: str) -> str:
        text = self.text(key)
        if not text:
            column = self.header.table.column(key)
            self.findings.append(findings.REQUIRED.at(self.at(key), column=column.title, help=column.help))
        return text

    def choice(self, key: str, text: str) -> str:
        if not text:
            return ""
        column = self.header.table.column(key)
        found = values.choice(text, column.choices, key)
        if not found.value:
            allowed = "、".join(column.choices)
            place = self.at(key)
            self.findings.append(
                findings.NOT_ALLOWED.at(place, text, column=column.title, allowed=allowed, hint=found.hint)
            )
        elif not found.exact:
            self.findings.append(
                findings.UNDERSTOOD_AS.at(self.at(key), text, column=column.title, meaning=found.value)
            )
        return found.value

    def day(self, key: str) -> dt.date | None:
        text = self.text(key)
        if not text:
            return None
        found = values.date(self.value(key))
        if found is None:
            self.findings.append(findings.DATE_BAD.at(self.at(key), text, column=self.at(key).column))
        return found

    def number(self) -> tuple[str, str, str]:
        """(the number, as written, why the row is refused)."""
        written = self.text("number")
        if match := _NUMBER.match(fold(written)):
            return f"CS-{int(match[1]):03d}", written, ""
        why = "没有措施编号" if not written else f"措施编号“{written}”看不懂"
        if written:
            self.findings.append(findings.PROGRESS_UNKNOWN.at(self.at("number"), written))
        else:
            self.required("number")
        return "", written, why

    def id(self) -> RowId:
        return RowId(self.sheet.file, self.sheet.sheet, self.row + 1)

    def entry(self, own: dict[int, str]) -> ProgressEntry:
        number, written, refused = self.number()
        known = set(self.header.columns.values())
        extras = [
            f"{self.header.extras.get(column) or column_letter(column) + '列（无表头）'}：{text}"
            for column, text in own.items()
            if column not in known
        ]
        return ProgressEntry(
            self.id(),
            "",
            "",
            number,
            written,
            self.text("role"),
            self.text("title"),
            self.choice("status", self.required("status")) if not refused else self.text("status"),
            self.required("progress") if not refused else self.text("progress"),
            self.text("evidence"),
            self.day("finished"),
            self.text("finished"),
            self.choice("application", self.text("application")),
            self.day("extend_to"),
            self.day("review_on"),
            self.text("reason"),
            self.text("remark"),
            "\n".join(extras),
            refused,
        )

    def metric(self) -> MetricEntry:
        number, _, _ = self.number()
        written = self.text("value")
        value = _figure(self.value("value"))
        if written and value is None:
            self.findings.append(findings.NOT_A_NUMBER.at(self.at("value"), written, column=self.at("value").column))
        quote, indicator, note = self.text("quote"), self.text("indicator"), self.text("note")
        return MetricEntry(self.id(), "", "", number, indicator, quote, value, written, note)


def _figure(value: Value) -> float | None:
    """12, 12次, 85%, 0.85 in a cell that is shown as a share; None where it is no number."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return float(value)
    match = re.fullmatch(r"(\d+(?:\.\d+)?)[^\d]{0,5}", fold(shown(value)).replace(",", ""))
    return float(match[1]) if match else None
