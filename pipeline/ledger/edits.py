"""What the office wrote over a merged item's value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

Cell = tuple[str, str, str]
"""(item, list, column key)."""

GUARDED = frozenset(
    {"status", "progress", "evidence", "finished", "application", "opinion", "answer", "closing", "closed_on"}
)
"""Columns that say how far a measure is: another text never inherits them without a person's word."""


ANSWERS = ("answer", "opinion", "answered_on")
"""Columns of 对账销号 in which the office answers: what is typed there is a step, never an edit."""


class EditState(StrEnum):
    """Whether an edit counts."""

    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"  # a later edit of the same cell counts
    TAKEN_BACK = "taken_back"
    SUSPENDED = "suspended"  # its item changed; counts again by a person's word
    DISPLACED = "displaced"  # its item went into another whose own edit counts


@dataclass(frozen=True, slots=True)
class Edit:
    """Item `item`'s column `column` (of `sheet`, a list's key) shall be `value`; `base` is what the departments' rows gave then.

    `at` is an ISO date or date-time; `taken` its place in the order of taking.
    """

    item: str
    sheet: str
    column: str
    value: str
    base: str = ""
    at: str = ""
    by: str = ""
    source: str = ""
    op: str = ""
    taken: int = 0
    state: EditState = EditState.IN_FORCE

    @property
    def cell(self) -> Cell:
        """What identifies the cell."""
        return self.item, self.sheet, self.column

    @property
    def day(self) -> str:
        """The day of the edit (ISO)."""
        return self.at[:10]
