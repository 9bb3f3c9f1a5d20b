"""本期变化: what is not as it was at the end of the period before, who made it so and where it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.progress.lines import MeasureState, Snapshot


@dataclass(frozen=True, slots=True)
class Cause:
    """Who changed something, where it is written, and on which day (ISO)."""

    by: str = ""
    basis: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A line of 本期变化."""

    number: str
    title: str
    column: str
    old: str
    new: str
    cause: Cause = Cause()


_COLUMNS: tuple[tuple[str, Callable[[MeasureState], str]], ...] = (
    ("完成情况", lambda state: state.status),
    ("到期日", lambda state: state.due),
    ("销号状态", lambda state: state.closing),
    ("轮次", lambda state: str(state.round)),
    ("牵头单位", lambda state: "、".join(state.leads)),
)


def changes(
    before: Snapshot, now: Snapshot, cause: Callable[[str, str], Cause], went_to: Callable[[str], str] = lambda _: ""
) -> Iterator[Change]:
    """The changes in the measures' order. `cause` is asked with (number, column); `went_to` where a number is that is gone."""
    for number, state in now.measures.items():
        old = before.measures.get(number)
        if old is None:
            yield Change(number, state.title, "措施", "（没有）", "新增", cause(number, "措施"))
            continue
        for column, value in _COLUMNS:
            if value(old) != value(state):
                yield Change(number, state.title, column, value(old), value(state), cause(number, column))
    for number, old in before.measures.items():
        if number not in now.measures:
            where = went_to(number)
            gone = f"并入 {where}" if where else "停用"
            yield Change(number, old.title, "措施", "在用", gone, cause(number, "措施"))
