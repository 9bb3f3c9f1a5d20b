"""What the words of a row are about: themes with cues, idioms that mean one thing, objects that exclude each other, opposites.

Read once from data/*.json (themes.md in training/labelled says how they were made) and data/*.txt; one scan of a row finds all words.
"""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

_STRONG, _CUE, _BOTH = 3.0, 1.0, 2.0
_KNOWN = 2.4
"""Below this total a theme is a guess: unknown, never “another theme”."""
_LONGEST = 10


@dataclass(frozen=True, slots=True)
class Theme:
    """`part` problem, cause, measure or any; `scope` inward or sector; `broad`: too general for a ground on its own."""

    name: str
    part: str
    scope: str
    near: frozenset[int]
    broad: bool


@dataclass(frozen=True)
class Knowledge:
    """Themes, idiom groups, classes of objects and opposites, and the words that point at them."""

    themes: tuple[Theme, ...]
    idioms: tuple[str, ...]
    members: tuple[tuple[int, str], ...]
    classes: tuple[str, ...]
    opposites: tuple[tuple[str, str], ...]
    cues: dict[str, tuple[tuple[int, float], ...]]
    nots: dict[str, tuple[int, ...]]
    both: dict[str, tuple[tuple[tuple[str, ...], int], ...]]
    idiom_of: dict[str, int]
    member_of: dict[str, tuple[int, ...]]
    pole_of: dict[str, tuple[tuple[int, int], ...]]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Findings:
    """What a row's words point at: theme -> weight, idiom groups, members of object classes (and those in the title), opposite -> side."""

    themes: dict[int, float]
    idioms: frozenset[int]
    members: frozenset[int]
    title_members: frozenset[int]
    poles: dict[int, int]


_BROAD = frozenset(
    (
        "形式主义官僚主义泛说",
        "廉洁自律泛说",
        "思想认识不到位",
        "全局系统观念不强",
        "新发展理念高质量发展认识",
        "经济指标与增长",
        "改革任务推进",
        "统筹谋划重点推进",
        "完善规章制度",
        "专项整治行动",
        "防范化解风险",
    )
)


def _json(name: str) -> Any:
    return json.loads((files("pipeline.matching") / "data" / name).read_text(encoding="utf-8"))


def lines(name: str) -> list[str]:
    """The lines of a word list of the package; # begins a remark, what stands behind ｜ is an example."""
    text = (files("pipeline.matching") / "data" / name).read_text(encoding="utf-8")
    return [line.partition("｜")[0].strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


@lru_cache(maxsize=1)
def load_knowledge() -> Knowledge:
    """The knowledge of the package."""
    themes = _themes(_json("themes.json"))
    cues, nots, both = _cues(_json("themes.json"))
    idioms = _json("idioms.json")
    idiom_of: dict[str, int] = {}
    for index, entry in enumerate(idioms):
        for word in entry["members"]:
            idiom_of.setdefault(word, index)
    classes, members, member_of = _objects()
    opposites, pole_of = _opposites()
    words = {*cues, *nots, *both, *idiom_of, *member_of, *pole_of}
    return Knowledge(
        themes,
        tuple(entry["gloss"] for entry in idioms),
        members,
        classes,
        opposites,
        cues,
        nots,
        both,
        idiom_of,
        member_of,
        pole_of,
        frozenset(word for word in words if len(word) <= _LONGEST),
    )


def _themes(raw: Any) -> tuple[Theme, ...]:
    number = {entry["id"]: index for index, entry in enumerate(raw)}
    found = []
    for entry in raw:
        near = frozenset(number[one.split()[0]] for one in entry["near"] if one.split()[0] in number)
        found.append(Theme(entry["name"], entry["part"], entry["scope"], near, entry["name"] in _BROAD))
    return tuple(found)


def _cues(raw: Any) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Word -> (theme, weight) by strength and by in how many themes it stands; word -> themes it does not mean; word -> (words beside it, theme)."""
    said = [sorted({*entry["cues"], *entry.get("more", ())}) for entry in raw]
    often = Counter(word for listed in said for word in listed)
    cues, nots, both = (defaultdict[str, list[Any]](list) for _ in range(3))
    for index, entry in enumerate(raw):
        for word in said[index]:
            weight = _STRONG if word in entry["strong"] else _CUE
            cues[word].append((index, weight * (1 + 0.1 * len(word)) / math.sqrt(often[word])))
        for word in entry["not"]:
            nots[word].append(index)
        for together in entry.get("both", ()):
            key = max(together, key=len)
            both[key].append((tuple(word for word in together if word != key), index))
    return _fixed(cues), _fixed(nots), _fixed(both)


def _objects() -> tuple[tuple[str, ...], tuple[tuple[int, str], ...], dict[str, Any]]:
    """(classes, members as (class, name), word -> members)."""
    listed = [line.partition(":") for line in lines("kinds.txt")]
    found = [(name.strip(), [one.split("=") for one in members.split()]) for name, _, members in listed]
    for entry in _json("objects.json"):
        found.append((entry["name"], [[one, *entry["aliases"].get(one, ())] for one in entry["members"]]))
    members: list[tuple[int, str]] = []
    member_of = defaultdict[str, list[Any]](list)
    for number, (_, kinds) in enumerate(found):
        for names in kinds:
            for word in (name for name in names if len(name) > 1):
                member_of[word].append(len(members))
            members.append((number, names[0]))
    return tuple(name for name, _ in found), tuple(members), _fixed(member_of)


def _opposites() -> tuple[tuple[tuple[str, str], ...], dict[str, Any]]:
    """(pairs by their first words, word -> (pair, side))."""
    listed = [line.partition("/") for line in lines("opposites.txt")]
    found = [(one.split(), other.split()) for one, _, other in listed]
    found += [([entry["a"]], [entry["b"]]) for entry in _json("opposites.json")]
    pole_of = defaultdict[str, list[Any]](list)
    for number, sides in enumerate(found):
        for side, words in zip((1, -1), sides, strict=True):
            for word in words:
                pole_of[word].append((number, side))
    return tuple((one[0], other[0]) for one, other in found), _fixed(pole_of)


def _fixed(found: dict[str, list[Any]]) -> dict[str, Any]:
    return {word: tuple(listed) for word, listed in found.items()}


def scan(text: str, words: frozenset[str]) -> list[tuple[int, str]]:
    """Where which of the words stand in a text, longest first, then from the left; overlapping ones all."""
    found = []
    for length in range(min(_LONGEST, len(text)), 0, -1):
        found += [(at, piece) for at in range(len(text) - length + 1) if (piece := text[at : at + length]) in words]
    return found


def find(text: str, knowledge: Knowledge, title: int = 0) -> Findings:
    """What the words of one row (folded, with its punctuation) point at; its first `title` characters are its title."""
    hits = scan(text, knowledge.words)
    members, title_members, sides = _named(hits, knowledge, title)
    return Findings(
        _themes_in(text, hits, knowledge),
        frozenset(knowledge.idiom_of[word] for _, word in hits if word in knowledge.idiom_of),
        frozenset(members),
        frozenset(title_members),
        {opposite: next(iter(side)) for opposite, side in sorted(sides.items()) if len(side) == 1},
    )


def _themes_in(text: str, hits: list[tuple[int, str]], knowledge: Knowledge) -> dict[int, float]:
    """The themes that a text is surely about; a cue inside a longer cue of the theme, or inside what it does not mean, counts nothing."""
    taken: dict[int, set[int]] = defaultdict(set)
    for at, word in hits:
        for theme in knowledge.nots.get(word, ()):
            taken[theme].update(range(at, at + len(word)))
    scores: dict[int, float] = defaultdict(float)
    counted: set[tuple[int, str]] = set()
    for at, word in hits:
        span = range(at, at + len(word))
        for theme, weight in knowledge.cues.get(word, ()):
            if taken[theme].isdisjoint(span):
                if (theme, word) not in counted:
                    counted.add((theme, word))
                    scores[theme] += weight
                taken[theme].update(span)
        for others, theme in knowledge.both.get(word, ()):
            key = (theme, "+".join((word, *others)))
            if key not in counted and all(other in text for other in others):
                counted.add(key)
                scores[theme] += _BOTH
    return {theme: scores[theme] for theme in sorted(scores) if scores[theme] >= _KNOWN}


def _named(
    hits: list[tuple[int, str]], knowledge: Knowledge, title: int
) -> tuple[set[int], set[int], dict[int, set[int]]]:
    """(objects named, those in the title, opposite -> the sides spoken of); the longest word of a class at a place counts."""
    members: set[int] = set()
    title_members: set[int] = set()
    sides: dict[int, set[int]] = defaultdict(set)
    objects_at: dict[int, set[int]] = defaultdict(set)
    poles_at: dict[int, set[int]] = defaultdict(set)
    for at, word in hits:
        span = range(at, at + len(word))
        for member in knowledge.member_of.get(word, ()):
            kind = knowledge.members[member][0]
            if objects_at[kind].isdisjoint(span):
                members.add(member)
                if span.stop <= title:
                    title_members.add(member)
                objects_at[kind].update(span)
        for opposite, side in knowledge.pole_of.get(word, ()):
            if poles_at[opposite].isdisjoint(span):
                sides[opposite].add(side)
                poles_at[opposite].update(span)
    return members, title_members, sides
