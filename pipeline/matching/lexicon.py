"""Office language as data: fillers, other words for the same thing, opposites, and kinds that exclude each other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from pipeline.scheme import Scheme

_PLACE = re.compile(r"([^\W\d_]{2,3}?)(?:街道|镇|乡|村|社区)")


@dataclass(frozen=True)
class Lexicon:
    """The vocabulary that evidence is read with.

    `canonical` other word -> its representative; `fillers` words without content; `opposites` pairs of word sets;
    `kinds` word -> (category, object) pairs; `apart` pairs of words that are never the same; `place_stems` stems of the roster's places (临江 of 临江镇).
    """

    canonical: dict[str, str]
    fillers: re.Pattern[str]
    variants: re.Pattern[str]
    opposites: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]
    kinds: dict[str, tuple[tuple[str, str], ...]]
    kind_words: re.Pattern[str]
    apart: tuple[tuple[str, str], ...]
    place_stems: tuple[str, ...]


def _lines(name: str) -> list[str]:
    text = (files("pipeline.matching") / "data" / name).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _any_of(words: list[str]) -> re.Pattern[str]:
    """A pattern that finds the longest of the words at each place."""
    return re.compile(
        "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word))) or r"(?!)"
    )


@lru_cache(maxsize=4)
def lexicon_of(scheme: Scheme) -> Lexicon:
    """The package's vocabulary with the scheme's 词库 and roster added."""
    canonical: dict[str, str] = {}
    for line in _lines("synonyms.txt"):
        head, *others = line.split()
        for word in others:
            canonical.setdefault(word, head)
    apart = []
    for term in scheme.terms:
        for word in term.synonyms:
            if term.category == "不归并":
                apart.append((term.word, word))
            else:
                canonical[word] = term.word
    fillers = [word for line in _lines("fillers.txt") for word in line.split()]
    opposites = []
    for line in _lines("opposites.txt"):
        one, _, other = line.partition("/")
        opposites.append((_any_of(one.split()), _any_of(other.split())))
    kinds: dict[str, tuple[tuple[str, str], ...]] = {}
    for line in _lines("kinds.txt"):
        category, _, members = line.partition(":")
        for member in members.split():
            names = member.split("=")
            for name in names:
                kinds[name] = (*kinds.get(name, ()), (category.strip(), names[0]))
    places = (_PLACE.match(name) for unit in scheme.roster for name in (unit.name, *unit.aliases))
    stems = tuple(sorted({place[1] for place in places if place}))
    return Lexicon(
        canonical,
        _any_of(fillers),
        _any_of(list(canonical)),
        tuple(opposites),
        kinds,
        _any_of(list(kinds)),
        tuple(apart),
        stems,
    )
