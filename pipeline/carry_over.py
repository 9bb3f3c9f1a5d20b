"""Between runs: what the office left in the last summary goes into the ledger, and this run's outcome is remembered."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline import findings
from pipeline.consolidation import Result, editable_cells
from pipeline.findings import Finding, Place
from pipeline.intake.collect import Intake
from pipeline.ledger import (
    Ask,
    Carried,
    Change,
    Family,
    FamilyLine,
    Judgement,
    JudgementAct,
    Outcome,
    Problem,
    Run,
    SummaryMarks,
    pairs,
    read_summary,
)
from pipeline.matching import normal_form
from pipeline.project import SUMMARY_FILE
from pipeline.records import Constraint, RowId, SourceRow
from pipeline.scheme import Scheme
from pipeline.tables import INPUTS

_RULES = {rule.code: rule for rule in findings.rules()}


@dataclass(frozen=True)
class TakenIn:
    """What was found in the last summary: what is to be said of it, and whether it must be kept before it is written over."""

    findings: list[Finding] = field(default_factory=list)
    keep_summary: bool = False
    released: frozenset[tuple[str, str]] = frozenset()
    """Rows (unit, normal form) that a judgement tied to others and no longer does: they are asked about again."""


@dataclass(frozen=True)
class CarriedOver:
    """What this run must obey, by table key."""

    tables: Mapping[str, Carried]
    settled: Mapping[RowId, str]
    keys: Mapping[RowId, tuple[str, str]]

    def for_matching(self, table: str) -> tuple[tuple[Constraint, ...], Mapping[RowId, str]]:
        """The judgements on a table, and the numbers of the rows that were there before."""
        return self.tables[table].constraints, self.settled

    @property
    def asks(self) -> dict[str, Sequence[Ask]]:
        """The rows that changed too much for their judgement."""
        return {table: carried.asks for table, carried in self.tables.items()}

    @property
    def findings(self) -> list[Finding]:
        """What is to be said of rows that changed."""
        return problem_findings(problem for carried in self.tables.values() for problem in carried.problems)


def units_of(scheme: Scheme) -> dict[str, str]:
    """Every alias of a unit (an earlier name is one) -> the roster's name."""
    return {alias: unit.name for unit in scheme.roster for alias in unit.aliases}


def take_in(run: Run, summary: Path) -> TakenIn:
    """Take judgements and edits from the summary at `summary` into the ledger.

    Raises SummaryInTheWayError if that summary must not be written over.
    """
    taken = run.take_in(read_summary(summary, run.project))
    return TakenIn(problem_findings(taken.problems), taken.keep_summary, frozenset(_released(taken.judged)))


def _released(acts: Iterable[JudgementAct]) -> Iterator[tuple[str, str]]:
    """The rows whose tie was taken back: of each pair the later line, so that the earlier keeps the item's number."""
    for act in acts:
        held = {pair.key for pair in pairs(act.new) if pair.same} if act.new else set()
        for pair in pairs(act.old) if act.old else ():
            if pair.same and pair.key not in held:
                yield pair.b.key


def carry_over(run: Run, intake: Intake, released: Container[tuple[str, str]] = ()) -> CarriedOver:
    """What earlier runs left for the rows that came in; `released` rows are no longer tied to their item."""
    tables: dict[str, Carried] = {}
    settled: dict[RowId, str] = {}
    keys: dict[RowId, tuple[str, str]] = {}
    for table in INPUTS:
        rows: list[SourceRow] = [row for row in intake.rows[table.key] if not row.refused]
        carried = tables[table.key] = run.carry(table, rows)
        for row, member in zip(rows, carried.members, strict=True):
            keys[row.id] = member.key
            known = carried.recognised.get(member.key)
            loose = member.key in released or ("", member.form) in released
            if known and known.change is not Change.CHANGED and not loose:
                settled[row.id] = known.known.item
    return CarriedOver(tables, settled, keys)


def remember(run: Run, result: Result) -> tuple[SummaryMarks, list[Judgement]]:
    """Hand this run's outcome to the ledger; returns the marks that the summary carries, and the judgements in force.

    Both are made from content alone, so that the same input and ledger give the same summary.
    """
    settings = result.scheme.settings
    inputs = json.dumps([settings.unit, settings.year, sorted(result.intake.hashes.values())], ensure_ascii=False)
    run.refuse(result.refused)
    families = tuple(
        Family(
            family.table,
            family.group,
            tuple(
                FamilyLine(line.item.id, line.row.unit, line.row.text, normal_form(line.row.text), line.suggestion)
                for line in family.lines
            ),
        )
        for family in result.families
    )
    identity = hashlib.sha256(inputs.encode()).hexdigest()[:16]
    marks = run.remember(Outcome(editable_cells(result.items), result.bases, families, identity))
    return marks, run.judgements()


def problem_findings(problems: Iterable[Problem]) -> list[Finding]:
    """What the ledger has to say, as findings; those about 汇总台账 stand at its cell."""
    found = []
    for problem in problems:
        details = dict(problem.details)
        where = details.pop("place", "").split("!")
        if problem.sheet:
            place = Place(SUMMARY_FILE, problem.sheet, problem.cell, problem.column, problem.unit)
        elif len(where) >= 3:
            row = where[-1].partition("（")[0]
            place = Place("!".join(where[:-2]), where[-2], f"{row}:{row}", problem.column, problem.unit)
        else:
            place = Place(column=problem.column, unit=problem.unit)
        found.append(_RULES[problem.kind.value].at(place, problem.value, **details))
    return found
