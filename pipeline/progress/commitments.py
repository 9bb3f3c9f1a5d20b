"""Commitments with a figure in a measure's text: 每年集中学习20次以上, 压减30%, 5个工作日内办结.

A commitment is a figure that the unit promises to reach or keep and that can be counted later. Dates, ordinals, names
(三重一大), thresholds of a rule (5万元以下), the past and idioms are none. Rules and figures: tests/data/commitments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from pipeline.progress import quantities
from pipeline.progress.quantities import EVENTS, EXTENTS, MONEY, SHARES, THINGS, TIMES, Quantity


class Comparison(StrEnum):
    """How a reported value is held against the promised one."""

    AT_LEAST = "≥"
    AT_MOST = "≤"
    EXACTLY = "="


@dataclass(frozen=True, slots=True)
class Commitment:
    """A promised figure: `quote` is the piece of the measure's text, `at` where it begins; `period` 每月 … or ""."""

    quote: str
    indicator: str
    compare: Comparison
    value: float
    measure: str
    period: str
    in_title: bool
    at: int
    figure: tuple[int, int]


_CLAUSE = re.compile(r"[^，,。；;！？!?\n：:]+")
_QUOTED = re.compile(r"“[^”]*”|‘[^’]*’|《[^》]*》|（[^）]*）|\([^)]*\)")
_AT_LEAST = re.compile(
    r"不少于|不低于|不小于|不[得能可]少于|不[得能]低于|至少|最少|达到|(?<!不)超过|达(?=\d)|增加到|提高到|提升到|扩大到"
)
_AT_LEAST_AFTER = re.compile(r"^(?:及|或|左右)?(?:以上|起步|打底|为底线)|^(?:问题|事项)?[^，]{0,3}以上")
_AT_MOST = re.compile(
    r"不超过?$|不[得能]?超过|(?:最多[^，]{0,3}|封顶)$|不多于|不高于|控制在|不得?突破|"
    r"(?:压缩|压减|减少|减|缩短|降低?|下降|缩减|限制|改|精简)(?:到|至|为|在)"
)
_AT_MOST_AFTER = re.compile(r"^(?:及|或)?(?:以内|以下|之内|内|封顶)")
_LESS = re.compile(r"压减|减少|下降|降低|压缩|缩减|压降|削减|精简|缩短|(?<!裁)减$|少$")
_MORE = re.compile(r"增长|增加|提高|提升|增收|新增|增设|扩大")
_ALL = re.compile(r"全覆盖|全部|都|完毕|付清|清偿|清完|交付|完成签约|清零|见底|清退|退缴|兑付")
_UNMET = re.compile(r"达不到|低于(?<!不低于)|不足|不满|超过(?<!不超过)(?<!不得超过)(?=.*的$)")
_PAST = re.compile(r"针对|反映|存在|(?<!比)去年|此前|以往|原来|已经?(?:完成|建成|投入|发生|发现)")
_NOT_BEFORE = re.compile(
    r"(?:第|前|最后|连续|满|逢|提前|每隔?|发现|查实|(?<!苗)(?<!源)头|(?<!减)少|缺|当|周|星期|号|月|又)$"
)
_RULE_AFTER = re.compile(
    r"^(?:及|或)?(?:以上|以下|以内|以外|之内)?(?:的|者|支出|项目|资金|变更|部分|老人|人员|干部|党员)"
)
_THRESHOLD_AFTER = re.compile(
    r"^(?:及|或)?(?:以上|以下)?[^，]{0,2}?(?:即行|即启|就|才|还不|取消|不发|调离|离岗|停职|退回|换岗|启动|直接|送交|一律)"
)
"""What follows from reaching a figure: it is a rule's threshold."""
_NEEDED_IN = re.compile(
    r"^(?:内|以内|之内)|^(?:内)?[^，]{0,3}(?:出证|办结|办完|办好|解决|答复|回复|发证|审结|反馈|处置|处理|到位|到账|送达|办理|拿证|回访|"
    r"上门|到场|口头报|书面报|上报|响应|完成|修复|修好|核实|转办|交办|受理|拨付|审核)"
)
_ACT = re.compile(
    r"新增|增设|新建|建设|建成|建立|建好|改造|修复|修建|修订|修好|引进|设立|设置|培养|培训|选派|发展|联系|包联|包保|帮扶|走访|举办|开展|"
    r"组织|完成|安排|抽查|查处|化解|整治|清理|补齐|打造|配备|取消|下放|实现|抽取|精读|上门|创建|评选|评出|选树|招聘|招引|签约|落地|开通|"
    r"开设|增加|增派|增添|腾退|盘活|装|解决|办理|办好|消除|拆除|销号|销毁|疏通|铺设|更换|更新|购置|采购|选聘|调整|充实|下派|派驻|派出|选配|"
    r"包抓|接访|调研|领办|办成|办|制定|出台|收缴|清退|整改|压减|减少|合并|撤销|整合|挑选|挑|留|配|建|签订|签|互认|通报|换掉|换|扫完|去掉|加(?=[　\d])|加$|点名|提|栽植|种植|恢复|安装|提供|推出|储备|谋划|实施"
)
_CHINESE_THINGS = frozenset({"名", "人", "家", "户", "处", "座", "台", "套", "所", "公里", "亩", "辆"})
"""Measure words after which 五十, 三 … count things; 三个, 两项, 一本 are mostly idioms (三本账, 四个意识)."""
_BROUGHT_IN = re.compile(r"(?:清收|收回|追回|追缴|挽回|盘活|增收|节约|筹集|争取|兑付|压减)(?:[^，]{0,8})$")
_EACH = re.compile(r"(?:各|每[^，]{1,6})(?:留|配|派|提|讲|加|增|安排|确定|明确|设|建|包联|联系|发展)$")
_FEWER = re.compile(r"压减|精简|减负|压缩|减会|减文|少开")
_COVERED = re.compile(r"^(?P<what>(?!推进|推动|确保|实现|做到|加快|努力|全面|不断|学习|监督)[^，、]{3,10}?)全覆盖$")


def find_commitments(title: str, detail: str) -> tuple[Commitment, ...]:
    """The commitments of a measure in the order in which they stand; what the title only repeats is left out."""
    in_detail = tuple(_in_text(detail, title, False))
    known = {(found.value, found.measure) for found in in_detail}
    in_title = tuple(found for found in _in_text(title, title, True) if (found.value, found.measure) not in known)
    return in_title + in_detail


def _in_text(text: str, title: str, in_title: bool) -> Iterator[Commitment]:
    text = quantities.plain_digits(text)
    quoted = [match.span() for match in _QUOTED.finditer(text)]
    for match in _CLAUSE.finditer(text):
        yield from _Clause(match[0], match.start(), quoted, title, in_title).commitments()


class _Clause:
    """A clause with its figures. `quoted` are the spans of the text that are names or asides."""

    def __init__(self, text: str, at: int, quoted: list[tuple[int, int]], title: str, in_title: bool):
        self.text, self.at, self.title, self.in_title = text, at, title, in_title
        self.figures = [
            figure
            for figure in quantities.quantities(text)
            if not any(start <= at + figure.start < end for start, end in quoted)
        ]
        self.quoted = quoted

    def commitments(self) -> Iterator[Commitment]:
        if _PAST.search(self.text):
            return
        begin = 0
        found = False
        for number, figure in enumerate(self.figures):
            before, after = self.text[: figure.start], self.text[figure.end :]
            if number + 1 < len(self.figures) and re.match(
                r"[^、]{0,6}?(?:[改调合]?[改为成到]|压减到|减到|压缩到|压到|缩短到|降到|增加[到至]|增至|提高到|扩大到|调整为|合并[成为]|至)",
                after,
            ):
                continue  # 由11个环节压减到5个: the second is meant
            compare = self._compare(figure, before, after)
            if compare is None:
                continue
            following = self.figures[number + 1].start if number + 1 < len(self.figures) else len(self.text)
            split = self.text.find("、", figure.end, following) if following < len(self.text) else -1
            end = split if split >= 0 else len(self.text)
            if re.match(r"[（(]?\d+[）)]", self.text[begin:]):
                begin += len(re.match(r"[（(]?\d+[）)]", self.text[begin:])[0])  # type: ignore[index]
            yield self._commitment(figure, compare, begin, end)
            begin = split + 1 if split >= 0 else figure.end
            found = True
        if not found:
            yield from self._without_figure()

    def _commitment(self, figure: Quantity, compare: Comparison, begin: int, end: int) -> Commitment:
        return Commitment(
            self.text[begin:end].strip(),
            _indicator(self.text[begin : figure.start], self.text[figure.end : end]),
            compare,
            figure.value,
            figure.measure,
            self._period(figure, compare, begin),
            self.in_title,
            self.at + begin,
            (self.at + figure.start, self.at + figure.end),
        )

    def _period(self, figure: Quantity, compare: Comparison, begin: int) -> str:
        """How often; a limit of time has no more than what its own piece says (例会每周一次、不超过1小时)."""
        timed = figure.measure in TIMES and compare is Comparison.AT_MOST
        return quantities.period_before(self.text, figure.start, begin if timed else 0)

    def _without_figure(self) -> Iterator[Commitment]:
        """清零 is 0, 全覆盖 of a named thing 100 %."""
        at = self.text.find("清零")
        what = _COVERED.match(self.text)
        if any(start <= self.at + max(at, 0) < end for start, end in self.quoted):
            return
        if at > 0:
            span = (self.at + at, self.at + at + 2)
            name = _indicator(self.text[:at], "")
            yield Commitment(self.text, name, Comparison.EXACTLY, 0.0, "", "", self.in_title, self.at, span)
        elif what:
            span = (self.at + what.end("what"), self.at + what.end())
            yield Commitment(self.text, what["what"], Comparison.EXACTLY, 100.0, "%", "", self.in_title, self.at, span)

    def _compare(self, figure: Quantity, before: str, after: str) -> Comparison | None:
        """How the figure is promised, None where it is no commitment."""
        if before.endswith("每"):
            return None
        if _NOT_BEFORE.search(before) and not quantities.period_before(self.text, figure.start):
            return None
        if _THRESHOLD_AFTER.match(after) or re.search(r"累计|漏报|漏告|满$", before):
            return None
        said = _said(before, after)
        if figure.measure in SHARES:
            return _share(figure, before, after, said)
        period = quantities.period_before(self.text, figure.start)
        if figure.measure in TIMES:
            return _time(figure, before, after, said, period)
        if figure.measure in EVENTS:
            return self._event(figure, before, after, said, period)
        if figure.measure in MONEY or figure.measure in EXTENTS:
            return _amount(figure, before, after, said)
        return self._things(figure, before, after, said, period)

    def _event(
        self, figure: Quantity, before: str, after: str, said: Comparison | None, period: str
    ) -> Comparison | None:
        if period:
            if re.search(r"由每[^，]*改为每", before) or (
                _FEWER.search(self.title) and re.search("例会|简报", self.text)
            ):
                return Comparison.AT_MOST
            return said or Comparison.AT_LEAST
        if _RULE_AFTER.match(after):
            return None
        if said:
            return said
        return Comparison.AT_LEAST if figure.digits and figure.value > 1 and _ACT.search(before) else None

    def _things(
        self, figure: Quantity, before: str, after: str, said: Comparison | None, period: str
    ) -> Comparison | None:
        if re.match(r"(?:及|或)?(?:以上|以下|以内)?[的外]", after) or figure.measure not in THINGS + EXTENTS:
            return None
        if period and said is None and (figure.digits or figure.measure in _CHINESE_THINGS):
            return Comparison.AT_LEAST
        if not figure.digits:
            near = figure.value > 1 and _ACT.search(before[-5:])
            if said is None and not ((near or _EACH.search(before)) and figure.measure in _CHINESE_THINGS):
                return None
        elif said is None and not _ACT.search(before + "　" + after) and not _ALL.search(after):
            return None
        if said:
            return said
        return Comparison.EXACTLY if _ALL.search(after) else Comparison.AT_LEAST


def _said(before: str, after: str) -> Comparison | None:
    """The comparison that is written out; the words behind the figure go before those far in front of it."""
    near = before[-8:]
    if _AT_MOST_AFTER.match(after) or _AT_MOST.search(near):
        return Comparison.AT_MOST
    if _AT_LEAST_AFTER.match(after) or _AT_LEAST.search(near):
        return Comparison.AT_LEAST
    return None


def _share(figure: Quantity, before: str, after: str, said: Comparison | None) -> Comparison | None:
    behind = after.startswith("的") and not re.match("的(?:比例|标准|要求)", after)
    if _UNMET.search(before) or (behind and not re.search(r"抽|按", before)):
        return None
    if figure.value == 100:
        return Comparison.EXACTLY
    if said:
        return said
    acts = (
        _ACT.search(before)
        or _LESS.search(before)
        or _MORE.search(before)
        or re.search(r"按|抽|率|占|比例|引导|留给", before + after[:4])
    )
    return Comparison.AT_LEAST if acts else None


def _time(figure: Quantity, before: str, after: str, said: Comparison | None, period: str) -> Comparison | None:
    if _RULE_AFTER.match(after):
        return None
    if figure.measure == "日" and not (after.startswith(("内", "以内", "之内")) or said):
        return None
    if period and said is not Comparison.AT_MOST and not _AT_MOST_AFTER.match(after):
        return Comparison.AT_LEAST
    if said:
        return said
    return Comparison.AT_MOST if _NEEDED_IN.match(after) else None


def _amount(figure: Quantity, before: str, after: str, said: Comparison | None) -> Comparison | None:
    if figure.measure in MONEY:
        if after.startswith("的") or re.match(r"(?:及|或)?(?:以上|以下|以内)(?!$)", after):
            return None
        if said:
            return said if _AT_LEAST.search(before) else None
        if _ALL.search(before[-4:] + after):
            return Comparison.EXACTLY
        return Comparison.AT_LEAST if _BROUGHT_IN.search(before) else None
    if re.match(r"(?:及|或)?(?:以上|以下|以内)?的", after):
        return None
    if said:
        return said
    return (
        Comparison.AT_LEAST
        if figure.digits and figure.measure not in ("字", "页", "度") and _ACT.search(before)
        else None
    )


_LEAD_IN = re.compile(
    r"^(?:确保|保证|做到|实现|推动|推进|坚持|严格|落实|建立|健全|开展|组织|召开|举办|引进|新增|增设|改造|修复|规划设置|设立|再|把|将|对|给|向|"
    r"年底前|今年|全年|力争|原则上|一般|各|和)+"
)
_TRIM = re.compile(
    r"(?:不少于|不低于|至少|达到|不超过|控制在|压减|减少|降低|压缩到|压缩|以上|以内|同比|比上年|再|压降|达|按|由|在|专题)+$"
)


def _indicator(before: str, after: str) -> str:
    """What is counted: the noun behind the figure, or else what stands before it."""
    behind = re.sub(r"^(?:以上|以内|以下|之内|内|及以上)+", "", after)
    if len(behind) >= 2:
        return _LEAD_IN.sub("", behind)[:20] or behind[:20]
    front = re.sub(quantities.PERIOD, "", before)
    front = _TRIM.sub("", front).strip()
    return (_LEAD_IN.sub("", front) or front)[-20:]
