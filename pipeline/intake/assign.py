"""Which column of a sheet holds what: every header held against every column of the tables, the best assignment as a whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from pipeline.intake.content import LONG, Sample, fit, understood
from pipeline.intake.spelling import ALIAS, EXACT, OTHERS, TABLES, fold_header, spelling_score
from pipeline.scheme import Scheme
from pipeline.tables import Column, Kind, Table
from pipeline.vocabulary import TableKey

Field = tuple[str, str]
"""(table key, column key)."""

_DEADLINE: Field = (TableKey.MEASURES, "deadline")
_FINISHED: Field = (TableKey.MEASURES, "finished")

_LEAST = 3.0
"""An assignment worth less is none: the column is one that we do not know."""

_LEAST_SPELLING = 2.5
"""A header with less in common with a column's names takes it only where the cells leave no doubt."""

_LEAST_EXACT = 4.0
"""What a column's own title is worth at least."""

_ANOTHER_TABLE = 3.0
"""What each further table costs: one header serves several tables only where columns of its own speak for each."""

_CLOSE = 1.2
"""Two readings of a header that lie closer than this are said."""

_PARENT = 2.0
"""What a name is worth less that stands in a higher row of the header, over several columns."""

SETS: tuple[tuple[str, ...], ...] = (
    (TableKey.PROBLEMS,),
    (TableKey.CAUSES,),
    (TableKey.MEASURES,),
    (TableKey.PROBLEMS, TableKey.CAUSES),
    (TableKey.PROBLEMS, TableKey.MEASURES),
    (TableKey.CAUSES, TableKey.MEASURES),
    (TableKey.PROBLEMS, TableKey.CAUSES, TableKey.MEASURES),
)
"""What one header may be the header of: one table, or a wide one."""


@dataclass(frozen=True)
class HeaderCell:
    """A column's header: the text nearest to the data, and those above it, the lowest first."""

    column: int
    own: str
    above: tuple[str, ...] = ()

    @property
    def full(self) -> str:
        """How the header is named to people."""
        return "/".join((*reversed(self.above), self.own))


@dataclass(frozen=True)
class Assignment:
    """What the columns hold. `near` are readings that should be said, `doubts` those that are close to another one."""

    tables: tuple[str, ...]
    columns: dict[Field, int]
    near: dict[int, Field] = field(default_factory=dict)
    doubts: dict[int, tuple[Field, Field]] = field(default_factory=dict)
    extras: dict[int, str] = field(default_factory=dict)
    twice: dict[int, Field] = field(default_factory=dict)
    score: float = 0.0
    strong: int = 0  # headers that are a column's name beyond doubt


def fields_of(tables: tuple[str, ...]) -> list[tuple[Field, Table, Column]]:
    """The columns that a header of these tables may have; of a wide table each thing once."""
    wide = len(tables) > 1
    found = []
    for key in tables:
        for column in TABLES[key]:
            if wide and column.key == "refs" and TableKey.PROBLEMS in tables:
                continue  # what stands in one row belongs together
            if wide and column.key == "remark" and key != tables[-1]:
                continue
            if wide and column.key == "leader" and key == TableKey.PROBLEMS and TableKey.MEASURES in tables:
                continue
            if wide and column.key == "seq" and key == TableKey.CAUSES:
                continue
            found.append(((key, column.key), TABLES[key], column))
    return found


def assign(
    cells: list[HeaderCell],
    look: Callable[[int], Sample],
    scheme: Scheme,
    named: Callable[[Table], bool],
    sets: tuple[tuple[str, ...], ...] = SETS,
) -> Assignment | None:
    """The best reading of a header, None where it is the header of no table.

    `look` gives the cells below a header by grid column; `named` says whether the sheet or a title names a table.
    """
    measured = _measure(cells, look, scheme)
    best: Assignment | None = None
    for tables in sets:
        found = _assign(cells, measured, named, tables)
        if found and (best is None or found.score > best.score):
            best = found
    return best


@dataclass(frozen=True)
class _Measured:
    """Every header against every column of every table: how well its words name it, and that with what the cells say."""

    fields: list[tuple[Field, Table, Column]]
    words: np.ndarray
    worth: np.ndarray


def _measure(cells: list[HeaderCell], look: Callable[[int], Sample], scheme: Scheme) -> _Measured:
    fields = [((table.key, column.key), table, column) for table in TABLES.values() for column in table]
    words = np.array([[header_words(cell, table, column) for _, table, column in fields] for cell in cells])
    worth = np.zeros(words.shape)
    for row, cell in enumerate(cells):
        unnamed = words[row].max() < _LEAST_SPELLING
        for place, (_, _table, column) in enumerate(fields):
            if words[row, place] >= _LEAST_SPELLING:
                worth[row, place] = words[row, place] + fit(column, look(cell.column), scheme)
                if words[row, place] >= EXACT:  # whatever stands below: the column's own title is not to be ignored
                    worth[row, place] = max(worth[row, place], _LEAST_EXACT)
            elif unnamed:
                worth[row, place] = _by_content(column, look(cell.column), scheme)
    return _Measured(fields, words, np.where(worth >= _LEAST, worth, 0.0))


def header_words(cell: HeaderCell, table: Table, column: Column) -> float:
    """How well a header's words, with those above it, name a column."""
    best = spelling_score(cell.own, table, column)
    for text in cell.above:
        joined = spelling_score(text + cell.own, table, column)
        best = max(best, joined - 0.3)
        if fold_header(cell.own) not in OTHERS and best < _LEAST_SPELLING:
            best = max(best, spelling_score(text, table, column) - 2 * _PARENT)
    return best


def _assign(
    cells: list[HeaderCell], measured: _Measured, named: Callable[[Table], bool], tables: tuple[str, ...]
) -> Assignment | None:
    fields = fields_of(tables)
    places = [measured.fields.index(entry) for entry in fields]
    words, worth = measured.words[:, places], measured.worth[:, places]
    for key in tables:
        own = [place for place, entry in enumerate(fields) if entry[0][0] == key and entry[0][1] in ("title", "detail")]
        if words[:, own].max() < _LEAST_SPELLING:
            return None
    # a column's own name is no near-spelling of another's
    named_well = words.max(axis=1) >= ALIAS - 0.5
    others = np.array([entry[0][1] not in ("title", "detail") for entry in fields])
    ruled_out = named_well[:, None] & (words < ALIAS - 0.5) & others[None, :]
    words, worth = np.where(ruled_out, 0.0, words), np.where(ruled_out, 0.0, worth)
    for row in range(len(cells)):  # of two columns of one name, the left one is the first table's
        for place, ((key, _), _, _) in enumerate(fields):
            if worth[row, place] and len(tables) > 1:
                worth[row, place] += 0.1 * (row / len(cells)) * tables.index(key)
    pairs = _solve(worth)
    texts = {
        fields[place][0][0]: words[row, place] for row, place in pairs if fields[place][0][1] in ("title", "detail")
    }
    if any(texts.get(key, 0.0) < _LEAST_SPELLING for key in tables):
        return None
    columns = {fields[place][0]: cells[row].column for row, place in pairs}
    if not any(key == tables[0] for key, _ in columns):
        return None
    moved = _planned(columns)
    if TableKey.PROBLEMS not in tables and len(tables) > 1:  # cause and measure of one row answer the same problem
        answered = next((column for (_, key), column in columns.items() if key == "refs"), None)
        columns |= {(key, "refs"): answered for key in tables} if answered is not None else {}
    bonus = sum(1.5 for key in tables if named(TABLES[key]))
    unassigned = [row for row in range(len(cells)) if row not in dict(pairs)]
    score = (
        float(sum(worth[row, place] for row, place in pairs))
        + bonus
        - _ANOTHER_TABLE * (len(tables) - 1)
        - 0.3 * len(unassigned)
    )
    near = {cells[row].column: fields[place][0] for row, place in pairs if words[row, place] < ALIAS - 0.5}
    doubts = _doubts(cells, fields, worth, words, pairs)
    if moved is not None:
        near[moved], doubts[moved] = _DEADLINE, (_DEADLINE, _FINISHED)
    return Assignment(
        tables,
        columns,
        near,
        doubts,
        {cells[row].column: cells[row].full for row in unassigned},
        _twice(cells, fields, words, unassigned, columns),
        score,
        sum(words[row, place] >= ALIAS - 0.5 for row, place in pairs),
    )


def _planned(columns: dict[Field, int]) -> int | None:
    """完成日期 without any 整改时限 beside it is a plan's: its column, which now is 整改时限."""
    if _FINISHED not in columns or _DEADLINE in columns:
        return None
    columns[_DEADLINE] = columns.pop(_FINISHED)
    return columns[_DEADLINE]


def _solve(worth: np.ndarray) -> list[tuple[int, int]]:
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - slow to import, and only for sheets with a header

    rows, places = linear_sum_assignment(worth, maximize=True)
    return [(int(row), int(place)) for row, place in zip(rows, places, strict=True) if worth[row, place] > 0]


def _by_content(column: Column, seen: Sample, scheme: Scheme) -> float:
    """Cells that can be nothing else name a column whose header says nothing."""
    if len(seen.texts) < 2 or column.kind not in (Kind.ASPECT, Kind.DIRECTION, Kind.CHOICE, Kind.CHOICES):
        return 0.0
    if not scheme.allowed(column):
        return 0.0
    return 3.2 if seen.share(lambda text: understood(column, text, scheme) and not text.isdigit()) > 0.8 else 0.0


def _doubts(
    cells: list[HeaderCell],
    fields: list[tuple[Field, Table, Column]],
    worth: np.ndarray,
    words: np.ndarray,
    pairs: list[tuple[int, int]],
) -> dict[int, tuple[Field, Field]]:
    """Headers of which the second-best reading is nearly as good, and that reading."""
    total = sum(worth[row, place] for row, place in pairs)
    doubts = {}
    for row, place in pairs:
        if words[row, place] >= ALIAS - 0.5 or (worth[row] > 0).sum() < 2:
            continue
        without = worth.copy()
        without[row, place] = 0.0
        other = _solve(without)
        if total - sum(without[r, p] for r, p in other) >= _CLOSE or row not in dict(other):
            continue
        mine, theirs = fields[place][0], fields[dict(other)[row]][0]
        if mine[0] == theirs[0] and {mine[1], theirs[1]} == {"title", "detail"}:
            continue  # which of the two a text is, its length says; nothing is lost either way
        doubts[cells[row].column] = (mine, theirs)
    return doubts


def _twice(
    cells: list[HeaderCell],
    fields: list[tuple[Field, Table, Column]],
    words: np.ndarray,
    unassigned: list[int],
    columns: dict[Field, int],
) -> dict[int, Field]:
    """Columns left over whose header names one that another column has taken."""
    found = {}
    for row in unassigned:
        place = int(words[row].argmax()) if len(fields) else 0
        if words[row, place] >= ALIAS - 0.5 and fields[place][0] in columns:
            found[cells[row].column] = fields[place][0]
    return found


def is_long(seen: Sample) -> bool:
    """Whether a column that nobody knows holds texts that must not go unnoticed."""
    return seen.median >= LONG
