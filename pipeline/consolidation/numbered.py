"""Items get their numbers: those that their rows had, or new ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from pipeline import findings
from pipeline.findings import Finding
from pipeline.ledger import Cell, Edit, Numbered, Retired
from pipeline.records import Item, SourceRow
from pipeline.tables import Table


class Memory(Protocol):
    """What earlier runs left, as a merge needs it. A ledger's run is one."""

    def number(self, table: Table, groups: Sequence[Sequence[SourceRow]]) -> Numbered:
        """A number for each group of rows, in the order given."""

    @property
    def edits(self) -> Mapping[Cell, Edit]:
        """The edits in force, when all tables are numbered."""


class Fresh:
    """No memory: numbers from 1 on, no edits."""

    edits: Mapping[Cell, Edit] = {}

    def number(self, table: Table, groups: Sequence[Sequence[SourceRow]]) -> Numbered:
        """A number for each group, in the order given."""
        return Numbered(tuple(f"{table.prefix}-{at:03d}" for at in range(1, len(groups) + 1)), (), ())


def number(table: Table, items: Sequence[Item], memory: Memory) -> tuple[list[Item], Numbered]:
    """The same items with their numbers, and what the memory says of it."""
    numbered = memory.number(table, [item.rows for item in items])
    return [replace(item, id=given) for item, given in zip(items, numbered.numbers, strict=True)], numbered


def retired_finding(entry: Retired) -> Finding:
    """What is said of a number that is no longer in use."""
    where = f"来源行并入了 {entry.went_to}" if entry.went_to else "来源行都不在了"
    return findings.RETIRED.at(findings.Place(), entry.number, where=where)
