"""Between runs: what the office left in the last summary is taken into the ledger, and this run's outcome is remembered."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.consolidation import Memory, Result, editable_cells, member_of
from pipeline.ledger import Decision, Ledger, Member, ReadBack, read_summary, rulings_of
from pipeline.ledger.edits import new_edits
from pipeline.ledger.readback import Opinion
from pipeline.matching import Ruling, normal_form
from pipeline.records import RowId, SourceRow
from pipeline.summary import Marks
from pipeline.tables import INPUTS, OPINIONS, list_tables

_TOLD = {"status": "完成情况"}
"""Values of the departments whose changes are part of an item's history."""


@dataclass(frozen=True)
class CarriedOver:
    """What this run must obey."""

    decisions: list[Decision]
    memory: Memory

    def for_matching(self, table: str, rows: Sequence[SourceRow]) -> tuple[list[Ruling], dict[RowId, str]]:
        """The decisions on a table, and the numbers of the rows that were there before."""
        numbers = {row.form: item for row, item in self.memory.known[table].items()}
        forms = {row.id: normal_form(row.text) for row in rows}
        return rulings_of(self.decisions, table), {row: numbers[form] for row, form in forms.items() if form in numbers}


def carry_over(ledger: Ledger, summary: Path) -> CarriedOver:
    """Take opinions and edits from the summary at `summary` into the ledger, and say what is in force.

    Raises SummaryInTheWayError if that summary must not be written over.
    """
    left = read_summary(summary, ledger.project())
    if left:
        ledger.set_project(left.project)
        _take_opinions(ledger, left)
        _take_edits(ledger, left)
    known = {table.key: ledger.members(table.key) for table in INPUTS}
    highest = {table.key: ledger.highest(table.key) for table in INPUTS}
    return CarriedOver(ledger.decisions(), Memory(known, highest, ledger.edits()))


def _take_opinions(ledger: Ledger, left: ReadBack) -> None:
    """Changed 已定事项 first, then what was typed into 待确认."""
    in_force = {decision.pair: decision for decision in ledger.decisions()}
    for opinion in [*left.decided, *left.pending]:
        same = opinion.verdict == OPINIONS[0]
        decision = Decision(
            opinion.table, opinion.unit_a, opinion.text_a, opinion.unit_b, opinion.text_b, same, ledger.day
        )
        old = in_force.get(decision.pair)
        if not opinion.verdict:
            if old:
                ledger.undecide(decision)
                del in_force[decision.pair]
                _tell(ledger, opinion, "撤回处理意见")
        elif old is None or old.same != same:
            ledger.decide(decision)
            in_force[decision.pair] = decision
            _tell(ledger, opinion, f"处理意见：{opinion.verdict}")


def _tell(ledger: Ledger, opinion: Opinion, what: str) -> None:
    items = {row.form: item for row, item in ledger.members(opinion.table).items()}
    for own, other in ((opinion.text_a, opinion.text_b), (opinion.text_b, opinion.text_a)):
        if normal_form(own) in items:
            ledger.tell(items[normal_form(own)], f"{what}（与“{other[:30]}”）")


def _take_edits(ledger: Ledger, left: ReadBack) -> None:
    snapshot = ledger.snapshot(left.snapshot)
    if snapshot is None:
        return
    known = ledger.edits()
    titles = {(table.key, column.key): column.title for table in list_tables() for column in table}
    made, taken_back = new_edits(snapshot["written"], left.cells, known, snapshot["base"], ledger.day)
    for edit in made:
        if edit.cell not in known or known[edit.cell].value != edit.value:
            ledger.edit(edit)
            ledger.tell(edit.item, f"办公室把“{titles[edit.sheet, edit.column]}”改为“{edit.value[:60]}”")
    for edit in taken_back:
        ledger.take_back(edit)
        ledger.tell(edit.item, f"撤回对“{titles[edit.sheet, edit.column]}”的修改")


def remember(ledger: Ledger, merged: Result, counts: dict[str, int]) -> Marks:
    """Write this run's numbers and summary into the ledger; returns the marks that its summary carries.

    Both are made from content alone, so that the same input and ledger give the same summary.
    """
    settings = merged.scheme.settings
    inputs = json.dumps([settings.unit, settings.year, sorted(merged.intake.hashes.values())], ensure_ascii=False)
    ledger.set_project(hashlib.sha256(inputs.encode()).hexdigest()[:16])
    for table in INPUTS:
        members: dict[Member, str] = {}
        places: dict[Member, str] = {}
        for item in merged.items[table.key]:
            for row in item.rows:
                member = member_of(row)
                members[member] = item.id
                places[member] = f"{row.id.file}!{row.id.sheet}!{row.id.row}"
        ledger.remember_numbers(table.key, members, places, merged.retired[table.key])
    cells = {"written": editable_cells(merged.items), "base": merged.bases}
    before = ledger.last_snapshot()
    for cell, value in merged.bases.items():
        old = before["base"].get(cell, value) if before else value
        if cell[2] in _TOLD and old != value:
            ledger.tell(cell[0], f"{_TOLD[cell[2]]}由“{old or '未填'}”变为“{value or '未填'}”")
    text = json.dumps([sorted(map(list, part.items())) for part in cells.values()], ensure_ascii=False)
    name = hashlib.sha256(text.encode()).hexdigest()[:16]
    ledger.remember_summary(name, cells)
    ledger.finish(counts)
    return Marks(ledger.project(), name)
