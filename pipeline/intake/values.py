"""Understanding a cell against what its column allows. What cannot be understood stays as written, with a finding."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import fuzz, process

from pipeline.cells import Value, shown
from pipeline.intake.numbering import number_path
from pipeline.scheme import Scheme, fold_name
from pipeline.tables import Kind
from pipeline.text import fold, from_serial, read_numeral

_SEPARATORS = re.compile(r"[、,，;；/\n|]+")
_ORDINAL = re.compile(r"^(?:第?[（(]?([一二三四五六七八九十]{1,3}|\d{1,2})[）)]?(?:个?方面|[、.．:：])?)(?=$|[^\d])")
_PLACEHOLDER = frozenset({"/", "\\", "-", "--", "—", "——", "无", "/无", "N/A", "n/a", "暂无", "无。"})
_GROUP = re.compile(
    r"^(?:各|全县|全市|全区|全体|相关|有关|班子|所有|其他)|(?:各单位|有关单位|相关单位|有关部门|相关部门)$"
)
_ROLE = re.compile(r"[（(](牵头|主办|主责|配合|协办|责任)(?:单位|部门)?[）)]")
_ROLE_PREFIX = re.compile(r"^(牵头|主办|主责|配合|协办|责任)(?:单位|部门)?[:：]")
_DATE = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})[日号]?")

SYNONYMS = {
    "type": {
        "即知即改": "立行立改",
        "立即整改": "立行立改",
        "立整立改": "立行立改",
        "短期整改": "限期整改",
        "限时整改": "限期整改",
        "分阶段整改": "限期整改",
        "持续整改": "长期坚持",
        "长期整改": "长期坚持",
        "持续推进": "长期坚持",
        "常态化推进": "长期坚持",
    },
    "status": {
        "完成": "已完成",
        "已整改": "已完成",
        "完成整改": "已完成",
        "已完成整改": "已完成",
        "整改完成": "已完成",
        "正在整改": "正在推进",
        "整改中": "正在推进",
        "推进中": "正在推进",
        "进行中": "正在推进",
        "持续推进": "正在推进",
        "未完成": "正在推进",
        "持续整改": "正在推进",
        "已启动": "正在推进",
        "整改推进中": "正在推进",
        "未开始": "未启动",
        "尚未启动": "未启动",
        "未整改": "未启动",
        "尚未整改": "未启动",
        "基本完成整改": "基本完成",
    },
}
"""Other words for allowed values (published status and type lists, PRACTICE 1.2)."""


@dataclass(frozen=True, slots=True)
class Understood:
    """A value and how it came about: `exact`, or else read with a note; `value` is "" where it was not understood."""

    value: str
    exact: bool
    hint: str = ""


def is_placeholder(text: str) -> bool:
    """Whether a cell says "nothing" with a mark instead of being empty."""
    return fold(text) in _PLACEHOLDER


@lru_cache(maxsize=16384)
def choice(text: str, allowed: tuple[str, ...], column: str) -> Understood:
    """One of `allowed`, through width, white space and known other words."""
    if text in allowed:
        return Understood(text, True)
    folded = fold(text).rstrip("。.；;")
    for value in allowed:
        if fold(value) == folded:
            return Understood(value, True)
    synonym = SYNONYMS.get(column, {}).get(folded)
    if synonym in allowed:
        return Understood(synonym or "", False)
    return Understood("", False, _nearest(folded, allowed))


def names_of(kind: Kind, scheme: Scheme) -> tuple[tuple[str, str], ...]:
    """(short, full) of what a column of aspects or of directions may hold, () where the scheme names none."""
    if kind is Kind.ASPECT:
        return tuple((aspect.short, aspect.full) for aspect in scheme.aspects)
    return tuple((title, title) for title in scheme.directions)


@lru_cache(maxsize=4096)
def heading(text: str, names: tuple[tuple[str, str], ...]) -> Understood:
    """One of the scheme's aspects or directions, given as (short, full): by name, ordinal, or both."""
    folded = fold(text)
    bare = _ORDINAL.sub("", folded).lstrip("、.．:：").removesuffix("。")
    stems = {bare, bare.removesuffix("方面"), bare.removeprefix("在").removesuffix("方面")} - {""}
    for short, full in names:
        spellings = {fold(short), fold(full), fold(full).removesuffix("方面")}
        if folded in spellings:
            return Understood(short, True)
        if stems & spellings:
            return Understood(short, False)
    if match := _ORDINAL.match(folded):
        number = read_numeral(match[1])
        if not bare and 1 <= number <= len(names):
            return Understood(names[number - 1][0], False)
    inside = [short for short, full in names if len(bare) >= 4 and (bare in fold(full) or fold(short) in bare)]
    if len(inside) == 1:
        return Understood(inside[0], False)
    return Understood("", False, _nearest(folded, tuple(short for short, _ in names)))


def choices(text: str, allowed: tuple[str, ...], column: str) -> tuple[list[str], list[str]]:
    """(values understood in the scheme's order, parts that are not allowed values) of a cell holding several."""
    parts = [part for part in re.split(r"[、,，;；/\s|和及]+", text) if part]
    known, unknown = [], []
    for part in parts:
        found = choice(part, allowed, column)
        if found.value:
            known.append(found.value)
        else:
            unknown.append(part)
    return [value for value in allowed if value in known], unknown


def _nearest(text: str, allowed: tuple[str, ...]) -> str:
    best = process.extractOne(text, allowed, scorer=fuzz.WRatio, score_cutoff=50)
    return f"最接近的是“{best[0]}”。" if best else ""


@dataclass(frozen=True, slots=True)
class Units:
    """Units of a cell: `lead` and `support` as the cell's own words assign them, and names that the roster lacks."""

    lead: tuple[str, ...]
    support: tuple[str, ...]
    unknown: tuple[tuple[str, str], ...]  # (name as written, hint)


def units(text: str, scheme: Scheme) -> Units:
    """The units named in a cell, resolved through the roster and its aliases; others stay as written."""
    lead: list[str] = []
    support: list[str] = []
    unknown: list[tuple[str, str]] = []
    role = ""
    for piece in _pieces(text, scheme):
        name = piece.strip()
        if match := _ROLE_PREFIX.match(name):
            role, name = match[1], name[match.end() :].strip()
        own = role
        if match := _ROLE.search(name):
            own, name = match[1], _ROLE.sub("", name).strip()
        name = name.rstrip("。.")
        if not name or is_placeholder(name):
            continue
        found, hint = unit_name(name, scheme)
        if hint is not None:
            unknown.append((name, hint))
        target = support if own in ("配合", "协办") else lead
        if found not in target:
            target.append(found)
    return Units(tuple(lead), tuple(support), tuple(unknown))


_WITH_PERSON = re.compile(r"^(.{2,20}?)(?:[（(：:]\s*|[\s—-]+)([\u4e00-\u9fff]{2,4})[）)]?$")


def without_person(text: str, scheme: Scheme) -> tuple[str, str]:
    """A cell of units with the persons beside them taken out: 县教育局 张三 -> (县教育局, 张三); only behind known units."""
    pieces = [piece.strip() for piece in _SEPARATORS.split(text) if piece.strip()]
    units, people = [], []
    for piece in pieces:
        match = _WITH_PERSON.match(piece)
        if (
            match
            and not _ROLE.search(piece)
            and not _ROLE_PREFIX.match(piece)
            and unit_name(match[1].strip(), scheme)[1] is None
            and unit_name(match[2], scheme)[1] is not None
            and not re.search(r"[局办委部镇乡科股室站所处队会]$", match[2])
        ):
            units.append(match[1].strip())
            people.append(match[2])
        else:
            units.append(piece)
    return ("、".join(units), "、".join(people)) if people else (text, "")


def _pieces(text: str, scheme: Scheme) -> list[str]:
    pieces = [piece for piece in _SEPARATORS.split(text) if piece.strip()]
    if len(pieces) == 1:
        words = pieces[0].split()
        if len(words) > 1 and all(unit_name(word, scheme)[1] is None for word in words):
            return words
    return pieces


_SEAL = re.compile(r"[(（]?(?:加?盖(?:单位)?(?:公)?章|公章|签章|印章|章)处?[)）]?$")
"""What a printed form says beside a unit's name."""


def unit_name(text: str, scheme: Scheme) -> tuple[str, str | None]:
    """(the roster's name, None), or (the text as written, a hint) for a name that the roster lacks.

    The county's own name before a name does not matter (云岭县教育局 = 县教育局 = 教育局), another county's does, and so
    does the level (市教育局). Bodies of the sheet 外单位 are known under their own names.
    """
    folded = _SEAL.sub("", fold_name(text))
    known = scheme.unit_names
    if folded in known:
        return known[folded], None
    if folded in scheme.external_names:
        return scheme.external_names[folded], None
    if _GROUP.search(folded):
        return text, None
    own = _own_seats(scheme.settings.unit)
    prefix, core = _seat(folded)
    if len(core) >= 3 and prefix in own:
        same = {name for spelling, name in known.items() if _seat(spelling)[1] == core and _seat(spelling)[0] in own}
        if len(same) == 1:
            return same.pop(), None
    best = process.extractOne(folded, known.keys(), scorer=fuzz.ratio, score_cutoff=60)
    return text, f"最接近的是“{known[best[0]]}”。" if best else ""


@lru_cache(maxsize=8192)
def _seat(name: str) -> tuple[str, str]:
    """A name's leading 省 市 县 区 with what stands before it, and the rest."""
    match = re.match(r"((?:[^省市县区]{1,4}[省市县区])*?[^省市县区]{0,4}[省市县区])(?=.{2})", name)
    return (match[1], name[match.end() :]) if match else ("", name)


@lru_cache(maxsize=64)
def _own_seats(unit: str) -> frozenset[str]:
    """How the place of the office itself may stand before a unit's name: "", 县, 云岭县, 某市云岭县."""
    bare = fold_name(unit).removeprefix("中共")
    places = re.findall(r"[^省市县区]{1,6}?[省市县区]", re.split(r"委|人民|政府|人大|政协|纪", bare)[0])
    if not places:
        return frozenset({""})
    level = places[-1][-1]
    return frozenset({"", level, places[-1], "".join(places), f"我{level}", f"本{level}"})


def of_another_place(name: str, spelling: str, scheme: Scheme) -> bool:
    """Whether a unit's spelling inside a longer name is preceded by another place's: 青川县教育局."""
    before = name[: name.index(spelling)]
    match = re.search(
        r"([\u4e00-\u9fff]{2,4}?[省市县区])$", before + (_seat(spelling)[0] if len(_seat(spelling)[0]) == 1 else "")
    )
    if not match or scheme.settings.unit == "":
        return False
    return not any(
        match[1].endswith(seat) or seat.endswith(match[1]) for seat in _own_seats(scheme.settings.unit) if len(seat) > 1
    )


def date(value: Value) -> dt.date | None:
    """A date cell or a date as text (2022-05-20, 2022.5.20, 2022年5月20日), None where it is none."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    text = re.sub(r"(?<=\d)[ 　T]+\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?\s*$", "", shown(value))
    text = re.sub(r"[(（][周星].*[)）]$", "", fold(text))
    if day := from_serial(text):
        return day
    if re.fullmatch(r"20\d{6}", text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    match = _DATE.fullmatch(text)
    try:
        return dt.date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def count(value: Value) -> int | None:
    """A whole number, also written 12次 or １２, None where it is none."""
    match = re.fullmatch(r"(\d{1,7})(?:次|条|人次|人|场|余人次)?", fold(shown(value)))
    return int(match[1]) if match and "余" not in fold(shown(value)) else None


def references(text: str) -> list[tuple[int, ...]] | None:
    """The numbers of 对应问题, each level by level: `1、3`, `1-3` (a span), 问题1, `1.2；2.1`; None where it is not made of numbers."""
    folded = re.sub(r"(?:对应)?问题|第|[条项个号]|序号|[（()）]", "", fold(text))
    numbers: list[tuple[int, ...]] = []
    for part in re.split(r"[、,，;；。和及与/|]+", folded.rstrip("。.")):
        if not part:
            continue
        if match := re.fullmatch(r"(\d{1,4})[-—~～至到]+(\d{1,4})", part):
            first, last = int(match[1]), int(match[2])
            if not 0 <= last - first < 200:
                return None
            numbers += [(number,) for number in range(first, last + 1)]
        elif path := number_path(part):
            numbers.append(path)
        else:
            return None
    return list(dict.fromkeys(numbers)) if numbers else None


@dataclass
class Row:
    """What the cells of a row mean, as it is being read: texts by column key, and what does not fit into one."""

    texts: dict[str, str] = field(default_factory=dict)
    leads: tuple[str, ...] = ()
    supports: tuple[str, ...] = ()
    due: dt.date | None = None
    for_good: bool = False
    kept: list[tuple[str, str]] = field(default_factory=list)
