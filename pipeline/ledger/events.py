"""What happened, as typed events; the Chinese is made when one is shown. The history is only ever added to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class EventKind(StrEnum):
    """Everything that the history tells."""

    NUMBER_GIVEN = "number_given"
    NUMBER_RETIRED = "number_retired"
    NUMBER_REVIVED = "number_revived"
    ROW_CAME = "row_came"
    ROW_CHANGED = "row_changed"
    VALUE_CHANGED = "value_changed"  # 整改时限, 完成情况, 进展说明 as a unit changed it between two submissions
    JUDGED = "judged"
    JUDGEMENT_CHANGED = "judgement_changed"
    JUDGEMENT_REVOKED = "judgement_revoked"
    JUDGEMENT_FOLLOWED = "judgement_followed"
    JUDGEMENT_ASKED = "judgement_asked"
    EDITED = "edited"
    EDIT_TAKEN_BACK = "edit_taken_back"
    EDIT_SUSPENDED = "edit_suspended"
    EDIT_DISPLACED = "edit_displaced"
    EDIT_MOVED = "edit_moved"
    CONFLICT = "conflict"
    CLOSING = "closing"
    RUN = "run"
    LEGACY = "legacy"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to `item` (an item's or a judgement's number, "" for a run); `payload` by the kind's names."""

    kind: EventKind
    item: str
    by: str
    at: str
    payload: Mapping[str, str] = field(default_factory=dict)


def render(event: Event) -> str:
    """The event as a line for people."""
    told = _TOLD[event.kind]
    details = _Details(event.payload)
    text = told(details) if callable(told) else told.format_map(details)
    return f"{text}（{event.by}）" if event.by and event.kind in _BY_PERSON else text


class _Details(dict[str, str]):
    """A payload written by a newer or older program may lack a detail: the line is shown without it."""

    def __missing__(self, key: str) -> str:
        return ""


def _retired(details: Mapping[str, str]) -> str:
    if details["went_to"]:
        return f"并入 {details['went_to']}"
    return "上一轮的编号，停用" if details["why"] == "round" else "来源行都不在了，停用"


def _row_came(details: Mapping[str, str]) -> str:
    return f"来源行：{details['unit']}　{details['place']}"


def _row_changed(details: Mapping[str, str]) -> str:
    how = "单位改名" if details["change"] == "renamed" else "来源行改动"
    return f"{how}：{details['unit']}　{details['place']}　“{details['old'][:40]}”→“{details['new'][:40]}”"


def _value_changed(details: Mapping[str, str]) -> str:
    who = f"{details['unit']}把" if details["unit"] else ""
    return f"{who}{details['column']}由“{details['old'][:60] or '未填'}”变为“{details['new'][:60] or '未填'}”"


def _judged(details: Mapping[str, str]) -> str:
    others = f"（与“{details['others'][:30]}”）" if details["others"] else ""
    return f"{details['number']} 处理意见：归并为“{details['mark']}”{others}"


def _closing(details: Mapping[str, str]) -> str:
    why = f"：{details['why']}" if details["why"] else ""
    return f"对账销号　{details['act']}，{details['from']}→{details['to']}{why}"


_Told = str | Callable[[Mapping[str, str]], str]

_TOLD: dict[EventKind, _Told] = {
    EventKind.NUMBER_GIVEN: lambda details: "编号（从汇总台账找回）" if details["recovered"] else "编号",
    EventKind.NUMBER_RETIRED: _retired,
    EventKind.NUMBER_REVIVED: "来源行重新出现，恢复使用",
    EventKind.ROW_CAME: _row_came,
    EventKind.ROW_CHANGED: _row_changed,
    EventKind.VALUE_CHANGED: _value_changed,
    EventKind.JUDGED: _judged,
    EventKind.JUDGEMENT_CHANGED: "{number} 归并为由“{old}”改为“{new}”：“{text:.30}”",
    EventKind.JUDGEMENT_REVOKED: "{number} 撤回处理意见：“{text:.30}”",
    EventKind.JUDGEMENT_FOLLOWED: "{number} 的这一行改了几个字，决定照旧：“{old:.40}”→“{new:.40}”",
    EventKind.JUDGEMENT_ASKED: "{number} 的这一行改了，决定暂不适用，待确认：“{old:.40}”→“{new:.40}”",
    EventKind.EDITED: "办公室把“{column}”改为“{value:.60}”",
    EventKind.EDIT_TAKEN_BACK: "撤回对“{column}”的修改",
    EventKind.EDIT_SUSPENDED: "办公室改定的“{column}”（{value:.60}）暂不适用：{why}",
    EventKind.EDIT_DISPLACED: "{from} 的“{column}”（{value:.60}）没有采用，以本条改定的为准",
    EventKind.EDIT_MOVED: "{from} 的“{column}”（{value:.60}）随并入带来",
    EventKind.CONFLICT: "“{column}”两处都改了：汇总台账里是“{found:.40}”，另处是“{known:.40}”，以后改的“{taken:.40}”为准",
    EventKind.CLOSING: _closing,
    EventKind.RUN: "汇总一次",
    EventKind.LEGACY: "{text}",
}

_BY_PERSON = frozenset(
    {
        EventKind.JUDGED,
        EventKind.JUDGEMENT_CHANGED,
        EventKind.JUDGEMENT_REVOKED,
        EventKind.EDITED,
        EventKind.EDIT_TAKEN_BACK,
        EventKind.CLOSING,
    }
)
"""Kinds whose line names who did it; the others are the program's or the departments' doing."""
