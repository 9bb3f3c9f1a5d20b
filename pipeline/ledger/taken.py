"""What follows from a summary that was read back: values, applied by the run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pipeline.ledger.edits import Cell, Edit
from pipeline.ledger.judgements import Judgement
from pipeline.ledger.numbers import Known
from pipeline.ledger.problems import Problem, ProblemKind
from pipeline.ledger.readback import ReadBack
from pipeline.ledger.snapshot import Snapshot


@dataclass
class State:
    """What the ledger knows when a run begins; the run brings it up to date as it goes on."""

    project: str = ""
    judgements: dict[str, Judgement] = field(default_factory=dict)
    """In force, by number, in the order in which they were taken."""
    edits: dict[Cell, Edit] = field(default_factory=dict)
    """In force."""
    displaced: list[Edit] = field(default_factory=list)
    members: dict[str, list[Known]] = field(default_factory=dict)
    """By table key; also rows not seen any more."""
    items: dict[str, tuple[str, bool, str]] = field(default_factory=dict)
    """Number -> (table, whether retired, where it went)."""
    ops: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who and when, as it is recorded."""

    at: str
    by: str


@dataclass(frozen=True, slots=True)
class JudgementAct:
    """A judgement taken (`old` None), changed, or revoked (`new` None); a new one's number is "" until it is given."""

    old: Judgement | None
    new: Judgement | None


@dataclass(frozen=True, slots=True)
class EditAct:
    """An edit made (`old` None or the one that it replaces) or taken back (`new` None)."""

    old: Edit | None
    new: Edit | None


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A cell that differs from all that is known of it, in a summary of which it is not known what was written."""

    item: str
    sheet: str
    column: str
    value: str
    source: str


@dataclass
class Taken:
    """What the summary says that is new, and what is to be said of it.

    `keep_summary`: something in it could not be placed; it must be kept in 历史 before it is written over.
    """

    judged: list[JudgementAct] = field(default_factory=list)
    edited: list[EditAct] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)
    ops: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    recovered: list[tuple[str, str]] = field(default_factory=list)  # (table, number) of a ledger that was lost
    keep_summary: bool = False

    @property
    def changes(self) -> int:
        """How many things the office changed."""
        return len(self.judged) + len(self.edited)


@dataclass
class Desk:
    """What the office left beside what the ledger knows, and what comes of it (`taken`).

    `snapshot` is what the summary held when it was written, None if that is not known any more; `values` then are all that
    the ledger knows a cell to have held. `units` maps aliases and earlier names to the roster's.
    """

    state: State
    snapshot: Snapshot | None
    left: ReadBack
    stamp: Stamp
    form_of: Callable[[str], str]
    units: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[Cell, frozenset[str]] = field(default_factory=dict)
    taken: Taken = field(default_factory=Taken)
    rows: defaultdict[tuple[str, str], set[str]] | None = None  # (table, form) -> units; made when first asked for

    def unit(self, name: str) -> str:
        """A unit's present name."""
        return self.units.get(name, name)

    def say(self, kind: ProblemKind, value: str, place: tuple[str, str, str], unit: str = "", **details: str) -> None:
        """A problem at (sheet, cell, column)."""
        sheet, cell, column = place
        self.taken.problems.append(Problem(kind, value, sheet, cell, column, unit, details))
