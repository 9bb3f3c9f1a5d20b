"""Figures with their measure word, and how often, as measures write them: 20次, 百分之二十, 一个半小时, 每季度."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.text import read_numeral

_FULL_WIDTH = str.maketrans("０１２３４５６７８９％．", "0123456789%.")
_DIGITS = r"\d+(?:\.\d+)?"
_CHINESE = r"[一二两三四五六七八九十百]{1,5}"
EVENTS = ("次", "回", "遍", "趟", "轮", "期", "场")
TIMES = ("个工作日", "小时", "分钟", "天", "日")
SHARES = ("%",)
MONEY = ("元", "万元", "亿元")
EXTENTS = ("字", "页", "度", "公里", "千米", "米", "亩", "公顷", "吨", "平方米")
THINGS = ("名", "人", "人次", "家", "户", "处", "座", "台", "套", "所", "间", "辆", "盏", "个", "件", "条", "项", "篇", "本", "份", "门", "宗", "支", "株", "块", "节", "位", "村", "班次", "批次", "场次", "起", "种", "样", "班", "桌", "堂", "课", "例", "棵", "口", "张", "笔", "艘", "盏")  # fmt: skip
_MEASURES = sorted(
    {*EVENTS, *TIMES, *MONEY, *EXTENTS, *THINGS, *SHARES, "工作日", "个小时", "钟头", "个钟头", "成"},
    key=lambda word: (-len(word), word),
)
_SPELLINGS = {"工作日": "个工作日", "个小时": "小时", "钟头": "小时", "个钟头": "小时", "千米": "公里"}
_QUANTITY = re.compile(
    rf"(?P<half>一个半|半)个?(?P<half_of>小时|钟头|天)"
    rf"|百分之(?P<percent>{_DIGITS}|{_CHINESE})"
    rf"|(?P<share>一半|(?P<parts>[二三四五六七八九十])分之(?P<of>[一二三四五六七八九]))"
    rf"|(?P<number>{_DIGITS}|{_CHINESE})(?:余|多)?\s*(?P<measure>{'|'.join(map(re.escape, _MEASURES))})(?![月季])"
)
PERIOD = re.compile(
    r"每(?:一|个|逢)?(?P<each>半年|半个?月|半小时|半天|学年|学期|季度?|年度?|月份?|周|星期|旬|日|天)"
    r"|每(?P<many>[二两三四五六七八九十\d]+)个?(?P<unit>年|月|周|天|日)"
    r"|(?P<every>[二两三四五六七八九\d]+)个?(?P<every_unit>年|周)(?=[^内底前以的，。；]{0,8}[一二两三\d]+(?:次|遍|回|轮|趟))"
    r"|(?<![\d第十])一个?(?P<one>季度?|年|月|周|星期)(?![内前底以])"
    r"|(?P<whole>全年)|(?<![上下每])(?P<half>半年)(?![内前底以来])"
)
_PERIOD_NAMES = {"年度": "年", "学年": "年", "季": "季度", "月份": "月", "半个月": "半月", "星期": "周", "天": "日"}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure in a text: `value` with its measure word, where it stands, and whether it is written in digits."""

    value: float
    measure: str
    start: int
    end: int
    digits: bool


def plain_digits(text: str) -> str:
    """Full-width digits made half-width; every character keeps its place."""
    return text.translate(_FULL_WIDTH)


def quantities(text: str) -> Iterator[Quantity]:
    """The figures of a text in order; what is no number (一律, 两手) is none."""
    for match in _QUANTITY.finditer(text):
        found = _read(match)
        if found is not None:
            yield found


def _read(match: re.Match[str]) -> Quantity | None:
    start, end = match.span()
    if match["half"]:
        measure = _SPELLINGS.get(match["half_of"], match["half_of"])
        return Quantity(1.5 if match["half"] == "一个半" else 0.5, measure, start, end, True)
    if match["share"]:
        whole = read_numeral(match["parts"] or "二")
        return Quantity(round(100 * read_numeral(match["of"] or "一") / whole, 1), "%", start, end, False)
    written = match["percent"] or match["number"]
    value = _value(written)
    if value is None:
        return None
    if match["percent"]:
        return Quantity(value, "%", start, end, True)
    measure = _SPELLINGS.get(match["measure"], match["measure"])
    if measure == "成":
        return Quantity(value * 10, "%", start, end, False)
    return Quantity(value, measure, start, end, written[0].isdigit())


def _value(written: str) -> float | None:
    if written[0].isdigit():
        return float(written)
    hundreds, found, rest = written.partition("百")
    try:
        if not found:
            return float(read_numeral(written))
        return float(read_numeral(hundreds or "一") * 100 + (read_numeral(rest) if rest else 0))
    except ValueError:
        return None


def period_before(text: str, end: int, begin: int = 0) -> str:
    """每月, 每季度, 每半年, 每2周 …: the last that stands between `begin` and `end`, "" where none does."""
    found = ""
    for match in PERIOD.finditer(text, begin):
        if match.start() >= end:
            break
        if match["every"] or match["many"]:
            count = _value(match["every"] or match["many"])
            found = f"每{count:g}{match['every_unit'] or match['unit']}" if count else found
        else:
            name = match["each"] or match["one"] or match["half"] or "年"
            found = f"每{_PERIOD_NAMES.get(name, name)}"
    return found
