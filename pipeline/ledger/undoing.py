"""Acts that were recorded one at a time, and how each is undone: by a new entry that says what held before."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from pipeline.ledger import loading, runs, schema, writing
from pipeline.ledger.edits import Cell, Edit, EditState
from pipeline.ledger.errors import OldViewError
from pipeline.ledger.taken import EditAct, JudgementAct, Stamp

JUDGED, REVOKED, EDITED, TAKEN_BACK = "judged", "revoked", "edited", "taken_back"
_SINCE = "这一项后来又改过，不能直接撤销；请按现在的内容改。"


def undo(connection: sa.Connection, op: str, stamp: Stamp) -> JudgementAct | EditAct:
    """Undo `op`; returns what that did. OldViewError if it is not known, was undone, or its subject was changed since."""
    own = schema.ops
    row = connection.execute(sa.select(own).where(own.c.op == op)).first()
    if row is None or f"undo:{op}" in _known(connection, f"undo:{op}"):
        raise OldViewError("没有可以撤销的这一步。")
    writing.put_op(connection, f"undo:{op}", "undone", row.ref, stamp.at)
    if row.kind in (JUDGED, REVOKED):
        return _undo_judgement(connection, int(row.ref), row.kind == JUDGED, stamp)
    if row.kind in (EDITED, TAKEN_BACK):
        return _undo_edit(connection, int(row.ref), row.kind == EDITED, stamp)
    raise OldViewError("这一步是从汇总台账读入的，请在“已定事项”或清单里改。")


def _known(connection: sa.Connection, op: str) -> set[str]:
    return set(connection.execute(sa.select(schema.ops.c.op).where(schema.ops.c.op == op)).scalars())


def _undo_judgement(connection: sa.Connection, key: int, was_said: bool, stamp: Stamp) -> JudgementAct:
    own = schema.judgements.c
    made = connection.execute(sa.select(schema.judgements).where(own.id == key)).one()
    latest = version(connection, made.number)
    if latest != key or bool(made.in_force) != was_said:
        raise OldViewError(_SINCE)
    said = loading.load_judgements(connection, ids=[key])[0]
    before = said
    if was_said:
        earlier = sa.select(sa.func.max(own.id)).where(own.number == made.number, own.id < key)
        previous = connection.execute(earlier).scalar()
        if previous is None:
            writing.end_judgement(connection, made.number)
            return JudgementAct(said, None)
        before = loading.load_judgements(connection, ids=[previous])[0]
    again = replace(before, by=stamp.by, at=stamp.at, op="", taken=runs.next_taken(connection))
    writing.put_judgement(connection, again)
    return JudgementAct(said if was_said else None, again)


def _undo_edit(connection: sa.Connection, key: int, was_made: bool, stamp: Stamp) -> EditAct:
    own = schema.edits.c
    made = loading.edit_of(connection.execute(sa.select(schema.edits).where(own.id == key)).one())
    now = edit_in_force(connection, made.cell)
    latest = connection.execute(sa.select(sa.func.max(own.id)).where(*_at(made.cell))).scalar()
    if latest != key or (now is not None) != was_made:
        raise OldViewError(_SINCE)
    before: Edit | None = made
    if was_made:
        query = sa.select(schema.edits).where(*_at(made.cell), own.id < key).order_by(own.id.desc()).limit(1)
        row = connection.execute(query).first()
        # what was taken back before the edit was made does not come again
        before = loading.edit_of(row) if row and row.state == EditState.SUPERSEDED else None
    new = None
    if before:
        taken = runs.next_taken(connection)
        new = replace(before, by=stamp.by, at=stamp.at, op="", taken=taken, state=EditState.IN_FORCE)
    put(connection, now, new)
    return EditAct(now, new)


def put(connection: sa.Connection, old: Edit | None, new: Edit | None) -> int:
    """Write an edit, or take `old` back; returns the id of the row that the act is about."""
    if new:
        return writing.put_edit(connection, new)
    assert old is not None
    writing.end_edit(connection, old, EditState.TAKEN_BACK)
    own = schema.edits.c
    return int(connection.execute(sa.select(sa.func.max(own.id)).where(*_at(old.cell))).scalar() or 0)


def version(connection: sa.Connection, number: str) -> int:
    """The id of a judgement's latest version."""
    own = schema.judgements.c
    return int(connection.execute(sa.select(sa.func.max(own.id)).where(own.number == number)).scalar() or 0)


def edit_in_force(connection: sa.Connection, cell: Cell) -> Edit | None:
    """The edit that counts in a cell."""
    found = loading.load_edits(connection, *_at(cell), schema.edits.c.state == EditState.IN_FORCE)
    return found[-1] if found else None


def check_item(connection: sa.Connection, item: str) -> None:
    """OldViewError if no such item is in use."""
    own = schema.items.c
    row = connection.execute(sa.select(own.retired, own.went_to).where(own.item == item)).first()
    if row is None or row.retired:
        where = f"，已并入 {row.went_to}" if row and row.went_to else ""
        raise OldViewError(f"{item} 不在使用中{where}。")


def _at(cell: Cell) -> tuple[sa.ColumnElement[bool], ...]:
    own = schema.edits.c
    item, sheet, key = cell
    return own.item == item, own.sheet == sheet, own.key == key
