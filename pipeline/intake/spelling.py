"""Headers as offices spell them: how well a header's words name a column."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import fuzz

from pipeline.tables import CAUSES, INPUTS, MEASURES, PROBLEMS, Column, Table
from pipeline.text import fold

TABLES: dict[str, Table] = {table.key: table for table in INPUTS}
"""The tables that are read, by key."""

EXACT, ALIAS = 10.0, 9.0
"""What a column's own title and a known other spelling are worth; anything below is a near-spelling, and is said."""

_NEAR = 78.0
"""Least rapidfuzz ratio at which a header counts as a near-spelling: one character changed or added in four or five."""

_OF_TWO = 1.5
"""What a name is worth less that is one of two in a header."""

LONGEST = 40
"""Longer cells are no headers, whatever stands in brackets in them."""

_BRACKETS = re.compile(r"[（(【\[《〈“\"][^）)】\]》〉”\"]*[）)】\]》〉”\"]")
_EDGES = re.compile(r"^[*＊※★:：、.\d]+|[*＊※★:：]+$")
_DETAIL_WORDS = re.compile(r"内容|表现|描述|详细|具体|表述|情形|剖析|分析|做法|细化|阐述|举措$|说明")
_TITLE_WORDS = re.compile(r"名称|标题|概述|概括|概要|简述|要点|题目|小标题|一句话")
_OF_SOMETHING_ELSE = re.compile(
    r"类|别|性质|来源|编号|序号|号$|时间|时限|期限|日期|次?数|是否|单位|部门|科室|股室|属性|等级|程度|领导|人$|人员|情况|结果|依据|对应|"
    r"销号|状态|进展|目标|要求|标准|材料|成效|金额|电话|意见|提出|整改前|整改后|图片|照片|地点|方面|途径|方式|困难|备注|原因|根源|措施|举措"
)
"""Headers that speak of a problem or a measure but hold something about it."""

_TOO_SHORT = frozenset(
    [
        "单位",
        "部门",
        "情况",
        "时间",
        "日期",
        "内容",
        "整改",
        "责任",
        "具体",
        "要求",
        "领导",
        "完成",
        "对应",
        "材料",
        "标准",
        "结果",
        "说明",
        "类型",
        "方式",
    ]
)
"""Words that stand in the names of many columns."""

_UNIT_AND_PERSON = re.compile(
    r"(?:单位|部门|科室)[及和与、/,，（(]*(?:责任|负责|承办)人|(?:责任|负责|承办)人[及和与、/,，]*(?:责任)?(?:单位|部门)"
)

_CORES = {
    PROBLEMS.key: re.compile(r"问题|不足|短板|差距"),
    CAUSES.key: re.compile(r"原因|根源|成因|症结"),
    MEASURES.key: re.compile(r"措施|举措|任务|办法|对策|怎么改|如何改|打算|整改方案|整改思路"),
}
"""The word that a header of a table's text contains, whatever stands around it."""

_HEADS = {
    "deadline": re.compile(r"时限|期限|节点|截止|何时|时间安排|(?:整改|完成|计划|预计|拟).{0,4}(?:时间|日期)$"),
    "person": re.compile(r"(?:责任|负责|承办|经办)(?:人员?|同志)$|谁负责|具体负责"),
    "leader": re.compile(r"领导(?:同志|干部)?$|班子成员$"),
    "lead": re.compile(r"(?:牵头|责任|主办|承办|负责).{0,4}(?:单位|部门|科室|股室|处室)$"),
    "support": re.compile(r"(?:配合|协办|协同|参与|协助).{0,4}(?:单位|部门)?$"),
    "goal": re.compile(r"目标|预期|整改要求|(?:完成|整改|销号)标准"),
    "status": re.compile(r"(?:整改|完成|办理|落实|目前|当前)状态$|完成(?:与否|没有|情况)|办理情况|^进度$"),
    "progress": re.compile(r"进展|(?:整改|取得).{0,2}成效"),
    "evidence": re.compile(r"佐证|印证"),
    "finished": re.compile(r"实际完成|办结(?:时间|日期)"),
    "channels": re.compile(r"(?:问题|意见|查摆).{0,2}(?:来源|途径|渠道)"),
    "example": re.compile(r"(?:典型)?(?:事例|案例)"),
    "refs": re.compile(r"(?:对应|关联|针对|所属|涉及)的?.{0,4}问题"),
    "direction": re.compile(r"方向$"),
    "aspect": re.compile(r"(?:对照|查摆|对应|所属|检查).{0,2}方面"),
}
"""What a header says that names a column in other words: the words that nothing else is named by."""

_HEAD = 4.8
"""What such a header is worth."""

OTHERS = frozenset(
    [
        "未完成原因",
        "未整改原因",
        "存在困难",
        "滞后原因",
        "需协调事项",
        "问题类别",
        "问题类型",
        "问题分类",
        "问题属性",
        "类别",
        "归类",
        "是否销号",
        "销号情况",
        "销号结果",
        "申请销号时间",
        "销号申请",
        "复查人",
        "验收人",
        "核查人",
        "复查时间",
        "审核时间",
        "销号时间",
        "核查时间",
        "复查结果",
        "审核意见",
        "验收意见",
        "销号说明",
        "提出人",
        "提意见单位",
        "提出单位",
        "反映人",
        "谈话对象",
        "问题金额",
        "涉及金额",
        "措施数",
        "问题数",
        "原因数",
        "措施类别",
        "措施类型",
        "任务类别",
        "存在的困难",
    ]
)
"""Headers seen in published forms that name something which our tables do not ask for."""


@lru_cache(maxsize=8192)
def fold_header(text: str) -> str:
    """A header reduced to what identifies it: width, white space, stars, colons and bracketed hints do not."""
    folded = fold(text)
    bare = _EDGES.sub("", _BRACKETS.sub("", folded))
    return bare or _EDGES.sub("", folded)


@lru_cache(maxsize=512)
def _spellings(column: Column) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fold_header(name) for name in (column.title, *column.aliases)))


@lru_cache(maxsize=65536)
def spelling_score(text: str, table: Table, column: Column) -> float:
    """0 (nothing in common) … 10 (the column's own title) for a header cell's text."""
    if len(text) > LONGEST:
        return 0.0
    folded = fold_header(text)
    if not folded:
        return 0.0
    if _UNIT_AND_PERSON.search(fold(text)):  # 责任单位（责任人）
        return 6.0 if column.key == "lead" else 0.0
    names = _spellings(column)
    if folded == names[0]:
        return EXACT
    if folded in names:
        return ALIAS
    if folded in OTHERS:
        return 0.0
    if "/" in folded and (parts := [part for part in folded.split("/") if part]) and len(parts) > 1:  # Aspect/方面
        return max(spelling_score(part, table, column) for part in parts) - _OF_TWO
    best = max(_near(folded, names), _contains(folded, names, column), _part_of(folded, names))
    if (head := _HEADS.get(column.key)) and head.search(folded):
        best = max(best, _HEAD)
    if column.key in ("title", "detail"):
        best = max(best, _core_score(folded, table, column.key))
    return best


def _near(folded: str, names: tuple[str, ...]) -> float:
    """A name with a character changed, added or left out."""
    best = 0.0
    if 3 <= len(folded) <= 14:
        ratio = max(fuzz.ratio(folded, name) for name in names)
        if ratio >= _NEAR:
            best = 5.0 + (ratio - _NEAR) / 11.0
    return best


def _contains(folded: str, names: tuple[str, ...], column: Column) -> float:
    """A name with words around it."""
    best = 0.0
    for name in names:
        if len(name) >= 3 and name in folded:
            rest = folded.replace(name, "", 1)
            if column.key not in ("title", "detail") or not _OF_SOMETHING_ELSE.search(rest):
                # the head of a Chinese compound stands last: 整改措施责任人 is a person, not a measure
                best = max(best, (5.0 if folded.endswith(name) else 3.5) + len(name) / len(folded))
    return best


def _part_of(folded: str, names: tuple[str, ...]) -> float:
    """A part of a name: 牵头 for 牵头单位."""
    if not 2 <= len(folded) <= 6 or folded in _TOO_SHORT:
        return 0.0
    return max((3.2 + len(folded) / len(name) for name in names if folded in name), default=0.0)


def _core_score(folded: str, table: Table, key: str) -> float:
    """What a header that contains the table's own word is worth as its title or its text."""
    core = _CORES.get(table.key)
    match = core.search(folded) if core else None
    if not match:
        return 0.0
    rest = core.sub("＿", folded) if core else folded
    if _OF_SOMETHING_ELSE.search(rest):
        return 0.0
    if _TITLE_WORDS.search(rest):
        return 5.5 if key == "title" else 2.5
    if _DETAIL_WORDS.search(rest):
        return 5.5 if key == "detail" else 3.0
    known = any(name == folded for column in table if column.key in ("title", "detail") for name in _spellings(column))
    return 4.0 if known or key == "title" else 3.5


@lru_cache(maxsize=8192)
def label_of(text: str) -> tuple[tuple[str, str], ...]:
    """The (table key, column key) pairs that a text names exactly, in the tables' order; a digit behind does not matter."""
    if not text or len(text) > LONGEST:
        return ()
    folded = re.sub(r"(?<=\D)[\d一二三四五六七八九十]{1,2}$", "", fold_header(text))
    return tuple(
        (table.key, column.key)
        for table in TABLES.values()
        for column in table
        if folded in _spellings(column) or fold_header(text) in _spellings(column)
    )


def names_table(text: str, table: Table) -> bool:
    """Whether a sheet's name or a title speaks of `table`."""
    folded = fold_header(text)
    return any(fold_header(name) in folded for name in (table.title, *table.aliases))
