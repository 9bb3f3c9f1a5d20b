"""What 总览 answers in words: the line below each question, and the six figures at the top. All formulas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.consolidation import Result
from pipeline.summary.block import WARN_DAYS, Block
from pipeline.summary.sheet import Live
from pipeline.summary.statistics import Statistics
from pipeline.summary.styles import LATE_COLOUR, LATE_TEXT, NAVY, SOON_FRAME, SOON_TEXT

Part = str | tuple[str, str | int]
"""Words, or a formula and what it gives now."""


def joined(*parts: Part) -> Live:
    """A sentence from words and formulas."""
    formulas = [f'"{part}"' if isinstance(part, str) else part[0] for part in parts]
    return Live("=" + "&".join(formulas), "".join(part if isinstance(part, str) else str(part[1]) for part in parts))


def either(condition: str, holds: bool, yes: Live, no: Live) -> Live:
    """One sentence or another."""
    return Live(f"=IF({condition},{yes.formula[1:]},{no.formula[1:]})", yes.value if holds else no.value)


def percent(part: tuple[str, int], whole: tuple[str, int]) -> Part:
    """A rate in words, 0% where there is no whole."""
    value = f"{int(part[1] / whole[1] * 100 + 0.5)}%" if whole[1] else "0%"
    return f'TEXT(IF({whole[0]}=0,0,{part[0]}/{whole[0]}),"0%")', value


@dataclass(frozen=True, slots=True)
class Card:
    """A figure with its label and its note; `alarm` is its colour where it is not 0, `rim` the line above it."""

    label: object
    figure: Live
    note: Live
    alarm: str = ""
    rim: str = NAVY


def cards(merged: Result, statistics: Statistics) -> Sequence[Card]:
    """The six figures."""
    facts = statistics.facts

    def fact(name: str) -> tuple[str, int]:
        return facts.ref(name), facts.value(name)

    def of(part: str, whole: str) -> Live:
        return joined(fact(part), " / ", fact(whole))

    late, open_ = fact("逾期"), fact("没有期限")
    oldest = joined("最久 ", fact("最久逾期天数"), " 天，涉及 ", fact("逾期单位"), " 个单位")
    warn = (WARN_DAYS, merged.scheme.settings.warn_days)
    return (
        Card(
            "已到期的措施，完成",
            of("到期完成", "已到期"),
            joined("到期完成率 ", percent(fact("到期完成"), fact("已到期"))),
        ),
        Card(
            "逾期",
            facts.live("逾期"),
            either(f"{late[0]}=0", late[1] == 0, joined("没有逾期"), oldest),
            LATE_TEXT,
            LATE_COLOUR,
        ),
        Card(
            joined("今后 ", warn, " 天内到期"),
            facts.live("将到期"),
            joined("其中今日到期 ", fact("今日到期"), " 项"),
            SOON_TEXT,
            SOON_FRAME,
        ),
        Card(
            "全部措施，完成",
            of("已完成", "措施"),
            joined("完成率 ", percent(fact("已完成"), fact("措施")), "，已销号 ", fact("已销号"), "，没有期限 ", open_),
        ),
        Card(
            "单位报送",
            of("已报单位", "应报单位"),
            joined("未报 ", fact("未报单位"), f" 个；收到文件 {merged.figures.files} 份"),
        ),
        Card(
            "归并后的问题",
            facts.live("问题"),
            joined("另有原因 ", fact("原因"), "；全部由 ", fact("归并前"), " 行归并"),
        ),
    )


def months_reply(statistics: Statistics) -> Live:
    """How much is left, and in which month most of it falls due."""
    facts, block = statistics.facts, statistics.periods
    whole, done = facts.value("措施"), facts.value("已完成")
    left = (f"({facts.ref('措施')}-{facts.ref('已完成')})", whole - done)
    if not block.rows:
        return joined("未完成 ", left, " 项，都没有到期日")
    opened, names = block.cells("未完成"), block.cells("到期")
    values = block.values("未完成")
    most = max(values)
    peak = (f"INDEX({names},MATCH(MAX({opened}),{opened},0))", block.value(values.index(most), "到期"))
    busy = joined("未完成 ", left, " 项，", peak, "到期的最多（", (f"MAX({opened})", most), " 项）")
    return either(f"MAX({opened})=0", most == 0, joined("未完成 ", left, " 项，有期限的都已完成"), busy)


def units_reply(statistics: Statistics) -> Live:
    """How many units have something overdue, and which most."""
    facts, ranking = statistics.facts, statistics.ranking
    count, tied = facts.value("逾期单位"), facts.value("逾期最多的单位")
    most = (ranking.at(0, "逾期"), ranking.value(0, "逾期"))
    first = (ranking.at(0, "单位"), ranking.value(0, "单位"))
    ties = facts.ref("逾期最多的单位")
    several = (f'IF({ties}>1," 等 "&{ties}&" 个单位","")', f" 等 {tied} 个单位" if tied > 1 else "")
    some = joined((facts.ref("逾期单位"), count), " 个单位有逾期，最多的是", first, several, "（", most, " 项）")
    return either(f"{facts.ref('逾期单位')}=0", count == 0, joined("没有单位逾期"), some)


def aspects_reply(statistics: Statistics) -> Live:
    """Which aspect has most problems."""
    block, facts = statistics.aspects, statistics.facts
    whole = (facts.ref("问题"), facts.value("问题"))
    if not block.rows:
        return joined("共 ", whole, " 条")
    names, counts = block.cells("对照方面"), block.cells("问题")
    values = block.values("问题")
    most = max(values)
    name = (f"INDEX({names},MATCH(MAX({counts}),{counts},0))", block.value(values.index(most), "对照方面"))
    return joined("最多的是", name, "（", (f"MAX({counts})", most), " 条），全部 ", whole, " 条")


def progress_reply(history: Block) -> Live:
    """The last period against the one before it."""
    last = len(history.rows) - 1
    label, done = history.rows[last]["期次"], (history.at(last, "已完成"), history.value(last, "已完成"))
    if not last:
        return joined(f"{label}：已完成 ", done, " 项")
    before = history.at(last - 1, "已完成")
    more = (f"({done[0]}-{before})", done[1] - history.value(last - 1, "已完成"))
    return joined(f"{label}：已完成 ", done, " 项，比上期多 ", more, " 项")
