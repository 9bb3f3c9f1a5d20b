"""What is to be said of the read-back and of what was inherited: values from which the caller makes findings.

A kind's value is the code of its rule in the catalogue of findings, whose templates name the details.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class ProblemKind(StrEnum):
    """Everything that the ledger has to say to a person."""

    MARK = "L05"  # 归并为 not understood: value, why, remedy
    BOTH_CHANGED = "L06"  # column, found, known, taken
    COLUMN_GONE = "L07"  # column, count
    SHEET_GONE = "L08"  # count
    UNPLACED = "L09"  # item, column, value
    ROW_UNKNOWN = "L10"  # a row of a list without number, or with one that it never had
    NO_SUCH_ROW = "L11"  # a line of 已定事项 that matches no row
    LINE_GONE = "L12"  # a line of 已定事项 was deleted, not cleared
    TWICE = "L13"  # the same number twice with different contents
    ROW_FOLLOWED = "L14"  # a judged row changed by a few words: the judgement follows
    ROW_ASKED = "L15"  # a judged row changed: the person is asked
    SUSPENDED = "L16"  # edits of an item whose row changed
    DISPLACED = "L17"  # two edits of one cell after a joining
    CLOSED_GAINS = "L18"  # a closed item took rows of another in
    VALUE_MOVED = "L19"  # a department changed its own 整改时限 between two submissions
    RECOVERED = "L20"  # the ledger was lost, and told again from the summary: items, judgements


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to be said. `sheet` and `cell` are in 汇总台账.xlsx, "" where the thing stands in none."""

    kind: ProblemKind
    value: str = ""
    sheet: str = ""
    cell: str = ""
    column: str = ""
    unit: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
