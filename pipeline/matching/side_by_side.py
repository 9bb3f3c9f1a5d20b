"""The tables of a run matched side by side: each is a task of its own, and the outcome is the same either way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.matching.match import match_rows
from pipeline.matching.result import Matching, Ruling
from pipeline.records import Constraint
from pipeline.sandbox import Failure, Limits, sandboxed
from pipeline.scheme import Scheme
from pipeline.tables import Table

_ROWS = 3_000
"""From so many rows on it is worth it: starting a process costs about a second."""
_LIMITS = Limits(seconds=24 * 3600.0, megabytes=64_000)
"""Our own work on rows that were read already needs no fence, only processes."""


@dataclass(frozen=True)
class MatchTask:
    """What `match_rows` is given for one table."""

    frame: pd.DataFrame
    table: Table
    scheme: Scheme
    constraints: Sequence[Constraint | Ruling] = ()
    settled: Mapping[Any, str] | None = None


def match_tables(tasks: Sequence[MatchTask], progress: Callable[[int, int], None] | None = None) -> list[Matching]:
    """`match_rows` for every task, in their order."""
    busy = [task for task in tasks if len(task.frame)]
    if sum(len(task.frame) for task in busy) < _ROWS or len(busy) < 2:
        return [match_task(None, task) for task in tasks]
    found = dict(zip(map(id, busy), sandboxed(match_task, None, busy, _LIMITS, len(busy), progress), strict=True))
    # what a process could not do is done here, where it says why
    return [match_task(None, task) if isinstance(one := found.get(id(task)), Failure | None) else one for task in tasks]


def match_task(_: None, task: MatchTask) -> Matching:
    """One table; runs in a process of its own."""
    return match_rows(task.frame, task.table, task.scheme, task.constraints, task.settled)
