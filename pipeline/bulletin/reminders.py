"""催办: for each unit that has not reported or has something overdue, returned or due soon, what is to be done by when."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass

from pipeline.bulletin.facts import BulletinFacts
from pipeline.bulletin.paper import column_widths, row_height
from pipeline.bulletin.wording import Grid, Written
from pipeline.progress.matters import Attention, Matter
from pipeline.progress.periods import last_day, period_text
from pipeline.text import date_text, write_numeral

_PAGE = 22 * 28.95
_FRAME = 33 + 28.95 * 5
"""Points of a page (GB/T 9704-2012, 5.2.3), and of a reminder's title, address, first line, signature and date."""

_Row = Callable[[Matter, str, dt.date, dt.date], tuple[str, ...]]


def reminder_title(period: str) -> str:
    """The title of a reminder."""
    return f"整改进展催办单（{period_text(period)}）"


def reminded(facts: BulletinFacts) -> list[str]:
    """The units that get a reminder, in the order in which their matters come; an answer that the office owes is none."""
    found = dict.fromkeys(need.unit for need in facts.needs if need.why is not Attention.WAITING)
    order = {group.name: at for at, group in enumerate(facts.units)}
    return sorted(found, key=lambda unit: (order.get(unit, len(order)), unit))


def reminder(unit: str, facts: BulletinFacts, reply_by: dt.date) -> list[Written]:
    """The reminder of one unit: a section a reason, each with what, since when, by whom and until when."""
    sections: list[Written] = [Written("", (f"截至{date_text(facts.day)}，你单位有下列事项需要办理。",))]
    groups = [
        (kind, matters)
        for kind in _KINDS
        if (matters := [n.matter for n in facts.needs if n.why is kind.why and n.unit == unit and n.matter])
    ]
    number = 0
    room = _PAGE - _FRAME - sum(math.ceil((len(kind.text) + 24) / 28) * 28.95 + 20 for kind, _ in groups)
    if unit in facts.missing:
        number = 1
        text = f"{period_text(facts.period)}（截至{date_text(last_day(facts.period))}）的整改进展没有报送，"
        sections.append(Written("", (f"一、{text}请于{date_text(reply_by)}前补报。",)))
        room -= 2 * 28.95
    for kind, matters in groups:
        number += 1
        widths = column_widths(kind.widths)
        rows: list[tuple[str, ...]] = []
        for row in (kind.row(matter, unit, facts.day, reply_by) for matter in matters):
            height = row_height(row, widths)
            if height > room:
                break
            rows.append(row)
            room -= height
        left = len(matters) - len(rows)
        said = f"{write_numeral(number)}、" + kind.text.format(n=len(matters), reply_by=date_text(reply_by))
        said += f"（表中列出{len(rows)}条，另有{left}条见进展填报表。）" if left else ""
        sections.append(Written("", (said,), Grid(kind.header, tuple(rows), kind.widths) if rows else None))
    return sections


def _who(matter: Matter, unit: str) -> str:
    return matter.people.get(unit, "")


@dataclass(frozen=True, slots=True)
class _Kind:
    """A reason for reminding: what is asked for, and the table of the measures that it is about."""

    why: Attention
    text: str
    header: tuple[str, ...]
    widths: tuple[int, ...]
    row: _Row


def _date(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


_KINDS = (
    _Kind(
        Attention.OVERDUE,
        "逾期未完成{n}条，请于{reply_by}前完成；不能完成的报送进展、原因和预计完成时间，需要延期的提出申请。",
        ("措施编号", "措施", "到期日", "逾期天", "完成情况", "责任人", "办理期限"),
        (13, 18, 17, 8, 11, 16, 17),
        lambda m, unit, day, until: (
            m.number,
            m.title,
            _date(m.until),
            str(m.days_over(day)),
            m.status,
            _who(m, unit),
            _date(until),
        ),
    ),
    _Kind(
        Attention.RETURNED,
        "销号申请退回{n}条，请于{reply_by}前补齐材料，重新申请。",
        ("措施编号", "措施", "审核意见", "责任人", "办理期限"),
        (14, 28, 28, 13, 17),
        lambda m, unit, day, until: (m.number, m.title, m.opinion, _who(m, unit), _date(until)),
    ),
    _Kind(
        Attention.DUE_SOON,
        "即将到期{n}条，请按时完成并申请销号。",
        ("措施编号", "措施", "完成情况", "责任人", "到期日"),
        (14, 40, 13, 16, 17),
        lambda m, unit, day, until: (m.number, m.title, m.status, _who(m, unit), _date(m.until)),
    ),
)
