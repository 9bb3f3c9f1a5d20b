"""调度: where the round stands at the end of a period, kept whole so that a published line never changes afterwards."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from pipeline.records import Item
from pipeline.vocabulary import ClosingState, Status


@dataclass(frozen=True, slots=True)
class MeasureState:
    """Where a measure stands: what 本期变化 compares and 调度 counts. Dates are ISO text, "" where there is none."""

    title: str
    status: str
    due: str
    closing: str
    round: int = 1
    extensions: int = 0
    overdue: bool = False
    direction: str = ""
    leads: tuple[str, ...] = ()


@dataclass(frozen=True)
class Snapshot:
    """Where all measures stand in a period, who was to report and who did."""

    period: str
    measures: Mapping[str, MeasureState]
    units_due: tuple[str, ...] = ()
    units_in: tuple[str, ...] = ()
    day: str = ""  # on which this was so (ISO)

    @property
    def fallen_due(self) -> int:
        """Measures whose date had passed, finished or not."""
        return sum(bool(state.due) and state.due < self.day for state in self.measures.values())

    @property
    def units_missing(self) -> tuple[str, ...]:
        """Who was to report and did not."""
        return tuple(unit for unit in self.units_due if unit not in self.units_in)

    def to_json(self) -> str:
        """For the ledger."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Snapshot:
        """What `to_json` wrote."""
        read = json.loads(text)
        measures = {
            number: MeasureState(**{**state, "leads": tuple(state["leads"])})
            for number, state in read["measures"].items()
        }
        return cls(read["period"], measures, tuple(read["units_due"]), tuple(read["units_in"]), read.get("day", ""))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of 调度; counts by the table's column keys. Rates count 已完成 alone; they are of all measures."""

    period: str
    units_due: int
    units_in: int
    units_missing: int
    measures: int
    not_started: int
    in_progress: int
    nearly_done: int
    done: int
    closed: int
    overdue: int
    extended: int
    newly_done: int
    newly_closed: int
    newly_overdue: int
    reopened: int

    @property
    def done_rate(self) -> float:
        """完成率, 0 where there are no measures."""
        return self.done / self.measures if self.measures else 0.0

    @property
    def closed_rate(self) -> float:
        """销号率, 0 where there are no measures."""
        return self.closed / self.measures if self.measures else 0.0


@dataclass(frozen=True, slots=True)
class Closing:
    """What 对账销号 says of a measure, as far as the lines need it."""

    state: str = ClosingState.OPEN
    round: int = 1
    extensions: int = 0


def snapshot(
    period: str,
    measures: Sequence[Item],
    closing: Mapping[str, Closing],
    day: dt.date,
    units_due: Iterable[str] = (),
    units_in: Iterable[str] = (),
) -> Snapshot:
    """Where the measures stand on `day`; a measure that nobody has begun to report on has not started."""
    states = {}
    for item in measures:
        found = closing.get(item.id, Closing())
        closed = found.state == ClosingState.CLOSED
        late = item.due is not None and item.due < day and item.status != Status.DONE
        states[item.id] = MeasureState(
            item.name,
            item.status or Status.NOT_STARTED,
            item.due.isoformat() if item.due else "",
            found.state,
            found.round,
            found.extensions,
            late and not closed and found.state != ClosingState.LONG_TERM,
            item.cells["direction"],
            item.leads,
        )
    return Snapshot(period, states, tuple(units_due), tuple(units_in), day.isoformat())


def line_of(now: Snapshot, before: Snapshot | None) -> Line:
    """The line of a period. What is new is held against the snapshot of the period before; without one all of it is new."""
    states = now.measures
    earlier = before.measures if before else {}
    counts = Counter(state.status for state in states.values())
    done, closed, overdue = (_sets(states) for _sets in (_done, _closed, _overdue))
    return Line(
        period=now.period,
        units_due=len(now.units_due),
        units_in=len(now.units_due) - len(now.units_missing),
        units_missing=len(now.units_missing),
        measures=len(states),
        not_started=counts[Status.NOT_STARTED],
        in_progress=counts[Status.IN_PROGRESS],
        nearly_done=counts[Status.NEARLY_DONE],
        done=counts[Status.DONE],
        closed=len(closed),
        overdue=len(overdue),
        extended=sum(state.extensions > 0 for state in states.values()),
        newly_done=len(done - _done(earlier)),
        newly_closed=len(closed - _closed(earlier)),
        newly_overdue=len(overdue - _overdue(earlier)),
        reopened=sum(state.round > _round(earlier, number) for number, state in states.items()),
    )


def lines_of(snapshots: Sequence[Snapshot]) -> tuple[Line, ...]:
    """A line a snapshot, in their order."""
    return tuple(line_of(now, before) for before, now in zip((None, *snapshots), snapshots, strict=False))


def _done(states: Mapping[str, MeasureState]) -> set[str]:
    return {number for number, state in states.items() if state.status == Status.DONE}


def _closed(states: Mapping[str, MeasureState]) -> set[str]:
    return {number for number, state in states.items() if state.closing == ClosingState.CLOSED}


def _overdue(states: Mapping[str, MeasureState]) -> set[str]:
    return {number for number, state in states.items() if state.overdue}


def _round(states: Mapping[str, MeasureState], number: str) -> int:
    return states[number].round if number in states else 1
