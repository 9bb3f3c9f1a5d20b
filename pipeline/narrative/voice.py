"""In whose voice an item speaks: a department's, a named unit's, or to another level, in the document of another body.

Words are found and shown; nothing is changed by the program. The office writes what is to be said into 文稿文字.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from pipeline.consolidation import Result, all_items
from pipeline.records import Item
from pipeline.scheme import Scheme


class Fault(StrEnum):
    """What is wrong with a word, as the clerk reads it."""

    DEPARTMENT = "部门的口气"
    OWN_NAME = "写了填报单位自己的名称"
    LEVEL = "以地方的口气说话"
    ADDRESS = "对别的层级说话"


@dataclass(frozen=True, slots=True)
class Slip:
    """A word of an item that stands in the document, in which column, and what is wrong with it."""

    item: Item
    column: str
    word: str
    fault: Fault


_ORGANS = "办公室|街道|单位|部门|科室|社区|中心|公司|系统|机关|局|办|委|部|院|校|镇|乡|村|站|所|队"
_MINE = re.compile(
    rf"(?<![自基根资成原样版标])[我本](?:{_ORGANS})(?![托员分署理于有中土里亲长属法知以说见限伍位])|我们(?:局|镇|乡|部门|单位|街道)"
)
_PARTY = re.compile(
    r"(?:局|院|校|厅|政府|机关|中心|公司)党(?:组|委|总支|支部)|(?<!乡)(?:镇|乡|街道)(?:党委|党工委)|(?:局|镇|乡|街道|院)(?:领导)?班子"
)
_GENERAL = re.compile(
    r"(?:各|部分|一些|个别|少数|有的|多数|所有|全县|全市|全区|基层|县直|市直|区直|督促|指导|推动|下级)[^，。；]{0,6}$"
)
"""Before a word it says that others are meant: 个别乡镇党委, 督促各局党组."""
_LEVELS = re.compile(r"我(?:省|市|县|区|州|旗)(?!域|场|政)")
_ADDRESS = re.compile(r"(?:恳请|请求|建请|建议|希望|盼望)(?:上级|中央|国家|省|市|县|区|州|旗)[^，。；]{0,6}")
_PLACE_BODY = re.compile(r"[省市县区州旗](?:委|人民政府|政府|人大|政协)|[省市县区州旗](?:常委会|党委)")


def spoken(item: Item) -> list[tuple[str, str]]:
    """(column key, text) of what an included item says in the document."""
    keys = ("title", "wording") if item.cells["wording"].strip() else ("title", "detail", "example")
    return [(key, item.cells[key]) for key in keys if item.cells.get(key, "").strip()]


def slips(merged: Result) -> list[Slip]:
    """Every slip of the items that are in the document, in their order; each word of an item once."""
    scheme = merged.scheme
    names = _names(scheme)
    found: dict[tuple[str, str], Slip] = {}
    for item in all_items(merged.items):
        if not item.included:
            continue
        for key, text in spoken(item):
            for word, fault in (*_own_names(text, item, names), *_words(text, scheme)):
                found.setdefault((item.id, word), Slip(item, key, word, fault))
    return list(found.values())


def _names(scheme: Scheme) -> Mapping[str, tuple[str, ...]]:
    """Unit -> its names, the longest first; two characters are too few to be a name in running text."""
    return {
        unit.name: tuple(sorted((name for name in (unit.name, *unit.aliases) if len(name) > 2), key=len, reverse=True))
        for unit in scheme.roster
    }


def _own_names(text: str, item: Item, names: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, Fault]]:
    for unit in item.units:
        word = next((name for name in names.get(unit, (unit,)) if name in text), "")
        if word:
            yield word, Fault.OWN_NAME


def _words(text: str, scheme: Scheme) -> Iterator[tuple[str, Fault]]:
    body = scheme.settings.unit
    for pattern in (_MINE, _PARTY):
        for match in pattern.finditer(text):
            general = pattern is _PARTY and _GENERAL.search(text[: match.start()])
            if not general and not _is_the_bodys(match[0], body):
                yield match[0], Fault.DEPARTMENT
    if body and not _PLACE_BODY.search(body):
        for match in _LEVELS.finditer(text):
            yield match[0], Fault.LEVEL
    for match in _ADDRESS.finditer(text):
        yield match[0], Fault.ADDRESS


def _is_the_bodys(word: str, body: str) -> bool:
    """Whether the body may say so itself: 我局 of a bureau, 政府党组 of a government's leading group, 我委 of a committee."""
    organ = re.sub(r"^我们|^[我本]|(?:领导)?班子$|党(?:组|委|工委|总支|支部)$", "", word)
    return (organ in ("单位", "部门", "机关") and "局" in body) or (
        bool(organ) and organ in body and organ not in ("部", "办", "所")
    )
