"""What the ledger keeps of the time after the meeting: progress reports, the periods' snapshots, where measures stand in closing."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import sqlalchemy as sa

from pipeline.closing import ClosedRound, ClosingRecord
from pipeline.ledger import schema
from pipeline.ledger.events import Event, EventKind
from pipeline.progress.entries import ProgressFile
from pipeline.progress.lines import Snapshot
from pipeline.vocabulary import ClosingState

_DAYS = ("due", "asked_until", "review_on", "answered_on", "original_due", "closed_on")
_DATE = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?")


@dataclass(frozen=True)
class Followed:
    """What was reported, published and decided after the meeting. `applied`: number -> the applications that were dealt with.

    `answers`: number -> the last 审核结果 that was taken, as 对账销号 shows it; `steps`: number -> the last step of its closing.
    """

    reports: tuple[ProgressFile, ...] = ()
    periods: tuple[Snapshot, ...] = ()
    closings: Mapping[str, ClosingRecord] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    applied: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    steps: Mapping[str, Event] = field(default_factory=dict)


def load(connection: sa.Connection) -> Followed:
    """All of it; the periods in their order."""
    reports = connection.execute(sa.select(schema.reports.c.content).order_by(schema.reports.c.period)).scalars()
    periods = connection.execute(sa.select(schema.periods.c.content).order_by(schema.periods.c.period)).scalars()
    closings = connection.execute(sa.select(schema.closings)).all()
    read = {row.item: json.loads(row.content) for row in closings}
    return Followed(
        tuple(ProgressFile.from_json(text) for text in reports),
        tuple(Snapshot.from_json(text) for text in periods),
        {item: _record(item, content) for item, content in read.items()},
        {item: content.get("answer", "") for item, content in read.items()},
        {item: tuple(content.get("applied", ())) for item, content in read.items()},
        {event.item: event for event in _steps(connection)},
    )


def _steps(connection: sa.Connection) -> Iterator[Event]:
    own = schema.events
    query = sa.select(own).where(own.c.kind == EventKind.CLOSING).order_by(own.c.id)
    for row in connection.execute(query):
        yield Event(EventKind.CLOSING, row.item, row.by, row.at, json.loads(row.payload or "{}"))


def write(connection: sa.Connection, followed: Followed) -> None:
    """Write what is new or changed; what `followed` does not speak of stays."""
    for report in followed.reports:
        where = {"period": report.period, "unit": report.unit}
        _put(connection, schema.reports, where, report.to_json())
    for period in followed.periods:
        _put(connection, schema.periods, {"period": period.period}, period.to_json())
    for item, record in followed.closings.items():
        content = {
            **asdict(record),
            "answer": followed.answers.get(item, ""),
            "applied": followed.applied.get(item, ()),
        }
        _put(connection, schema.closings, {"item": item}, _json(content))


def _put(connection: sa.Connection, table: sa.Table, where: Mapping[str, str], content: str) -> None:
    connection.execute(table.delete().where(*(table.c[name] == value for name, value in where.items())))
    connection.execute(table.insert().values(**where, content=content))


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, default=str, sort_keys=True)


def _record(item: str, content: Mapping[str, Any]) -> ClosingRecord:
    values = {name: value for name, value in content.items() if name not in ("answer", "applied")}
    rounds = tuple(
        ClosedRound(one["round"], dt.date.fromisoformat(one["closed_on"]), one["direct"])
        for one in values.pop("closed_rounds", ())
    )
    days = {name: dt.date.fromisoformat(values[name]) if values.get(name) else None for name in _DAYS}
    state = ClosingState(values.get("state", ClosingState.OPEN))
    return ClosingRecord(**{**values, **days, "item": item, "state": state, "closed_rounds": rounds})


def closing_content(item: str, typed: Mapping[str, str]) -> str:
    """What an office typed into 对账销号 before states were computed, as the table keeps it."""
    written = typed.get("closing", "")
    state = written if written in tuple(ClosingState) else ClosingState.OPEN
    match = _DATE.search(typed.get("closed_on", "")) or _DATE.search(typed.get("at", ""))
    closed_on = "-".join(f"{int(part):02d}" for part in match.groups()) if match else ""
    content = {
        "item": item,
        "state": str(state),
        "opinion": typed.get("opinion", ""),
        "closed_on": closed_on if state == ClosingState.CLOSED else None,
        "direct": state == ClosingState.CLOSED,
    }
    return _json(content)
