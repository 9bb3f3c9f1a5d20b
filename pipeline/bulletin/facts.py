"""What a bulletin tells: the line of 调度, and the measures behind its figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.progress.lines import Line, Snapshot
from pipeline.progress.matters import Attention, Matter, Needs, attention
from pipeline.vocabulary import ClosingState, Status


@dataclass(frozen=True, slots=True)
class Group:
    """Measures counted together: under a direction, or led by a unit."""

    name: str
    total: int
    by_status: tuple[int, ...]  # in the order of Status
    closed: int
    overdue: int

    @property
    def done(self) -> int:
        """已完成 of them."""
        return self.by_status[-1]


@dataclass(frozen=True)
class BulletinFacts:
    """A period as the bulletin and the reminders tell it. `closed_now` are the matters closed since the period before."""

    office: str
    year: int
    day: dt.date
    line: Line
    before: Line | None
    directions: tuple[Group, ...]
    units: tuple[Group, ...]
    closed_now: tuple[Matter, ...]
    needs: tuple[Needs, ...]
    missing: tuple[str, ...]

    @property
    def period(self) -> str:
        """期次."""
        return self.line.period

    def matters(self, why: Attention) -> tuple[Matter, ...]:
        """The measures that need attention for a reason, once each."""
        found = {need.matter.number: need.matter for need in self.needs if need.why is why and need.matter}
        return tuple(found.values())


def bulletin_facts(
    office: str,
    year: int,
    day: dt.date,
    matters: Sequence[Matter],
    now: Snapshot,
    lines: Sequence[Line],
    before: Snapshot | None,
    warn_days: int,
    rank: Callable[[str], object],
) -> BulletinFacts:
    """The facts of the last of `lines`, whose snapshot is `now`. `rank` orders units; directions stand as they come.

    A unit that leads several measures counts each; so the units' sums are larger than the whole where several lead.
    """
    previous: Mapping[str, object] = before.measures if before else {}
    was_closed = {number for number in previous if before and before.measures[number].closing == ClosingState.CLOSED}
    units = sorted({unit for matter in matters for unit in matter.leads}, key=rank)  # type: ignore[arg-type]
    directions = dict.fromkeys(matter.direction for matter in matters)
    needs = tuple(attention(matters, now, day, warn_days))
    overdue = {need.matter.number for need in needs if need.why is Attention.OVERDUE and need.matter}
    return BulletinFacts(
        office,
        year,
        day,
        lines[-1],
        lines[-2] if len(lines) > 1 else None,
        tuple(_group(name, (m for m in matters if m.direction == name), overdue) for name in directions),
        tuple(_group(name, (m for m in matters if name in m.leads), overdue) for name in units),
        tuple(m for m in matters if m.closing == ClosingState.CLOSED and m.number not in was_closed),
        needs,
        now.units_missing,
    )


def _group(name: str, matters: Iterable[Matter], overdue: set[str]) -> Group:
    group = list(matters)
    counts = tuple(sum((matter.status or Status.NOT_STARTED) == status for matter in group) for status in Status)
    closed = sum(matter.closing == ClosingState.CLOSED for matter in group)
    return Group(name, len(group), counts, closed, sum(matter.number in overdue for matter in group))
