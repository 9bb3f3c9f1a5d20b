"""What the matching room hands on: groups of rows, why each row is where it is, and the families that a person should look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Label = Any
"""A row's label in the index of the frame: hashable, unique, sortable among its kind. A position today, a RowId later."""

AS_IT_IS, EQUAL, AUTOMATIC, BY_HAND = "原样", "完全相同", "自动归并", "人工归并"
LIKELY, POSSIBLE, FAINT = "很可能", "可能", "存疑"
ALONE = "单列"


@dataclass(frozen=True, slots=True)
class Constraint:
    """A person's word on two rows, known by unit and normal form ("" as unit: any unit).

    `same`: must-link, above any score; else cannot-link, for the whole items in which the two stand. `basis`: where and when it was said.
    """

    unit_a: str
    form_a: str
    unit_b: str
    form_b: str
    same: bool
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Join:
    """How a row came into its group: 归并方式 (原样, 完全相同, 自动归并, 人工归并), the score (None where the texts are equal) and 依据."""

    way: str
    score: float | None
    basis: str


@dataclass(frozen=True, slots=True)
class FamilyLine:
    """One item of a family.

    `group`: its place in `Matching.groups`; `speaker`: the row whose text is shown; `likelihood` against the family's first
    line (None for that line) and its `grade` (很可能, 可能, 存疑; "" for the first); `suggestion`: A, B … for what the program
    would join, 单列 for what it would not; `agree` and `differ` against the first line, conflicting facts with both values.
    """

    group: int
    speaker: Label
    likelihood: float | None
    grade: str
    suggestion: str
    agree: tuple[str, ...]
    differ: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """Items that a person should see together; the first line is the one that the others are most like."""

    lines: tuple[FamilyLine, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A pair of a family, for callers that still show pairs: rows `a` and `b`, how alike, and 疑点."""

    a: Label
    b: Label
    score: float
    reason: str
    family: int = 0


@dataclass(frozen=True, slots=True)
class Ruling:
    """A `Constraint` by form alone, as the ledger hands it on today."""

    form_a: str
    form_b: str
    same: bool
    day: str = ""

    def as_constraint(self) -> Constraint:
        """The same word in the present shape."""
        return Constraint("", self.form_a, "", self.form_b, self.same, f"按 {self.day} 的处理意见归并")


@dataclass(frozen=True)
class Matching:
    """The outcome for one table. Rows are labels of the frame's index; refused rows are in no group.

    `groups`: every other row in exactly one; `speakers`: of each group the row that says the matter best without one unit's
    particulars; `families`: the likeliest first, no group in two; `contradictions`: rows that a person joined and that other
    words of hers keep apart; `compounds`: rows that seem to hold two matters, and why.
    """

    groups: list[list[Label]]
    joins: dict[Label, Join]
    families: list[Family] = field(default_factory=list)
    contradictions: list[tuple[Label, Label]] = field(default_factory=list)
    compounds: dict[Label, str] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)
    speakers: list[Label] = field(default_factory=list)
