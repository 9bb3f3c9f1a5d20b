"""Rows of a table as they stand -> rows understood, each cell by what its column allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from pipeline import findings
from pipeline.cells import Value, column_letter
from pipeline.findings import Finding, Place
from pipeline.intake import values
from pipeline.intake.cell_reader import CellReader
from pipeline.intake.numbering import Numbered, repair_numbers
from pipeline.intake.rows import RawRow
from pipeline.intake.spelling import TABLES
from pipeline.intake.splitting import split_beside, split_numbered
from pipeline.records import RowId, SourceRow, row_cells
from pipeline.tables import Column, Table
from pipeline.text import fold
from pipeline.vocabulary import Status, TableKey


@dataclass(frozen=True)
class Shape:
    """What a table's header gave: the columns that it has, by table (key -> letter or "")."""

    columns: Mapping[str, Mapping[str, int]]
    wide: bool
    turned: bool

    def has(self, table: str, key: str) -> bool:
        """Whether the sheet has a column (in a wide table 对应问题 goes without saying)."""
        return key in self.columns.get(table, {}) or (
            key == "refs" and self.wide and table != TableKey.PROBLEMS and TableKey.PROBLEMS in self.columns
        )


class TableReader:
    """Reads the rows of one file's tables; `rows` and `findings` grow with each."""

    def __init__(self, file: str, cells: CellReader):
        self.file, self.cells = file, cells
        self.rows: list[SourceRow] = []
        self.wide: set[RowId] = set()  # rows that stand in a line with rows of another table
        self.findings: list[Finding] = []

    def read(self, raw: list[RawRow], shape: Shape, place: Place, units: Mapping[int, str]) -> None:
        """Read the rows of one region; `units` gives the unit of a line (grid row) where a column names one."""
        numbers: dict[int, int] = {}
        for table in TABLES.values():
            of_table = [row for row in raw if row.table == table.key]
            self.missing_columns(table, of_table, shape, place)
            for unit in dict.fromkeys(units.get(row.line, "") for row in of_table):  # each unit counts for itself
                own = [row for row in of_table if units.get(row.line, "") == unit]
                written = [
                    Numbered(row.text("seq").strip(), row.number, row.where.get("seq", f"{row.number}:{row.number}"))
                    for row in own
                ]
                found, notes = repair_numbers(written, shape.has(table.key, "seq"), place)
                self.findings += notes
                numbers |= {id(row): number for row, number in zip(own, found, strict=True)}
        made: dict[int, RowId] = {}
        for row in raw:
            self.row(row, numbers, made, shape, place, units.get(row.line, ""))

    def missing_columns(self, table: Table, rows: list[RawRow], shape: Shape, place: Place) -> None:
        """Say which columns that must be filled the sheet lacks, where it has rows of the table."""
        for column in table:
            if not column.required or column.key == "seq" or not rows or shape.has(table.key, column.key):
                continue
            if not any(column.key in row.given for row in rows):
                self.findings.append(findings.MISSING_COLUMN.at(place, column=column.title))

    def row(
        self, raw: RawRow, numbers: dict[int, int], made: dict[int, RowId], shape: Shape, place: Place, unit: str
    ) -> None:
        """One row as it stands -> one SourceRow, or several where a cell holds numbered measures."""
        table = TABLES[raw.table]
        refused = self.without_text(raw, table, place)
        answers = made.get(id(raw.answers)) if raw.answers is not None else None
        refs = raw.answers.text("seq").strip() or str(numbers[id(raw.answers)]) if raw.answers and answers else ""
        for column in table:
            if column.key in raw.ditto:
                self.note(findings.UNDERSTOOD_AS, raw, column, place, "同上", meaning=raw.text(column.key)[:60])
            if column.key in raw.more:
                self.note(findings.MERGED_LINES, raw, column, place, raw.text(column.key)[:120])
        parts = list(self.parts(raw, table, place))
        letters = {
            key: where if shape.turned else column_letter(shape.columns[table.key][key])
            for key, where in raw.where.items()
            if key in shape.columns[table.key]
        }
        for number, part in enumerate(parts, start=1):
            understood = self.understand(part, table, shape, place, refused, first=number == 1)
            title, detail = part.text("title"), part.text("detail")
            original = (
                [("拆分前原文", "。".join(filter(None, (raw.text("title"), raw.text("detail")))))]
                if len(parts) > 1
                else []
            )
            row = SourceRow(
                RowId(self.file, place.sheet, raw.number, len(self.rows) + 1),  # numbered within the row at the end
                table.key,
                unit,
                numbers[id(raw)],
                raw.text("seq").strip(),
                row_cells(
                    table, {**understood.texts, **({"refs": refs} if refs else {}), "title": title, "detail": detail}
                ),
                understood.leads,
                understood.supports,
                (answers,) if answers else (),
                understood.due,
                understood.for_good,
                "\n".join(f"{name}：{text}" for name, text in (*part.extras, *understood.kept, *original)),
                refused,
                letters,
            )
            made.setdefault(id(raw), row.id)
            if shape.wide:
                self.wide.add(row.id)
            self.rows.append(row)

    def note(
        self, rule: findings.Rule, raw: RawRow, column: Column, place: Place, value: object = "", **more: object
    ) -> None:
        """Add a finding at the cell of a column."""
        where = raw.where.get(column.key, f"{raw.number}:{raw.number}")
        self.findings.append(
            rule.at(replace(place, cell=where, column=column.title), value, **{"column": column.title, **more})
        )

    def without_text(self, raw: RawRow, table: Table, place: Place) -> str:
        """Why a row without title and text is refused; "" for one that has either."""
        if any(text.strip() and not values.is_placeholder(text) for text in (raw.text("title"), raw.text("detail"))):
            return ""
        content = "　".join([*(text for text in raw.seen.values() if text.strip()), *(text for _, text in raw.extras)])
        key = "title" if "title" in raw.where else "detail"
        self.note(findings.NO_TEXT, raw, table.column(key), place, content[:200])
        return f"“{table.column('title').title}”没有填写"

    def understand(
        self, raw: RawRow, table: Table, shape: Shape, place: Place, refused: str, first: bool
    ) -> values.Row:
        """Every cell of a row by its column."""
        said = values.Row()
        for column in table:
            if column.key in ("seq", "title", "detail"):
                if column.key != "seq":
                    self.require(raw, column, shape, place, raw.text(column.key), refused or not first)
                continue
            text, value = raw.text(column.key), raw.values.get(column.key)
            if values.is_placeholder(text) and column.key != "deadline":
                if column.required and first:
                    self.note(findings.EMPTY_MARK, raw, column, place, text)
                text, value = "", None
            here = replace(place, cell=raw.where.get(column.key, f"{raw.number}:{raw.number}"), column=column.title)
            if not text.strip() and (given := raw.given.get(column.key)):
                said.texts[column.key] = self.cells.ticked(column, given, here, said)
            elif not text.strip():
                said.texts.setdefault(column.key, "")
                self.require(raw, column, shape, place, "", refused or not first)
            else:
                said.texts[column.key] = self.cells.read(column, text, value, here, said, raw)
        self.findings += self.cells.taken()
        done = table.key == TableKey.MEASURES and said.texts.get("status") == Status.DONE
        if done and first and not said.texts.get("evidence"):
            self.note(findings.DONE_WITHOUT_PROOF, raw, table.column("evidence"), place)
        return said

    def require(self, raw: RawRow, column: Column, shape: Shape, place: Place, text: str, spared: object) -> None:
        """A finding where a column that must be filled is blank (not where the whole column is missing)."""
        if column.required and not text.strip() and not spared and shape.has(raw.table, column.key):
            if column.key == "refs" and raw.answers is not None:
                return
            self.note(findings.REQUIRED, raw, column, place, help=column.help)

    def parts(self, raw: RawRow, table: Table, place: Place) -> Iterator[RawRow]:
        """The measures that a row's cells hold: the row itself, or one each where they are numbered."""
        title, detail = raw.text("title"), raw.text("detail")
        titles = split_numbered(title) if table.key == TableKey.MEASURES else []
        details = split_numbered(detail) if table.key == TableKey.MEASURES else []
        if len(titles) >= 2 and (not detail.strip() or len(details) == len(titles)):
            pairs = list(zip(titles, details or [""] * len(titles), strict=True))
        elif len(details) >= 2 and not title.strip():
            pairs = [("", text) for text in details]
        else:
            yield raw
            return
        key = "title" if title.strip() else "detail"
        self.note(findings.SPLIT_CELL, raw, table.column(key), place, (title or detail)[:120], n=len(pairs))
        beside: dict[str, list[str]] = {}
        for column in table:
            if column.key in ("seq", "title", "detail", "refs") or not raw.text(column.key):
                continue
            if found := split_beside(raw.text(column.key), len(pairs)):
                beside[column.key] = found
                self.note(findings.SPLIT_BESIDE, raw, column, place, n=len(pairs))
        for index, (one_title, one_detail) in enumerate(pairs):
            own: dict[str, Value] = {key: found[index] for key, found in beside.items()}
            own |= {"title": one_title, "detail": one_detail}
            yield replace(
                raw,
                values={**raw.values, **own},
                seen={**raw.seen, **{key: str(value) for key, value in own.items()}},
            )


def without_repeats(
    rows: list[SourceRow], wide: set[RowId]
) -> tuple[list[SourceRow], list[tuple[SourceRow, SourceRow]]]:
    """The rows without problems that a wide table repeats from the file's list of problems, and (repeat, first) pairs.

    What answered the repeat answers the first.
    """
    first = {
        (fold(row.title), fold(row.detail)): row
        for row in rows
        if row.table == TableKey.PROBLEMS and row.id not in wide and not row.refused
    }
    repeats = [
        (row, first[key])
        for row in rows
        if row.table == TableKey.PROBLEMS and row.id in wide and (key := (fold(row.title), fold(row.detail))) in first
    ]
    moved = {row.id: other for row, other in repeats}
    kept = []
    for row in rows:
        if row.id in moved:
            continue
        if any(ref in moved for ref in row.refs):
            targets = [moved[ref] for ref in row.refs if ref in moved]
            cells = row.cells.but(refs="、".join(target.written or str(target.seq) for target in targets))
            refs = tuple(moved[ref].id if ref in moved else ref for ref in row.refs)
            kept.append(replace(row, refs=refs, cells=cells))
        else:
            kept.append(row)
    return kept, repeats


def renumbered(rows: list[SourceRow]) -> list[SourceRow]:
    """The same rows with `RowId.part` 0 where a row of the sheet is one row, else 1, 2 … within it, across all tables."""
    of_line: dict[tuple[str, int], list[SourceRow]] = {}
    for row in rows:
        of_line.setdefault((row.id.sheet, row.id.row), []).append(row)
    order = list(TABLES)
    ids: dict[RowId, RowId] = {}
    for group in of_line.values():
        ranked = sorted(group, key=lambda row: order.index(row.table))
        for number, row in enumerate(ranked, start=1):
            ids[row.id] = replace(row.id, part=number if len(group) > 1 else 0)
    return [replace(row, id=ids[row.id], refs=tuple(ids[ref] for ref in row.refs)) for row in rows]
