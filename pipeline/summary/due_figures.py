"""Figures by date: how much falls due when, and what is overdue or due soon, one line each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from pipeline.consolidation import Result, cell_text, is_done, light
from pipeline.records import Item
from pipeline.summary.block import BASE_DATE, DONE, cell, count_if, quoted
from pipeline.summary.format import FIRST_ROW, rows_from
from pipeline.summary.sheet import Live
from pipeline.vocabulary import Light, TableKey

PERIOD_TITLES = ("到期", "起", "止（不含）", "已完成", "逾期", "将到期", "未到期", "合计", "未完成")
ATTENTION_TITLES = ("序", "键", "行", "措施编号", "措施", "牵头单位", "责任领导", "到期日", "期限", "完成情况")
ATTENTION = 11
"""Lines of 督办 at the most."""
FEWEST = 7
"""And at the least, since the chart beside them needs the room."""

_MONTHS, _BEFORE = 12, 4
"""Months that the chart shows one by one, and how many of them may lie before 基准日期."""
_FIRST_DAY, _LAST_DAY = dt.date(1900, 1, 2), dt.date(9999, 12, 31)
_NEVER = 1_000_000
"""Above any date: the key of a measure that needs no attention."""


def period_rows(merged: Result, left: int) -> list[dict[str, Any]]:
    """到期 by month without gaps: done, overdue, due soon, later; what lies outside the months in one line each."""
    items = [item for item in merged.items[TableKey.MEASURES] if item.due]
    days = "closing_list[到期日]"
    rows = []
    spans = rows_from(months([item.due for item in items if item.due], merged.base))
    for (label, start, end), number in spans.items():
        own = [item for item in items if item.due and start <= item.due < end]
        at = {title: cell(left + index, number) for index, title in enumerate(PERIOD_TITLES)}
        within = (days, f'">="&{at["起"]}', days, f'"<"&{at["止（不含）"]}')
        done = sum(is_done(item) for item in own)
        lamps = [_lamp(item, merged) for item in own]
        late, soon = lamps.count(Light.RED), lamps.count(Light.AMBER)
        cells: tuple[object, ...] = (
            label,
            start,
            end,
            Live(f"={count_if(*within, 'closing_list[完成情况]', DONE)}", done),
            Live(f"={count_if(*within, 'closing_list[预警]', quoted(Light.RED))}", late),
            Live(f"={count_if(*within, 'closing_list[预警]', quoted(Light.AMBER))}", soon),
            Live(
                f"={at['合计']}-{at['已完成']}-{at['逾期']}-{at['将到期']}",
                len(own) - done - late - soon,
            ),
            Live(f"={count_if(*within)}", len(own)),
            Live(f"={at['合计']}-{at['已完成']}", len(own) - done),
        )
        rows.append(dict(zip(PERIOD_TITLES, cells, strict=True)))
    return rows


def _lamp(item: Item, merged: Result) -> str:
    return light(item, merged.base, merged.scheme.settings.warn_days)


def months(days: Iterable[dt.date], base: dt.date) -> list[tuple[str, dt.date, dt.date]]:
    """The months that hold the days, none left out between: (label, first day, day after the last).

    At most 12 around `base`; what is earlier or later than they are stands in 以前 and 以后.
    """
    there = {day.year * 12 + day.month - 1 for day in days}
    if not there:
        return []
    first = max(min(there), min(base.year * 12 + base.month - 1 - _BEFORE, max(there)))
    last = max(month for month in there if month < first + _MONTHS)
    spans = [(_label(month, month == first, base), _day(month), _day(month + 1)) for month in range(first, last + 1)]
    if min(there) < first:
        spans.insert(0, ("以前", _FIRST_DAY, _day(first)))
    if max(there) > last:
        spans.append(("以后", _day(last + 1), _LAST_DAY))
    return spans


def _label(month: int, first: bool, base: dt.date) -> str:
    """The month, with its year where that is another than one expects."""
    year, number = divmod(month, 12)
    dated = year != base.year and (first or number == 0)
    return f"{year % 100:02}年{number + 1}月" if dated else f"{number + 1}月"


def _day(month: int) -> dt.date:
    year, number = divmod(month, 12)
    return dt.date(year, number + 1, 1) if year <= _LAST_DAY.year else _LAST_DAY


def attention_rows(merged: Result, left: int) -> list[dict[str, Any]]:
    """督办: what is overdue, the oldest first, then what is due within 预警天数; formulas, so that a line goes once it is done."""
    lines = rows_from(item.id for item in merged.items[TableKey.MEASURES])
    urgent = [item for item in merged.items[TableKey.MEASURES] if _lamp(item, merged) in (Light.RED, Light.AMBER)]
    urgent.sort(key=lambda item: (item.due or _LAST_DAY, lines[item.id]))
    lamp = "closing_list[预警]"
    calm = f"({lamp}<>{quoted(Light.RED)})*({lamp}<>{quoted(Light.AMBER)})"
    # SUMPRODUCT makes every program take the columns as arrays, without an array formula; the row goes behind the comma
    keys = f"closing_list[到期日]+ROW(closing_list[到期日])/10000000+{_NEVER}*{calm}"
    rows = []
    for number in range(ATTENTION):
        at = {title: cell(left + index, FIRST_ROW + number) for index, title in enumerate(ATTENTION_TITLES)}
        item = urgent[number] if number < len(urgent) else None
        key = _serial(item.due) + lines[item.id] / 10_000_000 if item and item.due else _NEVER

        def shown(formula: str, value: Any, line: str = at["行"]) -> Live:
            return Live(f'=IF({line}=0,"",{formula})', value)

        def picked(title: str, value: str, line: str = at["行"]) -> Live:
            return Live(f'=IF({line}=0,"",INDEX(closing_list[{title}],{line})&"")', value)

        leader = f"INDEX(task_list[责任领导],MATCH({at['措施编号']},task_list[措施编号],0))"
        cells: tuple[object, ...] = (
            number + 1,
            Live(f"=IFERROR(MIN({_NEVER},SUMPRODUCT(SMALL({keys},{at['序']}))),{_NEVER})", key),
            Live(
                f"=IF({at['键']}>={_NEVER},0,ROUND(({at['键']}-INT({at['键']}))*10000000,0)-{FIRST_ROW - 1})",
                lines[item.id] - FIRST_ROW + 1 if item else 0,
            ),
            picked("措施编号", item.id if item else ""),
            picked("措施", cell_text(item, "title") if item else ""),
            picked("牵头单位", "、".join(item.leads) if item else ""),
            shown(f'IFERROR({leader}&"","")', cell_text(item, "leader") if item else ""),
            shown(f"INDEX(closing_list[到期日],{at['行']})", item.due if item else ""),
            shown(
                f'IF({at["到期日"]}<{BASE_DATE},"逾期 "&({BASE_DATE}-{at["到期日"]})&" 天",'
                f'IF({at["到期日"]}={BASE_DATE},"今日到期","还有 "&({at["到期日"]}-{BASE_DATE})&" 天"))',
                _left(item, merged.base),
            ),
            picked("完成情况", item.status if item else ""),
        )
        rows.append(dict(zip(ATTENTION_TITLES, cells, strict=True)))
    return rows


def _serial(day: dt.date | None) -> int:
    return (day - dt.date(1899, 12, 30)).days if day else 0


def _left(item: Item | None, base: dt.date) -> str:
    if item is None or item.due is None:
        return ""
    days = (item.due - base).days
    return f"逾期 {-days} 天" if days < 0 else f"还有 {days} 天" if days else "今日到期"
