"""A table of one sheet -> its rows, each cell understood by what its column allows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace

from pipeline import findings
from pipeline.cells import address, column_letter, shown
from pipeline.findings import Finding, Place
from pipeline.intake import values
from pipeline.intake.deadlines import BY_DATE, EMPTY, FOR_GOOD, IMMEDIATE, ODD, parse_deadline
from pipeline.intake.grid import Grid
from pipeline.intake.headers import Header, fold_header
from pipeline.intake.numbering import repair_numbers
from pipeline.intake.rows import RawRow, read_rows
from pipeline.records import RowId, SourceRow, row_cells
from pipeline.scheme import Scheme
from pipeline.tables import BASIC, Column, Kind, Table


class TableReader:
    """Reads the tables of one file; `rows`, `findings`, `layout` and `tables` grow with each, `unit` is what a column said."""

    def __init__(self, file: str, scheme: Scheme, base: dt.date):
        self.file, self.scheme, self.base = file, scheme, base
        self.findings: list[Finding] = []
        self.rows: list[SourceRow] = []
        self.layout: dict[str, dict[str, str]] = {}
        self.tables: set[str] = set()
        self.unit: tuple[str, Place] | None = None
        self.names = {
            Kind.ASPECT: tuple((aspect.short, aspect.full) for aspect in scheme.aspects),
            Kind.DIRECTION: tuple((title, title) for title in scheme.directions),
        }

    def note(self, *found: Finding) -> None:
        """Add findings."""
        self.findings += found

    def read_table(self, grid: Grid, header: Header, end: int, place: Place) -> None:
        """Read the rows between `header` and grid row `end`; `place` names file and sheet."""
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
                self.unit = self.unit or (said.pop(), cell)

    def read_row(self, table: Table, header: Header, raw: RawRow, number: int, place: Place, missing: set[str]) -> None:
        """One row of the sheet -> one SourceRow, or several where a cell holds numbered measures."""

        def at(key: str) -> Place:
            column = header.columns.get(key)
            # a column that the sheet lacks has no cell: the row itself is named
            cell = f"{column_letter(column)}{raw.number}" if column is not None else f"{raw.number}:{raw.number}"
            return replace(place, cell=cell, column=table.column(key).title)

        understood: dict[str, str] = {}
        kept: list[tuple[str, str]] = list(raw.extras)
        leads: tuple[str, ...] = ()
        supports: tuple[str, ...] = ()
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
            elif column.kind is Kind.UNITS:
                understood[column.key] = text.strip()
                named = self.units(column, text.strip(), at(column.key))
                # a cell's own words may give a unit the other part: 县教育局（牵头）、白露镇（配合）
                own, other = (named.lead, named.support) if column.key == "lead" else (named.support, named.lead)
                if column.key == "lead":
                    leads, supports = own, (*supports, *other)
                else:
                    supports = (*supports, *other, *own)
            else:
                understood[column.key] = self.understand(column, text, value, at(column.key), kept)
        if table.key == "measures" and understood.get("status") == "已完成" and not understood.get("evidence"):
            self.note(findings.DONE_WITHOUT_PROOF.at(at("evidence")))
        for part, (one_title, one_detail) in self.parts(table, title, detail, at):
            original = [("拆分前原文", "。".join(filter(None, (title, detail))))] if part else []
            extras = "\n".join(f"{name}：{text}" for name, text in (*kept, *original))
            written = shown(raw.values.get("seq")).strip()
            self.rows.append(
                SourceRow(
                    RowId(self.file, place.sheet, raw.number, part),
                    table.key,
                    unit="",
                    seq=number,
                    written=written,
                    cells=row_cells(table, {**understood, "title": one_title, "detail": one_detail}),
                    leads=leads,
                    supports=tuple(dict.fromkeys(supports)),
                    due=due,
                    for_good=for_good,
                    extras=extras,
                    refused=refused,
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
        """(due date or None, whether it goes on for good) of a cell of 整改时限, held against 整改类型."""
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

    def understand(self, column: Column, text: str, value: object, place: Place, kept: list[tuple[str, str]]) -> str:
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
        if column.kind is Kind.DATE:
            day = values.date(value)  # type: ignore[arg-type]
            if day is None:
                self.note(findings.DATE_BAD.at(place, clean, column=column.title))
                return clean
            return day.isoformat()
        return clean if column.kind is Kind.REFS else text

    def units(self, column: Column, text: str, place: Place) -> values.Units:
        """The units that a cell names, with a finding for each that the roster lacks."""
        named = values.units(text, self.scheme)
        for name, hint in named.unknown:
            if self.scheme.roster:
                self.note(findings.UNIT_UNKNOWN.at(place, name, column=column.title, hint=hint))
        return named

    def settle(
        self, found: values.Understood, column: Column, text: str, place: Place, kept: list[tuple[str, str]]
    ) -> str:
        """The value that was understood, with a finding where it was not exact; what was not is kept and said."""
        if not found.value:
            allowed = "、".join(self.scheme.allowed(column))
            self.note(findings.NOT_ALLOWED.at(place, text, column=column.title, allowed=allowed, hint=found.hint))
            kept.append((column.title, text))
        elif not found.exact:
            self.note(findings.UNDERSTOOD_AS.at(place, text, column=column.title, meaning=found.value))
        return found.value


def _agree(kind: str, dated: bool, for_good: bool) -> bool:
    """Whether 整改类型 and a deadline that says something else as well can both hold."""
    return (kind == FOR_GOOD and for_good) or (kind == BY_DATE and dated) or (kind == IMMEDIATE and dated)
