"""What the matching room hands on: groups of rows, why each row is where it is, and the pairs a person should see."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.records import RowId


@dataclass(frozen=True, slots=True)
class Join:
    """How a row came into its group: 归并方式, the score (None where the texts are equal) and 依据."""

    way: str
    score: float | None
    basis: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """A pair that a person should look at: rows `a` and `b`, how alike, and 疑点; one `family` is decided together (-1: none)."""

    a: RowId
    b: RowId
    score: float
    reason: str
    family: int = 0


@dataclass(frozen=True, slots=True)
class Ruling:
    """A person's word on two texts (in normal form): the same or not. It stands above any score and any guard."""

    form_a: str
    form_b: str
    same: bool
    day: str = ""


@dataclass(frozen=True)
class Matching:
    """The outcome for one table. Rows are positions in the table's frame; refused rows are in no group."""

    groups: list[list[RowId]]
    joins: dict[RowId, Join]
    doubts: list[Doubt] = field(default_factory=list)
    contradictions: list[tuple[RowId, RowId]] = field(
        default_factory=list
    )  # rows ruled the same that other rulings keep apart
    compounds: dict[RowId, str] = field(default_factory=dict)  # rows that seem to hold two matters, and why
