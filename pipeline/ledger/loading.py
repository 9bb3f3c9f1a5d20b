"""The ledger's rows -> values. A fixed number of statements, however many rows there are."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from pipeline.ledger import schema
from pipeline.ledger.edits import Cell, Edit, EditState
from pipeline.ledger.events import Event, EventKind
from pipeline.ledger.judgements import Judgement, Line
from pipeline.ledger.numbers import Known, Member
from pipeline.ledger.snapshot import Snapshot
from pipeline.ledger.taken import State


def load_state(connection: sa.Connection) -> State:
    """All that a run needs to know."""
    edits = load_edits(connection)
    state = State(
        load_project(connection),
        {one.number: one for one in load_judgements(connection)},
        {one.cell: one for one in edits if one.state is EditState.IN_FORCE},
        [one for one in edits if one.state is EditState.DISPLACED],
    )
    for row in connection.execute(sa.select(schema.items)):
        state.items[row.item] = (row.list, row.retired, row.went_to)
    for row in connection.execute(sa.select(schema.members)):
        state.members.setdefault(row.list, []).append(_known(row, state))
    state.ops = set(connection.execute(sa.select(schema.ops.c.op)).scalars())
    return state


def load_project(connection: sa.Connection) -> str:
    """The project's identity, "" before the first run."""
    query = sa.select(schema.settings.c.value).where(schema.settings.c.name == "project")
    return str(connection.execute(query).scalar() or "")


def load_judgements(
    connection: sa.Connection, table: str = "", number: str = "", ids: Iterable[int] = ()
) -> list[Judgement]:
    """The judgements in force (of a table, of a number), in the order in which they were taken; or the versions with these ids."""
    own = schema.judgements.c
    wanted: list[sa.ColumnElement[bool]] = [own.id.in_(list(ids))] if ids else [own.in_force]
    wanted += [own.list == table] if table else []
    wanted += [own.number == number] if number else []
    rows = connection.execute(sa.select(schema.judgements).where(*wanted).order_by(own.taken, own.id)).all()
    lines: dict[int, list[Line]] = defaultdict(list)
    query = (
        sa.select(schema.judgement_lines)
        .join(schema.judgements, own.id == schema.judgement_lines.c.judgement)
        .where(*wanted)
        .order_by(schema.judgement_lines.c.judgement, schema.judgement_lines.c.place)
    )
    for line in connection.execute(query):
        lines[line.judgement].append(Line(line.unit, line.text, line.form, line.mark, line.asked, line.asked_form))
    return [
        Judgement(row.number, row.list, tuple(lines[row.id]), row.by, row.at, row.source, row.op, row.taken)
        for row in rows
    ]


def load_edits(connection: sa.Connection, *wanted: sa.ColumnElement[bool]) -> list[Edit]:
    """Every edit that counts, or is kept without counting; or those that are `wanted`. In the order of taking."""
    own = schema.edits.c
    kept = (EditState.IN_FORCE, EditState.SUSPENDED, EditState.DISPLACED)
    query = sa.select(schema.edits).where(*(wanted or (own.state.in_(kept),))).order_by(own.taken, own.id)
    return [edit_of(row) for row in connection.execute(query)]


def edit_of(row: sa.Row[Any]) -> Edit:
    """A row of the table as a value."""
    texts = (row.item, row.sheet, row.key, row.value, row.base, row.at, row.by, row.source, row.op)
    return Edit(*texts, row.taken, EditState(row.state))


def load_snapshot(connection: sa.Connection, name: str = "") -> Snapshot | None:
    """The snapshot of that name, the newest without a name; None if it is not known."""
    own = schema.snapshots.c
    query = sa.select(own.content).where(own.name == name) if name else sa.select(own.content).order_by(own.id.desc())
    text = connection.execute(query.limit(1)).scalar()
    return Snapshot.from_json(text) if text else None


def load_values(connection: sa.Connection) -> dict[Cell, frozenset[str]]:
    """Every value that the cells of the lists are known to have had."""
    values: dict[Cell, set[str]] = defaultdict(set)
    for text in connection.execute(sa.select(schema.snapshots.c.content)).scalars():
        snapshot = Snapshot.from_json(text)
        for cells in (snapshot.written, snapshot.base):
            for cell, value in cells.items():
                values[cell].add(value)
    own = schema.edits.c
    for item, sheet, key, value in connection.execute(sa.select(own.item, own.sheet, own.key, own.value)):
        values[item, sheet, key].add(value)
    return {cell: frozenset(own) for cell, own in values.items()}


def load_events(connection: sa.Connection, item: str = "") -> list[Event]:
    """What happened to an item, with the numbers that went into it; or everything, in order."""
    query = sa.select(schema.events).order_by(schema.events.c.id)
    if item:
        into = sa.select(schema.items.c.item).where(schema.items.c.went_to == item)
        query = query.where(sa.or_(schema.events.c.item == item, schema.events.c.item.in_(into)))
    return [
        Event(EventKind(row.kind), row.item, row.by, row.at, json.loads(row.payload or "{}"))
        for row in connection.execute(query)
    ]


def items_of_forms(connection: sa.Connection, table: str, forms: Iterable[str]) -> dict[str, str]:
    """Form -> the number of the item that a row of the table with this form is in."""
    keys = [schema.form_key(form) for form in forms]
    own = schema.members.c
    query = sa.select(own.form, own.item).where(own.list == table, own.key.in_(keys))
    return {row.form: row.item for row in connection.execute(query)}


def _known(row: sa.Row[Any], state: State) -> Known:
    tracked = json.loads(row.tracked) if row.tracked else {}
    member = Member(row.unit, row.form, row.title, row.seq, row.text, row.place, tracked)
    _, retired, _ = state.items.get(row.item, ("", False, ""))
    return Known(member, row.item, row.round, row.old_form, retired, row.replaced)
