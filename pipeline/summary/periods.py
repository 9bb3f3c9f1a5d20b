"""Progress over the periods (期次): what stood at the end of each. History does not follow the lists, so it is values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.summary.block import cell, ratio
from pipeline.summary.format import FIRST_ROW
from pipeline.summary.sheet import Live

PERIOD_TITLES = ("期次", "措施数", "应完成", "已完成", "已销号", "逾期", "完成率")
SHOWN = 12
"""Periods that the chart shows, the last ones."""


@dataclass(frozen=True, slots=True)
class Period:
    """How things stood in a period: `label` such as 2022-07; `due` measures whose date had passed, done or not."""

    label: str
    measures: int
    due: int
    done: int
    closed: int
    overdue: int


def history_rows(periods: Sequence[Period], left: int) -> list[dict[str, Any]]:
    """The block of 统计 behind the progress chart."""
    rows = []
    for number, period in enumerate(periods[-SHOWN:], start=FIRST_ROW):
        at = {title: cell(left + index, number) for index, title in enumerate(PERIOD_TITLES)}
        rate = period.done / period.measures if period.measures else 0
        cells: tuple[object, ...] = (
            period.label,
            period.measures,
            period.due,
            period.done,
            period.closed,
            period.overdue,
            Live(ratio(at["已完成"], at["措施数"]), rate),
        )
        rows.append(dict(zip(PERIOD_TITLES, cells, strict=True)))
    return rows
