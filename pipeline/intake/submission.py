"""One file from a department -> its rows, each understood against the scheme, and everything found on the way."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from pipeline import findings
from pipeline.findings import Finding, Place
from pipeline.forms import GUIDE_SHEET
from pipeline.intake import opening, values
from pipeline.intake.deadlines import BY_DATE, EMPTY, FOR_GOOD, IMMEDIATE, ODD, parse_deadline
from pipeline.intake.grid import Grid, address, column_letter, shown
from pipeline.intake.headers import Header, find_headers, fold_header
from pipeline.intake.numbering import repair_numbers
from pipeline.intake.rows import RawRow, read_rows
from pipeline.scheme import Scheme, fold_name
from pipeline.tables import BASIC, MARKS_SHEET, Column, Kind, Table

_GUIDES = frozenset({GUIDE_SHEET, "填报说明", "填写说明", "说明", MARKS_SHEET})
_INLINE = re.compile(
    r"(填报单位|报送单位|上报单位|单位名称|填表单位|^单位)(?:[（(][^）)]*[）)])?\s*[:：]\s*([^\s:：，,。；;]{2,30})"
)
_INLINE_DATE = re.compile(
    r"(?:填报|报送|填表|上报)(?:日期|时间)\s*[:：]\s*(\d{4}\s*[-./年]\s*\d{1,2}\s*[-./月]\s*\d{1,2})"
)


@dataclass(frozen=True)
class Row:
    """A department's row: where it stands, what it says by column key, and why it was refused (or "").

    `part` counts the measures of one cell from 1, 0 for a row that is not split. `written` is 序号 as written.
    """

    table: str
    file: str
    sheet: str
    row: int
    part: int
    seq: int
    written: str
    values: dict[str, str]
    extras: str = ""
    refused: str = ""
    due: dt.date | None = None
    for_good: bool = False


@dataclass(frozen=True)
class Submission:
    """What one file holds. `layout` gives each sheet's columns by key as letters, so that a cell can be named later."""

    file: str
    sha256: str
    unit: str = ""
    date: dt.date | None = None
    facts: dict[str, int | None] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    layout: dict[str, dict[str, str]] = field(default_factory=dict)
    tables: frozenset[str] = frozenset()
    opened: bool = True


def read_submission(data: bytes, file: str, scheme: Scheme, base: dt.date) -> Submission:
    """Read one file's bytes; `file` is its path below workbooks/, `base` the date from which deadlines count.

    Never raises on content: a file that cannot be opened is a Submission with `opened=False` and a finding.
    """
    digest = hashlib.sha256(data).hexdigest()
    try:
        book = opening.open_workbook(data)
    except opening.UnreadableError as error:
        return Submission(file, digest, findings=[findings.UNREADABLE.at(Place(file), why=str(error))], opened=False)
    return _Reading(file, digest, book, scheme, base).submission()


class _Reading:
    """The reading of one workbook: collects rows, facts and findings sheet by sheet."""

    def __init__(self, file: str, digest: str, book: opening.Workbook, scheme: Scheme, base: dt.date):
        self.file, self.digest, self.book, self.scheme, self.base = file, digest, book, scheme, base
        self.findings: list[Finding] = []
        self.rows: list[Row] = []
        self.layout: dict[str, dict[str, str]] = {}
        self.tables: set[str] = set()
        self.facts: dict[str, int | None] = {}
        self.said: dict[str, tuple[str, Place]] = {}  # unit, date as the workbook says them
        self.names = {
            Kind.ASPECT: tuple((aspect.short, aspect.full) for aspect in scheme.aspects),
            Kind.DIRECTION: tuple((title, title) for title in scheme.directions),
        }

    def submission(self) -> Submission:
        if self.book.date_1904:
            self.note(findings.DATE_1904.at(Place(self.file)))
        for grid in self.book.grids:
            self.read_sheet(grid)
        unit = self.unit()
        date = self.date()
        if not self.tables and not any(finding.code == "H07" for finding in self.findings):
            self.note(findings.NO_TABLE.at(Place(self.file)))
        elif not self.rows:
            self.note(findings.EMPTY_FILE.at(Place(self.file)))
        found = [finding.of_unit(unit) for finding in self.findings]
        return Submission(
            self.file, self.digest, unit, date, self.facts, self.rows, found, self.layout, frozenset(self.tables)
        )

    def note(self, *found: Finding) -> None:
        self.findings += found

    # ---- sheets ----
    def read_sheet(self, grid: Grid) -> None:
        place = Place(self.file, grid.name)
        if grid.name in _GUIDES:
            return
        headers = find_headers(grid)
        if not headers:
            self.read_other_sheet(grid, place)
            return
        if not grid.visible:
            self.note(findings.HIDDEN_SHEET.at(place, sheet=grid.name))
        self.read_inline(grid, headers[0].top, place)
        for header, following in zip(headers, [*headers[1:], None], strict=True):
            end = following.top if following else grid.height
            self.read_table(grid, header, end, place)

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
        if any(_names_table(grid.name, title) for title in ("问题", "原因", "措施")):
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

    # ---- a table ----
    def read_table(self, grid: Grid, header: Header, end: int, place: Place) -> None:
        table = header.table
        self.tables.add(table.key)
        self.layout.setdefault(grid.name, {}).update(
            {key: column_letter(column) for key, column in header.columns.items()}
        )
        top = header.bottom
        for column, title in header.near.items():
            self.note(
                findings.NEAR_HEADER.at(
                    replace(place, cell=address(top, column)),
                    grid.text(top, column) or grid.text(header.top, column),
                    column=title,
                )
            )
        for column, title in header.twice.items():
            self.note(
                findings.TWO_COLUMNS.at(replace(place, cell=address(top, column)), header.extras[column], column=title)
            )
        for column, text in header.extras.items():
            if column not in header.twice:
                self.note(findings.EXTRA_COLUMN.at(replace(place, cell=address(top, column)), text))
        raw, notes = read_rows(grid, header, end, place)
        self.note(*notes)
        missing = {
            column.key
            for column in table
            if column.required and column.key not in header.columns and column.key != "seq"
        }
        if raw:
            for key in missing:
                self.note(
                    findings.MISSING_COLUMN.at(
                        replace(place, cell=f"{header.bottom + 1}:{header.bottom + 1}"), column=table.column(key).title
                    )
                )
        self.read_unit_column(raw, header, place)
        numbers, notes = repair_numbers(raw, header, place)
        self.note(*notes)
        for row, number in zip(raw, numbers, strict=True):
            self.read_row(table, header, row, number, place, missing)

    def read_unit_column(self, raw: list[RawRow], header: Header, place: Place) -> None:
        """A column 单位 that says the same in every row names the unit."""
        spellings = {fold_header(name) for name in (BASIC.column("unit").title, *BASIC.column("unit").aliases)}
        for column, text in header.extras.items():
            said = {value.strip() for row in raw for name, value in row.extras if name == text}
            if fold_header(text) in spellings and len(said) == 1:
                cell = replace(place, cell=f"{column_letter(column)}{raw[0].number}")
                self.said.setdefault("unit", (said.pop(), cell))

    def read_row(self, table: Table, header: Header, raw: RawRow, number: int, place: Place, missing: set[str]) -> None:
        """One row of the sheet -> one Row, or several where a cell holds numbered measures."""

        def at(key: str) -> Place:
            column = header.columns.get(key)
            cell = f"{column_letter(column)}{raw.number}" if column is not None else f"A{raw.number}"
            return replace(place, cell=cell, column=table.column(key).title)

        understood: dict[str, str] = {}
        kept: list[tuple[str, str]] = list(raw.extras)
        due, for_good = None, False
        title, detail = (shown(raw.values.get(key)) for key in ("title", "detail"))
        refused = ""
        if all(not text.strip() or values.is_placeholder(text) for text in (title, detail)):
            key = "title" if "title" in header.columns else "detail"
            content = "　".join(shown(value) for value in raw.values.values() if shown(value).strip())
            self.note(findings.NO_TEXT.at(at(key), content[:200], column=table.column("title").title))
            refused = f"“{table.column('title').title}”没有填写"
        for column in table:
            if column.key == "seq":
                continue
            value = raw.values.get(column.key)
            text = shown(value)
            if values.is_placeholder(text) and column.key not in ("title", "detail", "deadline"):
                if column.required:
                    self.note(findings.EMPTY_MARK.at(at(column.key), text, column=column.title))
                text, value = "", None
            if not text.strip():
                understood[column.key] = ""
                if column.required and not refused and column.key not in missing:
                    self.note(findings.REQUIRED.at(at(column.key), column=column.title, help=column.help))
                continue
            if column.kind is Kind.DEADLINE:
                due, for_good = self.deadline(value, raw.values.get("type"), at(column.key))
                understood[column.key] = text
            else:
                understood[column.key] = self.understand(column, text, value, at(column.key), kept, understood)
        if table.key == "measures" and understood.get("status") == "已完成" and not understood.get("evidence"):
            self.note(findings.DONE_WITHOUT_PROOF.at(at("evidence")))
        for part, (one_title, one_detail) in self.parts(table, title, detail, at):
            original = [("拆分前原文", "。".join(filter(None, (title, detail))))] if part else []
            extras = "\n".join(f"{name}：{text}" for name, text in (*kept, *original))
            values_by_key = {**understood, "title": one_title, "detail": one_detail}
            written = shown(raw.values.get("seq")).strip()
            self.rows.append(
                Row(
                    table.key,
                    self.file,
                    place.sheet,
                    raw.number,
                    part,
                    number,
                    written,
                    values_by_key,
                    extras,
                    refused,
                    due,
                    for_good,
                )
            )

    def parts(
        self, table: Table, title: str, detail: str, at: Callable[[str], Place]
    ) -> Iterator[tuple[int, tuple[str, str]]]:
        """The measures that a row's cells hold: (0, as they stand), or (1, …), (2, …) … where they are numbered."""
        titles = values.split_numbered(title) if table.key == "measures" else []
        details = values.split_numbered(detail) if table.key == "measures" else []
        if len(titles) >= 2 and (not detail.strip() or len(details) == len(titles)):
            pairs = list(zip(titles, details or [""] * len(titles), strict=True))
        elif len(details) >= 2 and not title.strip():
            pairs = [("", text) for text in details]
        else:
            yield 0, (title, detail)
            return
        self.note(
            findings.SPLIT_CELL.at(at("title" if title.strip() else "detail"), (title or detail)[:120], n=len(pairs))
        )
        yield from enumerate(pairs, start=1)

    # ---- cells ----
    def deadline(self, value: object, kind_cell: object, place: Place) -> tuple[dt.date | None, bool]:
        deadline = parse_deadline(value, self.scheme.deadline_year, self.base)  # type: ignore[arg-type]
        text = shown(value)  # type: ignore[arg-type]
        if deadline.kind == ODD:
            self.note(findings.DEADLINE_BAD.at(place, text, why=deadline.note))
        elif deadline.kind == EMPTY:
            self.note(
                findings.REQUIRED.at(place, text, column=place.column, help="例：2022-06-30、立行立改、长期坚持。")
            )
        elif deadline.note:
            meaning = deadline.due.isoformat() if deadline.due else deadline.kind
            self.note(findings.DEADLINE_READ.at(place, text, meaning=meaning, why=deadline.note))
        kind = values.choice(shown(kind_cell).strip(), (IMMEDIATE, BY_DATE, FOR_GOOD), "type").value  # type: ignore[arg-type]
        says = FOR_GOOD if deadline.for_good and not deadline.due and deadline.kind != IMMEDIATE else deadline.kind
        if (
            kind
            and says in (IMMEDIATE, FOR_GOOD, BY_DATE)
            and kind != says
            and not _agree(kind, deadline.due is not None, deadline.for_good)
        ):
            self.note(findings.DEADLINE_TYPE.at(place, text, kind=kind, meaning=says))
        return deadline.due, deadline.for_good

    def understand(
        self, column: Column, text: str, value: object, place: Place, kept: list[tuple[str, str]], row: dict[str, str]
    ) -> str:
        """The value of a cell by its column's kind; what is not understood is kept in `kept` and said."""
        clean = text.strip()
        if column.kind is Kind.CHOICE:
            found = values.choice(clean, column.choices, column.key)
            return self.settle(found, column, clean, place, kept)
        if column.kind in (Kind.ASPECT, Kind.DIRECTION):
            names = self.names[column.kind]
            if not names:
                return clean
            return self.settle(values.heading(clean, names), column, clean, place, kept)
        if column.kind is Kind.CHOICES:
            known, unknown = values.choices(clean, column.choices, column.key)
            if unknown:
                self.note(
                    findings.NOT_ALLOWED.at(
                        place, clean, column=column.title, allowed="、".join(column.choices), hint=""
                    )
                )
                kept.append((column.title, clean))
            return "、".join(known)
        if column.kind is Kind.UNITS:
            named = values.units(clean, self.scheme)
            for name, hint in named.unknown:
                if self.scheme.roster:
                    self.note(findings.UNIT_UNKNOWN.at(place, name, column=column.title, hint=hint))
            own, other = (named.support, named.lead) if column.key == "support" else (named.lead, named.support)
            if column.key == "support":
                row["support"] = ""
                return _join((*other, *own), row)
            if other:
                row["moved"] = "、".join(other)
            return "、".join(own)
        if column.kind is Kind.DATE:
            day = values.date(value)  # type: ignore[arg-type]
            if day is None:
                self.note(findings.DATE_BAD.at(place, clean, column=column.title))
                return clean
            return day.isoformat()
        return clean if column.kind is Kind.REFS else text

    def settle(
        self, found: values.Understood, column: Column, text: str, place: Place, kept: list[tuple[str, str]]
    ) -> str:
        if not found.value:
            allowed = "、".join(self.scheme.allowed(column))
            self.note(findings.NOT_ALLOWED.at(place, text, column=column.title, allowed=allowed, hint=found.hint))
            kept.append((column.title, text))
        elif not found.exact:
            self.note(findings.UNDERSTOOD_AS.at(place, text, column=column.title, meaning=found.value))
        return found.value


def _join(names: tuple[str, ...], row: dict[str, str]) -> str:
    moved = [name for name in row.pop("moved", "").split("、") if name]
    return "、".join(dict.fromkeys([*names, *moved]))


def _agree(kind: str, dated: bool, for_good: bool) -> bool:
    """Whether 整改类型 and a deadline that says something else as well can both hold."""
    return (kind == FOR_GOOD and for_good) or (kind == BY_DATE and dated) or (kind == IMMEDIATE and dated)


def _names_table(sheet: str, word: str) -> bool:
    return word in sheet


def _pairs(grid: Grid) -> Iterator[tuple[str, int, int]]:
    """(key of 基本信息, row, column of the value) for each label with its value to the right."""
    spellings = {fold_header(name): column.key for column in BASIC for name in (column.title, *column.aliases)}
    for row in range(min(grid.height, 60)):
        for column in range(min(grid.width(row), 12)):
            key = spellings.get(fold_header(grid.text(row, column)))
            if key is None:
                continue
            yield key, row, grid.right_of(row, column)
