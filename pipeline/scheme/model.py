"""What this round asks for: one frozen object that every room reads and none changes."""

from __future__ import annotations

import datetime as dt
import re
from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from pipeline.progress.sections import DEFAULT_SECTIONS, Section
from pipeline.tables import Column, Kind
from pipeline.text import fold
from pipeline.vocabulary import AutoMerge, DocumentKind, PartKind

OWN_FIGURES = ("集中学习研讨次数", "征求意见条数", "谈心谈话人次")
"""Figures of the body itself, as the sheet 班子情况 has them."""

SUM_PREFIX = "各单位"
"""Before the name of such a figure it means the sum of what the departments reported."""

PLACEHOLDERS = (
    "单位名称",
    "会议主题",
    "年度",
    "问题数",
    "原因数",
    "措施数",
    "填报单位数",
    "应报单位数",
    "方面数",
    "入文问题数",
    "文稿标题",
    "基准日期",
    "报送截止",
    *OWN_FIGURES,
    *(f"{SUM_PREFIX}{name}" for name in OWN_FIGURES),
)
"""What a scheme's text may have filled in between braces."""

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


_EXAMPLE_YEAR = re.compile(r"(?<!\d)2022(?=-\d\d-\d\d(?!\d))")
"""The year in which the examples of hints are written."""


class SchemeError(Exception):
    """The scheme cannot be used; `problems` says in the clerk's words where (sheet, cell) and what is allowed."""

    def __init__(self, problems: list[str]):
        super().__init__("\n".join(problems))
        self.problems = problems


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)


class Aspect(_Frozen):
    """One of the aspects a problem is held against; also used for 原因类别."""

    short: str
    full: str
    cell: str = ""  # where 全称 stands in 方案.xlsx


class Unit(_Frozen):
    """A unit of the roster."""

    name: str
    aliases: tuple[str, ...] = ()
    category: str = ""


class Part(_Frozen):
    """A part of the narrative, as the sheet 文稿 lists it."""

    kind: PartKind
    title: str = ""
    content: str = ""
    cell: str = ""  # where its content stands in 方案.xlsx, for those who trace a sentence
    note: str = ""  # what belongs there, for the office; never printed


class Term(_Frozen):
    """A line of 词库: a word, its category and its synonyms."""

    category: str
    word: str
    synonyms: tuple[str, ...] = ()


class Body(_Frozen):
    """班子情况: the body's own figures, None where the office has not filled them in."""

    studies: int | None = Field(default=None, title=OWN_FIGURES[0], description="班子自己会前集中学习研讨几次。", ge=0)
    opinions: int | None = Field(default=None, title=OWN_FIGURES[1], description="向班子征求到的意见建议几条。", ge=0)
    talks: int | None = Field(default=None, title=OWN_FIGURES[2], description="班子成员谈心谈话几人次。", ge=0)


class Settings(_Frozen):
    """基本设置; the field's `title` is the name in the sheet, its `description` the sheet's 说明."""

    unit: str = Field("", title="单位名称", description="作对照检查的单位，写入文稿。")
    theme: str = Field("", title="会议主题", description="以上级通知为准。")
    document_title: str = Field(
        "对照检查材料", title="文稿标题", description="文稿首行的标题；要分行的，在格内换行（Alt+Enter）。"
    )
    kinds: tuple[DocumentKind, ...] = Field(
        (DocumentKind.SELF_EXAMINATION,),
        title="文种",
        description="对照检查材料、检视剖析材料、整改方案、问题清单，几个用顿号隔开；前两种是同一份材料的两个名称，取先写的。",
        min_length=1,
    )
    year: int = Field(title="年度", description="四位数字。", ge=2000, le=2100)
    deadline_year: int | None = Field(
        None, title="时限年度", description="只写月份的时限按哪一年理解；空白同“年度”。", ge=2000, le=2100
    )
    submit_by: dt.date | None = Field(None, title="报送截止", description="各单位报送的最后日期。")
    base_date: dt.date | None = Field(None, title="基准日期", description="判断是否逾期的日期；空白为运行当天。")
    secrecy: str = Field("", title="密级", description="由单位依法确定，例：秘密★1年；空白则文稿不印。")
    problems_per_aspect: int = Field(3, title="每方面入文问题数", description="1 以上的整数。", ge=1)
    measures_per_direction: int = Field(3, title="每方向入文措施数", description="1 以上的整数。", ge=1)
    causes_in_document: int = Field(4, title="入文原因数", description="1 以上的整数。", ge=1)
    third_level: Literal["1、", "1."] = Field(
        "1、", title="三级序号", description="填“1、”或“1.”（GB/T 9704 用“1.”）。"
    )
    numbering_per_aspect: bool = Field(
        True, title="逐方面编号", description="填“是”：每个方面的问题从 1 编起；填“否”：全文连续编号。"
    )
    measure_numbers: Literal["一是", "（1）"] = Field(
        "一是", title="措施序号", description="一个方向下几条措施的序号，填“一是”或“（1）”。"
    )
    contents: bool = Field(False, title="目录", description="填“是”则在标题后加目录。")
    tidy: bool = Field(
        False,
        title="统一标点",
        description="填“是”则文稿中统一全角标点和引号；填“否”照填报的原文。清单始终照原文。",
    )
    attachments: tuple[str, ...] = Field(
        (), title="附件", description="附件名称，几个用顿号隔开，印在正文后面；空白则不印。"
    )
    signature: str = Field("", title="署名", description="印在文末，例：中共××县委常委班子；空白则不印。")
    issued_on: dt.date | None = Field(None, title="成文日期", description="印在署名下面；空白则不印。")
    template: str = Field(
        "", title="文稿模板", description="本单位的 .docx 模板（放在项目文件夹中，填文件名）；空白用 GB/T 9704 版式。"
    )
    least_characters: int | None = Field(
        None, title="文稿最少字数", description="正文（不含标题、署名）不少于多少字；空白不查。", ge=1
    )
    most_characters: int | None = Field(
        None, title="文稿最多字数", description="正文（不含标题、署名）不多于多少字；空白不查。", ge=1
    )
    last_ledger: str = Field(
        "",
        title="上年度台账",
        description="上年度的汇总台账.xlsx（放在项目文件夹中，填文件名），用来列出年年提的问题；空白则不比。",
    )
    last_document: str = Field(
        "",
        title="上年度文稿",
        description="上年度对照检查材料的 .docx（放在项目文件夹中，填文件名）；空白不与上年度比较。",
    )
    auto_merge: AutoMerge = Field(
        AutoMerge.CAUTIOUS,
        title="自动归并",
        description="“稳妥”（填“是”也一样）：只归并在没见过的文字上也靠得住的；“积极”：待确认里“很可能”的建议也归并，并注明；“否”：只归并完全相同的。",
    )
    masks: tuple[str, ...] = Field(
        (), title="允许的掩码", description="允许出现在文中的代替字样，顿号隔开，例：xx、×××。"
    )
    ledger_url: str = Field(
        "", title="台账地址", description="空白为本文件夹的台账.db；也可填其他数据库的 SQLAlchemy 地址。"
    )
    reply_days: int = Field(5, title="催办期限天数", description="催办单要求几天内办理或答复，从基准日期算起。", ge=1)
    warn_days: int = Field(30, title="预警天数", description="到期前多少天亮黄灯。", ge=0)

    @field_validator("auto_merge", mode="before")
    @classmethod
    def _switch(cls, value: object) -> object:
        """是 and 否, as the setting was once filled in."""
        return (
            {True: AutoMerge.CAUTIOUS, False: AutoMerge.NEVER}.get(value, value) if isinstance(value, bool) else value
        )

    @property
    def paper(self) -> DocumentKind:
        """The name of the self-examination: 对照检查材料, unless the office calls it 检视剖析材料."""
        papers = (DocumentKind.SELF_EXAMINATION, DocumentKind.ANALYSIS)
        return next((kind for kind in self.kinds if kind in papers), DocumentKind.SELF_EXAMINATION)

    @property
    def printed_title(self) -> str:
        """文稿标题 with the name of the kind of paper."""
        return self.document_title.replace(DocumentKind.SELF_EXAMINATION, self.paper)

    @property
    def plain_title(self) -> str:
        """文稿标题 on one line."""
        return self.printed_title.replace("\n", "")


class Scheme(_Frozen):
    """This round's settings, aspects, directions, document parts, roster and vocabulary."""

    settings: Settings
    aspects: tuple[Aspect, ...]
    categories: tuple[Aspect, ...] = ()
    directions: tuple[str, ...] = ()
    roster: tuple[Unit, ...] = ()
    externals: tuple[Unit, ...] = ()  # bodies that support measures but report nothing
    parts: tuple[Part, ...] = ()
    terms: tuple[Term, ...] = ()
    body: Body | None = None  # None where 方案.xlsx has no sheet 班子情况, as files of earlier versions
    bulletin: tuple[Section, ...] = DEFAULT_SECTIONS
    unknown_settings: tuple[tuple[str, str], ...] = ()  # (cell, name) of settings that we do not know

    @property
    def deadline_year(self) -> int:
        """The year that a deadline without a year means."""
        return self.settings.deadline_year or self.settings.year

    def dated(self, text: str) -> str:
        """A hint with the dates of its examples (2022-06-30) in the round's own year."""
        return _EXAMPLE_YEAR.sub(str(self.deadline_year), text)

    @cached_property
    def unit_names(self) -> dict[str, str]:
        """Every known spelling of a unit, folded by `fold_name` -> the roster's name."""
        known: dict[str, str] = {}
        for unit in self.roster:
            for name in (unit.name, *unit.aliases):
                known.setdefault(fold_name(name), unit.name)
        return known

    @cached_property
    def external_names(self) -> dict[str, str]:
        """Every known spelling of a body of 外单位, folded -> its name."""
        return {fold_name(name): unit.name for unit in self.externals for name in (unit.name, *unit.aliases)}

    def is_external(self, unit: str) -> bool:
        """Whether a unit is one of 外单位: it is never 未报 and owes nothing."""
        return fold_name(unit) in self.external_names

    @cached_property
    def unit_order(self) -> dict[str, int]:
        """Roster name -> position; units are always listed in the roster's order."""
        return {unit.name: position for position, unit in enumerate(self.roster)}

    def allowed(self, column: Column) -> tuple[str, ...]:
        """The values a column may hold, () where anything may be written."""
        if column.kind is Kind.ASPECT:
            return tuple(aspect.short for aspect in self.aspects)
        if column.kind is Kind.DIRECTION:
            return self.directions
        return column.choices

    def rank(self, unit: str) -> tuple[int, str]:
        """Sort key of a unit: the roster's order, then units that are not on it by name."""
        return self.unit_order.get(unit, len(self.roster)), unit


def fold_name(name: str) -> str:
    """A unit's name reduced to what identifies it: width and white space do not."""
    return fold(name)
