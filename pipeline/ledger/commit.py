"""The end of a run: all that it collected, written in one transaction. What a page recorded meanwhile is the later and stands."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from pipeline.ledger import followed as after_meeting
from pipeline.ledger import runs, schema, writing
from pipeline.ledger.edits import Cell, EditState
from pipeline.ledger.errors import LedgerError
from pipeline.ledger.events import Event, EventKind
from pipeline.ledger.inheritance import EditFate, Followed
from pipeline.ledger.numbers import Retired
from pipeline.ledger.snapshot import Snapshot
from pipeline.ledger.take_cells import column_title
from pipeline.ledger.taken import EditAct, JudgementAct, Stamp, Unplaced


@dataclass
class Work:
    """What a run has done so far, in memory. `taken` is its place in the order of taking."""

    run: int
    taken: int
    stamp: Stamp
    scheme_round: str
    project: str
    judged: list[JudgementAct] = field(default_factory=list)
    followed: list[Followed] = field(default_factory=list)
    edited: list[EditAct] = field(default_factory=list)
    fates: list[EditFate] = field(default_factory=list)
    rows: list[writing.RowsOf] = field(default_factory=list)
    new_items: list[tuple[str, str]] = field(default_factory=list)  # (table, number)
    revived: list[str] = field(default_factory=list)
    retired: list[Retired] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)
    ops: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    snapshot: Snapshot | None = None
    followed_up: after_meeting.Followed | None = None


def write(connection: sa.Connection, work: Work, counts: Mapping[str, int]) -> None:
    """Write it all. LedgerError if the run was taken for dead meanwhile, so that another may have begun."""
    if not runs.still_ours(connection, work.run):
        raise LedgerError("这次汇总用时过长，已被另一台电脑上的 sandan 当作中断，没有入账。请重新运行。")
    own = schema.settings
    if work.project and not connection.execute(sa.select(own.c.value).where(own.c.name == "project")).scalar():
        connection.execute(own.insert().values(name="project", value=work.project))
    events = list(work.events)
    events += _judgements(connection, work)
    events += _edits(connection, work)
    for table in {table for table, _ in work.new_items}:
        given = [number for other, number in work.new_items if other == table]
        writing.put_items(connection, table, work.scheme_round, given, (), ())
    for rows in work.rows:
        writing.put_members(connection, rows)
    writing.put_items(connection, "", work.scheme_round, (), work.revived, work.retired)
    writing.put_unplaced(connection, work.run, work.stamp.at, work.unplaced)
    for op in work.ops:
        writing.put_op(connection, op, "book", "", work.stamp.at)
    if work.followed_up:
        after_meeting.write(connection, work.followed_up)
    if work.snapshot:
        writing.put_snapshot(connection, work.snapshot)
    events.append(Event(EventKind.RUN, "", work.stamp.by, work.stamp.at, {"run": str(work.run)}))
    writing.put_events(connection, work.run, events)
    runs.end(connection, work.run, runs.DONE, json.dumps(dict(counts), ensure_ascii=False))


def _judgements(connection: sa.Connection, work: Work) -> list[Event]:
    own = schema.judgements.c
    later = set(connection.execute(sa.select(own.number).where(own.taken > work.taken)).scalars())
    in_force = set(connection.execute(sa.select(own.number).where(own.in_force)).scalars())
    events = []
    for act in work.judged:
        if act.old and (act.old.number in later or act.old.number not in in_force):
            found = "撤回" if act.new is None else "改动"
            events.append(_conflict(work, act.old.number, act.old.number, found, "另处改动"))
        elif act.new:
            writing.put_judgement(connection, act.new)
        elif act.old:
            writing.end_judgement(connection, act.old.number)
    for one in work.followed:
        writing.follow_line(connection, one.judgement.number, one.old, one.new)
    return events


def _edits(connection: sa.Connection, work: Work) -> list[Event]:
    own = schema.edits.c
    query = sa.select(own.item, own.sheet, own.key, own.value).where(own.taken > work.taken)
    later: dict[Cell, str] = {(row.item, row.sheet, row.key): row.value for row in connection.execute(query)}
    events = []
    for act in work.edited:
        one = act.new or act.old
        if one and one.cell in later:
            found, known = act.new.value if act.new else "", later[one.cell]
            events.append(_conflict(work, one.item, column_title(one.sheet, one.column), found, known))
        elif act.new:
            writing.put_edit(connection, act.new)
        elif act.old:
            writing.end_edit(connection, act.old, EditState.TAKEN_BACK)
    for fate in work.fates:
        if fate.edit.cell not in later:
            writing.place_edit(connection, fate.edit, fate.state, fate.item)
    return events


def _conflict(work: Work, item: str, column: str, found: str, known: str) -> Event:
    payload = {"column": column, "found": found, "known": known, "taken": known}
    return Event(EventKind.CONFLICT, item, "", work.stamp.at, payload)
