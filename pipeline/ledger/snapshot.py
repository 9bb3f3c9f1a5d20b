"""What a summary held when the program wrote it: with it, what is found there later tells what a person did."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass, field

from pipeline.ledger.edits import Cell

LineKey = tuple[str, str, str]
"""(决定号, unit, form) of a line of 已定事项."""


@dataclass(frozen=True, slots=True)
class FamilyLine:
    """A row of 待确认: its item, unit, 原文, normal form, 建议, and what the program wrote into 归并为 (as a rule nothing)."""

    item: str
    unit: str
    text: str
    form: str
    suggestion: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """A family of 待确认 as it is shown; `group` is its 组号, unlike within a table."""

    table: str
    group: str
    lines: tuple[FamilyLine, ...]


@dataclass(frozen=True)
class Snapshot:
    """The editable cells (`written`: as shown, `base`: as the departments gave them), 已定事项 and 待确认 of one summary.

    `taken` is the last place in the order of taking that it shows. `decided` is None where it is not known.
    """

    taken: int = 0
    written: Mapping[Cell, str] = field(default_factory=dict)
    base: Mapping[Cell, str] = field(default_factory=dict)
    decided: Mapping[LineKey, str] | None = field(default_factory=dict)
    families: tuple[Family, ...] = ()

    @property
    def name(self) -> str:
        """A name made from what the sheets show alone: the same input and ledger give the same summary."""
        shown = {key: value for key, value in self._plain().items() if key != "taken"}
        return hashlib.sha256(json.dumps(shown, ensure_ascii=False).encode()).hexdigest()[:16]

    def to_json(self) -> str:
        """As it is stored."""
        return json.dumps(self._plain(), ensure_ascii=False)

    def _plain(self) -> dict[str, object]:
        return {
            "taken": self.taken,
            "written": sorted([*cell, value] for cell, value in self.written.items()),
            "base": sorted([*cell, value] for cell, value in self.base.items()),
            "decided": None if self.decided is None else [[*key, mark] for key, mark in self.decided.items()],
            "families": [[one.table, one.group, [list(astuple(row)) for row in one.lines]] for one in self.families],
        }

    @classmethod
    def from_json(cls, text: str) -> Snapshot:
        """What `to_json` stored (or version 1 did, as it was migrated)."""
        plain = json.loads(text)
        cells = {
            part: {(item, sheet, key): value for item, sheet, key, value in plain[part]} for part in ("written", "base")
        }
        decided = plain["decided"]
        return cls(
            plain["taken"],
            cells["written"],
            cells["base"],
            # version 1's lines have the table behind the number
            None if decided is None else {(line[0], line[-3], line[-2]): line[-1] for line in decided},
            tuple(
                Family(table, group, tuple(FamilyLine(*row) for row in rows))
                for table, group, rows in plain["families"]
            ),
        )
