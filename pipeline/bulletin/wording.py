"""The bulletin's paragraphs: the scheme's text with the period's figures; what has no figures is left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.bulletin.facts import BulletinFacts, Group
from pipeline.bulletin.numbers import difference_text, rate_text, shares
from pipeline.progress.lines import Line
from pipeline.progress.matters import Attention, Matter
from pipeline.progress.periods import period_text
from pipeline.progress.sections import PLACEHOLDER, Section
from pipeline.text import date_text, write_numeral
from pipeline.vocabulary import Status


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of the bulletin: header, rows, the widths of its columns in per cent, and a note below."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A section as it is printed: heading ("" for none), paragraphs, table."""

    heading: str
    paragraphs: tuple[str, ...]
    table: Grid | None = None


_LINE_VALUES: Mapping[str, Callable[[Line], int]] = {
    "措施数": lambda line: line.measures,
    "未启动": lambda line: line.not_started,
    "正在推进": lambda line: line.in_progress,
    "基本完成": lambda line: line.nearly_done,
    "已完成": lambda line: line.done,
    "已销号": lambda line: line.closed,
    "应报单位": lambda line: line.units_due,
    "已报单位": lambda line: line.units_in,
    "未报单位": lambda line: line.units_missing,
    "逾期": lambda line: line.overdue,
    "延期": lambda line: line.extended,
    "本期新完成": lambda line: line.newly_done,
    "本期新销号": lambda line: line.newly_closed,
    "本期新逾期": lambda line: line.newly_overdue,
    "重启": lambda line: line.reopened,
}
"""Placeholders that are columns of 调度."""

_EMPTIES = frozenset({"未报单位名单", "逾期条数", "退回条数", "新销号条数", "完成率", "销号率"})
"""Placeholders without whose value their paragraph has nothing to say."""


def written(sections: Sequence[Section], facts: BulletinFacts) -> list[Written]:
    """The sections that have something to say, numbered in order."""
    values = values_of(facts)
    found: list[Written] = []
    number = 0
    for section in sections:
        table = table_of(section.table, facts) if section.table else None
        if section.table and (table is None or not table.rows):
            continue
        paragraphs = [text for line in section.content.splitlines() if (text := _filled(line.strip(), values))]
        if not paragraphs and table is None:
            continue
        heading = ""
        if section.title:
            number += 1
            heading = f"{write_numeral(number)}、{section.title}"
        found.append(Written(heading, tuple(paragraphs), table))
    return found


def _filled(line: str, values: Mapping[str, str]) -> str:
    """The line with its values, "" where one of them that it is about is empty."""
    named = PLACEHOLDER.findall(line)
    if any(name in _EMPTIES and not values.get(name) for name in named):
        return ""
    return PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), line)


def values_of(facts: BulletinFacts) -> dict[str, str]:
    """What the placeholders stand for; figures are those of 调度."""
    line, before = facts.line, facts.before
    done_before = (before.done, before.measures) if before else None
    closed_before = (before.closed, before.measures) if before else None
    lists = {
        "逾期条数": len(facts.matters(Attention.OVERDUE)),
        "退回条数": len(facts.matters(Attention.RETURNED)),
        "新销号条数": len(facts.closed_now),
    }
    return {
        "期次": period_text(facts.period),
        "截至日期": date_text(facts.day),
        "单位名称": facts.office,
        "年度": str(facts.year),
        **{name: str(read(line)) for name, read in _LINE_VALUES.items()},
        "完成率": rate_text(line.done, line.measures),
        "销号率": rate_text(line.closed, line.measures),
        "完成率较上期": difference_text((line.done, line.measures), done_before),
        "销号率较上期": difference_text((line.closed, line.measures), closed_before),
        "未报单位名单": "、".join(facts.missing),
        **{name: str(count) if count else "" for name, count in lists.items()},
    }


def table_of(name: str, facts: BulletinFacts) -> Grid | None:
    """A table by its name in 附表, None for one that we do not know."""
    if name == "完成情况":
        return _status_table(facts.line)
    if name in ("按努力方向", "按单位"):
        groups = facts.directions if name == "按努力方向" else facts.units
        return _group_table("努力方向" if name == "按努力方向" else "单位", groups)
    if name == "新销号":
        closed = tuple((m.number, m.title, "、".join(m.leads), m.closed_on) for m in facts.closed_now)
        return Grid(("措施编号", "措施", "牵头单位", "销号日期"), closed, (15, 41, 26, 18))
    if name == "逾期":
        late = tuple(
            (m.number, m.title, "、".join(m.leads), _day(m), f"{m.days_over(facts.day)}天", m.status)
            for m in facts.matters(Attention.OVERDUE)
        )
        return Grid(("措施编号", "措施", "牵头单位", "到期日", "逾期", "完成情况"), late, (13, 27, 20, 18, 9, 13))
    if name == "退回":
        back = tuple((m.number, m.title, "、".join(m.leads), m.opinion) for m in facts.matters(Attention.RETURNED))
        return Grid(("措施编号", "措施", "牵头单位", "审核意见"), back, (13, 30, 22, 35))
    return None


def _day(matter: Matter) -> str:
    return matter.until.isoformat() if matter.until else ""


def _status_table(line: Line) -> Grid:
    counts = (line.done, line.nearly_done, line.in_progress, line.not_started)
    given = shares(counts)
    names = reversed(Status)
    rows = [(str(name), str(count), share) for name, count, share in zip(names, counts, given, strict=False)]
    if rows:
        rows.append(("合计", str(sum(counts)), "100%"))
    note = "注：占比取一位小数，尾数按最大余额法调整，合计为100%。"
    return Grid(("完成情况", "措施数（条）", "占比"), tuple(rows), (40, 30, 30), note)


def _group_table(first: str, groups: Sequence[Group]) -> Grid:
    """Groups without a measure are left out; the order is the office's own, without a ranking."""
    rows = [
        (
            group.name or "（未注明）",
            str(group.total),
            *(str(count) for count in reversed(group.by_status)),
            rate_text(group.done, group.total),
            str(group.closed),
            str(group.overdue),
        )
        for group in groups
        if group.total
    ]
    header = (first, "措施数", "已完成", "基本完成", "正在推进", "未启动", "完成率", "已销号", "逾期")
    note = "注：完成率＝已完成÷措施数，基本完成不计入。"
    return Grid(header, tuple(rows), (24, 9, 9, 10, 10, 9, 11, 9, 9), note)
