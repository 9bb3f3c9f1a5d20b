"""What the program joins by itself: only what held on every hand left out, see docs. Everything else is a person's.

Of some forty rules over chance, likeness and themes none kept a precision of .98 on rows of hands that the model had not seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.matching.comparisons import NAMES
from pipeline.matching.judging import Judged
from pipeline.matching.knowledge import load_knowledge, scan
from pipeline.matching.pairs import pieces
from pipeline.matching.profile import Profile

EQUAL_CORE = "去掉虚词、程度词后文字相同"
ALL_BUT_EQUAL = "除多出的个别字词外逐字相同"
_ALIGNED, _LONGEST = 0.8, 4
_NEVER_EXTRA = frozenset("不没未无非难0123456789%")
_AT_ALIGNED, _AT_SWAPS = NAMES.index("aligned"), NAMES.index("swaps")


@dataclass(frozen=True, slots=True)
class Bet:
    """Two rows (one < two) that the program joins, and why."""

    one: int
    two: int
    basis: str


def bets_of(judged: Judged) -> list[Bet]:
    """Equal cores first, then rows of which one only says a few light words more; in the rows' order."""
    profiles = judged.rows.profiles
    pairs = list(zip(judged.one.tolist(), judged.two.tolist(), strict=True))
    equal = [Bet(a, b, EQUAL_CORE) for a, b in pairs if profiles[a].core and profiles[a].core == profiles[b].core]
    free = (judged.aligned >= _ALIGNED) & (judged.swaps == 0) & ~judged.spoken.any(axis=1)
    near = [pairs[at] for at in np.flatnonzero(free).tolist()]
    return [*equal, *(Bet(a, b, ALL_BUT_EQUAL) for a, b in near if all_but_equal(profiles[a], profiles[b]))]


def all_but_equal(a: Profile, b: Profile) -> bool:
    """Whether one row has at most a few light words more here and there: no negation, no figure, no object, nothing exchanged."""
    for same, one, two in pieces(a.content, b.content):
        extra = one or two
        if same:
            continue
        if (one and two) or len(extra) > _LONGEST or _NEVER_EXTRA & set(extra):
            return False
        knowledge = load_knowledge()
        if any(word in knowledge.member_of for _, word in scan(extra, knowledge.words)):
            return False
    return a.core != b.core
