"""A group of rows -> one item: whose text it shows, which values it takes, and where its rows disagree."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from pipeline import findings
from pipeline.findings import Finding, Place
from pipeline.intake.collect import Intake
from pipeline.ledger import Edit, Member, Retired, give_numbers
from pipeline.matching import Matching, normal_form
from pipeline.scheme import Scheme
from pipeline.tables import STATUSES, Column, Kind, Merge, Table

_FIGURE = re.compile(r"\d+(?:\.\d+)?|[〇一二三四五六七八九十百千万]{2,}")


@dataclass(frozen=True)
class Memory:
    """What earlier runs left: each row's number and the highest number given, by table key; the edits in force by cell."""

    known: dict[str, dict[Member, str]] = field(default_factory=dict)
    highest: dict[str, int] = field(default_factory=dict)
    edits: dict[tuple[str, str, str], Edit] = field(default_factory=dict)


@dataclass
class Item:
    """A merged problem, cause or measure.

    `rows` are positions in the table's frame in source order, `shown` the one whose text the item shows; `values` by
    column key; `links` the item numbers by table key; `reason` says why it goes into the narrative or does not.
    """

    table: str
    rows: list[int]
    shown: int
    values: dict[str, str]
    units: list[str]
    id: str = ""
    due: dt.date | None = None
    for_good: bool = False
    included: bool = False
    reason: str = ""
    links: dict[str, list[str]] = field(default_factory=dict)
    edited: dict[str, str] = field(default_factory=dict)  # columns that hold the office's value -> the day of the edit

    @property
    def title(self) -> str:
        """The item's short name for messages: its title, or the beginning of its text."""
        return self.values["title"].strip() or self.values["detail"].strip()[:20]


def merge_items(
    table: Table, intake: Intake, matching: Matching, scheme: Scheme, memory: Memory
) -> tuple[list[Item], list[Finding], list[Retired]]:
    """The items of one table, numbered and in their order; findings where rows of one item disagree; numbers retired.

    Problems are ordered by aspect, measures by direction; then by number of units, then by first appearance.
    """
    records: list[dict[str, Any]] = intake.frames[table.key].to_dict("records")
    items, notes = [], []
    for group in matching.groups:
        item, conflicts = _merge(table, [(position, records[position]) for position in sorted(group)], scheme)
        items.append(item)
        notes.append(conflicts)
    order = sorted(range(len(items)), key=lambda index: _order(table, items[index], scheme))
    found: list[Finding] = []
    groups = [[member_of(records[row]) for row in items[index].rows] for index in order]
    known, highest = memory.known.get(table.key, {}), memory.highest.get(table.key, 0)
    numbers, retired = give_numbers(groups, known, highest, table.prefix)
    for number, index in zip(numbers, order, strict=True):
        item = items[index]
        item.id = number
        found += [_conflict(item, conflict, intake, records) for conflict in notes[index]]
    return [items[index] for index in order], found, retired


def member_of(row: dict[str, Any]) -> Member:
    """A row as the ledger knows it."""
    return Member(row["unit"], normal_form(row["text"]), normal_form(row["title"]), int(row["seq"]))


@dataclass(frozen=True, slots=True)
class _Conflict:
    column: Column
    values: list[tuple[str, str]]  # (value, unit)
    chosen: str


def _merge(table: Table, rows: list[tuple[int, dict[str, Any]]], scheme: Scheme) -> tuple[Item, list[_Conflict]]:
    shown, best = max(rows, key=lambda row: (*_specific(row[1]), -row[0]))
    values: dict[str, str] = {}
    conflicts: list[_Conflict] = []
    for column in table:
        if column.kind is Kind.SEQ:
            continue
        if column.merge is Merge.CHOSEN:
            values[column.key] = best[column.key].strip()
        elif column.merge is Merge.UNION:
            values[column.key] = _union(column, [row[column.key] for _, row in rows])
        elif column.merge is Merge.SINGLE:
            values[column.key], conflict = _single(column, rows, best)
            conflicts += conflict
    if "support" in values:
        lead = values["lead"].split("、")
        values["support"] = "、".join(name for name in values["support"].split("、") if name not in lead)
    chosen_due = best if best.get("deadline") else next((row for _, row in rows if row.get("deadline")), best)
    units = sorted({row["unit"] for _, row in rows}, key=scheme.rank)
    due, for_good = chosen_due.get("due"), bool(chosen_due.get("for_good"))
    return Item(
        table.key, [position for position, _ in rows], shown, values, units, due=due, for_good=for_good
    ), conflicts


def _specific(row: dict[str, Any]) -> tuple[bool, int, int]:
    """How much a row's text says: title and text both there, then figures, then length. The most specific is shown."""
    text = normal_form(row["title"]) + normal_form(row["detail"])
    return bool(row["title"].strip() and row["detail"].strip()), len(set(_FIGURE.findall(text))), len(text)


def _union(column: Column, texts: list[str]) -> str:
    if column.kind in (Kind.UNITS, Kind.CHOICES):
        parts = list(dict.fromkeys(part for text in texts for part in text.split("、") if part))
        if column.choices:
            parts.sort(key=column.choices.index)
        return "、".join(parts)
    joint = "；" if column.kind is Kind.TEXT and column.width > 12 else "、"
    return joint.join(dict.fromkeys(text.strip() for text in texts if text.strip()))


def _single(
    column: Column, rows: list[tuple[int, dict[str, Any]]], best: dict[str, Any]
) -> tuple[str, list[_Conflict]]:
    given = [
        (row[column.key].strip(), row["unit"], _compared(column, row)) for _, row in rows if row[column.key].strip()
    ]
    if not given:
        return "", []
    if column.kind is Kind.ASPECT:
        counts = Counter(value for value, _, _ in given)
        chosen = max(counts, key=lambda value: (counts[value], value == best[column.key]))
    elif column.key == "status":
        chosen = min((value for value, _, _ in given), key=STATUSES.index)  # a rate must not be overstated
    else:
        chosen = best[column.key].strip() or given[0][0]
    if len({meaning for _, _, meaning in given}) == 1:
        return chosen, []
    return chosen, [_Conflict(column, list(dict.fromkeys((value, unit) for value, unit, _ in given)), chosen)]


def _compared(column: Column, row: dict[str, Any]) -> object:
    """What must be equal for two values to agree: a deadline's meaning, not its spelling."""
    if column.kind is Kind.DEADLINE and (row["due"] or row["for_good"]):
        return row["due"], row["for_good"]
    return row[column.key].strip()


def _conflict(item: Item, conflict: _Conflict, intake: Intake, records: list[dict[str, Any]]) -> Finding:
    row = records[item.shown]
    place = intake.place(row["file"], row["sheet"], row["row"], conflict.column.key, conflict.column.title, row["unit"])
    listed = "；".join(f"{unit}“{value}”" for value, unit in conflict.values)
    rule = findings.SEVERAL_ASPECTS if conflict.column.kind is Kind.ASPECT else findings.CONFLICT
    return rule.at(
        place, conflict.chosen, item=item.id, column=conflict.column.title, values=listed, chosen=conflict.chosen
    )


def _order(table: Table, item: Item, scheme: Scheme) -> tuple[int, int, int]:
    return heading_rank(table, item, scheme), -len(item.units), item.rows[0]


def heading_rank(table: Table, item: Item, scheme: Scheme) -> int:
    """Position of the heading under which an item stands; behind all of them where it has none."""
    for column in table:
        if column.kind in (Kind.ASPECT, Kind.DIRECTION):
            names = scheme.allowed(column)
            value = item.values[column.key]
            return names.index(value) if value in names else len(names)
    return 0


def item_place(item: Item, key: str, title: str, intake: Intake) -> Place:
    """The cell of the row that an item shows."""
    row = intake.frames[item.table].iloc[item.shown]
    return intake.place(row["file"], row["sheet"], int(row["row"]), key, title, row["unit"])
