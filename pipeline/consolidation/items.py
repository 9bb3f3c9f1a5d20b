"""A group of rows -> one item: whose text it shows, which values it takes, and where its rows disagree."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline import findings
from pipeline.findings import Finding, Place
from pipeline.intake.collect import Intake
from pipeline.matching import Matching, normal_form
from pipeline.records import Cells, Item, RowId, SourceRow
from pipeline.scheme import Scheme
from pipeline.tables import (
    CLOSING_FACTS,
    INPUTS,
    Column,
    Kind,
    Merge,
    Table,
    cause_list,
    closing_list,
    problem_list,
    task_list,
)
from pipeline.vocabulary import Status, TableKey

LISTS: Mapping[str, tuple[Table, ...]] = {
    TableKey.PROBLEMS: (problem_list(),),
    TableKey.CAUSES: (cause_list(),),
    TableKey.MEASURES: (task_list(), closing_list()),
}
"""The lists in which the items of a table stand; the first is the one that lists them all."""

_MANY = 3
"""From so many units on the text is chosen that is nearest to what they all say."""

_FIGURE = re.compile(r"\d+(?:\.\d+)?|[〇一二三四五六七八九十百千万]{2,}")
_STATUS_ORDER: Mapping[str, int] = {status: rank for rank, status in enumerate(Status)}
_FINISHED = (Status.NEARLY_DONE, Status.DONE)


def consolidate(table: Table, rows: Mapping[RowId, SourceRow], matching: Matching, scheme: Scheme) -> list[Item]:
    """The items of one table in their order, not numbered yet.

    Problems are ordered by aspect, measures by direction; then by number of units, then by first appearance.
    """
    place = {row_id: position for position, row_id in enumerate(rows)}
    speakers = matching.speakers or [None] * len(matching.groups)
    items = [
        _item(table, [rows[row_id] for row_id in sorted(group, key=place.__getitem__)], speaker, scheme)
        for group, speaker in zip(matching.groups, speakers, strict=True)
    ]
    return sorted(items, key=lambda item: (heading_rank(table, item, scheme), -len(item.units), place[item.rows[0].id]))


def _item(table: Table, rows: Sequence[SourceRow], speaker: RowId | None, scheme: Scheme) -> Item:
    best = max(rows, key=_specific)  # the first of the most specific ones
    if len({row.unit for row in rows}) >= _MANY:
        # what many say is told without one unit's particulars
        best = next((row for row in rows if row.id == speaker), best)
    texts: dict[str, str] = {}
    for column in table:
        if column.kind in (Kind.SEQ, Kind.UNITS):
            continue
        if column.merge is Merge.CHOSEN:
            texts[column.key] = best.cells[column.key].strip()
        elif column.merge is Merge.UNION:
            texts[column.key] = _union(column, [row.cells[column.key] for row in rows])
        elif column.merge is Merge.SINGLE:
            texts[column.key] = _single(column, rows, best)[0]
    leads = tuple(dict.fromkeys(name for row in rows for name in row.leads))
    supports = tuple(dict.fromkeys(name for row in rows for name in row.supports if name not in leads))
    dated = best if _deadline(best) else next((row for row in rows if _deadline(row)), best)
    return Item(
        table.key,
        tuple(rows),
        best.id,
        Cells(_declared(table), texts),
        tuple(sorted({row.unit for row in rows}, key=scheme.rank)),
        leads,
        supports,
        due=dated.due,
        for_good=dated.for_good,
    )


def text_of(item: Item, unit: str) -> Item:
    """The same item showing the text of one of its units: the most specific of that unit's rows."""
    table = next(table for table in INPUTS if table.key == item.table)
    best = max((row for row in item.rows if row.unit == unit), key=_specific)
    chosen = {column.key: best.cells[column.key].strip() for column in table if column.merge is Merge.CHOSEN}
    return replace(item, shown=best.id, cells=item.cells.but(**chosen))


def _declared(table: Table) -> Iterable[str]:
    """What an item's cells may hold: the columns of its rows, and those that its lists add for the office."""
    yield from (column.key for column in table if column.kind is not Kind.SEQ)
    for shown in LISTS[table.key]:
        yield from (column.key for column in shown if column.editable)
    if table.key == TableKey.MEASURES:
        yield from CLOSING_FACTS


def _deadline(row: SourceRow) -> str:
    return row.cells["deadline"] if row.table == TableKey.MEASURES else ""


def _specific(row: SourceRow) -> tuple[bool, int, int]:
    """How much a row's text says: title and text both there, then figures, then length."""
    text = normal_form(row.title) + normal_form(row.detail)
    return bool(row.title.strip() and row.detail.strip()), len(set(_FIGURE.findall(text))), len(text)


def _union(column: Column, texts: list[str]) -> str:
    if column.kind is Kind.CHOICES:
        parts = list(dict.fromkeys(part for text in texts for part in text.split("、") if part))
        return "、".join(sorted(parts, key=column.choices.index))
    joint = "；" if column.kind is Kind.TEXT and column.width > 12 else "、"
    return joint.join(dict.fromkeys(text.strip() for text in texts if text.strip()))


def _single(column: Column, rows: Sequence[SourceRow], best: SourceRow) -> tuple[str, list[tuple[str, str]]]:
    """(the value taken, the values with their units where rows disagree)."""
    given = [(row.cells[column.key].strip(), row) for row in rows if row.cells[column.key].strip()]
    if not given:
        return "", []
    if column.kind is Kind.ASPECT:
        counts = Counter(value for value, _ in given)
        chosen = max(counts, key=lambda value: (counts[value], value == best.cells[column.key]))
    elif column.key == "status":
        chosen = min((value for value, _ in given), key=_STATUS_ORDER.__getitem__)  # a rate must not be overstated
        if len(given) < len(rows) and chosen in _FINISHED:
            # who left it blank has not said that it is done
            silent = [("（未填）", row.unit) for row in rows if not row.cells[column.key].strip()]
            return "", list(dict.fromkeys([*((value, row.unit) for value, row in given), *silent]))
    else:
        chosen = best.cells[column.key].strip() or given[0][0]
    if len({_compared(column, value, row) for value, row in given}) == 1:
        return chosen, []
    return chosen, list(dict.fromkeys((value, row.unit) for value, row in given))


def _compared(column: Column, value: str, row: SourceRow) -> object:
    """What must be equal for two values to agree: a deadline's meaning, not its spelling."""
    if column.kind is Kind.DEADLINE and (row.due or row.for_good):
        return row.due, row.for_good
    return value


def disagreements(table: Table, items: Iterable[Item], intake: Intake) -> list[Finding]:
    """Where the rows of an item give different values for what should have one."""
    singles = [column for column in table if column.merge is Merge.SINGLE and column.kind not in (Kind.SEQ, Kind.UNITS)]
    found = []
    for item in items:
        if len(item.rows) < 2:
            continue
        for column in singles:
            chosen, values = _single(column, item.rows, item.shown_row)
            if not values:
                continue
            rule = findings.SEVERAL_ASPECTS if column.kind is Kind.ASPECT else findings.CONFLICT
            listed = "；".join(f"{unit}“{value}”" for value, unit in values)
            place = item_place(item, column.key, column.title, intake)
            shown = chosen or "（留空）"
            found.append(rule.at(place, shown, item=item.id, column=column.title, values=listed, chosen=shown))
    return found


@dataclass(frozen=True)
class Headings:
    """Where the items of a table stand in the narrative: under an aspect, a direction, or none."""

    names: tuple[str, ...]
    key: str


def headings(table: Table, scheme: Scheme) -> Headings:
    """The headings of a table, in order; none for causes."""
    for column in table:
        if column.kind in (Kind.ASPECT, Kind.DIRECTION):
            return Headings(scheme.allowed(column), column.key)
    return Headings((), "")


def heading_rank(table: Table, item: Item, scheme: Scheme) -> int:
    """Position of the heading under which an item stands; behind all of them where it has none."""
    under = headings(table, scheme)
    if not under.key:
        return 0
    value = item.cells[under.key]
    return under.names.index(value) if value in under.names else len(under.names)


def item_place(item: Item, key: str, title: str, intake: Intake) -> Place:
    """The cell of the row that an item shows."""
    return intake.place(item.shown_row, key, title)


def all_items(items: Mapping[str, Sequence[Item]]) -> Iterable[Item]:
    """The items of every table, problems first."""
    for table in INPUTS:
        yield from items[table.key]
