"""A row read for comparison: what it says once wording, numerals and fillers are levelled. Made once a row, of nothing but the row."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from pipeline.matching.facts import Fact, read_facts
from pipeline.matching.knowledge import Findings, find
from pipeline.matching.lexicon import Lexicon
from pipeline.matching.normal import strip_number
from pipeline.matching.numerals import numerals

_PLACE = re.compile(r"([^\W\d_]{2,3}?)(街道|镇|乡|村|社区|县|区|市)(?![镇村级直管域位理])")
_NOT_IN_NAMES = frozenset(
    "的个不到往又要在于可增建整治清绕每各几多全了和与及对为向从把被有无没做让使一二三四五六七八九十其他所已还未进入驻跑送集户收分联"
)
_OUR_PLACE = re.compile(r"[我本](?:镇|乡|街道|村|社区)")
_SEAT = re.compile(r"([^\W\d_]{2,3}?)(?:街道|镇|乡|村|社区)")
_LISTED = re.compile(r"(?:[^\W\d_]{2,10}、){3,}[^\W\d_]{2,10}")
_OVER = re.compile(r"重([^\W\d_]{2,3})[，、,]?轻([^\W\d_]{2,3})")
_CLAUSE = re.compile(r"[，,。;；：:！!？?、\n（）()“”\"'《》…]+")
_NOT_BUT = re.compile(r"不是[^，,。；;]{1,8}(?=[，,]?而是)")


@dataclass(frozen=True, slots=True)
class Profile:
    """One row, levelled.

    `title` and `text` folded; `core` without fillers and punctuation (equal cores say the same); `level` the levelled text
    with other words for the same thing replaced; `content` that without fillers, `clauses` its clauses, `title_content` the title's.
    """

    unit: str
    title: str
    text: str
    core: str
    level: str
    content: str
    title_content: str
    clauses: tuple[str, ...]
    facts: tuple[Fact, ...]
    places: frozenset[str]
    findings: Findings
    over: frozenset[tuple[str, str]]
    compound: bool
    listed: bool


def read_profile(title: str, text: str, unit: str, lexicon: Lexicon) -> Profile:
    """Read one row. `unit` says which place 我镇 is."""
    plain_title, plain_text = _fold(title), _fold(text)
    whole = f"{plain_title}。{plain_text}"
    digits, digit_title = numerals(whole), numerals(plain_title)
    levelled, title_level = _level(digits, lexicon), _level(digit_title, lexicon)
    clauses = tuple(clause for raw in _CLAUSE.split(levelled) if (clause := lexicon.fillers.sub("", raw)))
    return Profile(
        unit=unit,
        title=plain_title,
        text=plain_text,
        core=lexicon.fillers.sub("", _CLAUSE.sub("", digits)),
        level=_CLAUSE.sub("", levelled),
        content="".join(clauses),
        title_content=lexicon.fillers.sub("", _CLAUSE.sub("", title_level)),
        clauses=clauses,
        facts=read_facts(digits),
        places=_places(whole, unit, lexicon),
        findings=find(_NOT_BUT.sub("", whole), lexicon.knowledge, len(plain_title)),
        over=frozenset((match[1][:2], match[2][:2]) for match in _OVER.finditer(whole)),
        compound=any(one.search(whole) for one in lexicon.compounds)
        or any(one.search(plain_title) for one in lexicon.compound_titles),
        listed=bool(_LISTED.search(whole)),
    )


def _fold(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", strip_number(text))).casefold()


def _level(text: str, lexicon: Lexicon) -> str:
    return lexicon.variants.sub(lambda match: lexicon.canonical[match[0]], text)


def bigrams(text: str) -> list[str]:
    """The pairs of neighbouring characters; a lone character is its own pair."""
    return [text[index : index + 2] for index in range(len(text) - 1)] or ([text] if text else [])


def _places(text: str, unit: str, lexicon: Lexicon) -> frozenset[str]:
    """Named places by their stems: 临江镇, and 临江 where the roster knows 临江镇; 我镇 is the unit's own."""
    named = {
        match[1]
        for match in _PLACE.finditer(text)
        if not lexicon.not_places.search(match[1]) and not _NOT_IN_NAMES & set(match[1])
    }
    named |= {stem for stem in lexicon.place_stems if stem in text}
    if _OUR_PLACE.search(text) and (own := _SEAT.match(unit)):
        named.add(own[1])
    return frozenset(named)
