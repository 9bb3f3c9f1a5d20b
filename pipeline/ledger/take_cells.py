"""Edited cells: what the summary's snapshot wrote, what is found there, and what the ledger knows now, three ways."""

from __future__ import annotations

from pipeline.ledger.edits import Cell, Edit
from pipeline.ledger.problems import ProblemKind
from pipeline.ledger.readback import FORMAT, FoundCell, Gone
from pipeline.ledger.snapshot import Snapshot
from pipeline.ledger.taken import Desk, EditAct, Unplaced
from pipeline.tables import list_tables

_CELL_LIMIT = 32_767
_CERTAIN = 32_000
"""A text longer than Excel's limit was cut when it was written: its beginning alone is compared."""


def column_title(sheet: str, key: str) -> str:
    """The header of a list's column; its key where there is none any more."""
    titles = {(table.key, column.key): column.title for table in list_tables() for column in table}
    return titles.get((sheet, key), key)


def same_text(written: str, found: str) -> bool:
    """Whether a cell still holds what was written into it."""
    written = written.replace("\r\n", "\n").strip()
    return written == found or (len(written) > _CELL_LIMIT and found[:_CERTAIN] == written[:_CERTAIN])


def take_cells(desk: Desk) -> None:
    """Edits made and taken back since the summary was written."""
    for cell, found in {**desk.left.cells, **_of_twice(desk)}.items():
        if desk.snapshot is None:
            _without_snapshot(desk, cell, found)
        elif cell in desk.snapshot.written and not same_text(desk.snapshot.written[cell], found.value):
            _changed(desk, desk.snapshot, cell, found)


def _changed(desk: Desk, snapshot: Snapshot, cell: Cell, found: FoundCell) -> None:
    """The office changed the cell; if the ledger did as well, the later of the two counts."""
    now = desk.state.edits.get(cell)
    written, base = snapshot.written[cell], snapshot.base.get(cell, snapshot.written[cell])
    known = now.value if now else ""
    moved_on = now.taken > snapshot.taken if now else written != base  # or an edit was taken back meanwhile
    if moved_on and known != found.value:
        later = now is not None and now.at > desk.left.saved_at
        kept = (known or base) if later else found.value
        title = column_title(*cell[1:])
        place = (found.sheet, found.cell, title)
        details = {"found": found.value, "known": known or base, "taken": kept}
        desk.say(ProblemKind.BOTH_CHANGED, found.value, place, item=cell[0], column=title, **details)
        if later:
            return
    if found.value and found.value != known:
        source = f"{found.sheet}!{found.cell}"
        made = Edit(*cell, found.value, now.base if now else base, desk.stamp.at, desk.stamp.by, source)
        desk.taken.edited.append(EditAct(now, made))
    elif not found.value and now:
        desk.taken.edited.append(EditAct(now, None))


def _without_snapshot(desk: Desk, cell: Cell, found: FoundCell) -> None:
    if found.value in desk.values.get(cell, {found.value}):
        return
    title = column_title(*cell[1:])
    desk.taken.unplaced.append(Unplaced(*cell, found.value, f"{found.sheet}!{found.cell}"))
    desk.say(ProblemKind.UNPLACED, found.value, (found.sheet, found.cell, title), item=cell[0], column=title)


def _of_twice(desk: Desk) -> dict[Cell, FoundCell]:
    """Of a number that stands there twice (a copied row), the value that was changed; two changed ones are a finding."""
    result: dict[Cell, FoundCell] = {}
    for cell, found in desk.left.twice.items():
        written = desk.snapshot.written.get(cell, "") if desk.snapshot else ""
        changed = {one.value: one for one in found if not same_text(written, one.value)}
        if len(changed) == 1:
            result[cell] = next(iter(changed.values()))
        elif len(changed) > 1:
            result[cell] = FoundCell(written, found[0].sheet, found[0].cell)
            title = column_title(*cell[1:])
            place = (found[-1].sheet, found[-1].cell, title)
            desk.say(ProblemKind.TWICE, "、".join(changed), place, item=cell[0], column=title)
            desk.taken.keep_summary = True
    return result


def take_strangers(desk: Desk) -> None:
    """What cannot be read back is said, and never taken for cleared: rows without a number or with one that was never
    given, columns and sheets that are not there, a summary of which it is not known what was written."""
    left, snapshot, taken = desk.left, desk.snapshot, desk.taken
    for row in left.strangers:
        desk.say(ProblemKind.ROW_UNKNOWN, row.text, (row.sheet, row.cell, ""))
    shown = {cell[:2] for cell in snapshot.written} if snapshot else {cell[:2] for cell in left.cells}
    unknown: set[tuple[str, str]] = set()
    for cell, found in left.cells.items():
        if cell[:2] not in shown and cell[:2] not in unknown and found.value:
            unknown.add((cell[0], cell[1]))
            desk.say(ProblemKind.ROW_UNKNOWN, f"{cell[0]}：{found.value}", (found.sheet, found.cell, ""))
    gone = [one for one in left.gone if _say_gone(desk, one)]
    if left.strangers or unknown or gone or snapshot is None:
        taken.keep_summary = True


def _say_gone(desk: Desk, gone: Gone) -> bool:
    """What the office said in it earlier stays in force. A sheet of marks that had nothing in it is not missed."""
    state, snapshot = desk.state, desk.snapshot
    if gone.table == "decided":
        count = len(state.judgements)
    elif gone.table == "pending":
        count = len(snapshot.families) if snapshot else 0
    else:
        count = sum(1 for _, sheet, key in state.edits if sheet == gone.table and gone.column in ("", key))
    if gone.table in ("decided", "pending") and not count:
        return False
    if gone.column and not count and gone.table not in ("decided", "pending"):
        # a column that the program writes only since then was never there to be missed
        if snapshot is not None:
            there = any((sheet, key) == (gone.table, gone.column) for _, sheet, key in snapshot.written)
        else:
            there = bool(gone.strangers) and desk.left.format == FORMAT
        if not there:
            return False
    kind = ProblemKind.COLUMN_GONE if gone.column else ProblemKind.SHEET_GONE
    others = "、".join(gone.strangers) or "没有"
    desk.say(
        kind, gone.column_title or gone.title, (gone.title, "", gone.column_title), count=str(count), others=others
    )
    return True
