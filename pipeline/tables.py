"""The columns of every table, declared once.

The blank form, the reader, the checks and the summary workbook are all derived from here: a column added to an
input table appears in the form, is read and checked, and comes out in a list of the summary workbook.
Header aliases come from office practice (30 fields with 198 spellings seen in published forms).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache


class Kind(StrEnum):
    """How a cell of the column is understood."""

    TEXT = "text"
    SEQ = "seq"
    CHOICE = "choice"
    CHOICES = "choices"  # several allowed values in one cell, separated by 、
    ASPECT = "aspect"  # a value of the scheme's 对照方面
    DIRECTION = "direction"  # a value of the scheme's 努力方向
    UNITS = "units"  # units of the roster, several separated by 、
    REFS = "refs"  # numbers of the same submission's 问题清单
    DEADLINE = "deadline"
    DATE = "date"
    COUNT = "count"


class Merge(StrEnum):
    """How the values of an item's rows become the item's value."""

    CHOSEN = "chosen"  # the value of the row whose text the item shows, never a mixture
    UNION = "union"  # all distinct values, in order
    SINGLE = "single"  # one value expected: the first that is there, and a finding where rows differ
    NONE = "none"  # stays with the row (合并明细), does not become the item's


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its title is what people see, its key what the code uses."""

    key: str
    title: str
    width: int = 12
    help: str = ""
    required: bool = False
    kind: Kind = Kind.TEXT
    choices: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    repeats: bool = False  # a merged cell down this column means that the value repeats
    merge: Merge = Merge.SINGLE


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet with a header row; `columns` in the order in which we write them."""

    key: str
    title: str
    columns: tuple[Column, ...]
    aliases: tuple[str, ...] = ()
    prefix: str = ""  # of the item numbers: WT, YY, CS
    short: str = ""  # 表别

    def __hash__(self) -> int:
        return hash((self.key, len(self.columns)))

    def column(self, key: str) -> Column:
        """The column named `key`; KeyError if there is none."""
        for column in self.columns:
            if column.key == key:
                return column
        raise KeyError(key)

    def titles(self) -> list[str]:
        """The header row."""
        return [column.title for column in self.columns]

    def keys(self) -> list[str]:
        """The columns' names in the code, in order."""
        return [column.key for column in self.columns]

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)


CHANNELS = ("群众提", "自己找", "互相帮", "上级点", "集体议")
RECTIFICATION_TYPES = ("立行立改", "限期整改", "长期坚持")
STATUSES = ("未启动", "正在推进", "基本完成", "已完成")
YES_NO = ("是", "否")
OPINIONS = ("归并", "不归并")
CLOSING = ("未申请", "待审核", "已销号", "退回")
LEVELS = ("错误", "警告", "提示")
FILE_STATES = ("已报", "未报", "重复报送", "打不开", "不在名册", "空表")
MERGE_WAYS = ("原样", "完全相同", "自动归并", "人工归并", "拒收")

# One column a line reads like the table that it declares; the formatter would make it ten.
# fmt: off
_SEQ = Column("seq", "序号", 6, "填阿拉伯数字，从 1 起连续编号，不重复。", True, Kind.SEQ,
              aliases=("编号", "项次", "No.", "No", "号"), merge=Merge.NONE)
_REMARK = Column("remark", "备注", 16, "没有可不填。", aliases=("说明", "其他", "注"), merge=Merge.UNION)

BASIC = Table("basic", "基本信息", (
    Column("unit", "填报单位", 30, "填单位规范全称，与名册一致。", True,
           aliases=("报送单位", "上报单位", "单位名称", "单位", "填表单位")),
    Column("reporter", "填报人", 30, "填写本表的同志姓名。", aliases=("填表人", "经办人", "联系人")),
    Column("phone", "联系电话", 30, "办公电话。", aliases=("电话", "联系方式", "办公电话")),
    Column("reviewer", "审核人", 30, "审核本表的负责同志姓名。", aliases=("审签人", "单位负责人", "负责人")),
    Column("date", "填报日期", 30, "例：2022-01-10。同一单位多次报送时，以日期最新的一份为准。", kind=Kind.DATE,
           aliases=("报送日期", "填表日期", "上报日期", "填报时间", "日期")),
    Column("studies", "集中学习研讨次数", 30, "填数字，没有填 0。", kind=Kind.COUNT,
           aliases=("学习研讨次数", "集中学习次数", "学习次数")),
    Column("opinions", "征求意见条数", 30, "填数字，没有填 0。", kind=Kind.COUNT, aliases=("征求意见数", "意见条数")),
    Column("talks", "谈心谈话人次", 30, "填数字，没有填 0。", kind=Kind.COUNT, aliases=("谈心谈话次数", "谈话人次")),
), aliases=("基本情况", "单位信息", "封面"))

PROBLEMS = Table("problems", "问题清单", (
    replace(_SEQ, aliases=(*_SEQ.aliases, "问题序号", "问题编号", "台账编号")),
    Column("aspect", "对照方面", 16, "从下拉列表中选。", True, Kind.ASPECT, repeats=True,
           aliases=("方面", "查摆方面", "问题方面", "五个带头", "六个方面", "所属方面", "对照检查方面", "对照检查方面（简称）")),
    Column("title", "问题", 24, "一句话概括，15 字左右，例：对……抓得不紧。", True, repeats=True, merge=Merge.CHOSEN,
           aliases=("问题标题", "问题名称", "问题概述", "突出问题", "查摆问题", "存在问题", "存在的问题", "存在的主要问题",
                    "主要问题", "查摆出的问题", "反馈问题")),
    Column("detail", "具体表现", 50, "写清楚对象、情形、数字，80—130 字为宜，用句号结尾。", True, merge=Merge.CHOSEN,
           aliases=("具体问题", "问题表现", "问题表述", "具体问题表述", "问题描述", "表现形式", "具体情形", "问题详情",
                    "主要表现", "表现")),
    Column("example", "典型事例", 30, "有则填，例：比如……。紧接在具体表现后面入文。", merge=Merge.CHOSEN,
           aliases=("事例", "典型案例", "案例", "举例")),
    Column("channels", "查摆途径", 14, "从群众提、自己找、互相帮、上级点、集体议中选，可填几个，用顿号隔开。", kind=Kind.CHOICES,
           choices=CHANNELS, repeats=True, merge=Merge.UNION,
           aliases=("问题来源", "来源", "查摆方式", "查找方式", "征求渠道", "意见来源", "提出方式", "查摆渠道")),
    Column("leader", "责任领导", 12, "本单位认领该问题的班子成员。", repeats=True, merge=Merge.UNION,
           aliases=("牵头领导", "分管领导", "包抓领导", "包案领导", "责任县领导", "第一责任人", "认领领导")),
    _REMARK,
), aliases=("问题", "问题台账", "查摆问题", "问题汇总", "问题表"), prefix="WT", short="问题")

CAUSES = Table("causes", "原因剖析", (
    _SEQ,
    Column("title", "原因", 24, "一句话概括，例：……意识不强。", True, repeats=True, merge=Merge.CHOSEN,
           aliases=("产生原因", "问题根源", "思想根源", "主要原因", "原因标题", "根源")),
    Column("detail", "剖析", 60, "写清楚为什么，80—150 字为宜，用句号结尾。", True, merge=Merge.CHOSEN,
           aliases=("原因剖析", "原因分析", "根源剖析", "具体剖析", "深层次原因", "剖析分析")),
    Column("refs", "对应问题", 12, "填本表问题清单的序号，例：1、3。", kind=Kind.REFS, repeats=True, merge=Merge.NONE,
           aliases=("对应问题序号", "问题编号", "对应的问题", "关联问题", "所属问题")),
    _REMARK,
), aliases=("原因", "原因分析", "原因清单", "产生原因"), prefix="YY", short="原因")

MEASURES = Table("measures", "整改措施", (
    _SEQ,
    Column("refs", "对应问题", 10, "填本表问题清单的序号，例：1、3。", True, Kind.REFS, repeats=True, merge=Merge.NONE,
           aliases=("对应问题序号", "问题编号", "对应的问题", "关联问题", "问题序号", "存在问题", "问题", "反馈问题")),
    Column("direction", "努力方向", 18, "从下拉列表中选。", True, Kind.DIRECTION, repeats=True,
           aliases=("方向", "整改方向", "所属方向")),
    Column("title", "措施", 22, "四到八个字概括，例：坚持理论学习。", True, repeats=True, merge=Merge.CHOSEN,
           aliases=("整改措施", "整改举措", "改进措施", "任务内容", "工作任务", "整改任务", "措施名称", "措施标题", "任务",
                    "努力方向和整改措施", "采取的整改措施")),
    Column("detail", "具体举措", 50, "写清楚做什么、做到什么程度，用句号结尾。", True, merge=Merge.CHOSEN,
           aliases=("具体措施", "具体整改措施", "细化的整改措施", "具体的措施（目标）", "措施内容", "举措", "具体做法",
                    "细化措施")),
    Column("goal", "目标要求", 18, "整改要达到的标准。", merge=Merge.CHOSEN,
           aliases=("整改目标", "预期目标", "整改成效目标", "工作目标", "完成标准", "整改完成标准", "销号标准", "整改标准",
                    "目标")),
    Column("lead", "牵头单位", 16, "单位规范名称，几个单位用顿号隔开。", True, Kind.UNITS, repeats=True, merge=Merge.UNION,
           aliases=("牵头部门", "责任牵头单位", "整改牵头单位", "主办单位", "承办单位", "责任单位", "责任部门", "整改责任单位",
                    "具体责任单位")),
    Column("support", "配合单位", 16, "几个单位用顿号隔开。", kind=Kind.UNITS, repeats=True, merge=Merge.UNION,
           aliases=("协办单位", "配合部门", "参与单位", "协同单位", "责任配合单位")),
    Column("leader", "责任领导", 10, "填职务或姓名。", repeats=True,
           aliases=("牵头领导", "分管领导", "包抓领导", "包案领导", "责任县领导", "整改第一责任人", "第一责任人")),
    Column("person", "责任人", 10, "填具体经办负责的同志。", repeats=True,
           aliases=("整改责任人", "具体责任人", "经办人", "措施整改责任人", "联系人")),
    Column("type", "整改类型", 10, "从下拉列表中选。", True, Kind.CHOICE, RECTIFICATION_TYPES, repeats=True,
           aliases=("整改方式", "整改类别", "整改性质", "时限类型", "类型")),
    Column("deadline", "整改时限", 14, "填日期，例：2022-06-30；也可填“立行立改”“长期坚持”。", True, Kind.DEADLINE,
           repeats=True,
           aliases=("完成时限", "整改期限", "时限", "完成时间", "计划完成时间", "计划完成日期", "预计完成时间", "整改完成时限",
                    "时间节点", "目标节点或完成时限", "时间要求", "期限", "完成期限")),
    Column("status", "完成情况", 10, "从下拉列表中选。", kind=Kind.CHOICE, choices=STATUSES, repeats=True,
           aliases=("整改状态", "状态", "整改结果", "办理状态", "是否完成", "完成与否", "整改结论", "完成状态")),
    Column("progress", "进展说明", 24, "已经做了什么，写事实。", merge=Merge.UNION,
           aliases=("整改进展", "整改情况", "进展情况", "整改落实情况", "当前进展", "工作进展", "整改成效", "已采取的整改措施",
                    "取得成效", "进展")),
    Column("evidence", "佐证材料", 18, "文件、照片、台账等的名称。", merge=Merge.UNION,
           aliases=("印证材料", "支撑材料", "证明材料", "附件", "台账资料")),
    Column("finished", "完成日期", 12, "实际完成的日期，例：2022-05-20。", kind=Kind.DATE,
           aliases=("实际完成时间", "措施完成时间", "整改完成时间", "办结时间", "实际完成日期")),
    _REMARK,
), aliases=("措施", "措施清单", "任务清单", "整改清单", "整改台账", "努力方向和整改措施", "整改措施清单", "责任清单"),
    prefix="CS", short="措施")

# fmt: on
INPUTS: tuple[Table, ...] = (PROBLEMS, CAUSES, MEASURES)
"""The tables whose rows are merged into items, in the order in which they are handled."""


# ---- the summary workbook -------------------------------------------------------------------------------------


def _item_list(
    key: str, title: str, source: Table, layout: tuple[str | Column, ...], taken: tuple[str, ...] = ()
) -> Table:
    """A list of merged items: `layout` names columns of `source` or declares derived ones.

    A column of the source that is neither laid out nor `taken` by another list is added before the last column, so
    that nothing a department can fill in is missing from the summary workbook.
    """
    columns = [source.column(part) if isinstance(part, str) else part for part in layout]
    placed = {column.key for column in columns} | set(taken)
    extra = [column for column in source if column.key not in placed and column.merge is not Merge.NONE]
    laid = tuple(_printable(column) for column in (*columns[:-1], *extra, columns[-1]))
    return Table(key, title, laid, prefix=source.prefix, short=source.short)


_PRINTED_WIDTHS = {
    "aspect": 10, "title": 18, "detail": 40, "example": 20, "channels": 10, "direction": 12, "goal": 14, "lead": 12,
    "support": 12, "leader": 8, "person": 8, "type": 9, "deadline": 11, "due": 11, "status": 9, "units": 16,
    "problems": 10, "remark": 10,
}  # fmt: skip
"""Narrower than in the blank form where it matters: a list must be readable when printed on A4."""


def _printable(column: Column) -> Column:
    return replace(column, width=min(column.width, _PRINTED_WIDTHS.get(column.key, column.width)))


def _id(title: str) -> Column:
    return Column("id", title, 10)


_UNITS = Column("units", "提出单位", 22)
_INCLUDED = Column("included", "入文", 7, "是否写入对照检查材料。", kind=Kind.CHOICE, choices=YES_NO)
_REASON = Column("reason", "入文理由", 14)
_LONG = Column("long_term", "长期坚持", 7, kind=Kind.CHOICE, choices=YES_NO)
_DUE = Column("due", "到期日", 12, kind=Kind.DATE)
_CLOSING_TAKES = ("progress", "evidence", "finished")


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
            Column("causes", "对应原因", 12),
            Column("measures", "对应措施", 12),
            _INCLUDED,
            _REASON,
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
        (_id("原因编号"), "title", "detail", _UNITS, Column("problems", "对应问题", 14), "remark", _INCLUDED, _REASON),
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
            Column("problems", "对应问题", 12),
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
            "remark",
        ),
        _CLOSING_TAKES,
    )


@cache
def duty_list(source: Table = MEASURES) -> Table:
    """责任清单: one row per (unit, measure, role)."""
    pick = source.column
    return Table(
        "duty_list",
        "责任清单",
        (
            Column("unit", "责任单位", 20),
            Column("role", "角色", 7, choices=("牵头", "配合")),
            pick("leader"),
            pick("person"),
            _id("措施编号"),
            replace(pick("title"), width=26),
            pick("deadline"),
            _DUE,
            pick("status"),
            Column("total", "单位合计", 18),
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
            replace(pick("title"), width=26),
            pick("lead"),
            _DUE,
            pick("status"),
            Column("light", "预警", 7, choices=("绿", "黄", "红")),
            pick("progress"),
            pick("evidence"),
            pick("finished"),
            Column("application", "申请销号", 12),
            Column("opinion", "审核意见", 20),
            Column("closing", "销号状态", 10, kind=Kind.CHOICE, choices=CLOSING),
            Column("closed_on", "销号日期", 12),
        ),
    )


# fmt: off
PENDING = Table("pending", "待确认", (
    Column("no", "序号", 6), Column("short", "表别", 7), Column("a_id", "甲编号", 10), Column("a_unit", "甲单位", 16),
    Column("a_text", "甲原文", 48), Column("b_id", "乙编号", 10), Column("b_unit", "乙单位", 16),
    Column("b_text", "乙原文", 48), Column("score", "相似度", 8), Column("doubt", "疑点", 40),
    Column("verdict", "处理意见", 10, "同一问题填“归并”，不是同一问题填“不归并”。", kind=Kind.CHOICE, choices=OPINIONS)))

DECIDED = Table("decided", "已定事项", (
    Column("no", "序号", 6), Column("short", "表别", 7), Column("a_unit", "甲单位", 16), Column("a_text", "甲原文", 48),
    Column("b_unit", "乙单位", 16), Column("b_text", "乙原文", 48),
    Column("verdict", "处理意见", 10, "改这一格就改了决定；清空就是撤回。", kind=Kind.CHOICE, choices=OPINIONS), Column("day", "决定日期", 12)))

TRACE = Table("trace", "合并明细", (
    Column("short", "表别", 7), Column("unit", "单位", 18), Column("file", "文件", 28), Column("sheet", "工作表", 12),
    Column("row", "行号", 7), Column("seq", "序号", 7), Column("text", "原文", 60), Column("item", "归并编号", 10),
    Column("way", "归并方式", 10, choices=MERGE_WAYS), Column("score", "相似度", 8), Column("basis", "依据", 40),
    Column("extras", "其他内容", 30)))

RETURNS_STATE = Table("returns_state", "填报情况", (
    Column("unit", "单位", 20), Column("file", "文件", 32), Column("state", "状态", 10, choices=FILE_STATES),
    Column("n_problems", "问题行数", 8), Column("n_causes", "原因行数", 8), Column("n_measures", "措施行数", 8),
    Column("n_refused", "拒收行数", 8), Column("n_findings", "核对问题数", 9), Column("note", "说明", 46)))

FINDINGS = Table("findings", "核对结果", (
    Column("level", "级别", 7, choices=LEVELS), Column("code", "代码", 8), Column("unit", "单位", 18),
    Column("file", "文件", 28), Column("sheet", "工作表", 12), Column("cell", "单元格", 8), Column("column", "列名", 10),
    Column("value", "原值", 24), Column("message", "问题说明", 48), Column("remedy", "修改建议", 48)))

# fmt: on
EDITABLE: dict[str, tuple[str, ...]] = {
    "problem_list": ("aspect", "title", "detail", "example", "included", "remark"),
    "cause_list": ("title", "detail", "included", "remark"),
    "task_list": (
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
        "remark",
    ),
    "closing_list": ("progress", "evidence", "finished", "application", "opinion", "closing", "closed_on"),
}
"""The columns of the merged lists that the office may edit: list key -> column keys."""


def list_tables() -> tuple[Table, ...]:
    """The lists that hold editable columns."""
    return problem_list(), cause_list(), task_list(), closing_list()


NARRATIVE_FILE, REVIEW_FILE = "对照检查材料.docx", "对照检查材料（核稿）.docx"

RETURNS = "退回修改"
"""The folder of marked-up copies."""

MARKS_SHEET = "修改清单"
"""The sheet that a marked-up copy gets in front; it is ours and never read as data."""


def row_text(title: str, detail: str) -> str:
    """原文 of 合并明细: the title, “。” and the text, exactly as the department wrote them."""
    return f"{title}。{detail}" if title and detail else title or detail
