"""What was said of a row or an item, when its row changes or its item goes into another.

A number may be inherited. A judgement follows a row through a small change and is asked again after a larger one. A
status, evidence or closing never passes to another text without a person's word: it is kept, said, and does not count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.ledger.edits import GUARDED, Cell, Edit, EditState
from pipeline.ledger.judgements import Judgement, Line, in_force
from pipeline.ledger.migrations import form_1
from pipeline.ledger.numbers import Change, Member, Recognised, Retired, RowKey
from pipeline.vocabulary import ClosingState


@dataclass(frozen=True, slots=True)
class Followed:
    """A judged line whose row changed: `old` as it was, `new` as it is kept from now on. `asked`: it no longer binds."""

    judgement: Judgement
    old: Line
    new: Line
    asked: bool


@dataclass(frozen=True, slots=True)
class Ask:
    """A row that changed too much for its judgement: the person is asked whether it still holds.

    `row` is the row as it is now (its mark the one it had), `with_` the judgement's other lines, `item` its number before.
    """

    judgement: Judgement
    row: Line
    with_: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class EditFate:
    """What becomes of an edit: its new state, the item that it is kept at, and why ("changed", "joined", "gained", "moved", "revived")."""

    edit: Edit
    state: EditState
    item: str
    why: str
    other: str = ""


def follow(
    judgements: Sequence[Judgement], recognised: Mapping[RowKey, Recognised], present: Iterable[RowKey]
) -> tuple[list[Judgement], list[Followed]]:
    """The judgements of one table as they hold for the present rows, and the lines that changed."""
    here = set(present)
    forms_here = {form for _, form in here}
    successors: dict[tuple[str, str, bool], Recognised] = {}
    for one in recognised.values():
        if one.change is not Change.SAME:
            successors[one.known.member.unit, one.known.member.form, one.known.old_form] = one
            successors.setdefault((one.row.unit, one.known.member.form, one.known.old_form), one)
    result, changed = [], []
    for judgement in judgements:
        lines = []
        for line in judgement.lines:
            new = line
            if line.key in here or (not line.unit and line.form in forms_here):
                new = replace(line, asked="", asked_form="")
            else:
                successor = (
                    successors.get((line.unit, line.asked_form, False))
                    or successors.get((line.unit, line.form, False))
                    or successors.get((line.unit, form_1(line.text), True))
                )
                again = line.asked_form and successor and successor.known.member.form == line.asked_form
                if successor and (again or successor.change is Change.CHANGED):
                    row = successor.row
                    new = replace(line, unit=row.unit, asked=row.text, asked_form=row.form)
                elif successor:
                    new = Line(successor.row.unit, successor.row.text, successor.row.form, line.mark)
            if new != line:
                changed.append(Followed(judgement, line, new, bool(new.asked_form)))
            lines.append(new)
        result.append(replace(judgement, lines=tuple(lines)))
    return result, changed


def asks(judgements: Sequence[Judgement], present: Iterable[RowKey]) -> list[Ask]:
    """The rows of one table that the person must be asked about again, until a later judgement speaks of them."""
    here = set(present)
    latest: dict[RowKey, int] = {}
    for place, judgement in enumerate(judgements):
        for line in judgement.lines:
            latest[line.key] = place
    found = []
    for place, judgement in enumerate(judgements):
        for line in judgement.lines:
            now = (line.unit, line.asked_form)
            if line.asked_form and now in here and latest.get(now, -1) < place:
                row = Line(line.unit, line.asked, line.asked_form, line.mark)
                found.append(Ask(judgement, row, tuple(other for other in judgement.lines if other is not line)))
    return found


def judged_together(judgements: Sequence[Judgement]) -> set[tuple[str, str]]:
    """The pairs of forms, in either order, that a person said are the same."""
    found: set[tuple[str, str]] = set()
    for _, pair in in_force(judgements):
        if pair.same:
            found |= {(pair.a.form, pair.b.form), (pair.b.form, pair.a.form)}
    return found


def edit_fates(
    groups: Mapping[str, Sequence[Member]],
    recognised: Mapping[RowKey, Recognised],
    retired: Sequence[Retired],
    edits: Mapping[Cell, Edit],
    together: set[tuple[str, str]],
) -> list[EditFate]:
    """What becomes of the edits in force: `groups` are the rows of each number as it is now given."""
    by_item: dict[str, list[Edit]] = defaultdict(list)
    for edit in edits.values():
        by_item[edit.item].append(edit)
    fates: list[EditFate] = []
    for gone in retired:
        if gone.went_to:
            fates += _joined(gone, by_item, edits)
    settled = {fate.edit.cell for fate in fates}

    def suspend(item: str, why: str, other: str) -> None:
        for edit in by_item.get(item, ()):
            if edit.column in GUARDED and edit.cell not in settled:
                settled.add(edit.cell)
                fates.append(EditFate(edit, EditState.SUSPENDED, item, why, other))

    for item, rows in groups.items():
        known = [recognised[row.key] for row in rows if row.key in recognised]
        changed = next((one for one in known if one.change is Change.CHANGED), None)
        if changed:
            suspend(item, "changed", changed.row.place)
        own = [one.row.form for one in known if one.known.item == item]
        for gone in retired:
            if gone.went_to != item or not _closed(by_item.get(item, ())) or _closed(by_item.get(gone.number, ())):
                continue
            came = [one.row.form for one in known if one.known.item == gone.number]
            if not any((a, b) in together for a in own for b in came):
                suspend(item, "gained", gone.number)
    return fates


def _joined(gone: Retired, by_item: Mapping[str, list[Edit]], edits: Mapping[Cell, Edit]) -> list[EditFate]:
    """The edits of an item that went into another: that one's own count, others move along, but no word on progress does."""
    fates = []
    taken: set[tuple[str, str]] = set()
    for edit in by_item.get(gone.number, ()):
        own = edits.get((gone.went_to, edit.sheet, edit.column))
        if own or (edit.sheet, edit.column) in taken:
            why = "equal" if own and own.value == edit.value else "joined"
            fates.append(EditFate(edit, EditState.DISPLACED, gone.number, why, gone.went_to))
        elif edit.column in GUARDED:
            fates.append(EditFate(edit, EditState.SUSPENDED, gone.went_to, "joined", gone.number))
        else:
            taken.add((edit.sheet, edit.column))
            fates.append(EditFate(edit, EditState.IN_FORCE, gone.went_to, "moved", gone.number))
    return fates


def _closed(edits: Iterable[Edit]) -> bool:
    return any(edit.column == "closing" and edit.value == ClosingState.CLOSED for edit in edits)
