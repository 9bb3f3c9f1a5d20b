"""A run in progress is a row: a second one sees it, and one whose process has died is recognised and cleared."""

from __future__ import annotations

import os
import platform
import time
from typing import Any

import psutil
import sqlalchemy as sa

from pipeline.ledger import schema
from pipeline.ledger.errors import RunInProgressError

ACTIVE, DONE, DEAD = "active", "done", "dead"
_ELSEWHERE = 6 * 3600.0
"""Seconds after which a run on another machine, whose process cannot be looked at, is taken for dead."""


def claim(connection: sa.Connection, at: str, by: str) -> tuple[int, int]:
    """Enter a run; returns (its id, its place in the order of taking). RunInProgressError if another is alive."""
    _clear(connection)
    taken = next_taken(connection)
    values = {"state": ACTIVE, "at": at, "by": by, "host": platform.node(), "pid": os.getpid(), "taken": taken}
    made = connection.execute(
        schema.runs.insert().values(**values, started=_started(os.getpid()), claimed=time.time(), reserved=0)
    )
    key = made.inserted_primary_key
    assert key is not None
    return int(key[0]), taken


def in_progress(connection: sa.Connection) -> str:
    """Who is at work, in words; "" if nobody is."""
    rows = connection.execute(sa.select(schema.runs).where(schema.runs.c.state == ACTIVE)).all()
    return next((_described(row) for row in rows if _alive(row)), "")


def still_ours(connection: sa.Connection, run: int) -> bool:
    """Whether run `run` was not cleared by another meanwhile."""
    return connection.execute(sa.select(schema.runs.c.state).where(schema.runs.c.id == run)).scalar() == ACTIVE


def end(connection: sa.Connection, run: int, state: str, counts: str | None = None) -> None:
    """The run is over."""
    runs = schema.runs
    connection.execute(runs.update().where(runs.c.id == run, runs.c.state == ACTIVE).values(state=state, counts=counts))


def reserve(connection: sa.Connection, run: int, how_many: int, above: int = 0) -> int:
    """Set judgement numbers `above` one aside for the run's end; returns the highest one before them."""
    highest = max(highest_judgement(connection), above)
    connection.execute(schema.runs.update().where(schema.runs.c.id == run).values(reserved=highest + how_many))
    return highest


def highest_judgement(connection: sa.Connection) -> int:
    """The highest judgement number given, or set aside by a run in progress."""
    given = connection.execute(sa.select(sa.func.max(schema.judgements.c.serial))).scalar()
    reserved = connection.execute(
        sa.select(sa.func.max(schema.runs.c.reserved)).where(schema.runs.c.state == ACTIVE)
    ).scalar()
    return max(given or 0, reserved or 0)


def next_taken(connection: sa.Connection) -> int:
    """The next place in the order of taking."""
    columns = (schema.judgements.c.taken, schema.edits.c.taken, schema.runs.c.taken)
    return max(int(connection.execute(sa.select(sa.func.max(column))).scalar() or 0) for column in columns) + 1


def _clear(connection: sa.Connection) -> None:
    for row in connection.execute(sa.select(schema.runs).where(schema.runs.c.state == ACTIVE)).all():
        if _alive(row):
            raise RunInProgressError(f"另一个 sandan 正在汇总这个项目（{_described(row)}），请等它结束后再运行。")
        end(connection, row.id, DEAD)


def _described(row: sa.Row[Any]) -> str:
    return f"电脑 {row.host}，进程 {row.pid}"


def _alive(row: sa.Row[Any]) -> bool:
    if row.host != platform.node():
        return bool(time.time() - (row.claimed or 0.0) < _ELSEWHERE)
    started = _started(row.pid)
    return started is not None and abs(started - (row.started or 0.0)) < 2.0


def _started(pid: int) -> float | None:
    """When the process began, None if there is none (or only what is left of a dead one)."""
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else float(process.create_time())
    except psutil.Error:
        return None
