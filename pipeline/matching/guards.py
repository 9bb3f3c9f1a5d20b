"""What speaks against joining two rows however alike they look, each declared once: when it speaks, what it says, what it hides.

A guard only lowers a verdict: the program suggests nothing across one, and a person is shown both values.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.matching.comparisons import NAMES
from pipeline.matching.facts import contradictions
from pipeline.matching.knowledge import load_knowledge
from pipeline.matching.pairs import PairSlice, pieces
from pipeline.matching.profile import Profile

_AT = {name: index for index, name in enumerate(NAMES)}
_ALIKE, _HEAVY = 0.6, 0.5
"""From so much aligned text on, one substitution of so much weight makes the rows two."""
_DIGIT = re.compile(r"\d")
_VERBATIM = 0.65
"""Rows that say so much of each other hold the same number of matters, whatever their punctuation suggests."""


@dataclass(frozen=True, slots=True)
class Guard:
    """`when`: which pairs of a slice with these vectors it speaks about; `says` (this row, first row) in the clerk's words.

    `hides`: comparisons that say nothing more once the guard has spoken: texts that differ in this alone are shown as the
    likeness of the rest, so that a person sees them side by side.
    """

    name: str
    when: Callable[[PairSlice, Any], Any]
    says: Callable[[Profile, Profile], str]
    hides: tuple[str, ...] = ()


def _positive(name: str) -> Callable[[PairSlice, Any], Any]:
    return lambda _, vectors: vectors[:, _AT[name]] > 0


def _both(label: str, one: str, two: str) -> str:
    return f"{label}：本行{one}，首行{two}"


def _figures(yearly: bool, label: str) -> Callable[[Profile, Profile], str]:
    def says(a: Profile, b: Profile) -> str:
        against = [pair for pair in contradictions(a.facts, b.facts) if pair[0].yearly == yearly]
        one = dict.fromkeys(x.text for x, _ in against)
        two = dict.fromkeys(y.text for _, y in against)
        return _both(label, "、".join(list(one)[:3]), "、".join(list(two)[:3])) if against else ""

    return says


def _places(a: Profile, b: Profile) -> str:
    return _both("地点", "、".join(sorted(a.places)), "、".join(sorted(b.places)))


def _objects(a: Profile, b: Profile) -> str:
    members = load_knowledge().members
    said = []
    for kind in sorted(
        {members[at][0] for at in a.findings.title_members} & {members[at][0] for at in b.findings.title_members}
    ):
        one = {members[at][1] for at in a.findings.title_members if members[at][0] == kind}
        two = {members[at][1] for at in b.findings.title_members if members[at][0] == kind}
        if not one & two:
            said.append(_both("对象", "、".join(sorted(one)), "、".join(sorted(two))))
    return "；".join(dict.fromkeys(said[:2]))


def _opposite(a: Profile, b: Profile) -> str:
    opposites = load_knowledge().opposites
    for key in sorted(a.findings.poles.keys() & b.findings.poles.keys()):
        if a.findings.poles[key] != b.findings.poles[key]:
            one, two = opposites[key] if a.findings.poles[key] > 0 else opposites[key][::-1]
            return _both("方向", f"“{one}”", f"“{two}”")
    for heavy, light in sorted(a.over):
        if (light, heavy) in b.over:
            return _both("方向", f"重{heavy}轻{light}", f"重{light}轻{heavy}")
    return "方向可能相反"


def _swap(a: Profile, b: Profile) -> str:
    swaps = [
        (one, two)
        for same, one, two in pieces(a.content, b.content)
        if not same and len(one) > 1 and len(two) > 1 and not _DIGIT.search(one + two)
    ]
    if not swaps:
        return ""
    one, two = max(swaps, key=lambda swap: min(len(swap[0]), len(swap[1])))
    return _both("句式相同而关键词", f"“{one[:12]}”", f"“{two[:12]}”")


def _template(_: PairSlice, vectors: Any) -> Any:
    return (vectors[:, _AT["aligned"]] >= _ALIKE) & (vectors[:, _AT["swap_weight"]] >= _HEAVY)


def _kept_apart(pairs: PairSlice, _: Any) -> Any:
    found = np.zeros(len(pairs), dtype=bool)
    for word, other in pairs.rows.apart:
        texts = [profile.title + profile.text for profile in pairs.rows.profiles]
        has_word = np.array([word in text for text in texts], dtype=bool)
        has_other = np.array([other in text for text in texts], dtype=bool)
        found |= (has_word[pairs.one] & has_other[pairs.two]) | (has_other[pairs.one] & has_word[pairs.two])
    return found


def _structure(name: str) -> Callable[[PairSlice, Any], Any]:
    return lambda _, vectors: (vectors[:, _AT[name]] > 0) & (vectors[:, _AT["cover_low"]] < _VERBATIM)


GUARDS: tuple[Guard, ...] = (
    Guard("figures", _positive("figures_differ"), _figures(False, "数字"), ("figures_differ",)),
    Guard("frequencies", _positive("frequencies_differ"), _figures(True, "频次"), ("frequencies_differ",)),
    Guard("places", _positive("places_differ"), _places, ("places_differ",)),
    Guard("objects", _positive("title_objects_differ"), _objects, ("objects_differ", "title_objects_differ")),
    Guard("opposite", _positive("opposite"), _opposite, ("opposite",)),
    Guard("template", _template, _swap, ("template", "swap_weight", "swaps", "title_swap")),
    Guard(
        "compound",
        _structure("compound"),
        lambda a, b: f"{'本行' if a.compound else '首行'}可能写了两件事",
        ("compound",),
    ),
    Guard(
        "listed",
        _structure("listed"),
        lambda a, b: f"{'首行' if a.listed else '本行'}是概括，另一行是专项",
        ("listed",),
    ),
    Guard("same_unit", _positive("same_unit"), lambda a, b: "同一单位分列的两条"),
    Guard("kept_apart", _kept_apart, lambda a, b: "词库规定不得归并"),
)
HARD = frozenset(("figures", "frequencies", "places", "same_unit", "kept_apart"))
"""Guards across which nothing is suggested; the others are weighed by the model alone."""


def speak(pairs: PairSlice, vectors: Any) -> Any:
    """bool[n, len(GUARDS)]: which guards speak about which pair."""
    return np.column_stack([guard.when(pairs, vectors) for guard in GUARDS]).reshape(len(pairs), len(GUARDS))


def unguarded(vectors: Any, spoken: Any) -> Any:
    """The same vectors without what the guards speak of, for pairs so alike that only a guard speaks against them."""
    found = vectors.copy(order="F")
    alike = vectors[:, _AT["aligned"]] >= _ALIKE
    for column, guard in enumerate(GUARDS):
        for name in guard.hides:
            found[alike & spoken[:, column], _AT[name]] = 0.0
    return found
