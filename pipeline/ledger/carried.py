"""What a run gets from the ledger, and what it gives it back: values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.ledger.edits import Cell
from pipeline.ledger.inheritance import Ask
from pipeline.ledger.numbers import Member, Recognised, Retired, RowKey
from pipeline.ledger.problems import Problem
from pipeline.ledger.snapshot import Family
from pipeline.records import Constraint


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A unit changed one of the tracked cells of its row between two submissions; `place` is where the row stands now."""

    item: str
    unit: str
    column: str
    old: str
    new: str
    place: str


@dataclass(frozen=True)
class Carried:
    """What earlier runs left for the rows of one table, before they are matched.

    `members` are the rows as the ledger knows them, in the order given; `recognised` says which earlier row each is;
    `settled` is the number so far of each form (what was one item tends to stay one); `constraints` are people's words in
    the order in which they were taken; `asks` are changed rows whose judgement must be asked about again.
    """

    members: tuple[Member, ...]
    recognised: Mapping[RowKey, Recognised]
    settled: Mapping[str, str]
    constraints: tuple[Constraint, ...]
    asks: tuple[Ask, ...]
    changes: tuple[ValueChange, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Numbered:
    """A number for each group, in the groups' order, the numbers retired, and what is to be said of edits that do not count any more."""

    numbers: tuple[str, ...]
    retired: tuple[Retired, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Outcome:
    """What the run's summary shows: its editable cells (`written`), the departments' values for them (`base`), and the
    families of 待确认. `identity` becomes the project's at its first run."""

    written: Mapping[Cell, str]
    base: Mapping[Cell, str]
    families: tuple[Family, ...] = ()
    identity: str = ""


@dataclass(frozen=True, slots=True)
class SummaryMarks:
    """Whose summary it is and which snapshot it shows: written into its properties, so that it can be read back."""

    project: str
    snapshot: str
