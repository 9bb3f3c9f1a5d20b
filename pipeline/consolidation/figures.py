"""The figures that several outputs quote, computed in one place so that no two outputs can differ."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.intake.collect import NO_UNIT, Intake
from pipeline.records import Item
from pipeline.scheme import Scheme
from pipeline.vocabulary import ClosingState, FileState, Light, Status, TableKey


@dataclass(frozen=True)
class Figures:
    """Counts of this run. `totals` are sums of 基本信息, None where no unit reported one; `silent` who did not."""

    units_due: int
    units_in: int
    units_missing: int
    files: int
    rows_read: int
    rows_refused: int
    rows: dict[str, int]
    items: dict[str, int]
    included: dict[str, int]
    pending: int
    done: int
    closed: int
    due_soon: int
    overdue: int
    totals: dict[str, int | None]
    silent: dict[str, list[str]]

    @property
    def completion_rate(self) -> float:
        """已完成 over all measures, 0 where there are none; 基本完成 does not count (published reports count so)."""
        return self.done / self.items["measures"] if self.items["measures"] else 0.0

    @property
    def closing_rate(self) -> float:
        """已销号 over all measures, 0 where there are none."""
        return self.closed / self.items["measures"] if self.items["measures"] else 0.0


def is_done(item: Item) -> bool:
    """已完成; 基本完成 is not."""
    return item.status == Status.DONE


def is_overdue(item: Item, base: dt.date) -> bool:
    """A measure past its date and not finished. Derived, never stored; one without a date cannot be overdue, nor one that was
    closed or goes on for good."""
    settled = item.cells["closing"] in (ClosingState.CLOSED, ClosingState.LONG_TERM)
    return item.due is not None and item.due < base and not is_done(item) and not settled


def light(item: Item, base: dt.date, warn_days: int) -> str:
    """预警: 红 overdue, 黄 due within `warn_days`, else 绿; "" for an unfinished measure that has no date.

    What goes on for good goes by 下次复核日期.
    """
    if item.cells["closing"] == ClosingState.LONG_TERM:
        review = dt.date.fromisoformat(item.cells["review_on"])
        return Light.RED if review < base else Light.AMBER if (review - base).days <= warn_days else Light.GREEN
    if is_done(item) or item.cells["closing"] == ClosingState.CLOSED:
        return Light.GREEN
    if item.due is None:
        return Light.GREEN if item.for_good else ""
    if item.due < base:
        return Light.RED
    return Light.AMBER if (item.due - base).days <= warn_days else Light.GREEN


def count_figures(
    intake: Intake, items: Mapping[str, Sequence[Item]], pending: int, scheme: Scheme, base: dt.date
) -> Figures:
    """Count everything that 总览, the narrative's opening and the closing table quote."""
    reported = {state.unit for state in intake.states if state.state is FileState.TAKEN}
    totals: dict[str, int | None] = {}
    silent: dict[str, list[str]] = {}
    for key in ("studies", "opinions", "talks"):
        given = {unit: facts[key] for unit, facts in intake.facts.items() if facts.get(key) is not None}
        totals[key] = sum(value for value in given.values() if value is not None) if given else None
        silent[key] = sorted((unit for unit in intake.facts if unit not in given and unit != NO_UNIT), key=scheme.rank)
    measures = items[TableKey.MEASURES]
    return Figures(
        units_due=len(scheme.roster),
        units_in=len(reported & set(scheme.unit_order)),
        units_missing=sum(unit not in reported for unit in scheme.unit_order),
        files=len(intake.hashes),
        rows_read=intake.rows_read,
        rows_refused=sum(bool(row.refused) for rows in intake.rows.values() for row in rows),
        rows={key: sum(not row.refused for row in rows) for key, rows in intake.rows.items()},
        items={key: len(group) for key, group in items.items()},
        included={key: sum(item.included for item in group) for key, group in items.items()},
        pending=pending,
        done=sum(is_done(item) for item in measures),
        closed=sum(item.cells["closing"] == ClosingState.CLOSED for item in measures),
        due_soon=sum(light(item, base, scheme.settings.warn_days) == Light.AMBER for item in measures),
        overdue=sum(is_overdue(item, base) for item in measures),
        totals=totals,
        silent=silent,
    )
