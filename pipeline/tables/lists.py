"""The sheets of 汇总台账.xlsx, derived from what departments fill in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType

from pipeline.tables.column import Column, Kind, Merge, Table
from pipeline.tables.inputs import CAUSES, MEASURES, PROBLEMS
from pipeline.vocabulary import ClosingState, FileState, Included, JoinWay, Level, Light, Role, YesNo

ANSWERS = ("同意销号", "退回", "同意延期", "不同意延期", "同意转长期", "不同意转长期", "重启")
"""What the office may answer in 审核结果; which of them a state allows is the closing room's table."""

CLOSING_FACTS = ("application", "closing", "closed_on", "round", "asked_until", "asked_reason", "original_due", "extensions", "review_on")  # fmt: skip
"""Columns of 对账销号 that follow from applications and answers."""


def _item_list(
    key: str,
    title: str,
    source: Table,
    layout: tuple[str | Column, ...],
    editable: tuple[str, ...],
    taken: tuple[str, ...] = (),
    widths: Mapping[str, int] = MappingProxyType({}),
) -> Table:
    """A list of merged items: `layout` names columns of `source` or declares derived ones; the office may write over the `editable`.

    A column of the source that is neither laid out nor `taken` by another list is added before the last column, so
    that nothing a department can fill in is missing from the summary workbook.
    """
    columns = [source.column(part) if isinstance(part, str) else part for part in layout]
    placed = {column.key for column in columns} | set(taken)
    extra = [column for column in source if column.key not in placed and column.merge is not Merge.NONE]
    laid = tuple(_in_list(column, editable, widths) for column in (*columns[:-1], *extra, columns[-1]))
    return Table(key, title, laid, prefix=source.prefix, short=source.short)


def _in_list(column: Column, editable: tuple[str, ...], widths: Mapping[str, int]) -> Column:
    width = widths.get(column.key) or min(column.width, column.list_width or column.width)
    return replace(column, width=width, editable=column.key in editable, on_paper=column.key not in _SCREEN)


_SCREEN = ("included", "reason", "remark", "text_from", "order", "wording")
"""What a list on a wall does not need: how the narrative is made, and 备注, as good as never filled in."""


def _id(title: str) -> Column:
    return Column("id", title, 8)


_UNITS = Column("units", "提出单位", 22, list_width=16)
_INCLUDED = Column(
    "included",
    "入文",
    7,
    "是否写入对照检查材料。是、否是程序选的，可以改；必入、不入是办公室定的，以后也不再变。",
    kind=Kind.CHOICE,
    choices=tuple(Included),
)
_REASON = Column("reason", "入文理由", 14)
_ORDER = Column("order", "入文次序", 7, "填数字，小的排在前面；同一标题下没有填的排在填了的后面。", kind=Kind.SEQ)
_WORDING = Column(
    "wording", "文稿文字", 30, "空白：文稿用填报的原文；填了的，文稿中标题后面印这里的文字，清单里的原文不变。"
)
_TEXT_FROM = Column("text_from", "显示文字来自", 14, "这一条由几个单位提出时，选用哪个单位的文字；清空恢复程序选的。")
_LINKED = "填编号，几个用顿号隔开；没有的填“无”；清空恢复各单位填报的。"
_LONG = Column("long_term", "长期坚持", 7, kind=Kind.CHOICE, choices=tuple(YesNo))
_DUE = Column("due", "到期日", 12, kind=Kind.DATE, list_width=11)
_CLOSING_TAKES = ("progress", "evidence", "finished")
_TASK_WIDTHS = MappingProxyType(
    {
        "direction": 14,
        "title": 15,
        "detail": 36,
        "goal": 11,
        "support": 11,
        "type": 8,
        "due": 10,
        "long_term": 5,
        "status": 8,
    }
)
"""All up to 完成情况 stands on A3 at 8 points."""


@cache
def problem_list(source: Table = PROBLEMS) -> Table:
    """问题清单 of the summary workbook, derived from the department's sheet."""
    return _item_list(
        "problem_list",
        "问题清单",
        source,
        (
            _id("问题编号"),
            "aspect",
            "title",
            "detail",
            "example",
            "channels",
            _UNITS,
            Column("n_units", "提出单位数", 8),
            Column("causes", "对应原因", 12, _LINKED, kind=Kind.LINKS),
            Column("measures", "对应措施", 12, _LINKED, kind=Kind.LINKS),
            _INCLUDED,
            _REASON,
            _TEXT_FROM,
            _ORDER,
            _WORDING,
            "remark",
        ),
        (
            "aspect",
            "title",
            "detail",
            "example",
            "channels",
            "leader",
            "causes",
            "measures",
            "included",
            "text_from",
            "order",
            "wording",
            "remark",
        ),
    )


@cache
def cause_list(source: Table = CAUSES) -> Table:
    """原因剖析 of the summary workbook."""
    return _item_list(
        "cause_list",
        "原因剖析",
        source,
        (
            _id("原因编号"),
            "title",
            "detail",
            _UNITS,
            Column("problems", "对应问题", 14, _LINKED, kind=Kind.LINKS),
            "remark",
            _INCLUDED,
            _REASON,
            _TEXT_FROM,
            _ORDER,
            _WORDING,
        ),
        ("title", "detail", "problems", "included", "text_from", "order", "wording", "remark"),
    )


@cache
def task_list(source: Table = MEASURES) -> Table:
    """任务清单 of the summary workbook."""
    return _item_list(
        "task_list",
        "任务清单",
        source,
        (
            _id("措施编号"),
            Column("problems", "对应问题", 13, _LINKED, kind=Kind.LINKS),
            "direction",
            "title",
            "detail",
            "goal",
            "lead",
            "support",
            "leader",
            "person",
            "type",
            "deadline",
            _DUE,
            _LONG,
            "status",
            _UNITS,
            _INCLUDED,
            _REASON,
            _TEXT_FROM,
            _ORDER,
            _WORDING,
            "remark",
        ),
        (
            "problems",
            "direction",
            "title",
            "detail",
            "goal",
            "lead",
            "support",
            "leader",
            "person",
            "type",
            "deadline",
            "status",
            "included",
            "text_from",
            "order",
            "wording",
            "remark",
        ),
        _CLOSING_TAKES,
        _TASK_WIDTHS,
    )


@cache
def duty_list(source: Table = MEASURES) -> Table:
    """责任清单: one row per (unit, measure, role)."""
    pick = source.column
    return Table(
        "duty_list",
        "责任清单",
        (
            Column("unit", "责任单位", 18),
            Column("role", "角色", 6, choices=tuple(Role)),
            pick("leader"),
            pick("person"),
            _id("措施编号"),
            replace(pick("title"), width=24),
            pick("deadline"),
            replace(_DUE, width=11),
            pick("status"),
            Column("total", "单位合计", 14),
        ),
    )


@cache
def closing_list(source: Table = MEASURES) -> Table:
    """对账销号: one row per measure to be closed."""
    pick = source.column
    return Table(
        "closing_list",
        "对账销号",
        (
            _id("措施编号"),
            replace(pick("title"), width=18),
            pick("lead"),
            _DUE,
            pick("status"),
            Column("light", "预警", 5, choices=tuple(Light)),
            replace(pick("progress"), width=20, editable=True),
            replace(pick("evidence"), width=12, editable=True),
            replace(pick("finished"), width=10, editable=True),
            Column("application", "申请事项", 8),
            Column(
                "answer",
                "审核结果",
                9,
                "从下拉列表中选；能填哪些见填表说明，不能填的会在核对结果中说明。",
                kind=Kind.CHOICE,
                choices=ANSWERS,
                editable=True,
            ),
            Column("opinion", "审核意见", 16, "退回、不同意延期、重启必填。", editable=True),
            Column("answered_on", "审核日期", 10, "空白为运行当天。", kind=Kind.DATE, editable=True),
            Column("closing", "销号状态", 8, choices=tuple(ClosingState)),
            Column("closed_on", "销号日期", 10, kind=Kind.DATE),
            Column("round", "轮次", 6, on_paper=False),
            Column("asked_until", "申请延期至", 11, kind=Kind.DATE, on_paper=False),
            Column("asked_reason", "申请理由", 16, on_paper=False),
            Column("original_due", "原到期日", 11, kind=Kind.DATE, on_paper=False),
            Column("extensions", "延期次数", 6, on_paper=False),
            Column("review_on", "下次复核日期", 11, kind=Kind.DATE, on_paper=False),
        ),
    )


# fmt: off
PENDING = Table("pending", "待确认", (
    Column("family", "组号", 6), Column("short", "表别", 7), Column("id", "编号", 10), Column("unit", "单位", 18),
    Column("text", "原文", 60), Column("likelihood", "可能性", 10), Column("suggestion", "建议", 7), Column("reason", "依据", 40),
    Column("mark", "归并为", 9, "同组里要并成一条的填同一个字（A、1、甲都可以），不并的填“单列”；组内首行可填“全部”“按建议”，任一行可填“其余单列”；空着的下次还会问。", editable=True)))

DECIDED = Table("decided", "已定事项", (
    Column("decision", "决定号", 9), Column("short", "表别", 7), Column("unit", "单位", 18), Column("text", "原文", 60),
    Column("mark", "归并为", 9, "改这一格就改了决定；清空就是撤回。", editable=True), Column("day", "决定日期", 12), Column("by", "由谁", 14)))

OPINIONS = ("归并", "不归并")
PENDING_V1 = Table("pending", "待确认", (
    Column("no", "序号", 6), Column("short", "表别", 7), Column("a_id", "甲编号", 10), Column("a_unit", "甲单位", 16),
    Column("a_text", "甲原文", 48), Column("b_id", "乙编号", 10), Column("b_unit", "乙单位", 16),
    Column("b_text", "乙原文", 48), Column("score", "相似度", 8), Column("doubt", "疑点", 40),
    Column("verdict", "处理意见", 10, "同一问题填“归并”，不是同一问题填“不归并”。", kind=Kind.CHOICE, choices=OPINIONS)))

DECIDED_V1 = Table("decided", "已定事项", (
    Column("no", "序号", 6), Column("short", "表别", 7), Column("a_unit", "甲单位", 16), Column("a_text", "甲原文", 48),
    Column("b_unit", "乙单位", 16), Column("b_text", "乙原文", 48),
    Column("verdict", "处理意见", 10, "改这一格就改了决定；清空就是撤回。", kind=Kind.CHOICE, choices=OPINIONS), Column("day", "决定日期", 12)))

TRACE = Table("trace", "合并明细", (
    Column("short", "表别", 6), Column("unit", "单位", 14), Column("file", "文件", 22), Column("sheet", "工作表", 10),
    Column("row", "行号", 6), Column("seq", "序号", 6), Column("text", "原文", 52), Column("item", "归并编号", 9),
    Column("way", "归并方式", 9, choices=tuple(JoinWay)), Column("score", "相似度", 7), Column("basis", "依据", 30),
    Column("extras", "其他内容", 16)))

RETURNS_STATE = Table("returns_state", "填报情况", (
    Column("unit", "单位", 18), Column("file", "文件", 27), Column("state", "状态", 9, choices=tuple(FileState)),
    Column("n_problems", "问题行数", 6), Column("n_causes", "原因行数", 6), Column("n_measures", "措施行数", 6),
    Column("n_refused", "拒收行数", 6), Column("n_findings", "核对问题数", 6), Column("note", "说明", 38)))

DROPPED = Table("dropped", "未作数据的行", (
    Column("unit", "单位", 20), Column("file", "文件", 32), Column("sheet", "工作表", 14), Column("row", "行号", 7),
    Column("why", "看作什么", 16), Column("text", "原文", 90)))

FINDINGS = Table("findings", "核对结果", (
    Column("level", "级别", 6, choices=tuple(Level)), Column("code", "代码", 7), Column("unit", "单位", 14),
    Column("file", "文件", 24), Column("sheet", "工作表", 10), Column("cell", "单元格", 7), Column("column", "列名", 10),
    Column("value", "原值", 22), Column("message", "问题说明", 46), Column("remedy", "修改建议", 42)))

# fmt: on


def list_tables() -> tuple[Table, ...]:
    """The lists that hold editable columns."""
    return problem_list(), cause_list(), task_list(), closing_list()


MARKS_SHEET = "修改清单"
"""The sheet that a marked-up copy gets in front; it is ours and never read as data."""
