"""Each text that came in: what was left over from elsewhere, what is out of date, what is badly set."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from pipeline import findings
from pipeline.consolidation import Result, item_place
from pipeline.findings import Finding, Place
from pipeline.narrative.tidy import tidy
from pipeline.records import SourceRow
from pipeline.scheme import Scheme
from pipeline.tables import INPUTS, MEASURES, Kind, Merge
from pipeline.textcheck.words import alien_places, organs, superseded

_LONG_SENTENCE = 150
_WIDE = 16  # columns at least as wide as this hold sentences
_SELF = re.compile(r"(?:我|本)(省|市|县|区|州|旗)(?!域|场|政)")
_TOWN = re.compile(
    r"(?:(?<=[，。；、：在到对与和由及将])|^)([\u4e00-\u9fff][^乡城集村各全我本小古新老市县区在该所个们下返一了合同到\W])(镇|乡|街道)"
    r"(?!镇|村|级|里|下|贤|亲|音|土|愁|道)"
)
"""A town's name where a name can begin: two characters that no common word ends with."""
_LEFT = re.compile(
    r"[xXｘＸ]{2,}|[×＊*]{2,}|[×xX](?=[省市县区镇乡村局])|_{2,}|＿{2,}|【[^】]*】|（(?:待补充|待定|待填)[^）]*）"
    r"|某(?:某|省|市|县|区|镇|乡|村|局|单位|部门|街道)"
)
_PERSONAL = re.compile(r"谈话函询|个人(?:有关)?事项(?:报告)?|诫勉谈话|举报人|信访人")
_REACHED = r"整改(?:已)?(?:全部|基本)?(?:到位|完毕|完成)|彻底(?:解决|整改|扭转)|(?:效果|成效)(?:十分|非常)?显著|显著(?:成效|提升|改善)"
_CLAIM = {
    "progress": re.compile(rf"基本完成整改|(?:建立|形成)(?:了|健全)?[^，。；]{{0,6}}长效机制|{_REACHED}"),
    "detail": re.compile(
        rf"基本完成整改|已经?(?:建立|形成)[^，。；]{{0,8}}长效机制|已经?[^，。；]{{0,6}}(?:{_REACHED})"
    ),
}
"""Claims of what has been reached; 具体举措 says what will be done, so that only what it calls done is a claim."""
_ID = re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)")
_PHONE = re.compile(r"(?<!\d)1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)")
_PAIRS = {"《": "》", "“": "”", "（": "）", "【": "】", "‘": "’"}
_DOUBLED = re.compile(r"[，。；：、！？]{2,}")
_HARMLESS = {"！！", "？？", "！？", "？！"}
_SENTENCE = re.compile(r"[^。！？；\n]+")
_STEP = re.compile(r"(?:^|[^\d一二三四五六七八九十])[\d一二三四五六七八九十]{1,2}$")
"""What stands before the bracket of 1） or 二）, which has no other half."""
_CLOSED = tuple("。！？…；”）》")


def text_findings(merged: Result) -> list[Finding]:
    """One finding per cell and kind, at the department's own cell."""
    found: list[Finding] = []
    scheme = merged.scheme
    own = _Own(merged)
    for table in INPUTS:
        columns = [
            column
            for column in table
            if column.kind is Kind.TEXT and column.width >= _WIDE and column.merge in (Merge.CHOSEN, Merge.UNION)
        ]
        leads: dict[str, list[Place]] = defaultdict(list)
        for row in merged.intake.rows[table.key]:
            if row.refused:
                continue
            for column in columns:
                text = row.cells[column.key]
                if not text:
                    continue
                place = merged.intake.place(row, column.key, column.title)
                found += _alien(text, place, own)
                found += _left_over(text, place, scheme)
                found += _sensitive(text, place)
                found += (
                    findings.OUT_OF_DATE.at(place, phrase, now=now, source=source)
                    for phrase, now, source in superseded(text, scheme.settings.year)
                )
                found += _set_badly(text, place, column.key == "detail")
                if table is MEASURES and column.key in _CLAIM:
                    found += _unproved(text, place, row, column.key)
        for item in merged.items[table.key]:
            if item.included:
                leads[item.cells["title"].strip()].append(item_place(item, "title", "", merged.intake))
        found += [
            findings.SAME_LEAD.at(places[1], title, short=table.short, n=len(places))
            for title, places in leads.items()
            if title and len(places) > 1
        ]
    return found


class _Own:
    """What is the office's own: its level and every name on the roster, in the settings and among the units."""

    def __init__(self, merged: Result):
        scheme = merged.scheme
        units = {state.unit for state in merged.intake.states}
        names = [scheme.settings.unit, *scheme.unit_names.values(), *units]
        names += [alias for unit in scheme.roster for alias in unit.aliases]
        names += [text for term in scheme.terms for text in (term.word, *term.synonyms)]
        self.names = "\n".join(name for name in names if name)
        levels = re.findall(r"[省市县区州旗]", scheme.settings.unit)
        self.level = levels[-1] if levels else ""
        self.has_towns = any(name.endswith(("镇", "乡", "街道")) for name in names)


def own_names(merged: Result) -> _Own:
    """What names are the office's own, for `alien_words`."""
    return _Own(merged)


def left_over_words(text: str, scheme: Scheme) -> list[str]:
    """xx, 某县, 【】 and the like that nobody has filled in, each once; the allowed masks are none."""
    allowed = set(scheme.settings.masks)
    return list(dict.fromkeys(match[0] for match in _LEFT.finditer(text) if match[0] not in allowed))


def alien_words(text: str, own: _Own) -> list[str]:
    """Names in a text that are neither of this place nor the office's own, each once."""
    words: dict[str, None] = {}
    if own.level:
        words |= {match[0]: None for match in _SELF.finditer(text) if match[1] != own.level}
    words |= {name: None for name in (*organs(text), *alien_places(text)) if name not in own.names}
    if own.has_towns:
        words |= {match[1] + match[2]: None for match in _TOWN.finditer(text) if match[1] + match[2] not in own.names}
    return list(words)


def _alien(text: str, place: Place, own: _Own) -> Iterator[Finding]:
    for word in alien_words(text, own):
        yield findings.ALIEN_NAME.at(place, word)


def _left_over(text: str, place: Place, scheme: Scheme) -> Iterator[Finding]:
    for word in left_over_words(text, scheme):
        yield findings.LEFT_OVER.at(place, word)


def _sensitive(text: str, place: Place) -> Iterator[Finding]:
    for pattern, what in ((_ID, "身份证号"), (_PHONE, "手机号")):
        if pattern.search(text):
            yield findings.PRIVATE_NUMBER.at(place, what, what=what)
    match = _PERSONAL.search(text)
    if match:
        yield findings.PERSONAL.at(place, match[0])


def _unproved(text: str, place: Place, row: SourceRow, key: str) -> Iterator[Finding]:
    match = None if row.cells["evidence"] else _CLAIM[key].search(text)
    if match:
        yield findings.UNPROVED.at(place, match[0])


def _set_badly(text: str, place: Place, body: bool) -> Iterator[Finding]:
    doubled = next((mark[0] for mark in _DOUBLED.finditer(text) if mark[0] not in _HARMLESS), "")
    if doubled:
        yield findings.DOUBLED_MARK.at(place, doubled)
    unclosed = _unclosed(text)
    if unclosed:
        yield findings.UNCLOSED.at(place, unclosed)
    if body and not text.rstrip().endswith(_CLOSED):
        yield findings.NO_FULL_STOP.at(place, text[-20:])
    longest = max((len(sentence.strip()) for sentence in _SENTENCE.findall(text)), default=0)
    if longest > _LONG_SENTENCE:
        yield findings.LONG_SENTENCE.at(place, longest, limit=_LONG_SENTENCE)
    if not doubled and tidy(text) != text:
        yield findings.MIXED_WIDTH.at(place, text[:40])


def _unclosed(text: str) -> str:
    """The first bracket or quotation mark without its other half, "" if there is none."""
    waiting: list[str] = []
    closers = {closer: opener for opener, closer in _PAIRS.items()}
    for position, char in enumerate(text):
        if char in _PAIRS:
            waiting.append(char)
        elif char in closers:
            if waiting and waiting[-1] == closers[char]:
                waiting.pop()
            elif not (char == "）" and _STEP.search(text[:position])):
                return char
    return waiting[-1] if waiting else ""
