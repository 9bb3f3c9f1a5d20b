"""Items get their numbers: those that their rows had, or new ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pipeline import findings
from pipeline.findings import Finding
from pipeline.ledger import Edit, Member, Retired, give_numbers
from pipeline.matching import normal_form
from pipeline.records import Item, SourceRow
from pipeline.tables import Table


@dataclass(frozen=True)
class Memory:
    """What earlier runs left: each row's number and the highest number given, by table key; the edits in force by cell."""

    known: dict[str, dict[Member, str]] = field(default_factory=dict)
    highest: dict[str, int] = field(default_factory=dict)
    edits: dict[tuple[str, str, str], Edit] = field(default_factory=dict)


def member_of(row: SourceRow) -> Member:
    """A row as the ledger knows it."""
    return Member(row.unit, normal_form(row.text), normal_form(row.title), row.seq)


def number(table: Table, items: Sequence[Item], memory: Memory) -> tuple[list[Item], list[Retired]]:
    """The same items with their numbers, and the numbers that are retired thereby."""
    groups = [[member_of(row) for row in item.rows] for item in items]
    known, highest = memory.known.get(table.key, {}), memory.highest.get(table.key, 0)
    numbers, retired = give_numbers(groups, known, highest, table.prefix)
    return [replace(item, id=given) for item, given in zip(items, numbers, strict=True)], retired


def retired_finding(entry: Retired) -> Finding:
    """What is said of a number that is no longer in use."""
    where = f"来源行并入了 {entry.went_to}" if entry.went_to else "来源行都不在了"
    return findings.RETIRED.at(findings.Place(), entry.number, where=where)
