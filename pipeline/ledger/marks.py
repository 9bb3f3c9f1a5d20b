"""归并为 as people fill it in -> a mark for each line, and what could not be understood. Pure; nothing is guessed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.text import fold
from pipeline.vocabulary import APART

ALL, AS_SUGGESTED, REST_APART = "全部", "按建议", "其余单列"
_LONGEST = 12
"""A mark is a short sign; a longer text is a remark and no mark."""

_VERDICTS = frozenset(
    [
        "归并",
        "不归并",
        "合并",
        "不合并",
        "并",
        "不并",
        "是",
        "否",
        "不是",
        "对",
        "不对",
        "同",
        "不同",
        "相同",
        "不相同",
        "同意",
        "不同意",
        "分开",
        "单独",
        "单立",
        "独立",
        "各自",
        "不变",
        "保留",
        "删除",
        "yes",
        "no",
        "y",
        "n",
        "ok",
        "√",
        "×",
        "x",
    ]
)
"""Words that answer yes or no: in a family of several rows they do not say with which row, and a row of 不归并 must never become a joint item."""

_UNDECIDED = frozenset(
    [
        "?",
        "待定",
        "待确认",
        "不确定",
        "不清楚",
        "不知道",
        "再看",
        "再议",
        "存疑",
        "同上",
        "无",
        "空",
        "-",
        "—",
        "/",
        "、",
        "。",
    ]
)
_NO_SIGN = re.compile(r"[不没未非另撤缓删再待]|各|分|单独|两回|取消|保留|一样|照旧|重新")
"""Words in which one answers instead of marking: what they say of two rows cannot be known, least of all that they are one."""
_SEVERAL = re.compile(r"[、,;/&+]")
_ITEM = re.compile(r"[a-z]{2}-\d+")


@dataclass(frozen=True, slots=True)
class MarkProblem:
    """Line `index` of the family holds `value`, which changes nothing; `why` says why, `remedy` what to fill in."""

    index: int
    value: str
    why: str
    remedy: str


def read_mark(value: str) -> str:
    """One mark as it is kept: width, white space and case folded; 单列 as such."""
    return fold(value).upper()


def wrong_mark(value: str) -> tuple[str, str] | None:
    """(why, remedy) of a text that makes no sense as a mark of one row, None if it does."""
    folded = fold(value).casefold()
    if folded in _VERDICTS:
        return "看不出是与哪一行并、还是不并", "要并的几行填同一个字（如 A），不并的填“单列”"
    if _SEVERAL.search(folded):
        return "一行只能有一个记号", "要并的几行填同一个字（如 A），不并的填“单列”"
    if folded not in _UNDECIDED and _NO_SIGN.search(folded):
        return "像是一句话，不是记号", "要并的几行填同一个字（如 A），不并的填“单列”；照旧的，填与原来那几行同样的字"
    if folded in _UNDECIDED:
        return "不是记号", "还没定的请空着"
    if len(folded) > _LONGEST:
        return "太长，像是说明而不是记号", "要并的几行填同一个字（如 A），不并的填“单列”"
    return None


def wrong_in_decided(value: str) -> tuple[str, str] | None:
    """The same for a line of 已定事项, where no word speaks for other lines."""
    if read_mark(value) in (ALL, AS_SUGGESTED, REST_APART):
        return "这个词只能填在“待确认”里", "请逐行填写记号；要撤回，请把这一格清空"
    return wrong_mark(value)


def read_marks(
    values: Sequence[str], suggestions: Sequence[str] = (), items: Sequence[str] = ()
) -> tuple[list[str | None], list[MarkProblem]]:
    """A mark for each line of a family from what stands in 归并为, and the problems.

    The marks are in the lines' order: a sign, 单列, "" (blank: undecided), or None where what stands there makes no sense:
    that line is left out of the judgement, as if it were not in the family. `suggestions` are the family's 建议, `items`
    its 编号. 全部 and 按建议 in the first line and 其余单列 in any fill the blank lines only: a line's own mark stands above
    them. 其余单列 may follow a line's own mark (A 其余单列). A line's mark may be the 编号 of a line of the family, which
    then has that mark itself.
    """
    marks: list[str | None] = [""] * len(values)
    problems: list[MarkProblem] = []
    fill: set[str] = set()
    for index, value in enumerate(values):
        folded = read_mark(value)
        if folded.endswith(REST_APART):
            fill.add(REST_APART)
            folded = folded.removesuffix(REST_APART).rstrip(",，、;；")
        if folded in (ALL, AS_SUGGESTED):
            if index == 0 and (folded == ALL or any(suggestions)):
                fill.add(folded)
            else:
                why = "没有建议可用" if index == 0 else f"“{folded}”只能填在组内第一行"
                problems.append(MarkProblem(index, value, why, "请填在组内第一行，或逐行填写"))
                marks[index] = None
            continue
        wrong = wrong_mark(folded) if folded else None
        if wrong is None and _ITEM.fullmatch(folded.casefold()) and folded not in items:
            wrong = f"本组没有编号 {folded}", "请填本组的编号，或几行填同一个字"
        if wrong:
            problems.append(MarkProblem(index, value, *wrong))
            marks[index] = None
        else:
            marks[index] = folded
    if len(fill) > 1:
        first = "、".join(sorted(fill))
        return [None] * len(values), [*problems, MarkProblem(0, first, "几种填法互相矛盾", f"“{first}”请只留一个")]
    _name_items(marks, items)
    _fill(marks, fill, suggestions)
    problems += _alone(marks, values)
    return marks, problems


def _name_items(marks: list[str | None], items: Sequence[str]) -> None:
    """A line whose 编号 is another's mark, and that has none, is what that one is to be joined with."""
    named = {mark for mark in marks if mark and mark in items}
    for index, item in enumerate(items):
        if item in named and marks[index] == "":
            marks[index] = item


def _fill(marks: list[str | None], fill: set[str], suggestions: Sequence[str]) -> None:
    for index, mark in enumerate(marks):
        if mark != "":
            continue
        if ALL in fill:
            marks[index] = "A"
        elif REST_APART in fill:
            marks[index] = APART
        elif AS_SUGGESTED in fill:
            marks[index] = read_mark(suggestions[index])


def _alone(marks: list[str | None], values: Sequence[str]) -> list[MarkProblem]:
    """A sign that one line alone has says nothing, unless another line has another: then the two are apart."""
    given = Counter(mark for mark in marks if mark)
    if len(given) == 1 and given.total() == 1 and APART not in given:
        index = next(index for index, mark in enumerate(marks) if mark)
        marks[index] = None
        why = "本组只有这一行有记号，没有可并的"
        return [MarkProblem(index, values[index], why, "要与它并的行填同一个字；不与别的并，填“单列”")]
    return []
