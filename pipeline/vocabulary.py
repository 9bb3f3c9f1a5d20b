"""The fixed words of the trade, once each: what cells hold, what formulas compare with, what the code decides by.

Every member is a `str` whose text is what a clerk sees, so that it can stand in a cell, a formula or a message as it is.
"""

from __future__ import annotations

from enum import StrEnum


class TableKey(StrEnum):
    """The tables whose rows are merged into items."""

    PROBLEMS = "problems"
    CAUSES = "causes"
    MEASURES = "measures"


class Level(StrEnum):
    """How much a finding matters; `rank` sorts the gravest first."""

    ERROR = "错误"
    WARNING = "警告"
    NOTE = "提示"

    @property
    def rank(self) -> int:
        """0 for an error, 1 for a warning, 2 for a note."""
        return list(Level).index(self)


class Channel(StrEnum):
    """查摆途径."""

    MASSES = "群众提"
    SELF = "自己找"
    MUTUAL = "互相帮"
    SUPERIOR = "上级点"
    COLLECTIVE = "集体议"


class RectificationType(StrEnum):
    """整改类型."""

    IMMEDIATE = "立行立改"
    BY_DATE = "限期整改"
    FOR_GOOD = "长期坚持"


class Status(StrEnum):
    """完成情况, the least advanced first."""

    NOT_STARTED = "未启动"
    IN_PROGRESS = "正在推进"
    NEARLY_DONE = "基本完成"
    DONE = "已完成"


class YesNo(StrEnum):
    """是 or 否."""

    YES = "是"
    NO = "否"

    @classmethod
    def of(cls, value: bool) -> YesNo:
        """True -> 是."""
        return cls.YES if value else cls.NO


class Included(StrEnum):
    """入文 as the office may set it; what the program chose itself is 是 or 否."""

    YES = "是"
    NO = "否"
    ALWAYS = "必入"
    NEVER = "不入"


class Role(StrEnum):
    """A unit's part in a measure."""

    LEAD = "牵头"
    SUPPORT = "配合"


class Light(StrEnum):
    """预警."""

    GREEN = "绿"
    AMBER = "黄"
    RED = "红"


class FileState(StrEnum):
    """状态 of 填报情况."""

    TAKEN = "已报"
    MISSING = "未报"
    SUPERSEDED = "重复报送"
    UNREADABLE = "打不开"
    NOT_ON_ROSTER = "不在名册"
    EMPTY = "空表"
    PROGRESS = "进展填报"


class JoinWay(StrEnum):
    """归并方式: how a row came into its item."""

    ALONE = "原样"
    EQUAL = "完全相同"
    AUTOMATIC = "自动归并"
    BY_PERSON = "人工归并"
    REFUSED = "拒收"


class Grade(StrEnum):
    """可能性 in words."""

    LIKELY = "很可能"
    POSSIBLE = "可能"
    DOUBTFUL = "存疑"


class AutoMerge(StrEnum):
    """自动归并: what the program may join without a person."""

    CAUTIOUS = "稳妥"
    EAGER = "积极"
    NEVER = "否"


class ClosingState(StrEnum):
    """销号状态."""

    OPEN = "未申请"
    UNDER_REVIEW = "待审核"
    RETURNED = "退回"
    EXTENSION_ASKED = "延期待批"
    LONG_TERM_ASKED = "转长期待批"
    LONG_TERM = "长期坚持"
    CLOSED = "已销号"


class PartKind(StrEnum):
    """段落 of the sheet 文稿."""

    OPENING = "开头"
    PROBLEMS = "问题"
    CAUSES = "原因"
    MEASURES = "措施"
    TEXT = "正文"
    SEPARATE = "另行通报"  # reported at the meeting by itself; stands in the scheme as a reminder, not in the document
    ENDING = "结尾"


class DocumentKind(StrEnum):
    """文种: what a merge writes besides the lists; the first two are one paper under two names."""

    SELF_EXAMINATION = "对照检查材料"
    ANALYSIS = "检视剖析材料"
    PLAN = "整改方案"
    PROBLEM_ANNEX = "问题清单"


class Stage(StrEnum):
    """The stages of a run, in their order, as progress shows them."""

    PREPARE = "准备"
    READ = "读取"
    MATCH = "归并"
    CHECK = "核对"
    WRITE = "写出"
    ISSUE = "下发"


APART = "单列"
"""归并为 of a row that is to stay apart from all others of its family."""
