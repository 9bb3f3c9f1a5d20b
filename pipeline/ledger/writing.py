"""Values -> the ledger's rows. Nothing is deleted that a person said: what no longer counts is marked so."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from pipeline.ledger import schema
from pipeline.ledger.edits import Edit, EditState
from pipeline.ledger.events import Event
from pipeline.ledger.judgements import Judgement, Line, number_of
from pipeline.ledger.numbers import Member, Retired, RowKey
from pipeline.ledger.snapshot import Snapshot
from pipeline.ledger.taken import Unplaced

_KEPT_SNAPSHOTS = 12


def put_judgement(connection: sa.Connection, judgement: Judgement) -> int:
    """A new judgement, or the next version of one; returns the version's id."""
    end_judgement(connection, judgement.number)
    values = {name: getattr(judgement, name) for name in ("number", "by", "at", "source", "op", "taken")}
    made = connection.execute(
        schema.judgements.insert().values(
            **values, list=judgement.table, serial=number_of(judgement.number), in_force=True
        )
    )
    key = _key(made)
    lines = [{"judgement": key, "place": place, **_line(line)} for place, line in enumerate(judgement.lines)]
    connection.execute(schema.judgement_lines.insert(), lines)
    return key


def _key(made: sa.CursorResult[Any]) -> int:
    key = made.inserted_primary_key
    assert key is not None
    return int(key[0])


def _line(line: Line) -> dict[str, str]:
    names = ("unit", "text", "form", "mark", "asked", "asked_form")
    return {**{name: getattr(line, name) for name in names}, "key": schema.form_key(line.form)}


def end_judgement(connection: sa.Connection, number: str) -> None:
    """The judgement no longer counts."""
    own = schema.judgements
    connection.execute(own.update().where(own.c.number == number, own.c.in_force).values(in_force=False))


def follow_line(connection: sa.Connection, number: str, old: Line, new: Line) -> None:
    """The row of a judged line changed: `new` takes the place of `old` in the version in force."""
    own, lines = schema.judgements.c, schema.judgement_lines
    version = sa.select(own.id).where(own.number == number, own.in_force).scalar_subquery()
    key = schema.form_key(old.form)
    connection.execute(
        lines.update()
        .where(lines.c.judgement == version, lines.c.key == key, lines.c.mark == old.mark)
        .values(**_line(new))
    )


def put_edit(connection: sa.Connection, edit: Edit) -> int:
    """An edit; earlier ones of its cell that counted or were suspended are superseded, if it counts itself."""
    if edit.state is EditState.IN_FORCE:
        end_edit(connection, edit, EditState.SUPERSEDED, (EditState.IN_FORCE, EditState.SUSPENDED))
    names = ("item", "sheet", "value", "base", "by", "at", "source", "op", "taken")
    values = {name: getattr(edit, name) for name in names}
    return _key(connection.execute(schema.edits.insert().values(**values, key=edit.column, state=edit.state)))


def end_edit(
    connection: sa.Connection, edit: Edit, state: EditState, of: Sequence[EditState] = (EditState.IN_FORCE,)
) -> None:
    """The edits of the cell that are in one of the states `of` come into `state`."""
    own = schema.edits
    here = (own.c.item == edit.item, own.c.sheet == edit.sheet, own.c.key == edit.column, own.c.state.in_(of))
    connection.execute(own.update().where(*here).values(state=state))


def place_edit(connection: sa.Connection, edit: Edit, state: EditState, item: str) -> None:
    """The edit comes into `state` and is kept at `item`."""
    own = schema.edits
    here = (own.c.item == edit.item, own.c.sheet == edit.sheet, own.c.key == edit.column, own.c.state == edit.state)
    connection.execute(own.update().where(*here).values(state=state, item=item))


def put_unplaced(connection: sa.Connection, run: int, at: str, unplaced: Iterable[Unplaced]) -> None:
    """What could not be placed."""
    values = [
        {"run": run, "at": at, "key": one.column}
        | {name: getattr(one, name) for name in ("item", "sheet", "value", "source")}
        for one in unplaced
    ]
    if values:
        connection.execute(schema.unplaced.insert(), values)


def put_events(connection: sa.Connection, run: int | None, events: Iterable[Event]) -> None:
    """Lines of the history."""
    values = [
        {"run": run, "kind": event.kind, "item": event.item, "by": event.by, "at": event.at}
        | {"payload": json.dumps(dict(event.payload), ensure_ascii=False)}
        for event in events
    ]
    if values:
        connection.execute(schema.events.insert(), values)


def put_op(connection: sa.Connection, op: str, kind: str, ref: str, at: str) -> None:
    """An act that counts once."""
    if op:
        connection.execute(schema.ops.insert().values(op=op, kind=kind, ref=ref, at=at))


@dataclass(frozen=True)
class RowsOf:
    """The rows of a table in this run with their numbers, and the earlier rows (unit, form) that they are:
    `renewed` under another unit's name or form, `replaced` by a corrected text."""

    table: str
    scheme_round: str
    rows: Mapping[Member, str]
    renewed: tuple[RowKey, ...] = ()
    replaced: tuple[RowKey, ...] = ()


def put_members(connection: sa.Connection, given: RowsOf) -> None:
    """The rows of this run. Rows not seen any more keep the number they had."""
    own = schema.members
    same = (
        own.c.unit == sa.bindparam("u"),
        own.c.key == sa.bindparam("k"),
        sa.or_(own.c.round == "", own.c.round == given.scheme_round),
    )
    out = [{"u": unit, "k": schema.form_key(form)} for unit, form in given.renewed]
    out += [{"u": row.unit, "k": schema.form_key(row.form)} for row in given.rows]
    if out:
        connection.execute(own.delete().where(own.c.list == given.table, *same), out)
    old = [{"u": unit, "k": schema.form_key(form)} for unit, form in given.replaced]
    if old:
        connection.execute(own.update().where(own.c.list == given.table, *same).values(replaced=True), old)
    values = [
        {name: getattr(row, name) for name in ("unit", "form", "text", "title", "place", "seq")}
        | {"list": given.table, "round": given.scheme_round, "key": schema.form_key(row.form), "item": item}
        | {"tracked": json.dumps(dict(row.tracked), ensure_ascii=False) if row.tracked else ""}
        | {"old_form": False, "replaced": False}
        for row, item in given.rows.items()
    ]
    if values:
        connection.execute(own.insert(), values)


def put_items(
    connection: sa.Connection,
    table: str,
    scheme_round: str,
    new: Iterable[str],
    revived: Iterable[str],
    retired: Iterable[Retired],
) -> None:
    """Numbers given, used again, and no longer used; what rows a retired one is remembered by goes along."""
    own, rows = schema.items, schema.members
    values = [{"item": item, "list": table, "round": scheme_round, "retired": False, "went_to": ""} for item in new]
    if values:
        connection.execute(own.insert(), values)
    back = list(revived)
    if back:
        connection.execute(own.update().where(own.c.item.in_(back)).values(retired=False, went_to=""))
    for gone in retired:
        to = {"retired": True, "went_to": gone.went_to}
        connection.execute(own.update().where(own.c.item == gone.number).values(**to))
        if gone.went_to:
            connection.execute(rows.update().where(rows.c.item == gone.number).values(item=gone.went_to))


def put_snapshot(connection: sa.Connection, snapshot: Snapshot) -> None:
    """What a summary holds; only the last few are kept."""
    own = schema.snapshots
    connection.execute(own.delete().where(own.c.name == snapshot.name))
    connection.execute(own.insert().values(name=snapshot.name, content=snapshot.to_json()))
    old = connection.execute(sa.select(own.c.id).order_by(own.c.id.desc()).offset(_KEPT_SNAPSHOTS)).scalars().all()
    connection.execute(own.delete().where(own.c.id.in_(old)))
