"""Figures as facts: what is counted, from what to what, how often a year, and whether two rows' figures contradict each other.

不到一半 is [0, 50) %, 88%已装 and 12%未装 are one fact, 比上年增加5次 is a change and says nothing against 8次, 每月一次 is 12 a year.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

_INF = math.inf
_SCALE = {"万": 1e4, "亿": 1e8, "千": 1e3}
_BELOW = r"不到|不足|未到|不满|低于|少于|小于|<"
_AT_MOST = r"不超过|不高于|不多于|不大于|最多|最长|控制在|≤|压缩到|压缩至|压减到|压减至|缩短到|缩短至|降到|降至"
_AT_LEAST = r"不少于|不低于|至少|达到|超过|高于|大于|突破|多于|≥|>|不下"
_ABOUT = r"近|约|大约|将近|接近|大概|平均|差不多"
_NUMBER = re.compile(
    rf"(?P<before>{_AT_MOST}|{_AT_LEAST}|{_BELOW}|{_ABOUT})?"
    r"(?P<sign>(?<![\da-z])-)?(?P<low>\d+(?:\.\d+)?)(?:(?P<unit1>%)(?=[-~—–至到]\d))?(?:(?P<sep>[-~—–至到/:])(?P<high>\d+(?:\.\d+)?))?"
    r"(?P<more>多|余|来)?(?P<scale>万|亿|千)?(?P<more2>多|余)?"
    r"(?P<unit>%|个?工作日|小时|分钟|公里|千米|人次|批次|平方米|公斤|百分点|个百分点|个[^\W\d_a-zA-Z]?|[^\W\d_a-zA-Z]?)"
    r"(?P<after>以上|以内|以下|之内|左右|上下|内)?"
)
_EVERY = re.compile(
    r"(?:每(?:个)?(?P<n>\d)?(?:个)?(?P<period>工作日|半年|半月|季度|季|月|周|日|天|年|学期|旬)|(?P<by>按(?:季度?|月|周|旬|日))|(?P<each>逐(?:季|月|日|年)|月月|年年|天天|日日)"
    r"|(?P<avg>(?:季|月|周|日|年)均)|(?P<whole>全年|年内|年度内|1年(?!级)(?:内|至少|不少于)?)(?=[^，。；,;]{0,10}?\d+(?:次|场|期|天|篇|轮|遍|回)))"
    r"(?:(?P<gap>[^，。；,;、\d]{0,8}?)(?P<cmp>不少于|至少|不低于|不超过|不多于)?(?P<between>[^，。；,;、\d]{0,3}?)(?P<count>\d+(?:[-~至到]\d+)?)(?P<what>次|场|期|天|日|篇|轮|遍|回|个|件|户|家|人|小时|节|堂|条|本|项)(?P<after>以上|以内)?)?"
)
_PER_PERIOD = re.compile(
    r"(?<![\d个])1(?P<p>个?月|季度?|周|年|旬|天|日)(?:[^\W\d_]{0,3})(?P<count>\d+)(?P<what>次|遍|回|趟|期|场|课|题)"
)
_PERIOD = {
    "年": 1,
    "半年": 2,
    "学期": 2,
    "季度": 4,
    "季": 4,
    "月": 12,
    "个月": 12,
    "半月": 24,
    "旬": 36,
    "周": 52,
    "工作日": 250,
    "日": 365,
    "天": 365,
}
_CHANGE = re.compile(
    r"(?:增加|增长|提高|提升|上升|上涨|多|增|下降|减少|降低|压减|压缩|少|减|降|下滑|回落|同比|环比)(?:了|近|约|至少|不少于|不低于|超过|幅度为|率为)?$"
)
_DOWN = re.compile(r"(?:下降|减少|降低|压减|压缩|少|减|降|下滑|回落)(?:了|近|约|至少|不少于|不低于|超过)?$")
_LAST_YEAR = re.compile(r"(?:比|较|同比|环比)[^，。；]{0,6}$")
_NOT = re.compile(r"未(?!来)|没有?|尚无|无法|空缺|缺口|不(?!到|足|少|低|超|高|多|断|同|满|下)")
_COMPARED = re.compile("|".join((_BELOW, _AT_LEAST, _AT_MOST)))
_COUNTED = frozenset(
    "次项件户人名场天日月周小分家处所条份篇本台辆元倍遍轮批级座村镇乡岁期类种点层站支套亩吨米张间只头节堂门科届组班部起宗例队栋幢盏棵株根对位栏口回趟字步处章道杆块盘艘艇床页册万亿年季"
)
_NOT_NOUNS = frozenset("没不也都就的了在是和与及等中前后以上下左右多未还有")
_TOGETHER = {"回": "次", "遍": "次", "趟": "次", "千米": "公里", "天": "日", "个百分点": "百分点", "名": "人"}


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure: [low, high] of `unit`, as the row writes it. `yearly`: times a year; `change`: against another year; `missing`: a share of what is not there."""

    low: float
    high: float
    unit: str
    text: str
    yearly: bool = False
    change: int = 0
    missing: bool = False

    @property
    def nominal(self) -> float:
        """The figure itself, whatever 不少于 or 不到 stands before it."""
        return self.low if self.high == _INF else self.high if self.low == -_INF else (self.low + self.high) / 2


def read_facts(text: str) -> tuple[Fact, ...]:
    """The figures of a text whose numerals are digits (`numerals`); years and dates are none."""
    if not any(char.isdigit() for char in text) and "每" not in text and "按" not in text and "逐" not in text:
        return ()
    found: list[Fact] = []
    rest = text
    for pattern, read in ((_EVERY, _often), (_PER_PERIOD, _in_a_period)):
        for match in pattern.finditer(rest):
            fact = read(match)
            if fact:
                found.append(fact)
                rest = rest[: match.start()] + "，" * len(match[0]) + rest[match.end() :]
    found += [fact for match in _NUMBER.finditer(rest) if (fact := _fact(match, rest))]
    return tuple(dict.fromkeys(found))


def _often(match: re.Match[str]) -> Fact | None:
    """每月开展1次, 按季度, 全年不少于12次: so many times a year."""
    if match["whole"] and not match["count"]:
        return None
    period = match["period"] or (match["by"] or match["each"] or match["avg"] or "年").strip("按逐均")[:2]
    period = {"月月": "月", "年年": "年", "天天": "日", "日日": "日"}.get(period, period)
    times = _PERIOD.get(period, 1) / float(match["n"] or 1)
    low, high = (times * count for count in _range(match["count"] or "1"))
    compare = match["cmp"] or match["after"] or ""
    if compare in ("不少于", "至少", "不低于", "以上"):
        high = _INF
    elif compare in ("不超过", "不多于", "以内"):
        low = -_INF
    what = match["what"] or "次"
    return Fact(low, high, _TOGETHER.get(what, what), match[0], yearly=True)


def _in_a_period(match: re.Match[str]) -> Fact:
    """1月1次, 1季度1课."""
    low = float(match["count"]) * _PERIOD.get(match["p"], _PERIOD.get(match["p"].strip("个"), 1))
    return Fact(low, low, match["what"] if match["what"] in "场期" else "次", match[0], yearly=True)


def _range(text: str) -> tuple[float, float]:
    parts = [float(part) for part in re.split(r"[-~至到]", text)]
    return parts[0], parts[-1]


def _fact(match: re.Match[str], text: str) -> Fact | None:
    clause = re.split(r"[，。；,;：:]", text[: match.start()])[-1]
    end = "scale" if match["scale"] else "high" if match["high"] else "low"
    following = text[match.end(end) :]
    amount = _amount(match)
    if amount is None or _is_date(match, amount[0], clause, following):
        return None
    low, high, unit = amount
    key, factor = _unit(unit, following)
    known = key and (len(key) > 1 or unit[:1] == "个" or key in _COUNTED or key in "%比")
    if not known or (key == "个" and high <= 1):
        return None  # 12345, 305国道; 一个没有
    low, high = _bounds(low * factor, high * factor, match["before"] or "", match["after"] or "")
    change = 0
    if _CHANGE.search(clause) or (_LAST_YEAR.search(clause) and key in ("%", "百分点")):
        change = -1 if _DOWN.search(clause) else 1
    around = clause[-8:] + "|" + re.split(r"[，。；,;：:]", following)[0]
    missing = key == "%" and bool(_NOT.search(_COMPARED.sub("", around)))
    return Fact(low, high, key, _said(match, key), change=change, missing=missing)


def _amount(match: re.Match[str]) -> tuple[float, float, str] | None:
    """(from, to, unit) before what stands around is looked at: 1/3 is a share, 9:30 a time, 1:2 a ratio."""
    unit, separator = match["unit"] or match["unit1"] or "", match["sep"]
    value, second = float(match["low"]), float(match["high"] or match["low"])
    if separator == "/":
        share = 100 * value / second if 0 < value < second <= 20 else None
        return None if share is None else (share, share, "%")
    if separator == ":":
        clock = second < 60 and value < 24 and len(match["high"]) == 2
        value = value + second / 60 if clock else second / max(value, 1e-9)
        return value, value, "时刻" if clock else "比"
    scale = _SCALE.get(match["scale"] or "", 1.0)
    low, high = sorted((value * scale, second * scale))
    if match["sign"]:
        low, high = -high, -low
    return low, high * 1.25 if match["more"] or match["more2"] else high, unit


def _is_date(match: re.Match[str], value: float, clause: str, following: str) -> bool:
    unit = match["unit"] or ""
    if (unit.startswith("年") and value >= 1900) or unit == "月份" or clause.endswith("第"):
        return True
    return unit.startswith(("月", "日", "号")) and bool(re.match(r"(?:月(?!内)|日(?!内)|号)", following))


def _bounds(low: float, high: float, before: str, after: str) -> tuple[float, float]:
    """What 不到, 以上, 左右 make of a figure."""
    if re.fullmatch(_BELOW, before):
        return -_INF, high - 1e-6
    if re.fullmatch(_AT_MOST, before) or after in ("以内", "以下", "之内", "内"):
        return -_INF, high
    if re.fullmatch(_AT_LEAST, before) or after == "以上":
        return low, _INF
    return (low * 0.9, high * 1.1) if before or after in ("左右", "上下") else (low, high)


def _said(match: re.Match[str], key: str) -> str:
    """The figure as the row writes it: the number, its counter, and what 不到 or 以上 says about it."""
    return match[0][:-1] if match["unit"].startswith("个") and key == "个" and len(match["unit"]) > 1 else match[0]


def _unit(unit: str, following: str) -> tuple[str, float]:
    if unit == "%" or unit in ("小时", "分钟", "公里", "人次", "批次", "时刻", "比", "平方米", "公斤"):
        return unit, 1.0
    if "百分点" in unit or following.startswith("个百分点"):
        return "百分点", 1.0
    if unit.endswith("工作日"):
        return "工作日", 1.0
    if unit[:1] == "个":
        if following.startswith("个月"):
            return "日", 30.0
        return (unit[1:] if unit[1:] not in _NOT_NOUNS else "") or "个", 1.0
    key = _TOGETHER.get(unit[:1], unit[:1])
    return (key, {"周": 7.0}.get(key, 1.0)) if key != "周" else ("日", 7.0)


def agree(a: Fact, b: Fact) -> bool:
    """Whether the two say the same figure of the same unit."""
    if a.unit != b.unit or a.yearly != b.yearly or a.change != b.change:
        return False
    if a.unit == "%" and a.missing != b.missing:
        return abs(a.nominal + b.nominal - 100) < 1
    return abs(a.nominal - b.nominal) <= 0.02 * max(abs(a.nominal), abs(b.nominal)) + (
        5 if a.yearly and a.nominal >= 48 else 0
    )


def contradict(a: Fact, b: Fact) -> bool:
    """Whether one row cannot mean both: figures of one unit and kind that leave each other no room."""
    if a.unit != b.unit or a.yearly != b.yearly or bool(a.change) != bool(b.change) or agree(a, b):
        return False
    if a.change and a.change != b.change:
        return True
    low, high = (100 - b.high, 100 - b.low) if a.unit == "%" and a.missing != b.missing else (b.low, b.high)
    promise = math.isinf(a.low) or math.isinf(a.high) or math.isinf(low) or math.isinf(high)
    if promise and (a.yearly or a.change or (a.low, low) == (-_INF, -_INF) or (a.high, high) == (_INF, _INF)):
        return True  # 不少于12次 is not 不少于10次, 压减30% not 压减20%以上; 超过一半 may be 57%
    return not (a.low <= high and low <= a.high)


def contradictions(one: Iterable[Fact], two: Iterable[Fact]) -> list[tuple[Fact, Fact]]:
    """Pairs of facts that contradict each other, once what agrees is left out."""
    first, second = list(one), list(two)
    for a in tuple(first):  # what both say is left out, one figure for one
        match = next((b for b in second if agree(a, b)), None)
        if match:
            first.remove(a)
            second.remove(match)
    return [(a, b) for a in first for b in second if contradict(a, b)]
