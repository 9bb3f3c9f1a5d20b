"""What the words of a row are about: themes with cues, idioms that mean one thing, objects that exclude each other, opposites.

Read once from data/*.json (themes.md in training/labelled says how they were made) and data/*.txt; one scan of a row finds all words.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
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
    together: frozenset[int]
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
    raw = _json("themes.json")
    number = {entry["id"]: index for index, entry in enumerate(raw)}
    themes = tuple(
        Theme(
            entry["name"],
            entry["part"],
            entry["scope"],
            frozenset(number[near.split()[0]] for near in entry["near"] if near.split()[0] in number),
            entry["name"] in _BROAD,
        )
        for entry in raw
    )
    often: dict[str, int] = defaultdict(int)
    for entry in raw:
        for word in {*entry["cues"], *entry.get("more", ())}:
            often[word] += 1
    cues: dict[str, list[tuple[int, float]]] = defaultdict(list)
    nots: dict[str, list[int]] = defaultdict(list)
    both: dict[str, list[tuple[tuple[str, ...], int]]] = defaultdict(list)
    for index, entry in enumerate(raw):
        for word in sorted({*entry["cues"], *entry.get("more", ())}):
            weight = _STRONG if word in entry["strong"] else _CUE
            cues[word].append((index, weight * (1 + 0.1 * len(word)) / math.sqrt(often[word])))
        for word in entry["not"]:
            nots[word].append(index)
        for together in entry.get("both", ()):
            key = max(together, key=len)
            both[key].append((tuple(word for word in together if word != key), index))
    idiom_of: dict[str, int] = {}
    idioms = _json("idioms.json")
    for index, entry in enumerate(idioms):
        for word in entry["members"]:
            idiom_of.setdefault(word, index)
    classes: list[str] = []
    members: list[tuple[int, str]] = []
    member_of: dict[str, list[int]] = defaultdict(list)

    def add(name: str, kinds: list[list[str]]) -> None:
        classes.append(name)
        for names in kinds:
            members.append((len(classes) - 1, names[0]))
            for word in names:
                if len(word) > 1:
                    member_of[word].append(len(members) - 1)

    for line in lines("kinds.txt"):
        name, _, listed = line.partition(":")
        add(name.strip(), [member.split("=") for member in listed.split()])
    for entry in _json("objects.json"):
        add(entry["name"], [[member, *entry["aliases"].get(member, ())] for member in entry["members"]])
    pole_of: dict[str, list[tuple[int, int]]] = defaultdict(list)
    opposites: list[tuple[str, str]] = []
    together_ok: set[int] = set()
    for line in lines("opposites.txt"):
        one, _, other = line.partition("/")
        for side, said in ((1, one.split()), (-1, other.split())):
            for word in said:
                pole_of[word].append((len(opposites), side))
        opposites.append((one.split()[0], other.split()[0]))
    for entry in _json("opposites.json"):
        pole_of[entry["a"]].append((len(opposites), 1))
        pole_of[entry["b"]].append((len(opposites), -1))
        if entry["together"]:
            together_ok.add(len(opposites))
        opposites.append((entry["a"], entry["b"]))
    words = {*cues, *nots, *both, *idiom_of, *member_of, *pole_of}
    return Knowledge(
        themes,
        tuple(entry["gloss"] for entry in idioms),
        tuple(members),
        tuple(classes),
        tuple(opposites),
        {word: tuple(found) for word, found in cues.items()},
        {word: tuple(found) for word, found in nots.items()},
        {word: tuple(found) for word, found in both.items()},
        idiom_of,
        {word: tuple(found) for word, found in member_of.items()},
        {word: tuple(found) for word, found in pole_of.items()},
        frozenset(together_ok),
        frozenset(word for word in words if len(word) <= _LONGEST),
    )


def scan(text: str, words: frozenset[str]) -> list[tuple[int, str]]:
    """Where which of the words stand in a text, longest first, then from the left; overlapping ones all."""
    found = []
    for length in range(min(_LONGEST, len(text)), 0, -1):
        found += [(at, piece) for at in range(len(text) - length + 1) if (piece := text[at : at + length]) in words]
    return found


def find(text: str, knowledge: Knowledge, title: int = 0) -> Findings:
    """What the words of one row (folded, with its punctuation) point at; its first `title` characters are its title."""
    hits = scan(text, knowledge.words)
    blocked: dict[int, set[int]] = defaultdict(set)
    for at, word in hits:
        for theme in knowledge.nots.get(word, ()):
            blocked[theme].update(range(at, at + len(word)))
    scores: dict[int, float] = defaultdict(float)
    counted: set[tuple[int, str]] = set()
    idioms: set[int] = set()
    members: set[int] = set()
    title_members: set[int] = set()
    sides: dict[int, set[int]] = defaultdict(set)
    taken_members: dict[int, set[int]] = defaultdict(set)
    taken_poles: dict[int, set[int]] = defaultdict(set)
    for at, word in hits:
        span = range(at, at + len(word))
        for theme, weight in knowledge.cues.get(word, ()):
            cells = blocked[theme]
            if cells.isdisjoint(span):
                if (theme, word) not in counted:
                    counted.add((theme, word))
                    scores[theme] += weight
                cells.update(span)
        for others, theme in knowledge.both.get(word, ()):
            key = (theme, "+".join((word, *others)))
            if key not in counted and all(other in text for other in others):
                counted.add(key)
                scores[theme] += _BOTH
        if word in knowledge.idiom_of:
            idioms.add(knowledge.idiom_of[word])
        for member in knowledge.member_of.get(word, ()):
            kind = knowledge.members[member][0]
            if taken_members[kind].isdisjoint(span):
                members.add(member)
                if at + len(word) <= title:
                    title_members.add(member)
                taken_members[kind].update(span)
        for opposite, side in knowledge.pole_of.get(word, ()):
            if taken_poles[opposite].isdisjoint(span):
                sides[opposite].add(side)
                taken_poles[opposite].update(span)
    return Findings(
        {theme: scores[theme] for theme in sorted(scores) if scores[theme] >= _KNOWN},
        frozenset(idioms),
        frozenset(members),
        frozenset(title_members),
        {opposite: next(iter(side)) for opposite, side in sorted(sides.items()) if len(side) == 1},
    )
