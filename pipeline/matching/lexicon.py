"""Office language as data: words without content, other words for the same thing, what 词库 keeps apart, the roster's places."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pipeline.matching.knowledge import Knowledge, lines, load_knowledge
from pipeline.scheme import Scheme

_PLACE = re.compile(r"([^\W\d_]{2,3}?)(?:街道|镇|乡|村|社区)")


@dataclass(frozen=True)
class Lexicon:
    """The vocabulary that rows are read with.

    `canonical` other word -> its representative; `fillers` words without content; `apart` pairs of words that are never the
    same; `place_stems` stems of the roster's places (临江 of 临江镇); `not_places` what stands before 镇 or 村 without being a name.
    """

    canonical: dict[str, str]
    fillers: re.Pattern[str]
    variants: re.Pattern[str]
    compounds: tuple[re.Pattern[str], ...]
    compound_titles: tuple[re.Pattern[str], ...]
    not_places: re.Pattern[str]
    apart: tuple[tuple[str, str], ...]
    place_stems: tuple[str, ...]
    knowledge: Knowledge


def _any_of(words: list[str]) -> re.Pattern[str]:
    """A pattern that finds the longest of the words at each place."""
    return re.compile(
        "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word))) or r"(?!)"
    )


@lru_cache(maxsize=4)
def lexicon_of(scheme: Scheme) -> Lexicon:
    """The package's vocabulary with the scheme's 词库 and roster added."""
    canonical: dict[str, str] = {}
    for line in lines("synonyms.txt"):
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
    fillers = [word for line in lines("fillers.txt") for word in line.split()]
    places = (_PLACE.match(name) for unit in scheme.roster for name in (unit.name, *unit.aliases))
    compounds = lines("compounds.txt")
    return Lexicon(
        canonical,
        _any_of(fillers),
        _any_of(list(canonical)),
        tuple(re.compile(line) for line in compounds if not line.startswith("T:")),
        tuple(re.compile(line[2:]) for line in compounds if line.startswith("T:")),
        re.compile(f"(?:{'|'.join(map(re.escape, lines('not_places.txt')))})$"),
        tuple(apart),
        tuple(sorted({place[1] for place in places if place})),
        load_knowledge(),
    )
