"""Why two rows are shown together, in the clerk's words: what both say, and in what they differ."""

from __future__ import annotations

import re

from pipeline.matching.facts import agree
from pipeline.matching.grams import Weights
from pipeline.matching.guards import GUARDS
from pipeline.matching.knowledge import load_knowledge, scan
from pipeline.matching.pairs import pieces
from pipeline.matching.profile import Profile, bigrams

_SHOWN, _LONGEST, _RUN = 4, 14, 4
_WORD = re.compile(r"[^\W\d_a-z]{2,}")
_EDGES = "的了和与及对在为是有也还而以并被把将上下中等就都要会能可其之或到从由向所"
_ALIKE = 0.35


def agreeing(a: Profile, b: Profile, weights: Weights) -> tuple[str, ...]:
    """What both say: a theme, figures, and the heaviest words and phrases; never a fragment or a bare number."""
    knowledge = load_knowledge()
    found: list[str] = []
    both = a.findings.themes.keys() & b.findings.themes.keys()
    themes = [theme for theme in both if not knowledge.themes[theme].broad]
    if themes:
        best = max(themes, key=lambda theme: (min(a.findings.themes[theme], b.findings.themes[theme]), -theme))
        found.append(f"都说“{knowledge.themes[best].name}”")
    figures = dict.fromkeys(x.text for x in a.facts for y in b.facts if x.nominal > 1 and agree(x, y))
    found += [f"数字相同：{figure}" for figure in list(figures)[:1]]
    phrases = _phrases(a, b, weights)
    if phrases:
        found.append("、".join(f"“{phrase}”" for phrase in phrases))
    idioms = sorted(a.findings.idioms & b.findings.idioms)
    if idioms and not phrases:
        found.append(f"都有“{knowledge.idioms[idioms[0]]}”的意思")
    return tuple(found)


def _phrases(a: Profile, b: Profile, weights: Weights) -> list[str]:
    one, two = f"{a.title}。{a.text}", f"{b.title}。{b.text}"
    words = {word for _, word in scan(one, load_knowledge().words) if len(word) > 1 and word in two}
    theirs = set(bigrams(two))
    runs = {run for run in _runs(one, theirs) if run in two}
    heavy = {phrase: weights.mass(bigrams(phrase)) for phrase in words | runs if _WORD.fullmatch(phrase)}
    kept: list[str] = []
    for phrase in sorted(heavy, key=lambda phrase: (-heavy[phrase], phrase)):
        if not any(phrase in other or other in phrase for other in kept):
            kept.append(phrase)
    return kept[:_SHOWN]


def _runs(text: str, grams: set[str]) -> list[str]:
    """Stretches of at least four characters that the other row may have too, without function words at their ends."""
    found, start = [], None
    for index in range(len(text)):
        inside = text[index : index + 2] in grams and text[index : index + 2].isalpha()
        if inside and start is None:
            start = index
        elif not inside and start is not None:
            found.append(text[start : index + 1])
            start = None
    bare = (run.strip(_EDGES).rstrip("不没未") for run in found)
    return [run for run in bare if _RUN <= len(run) <= _LONGEST]


def differing(a: Profile, b: Profile, spoken: list[str]) -> tuple[str, ...]:
    """In what this row (a) differs from the first (b): what the guards say, else an exchanged word, else another theme."""
    said = [text for guard in GUARDS if guard.name in spoken and (text := guard.says(a, b))]
    if said:
        return tuple(dict.fromkeys(said))
    parts = pieces(a.content, b.content)
    equal = sum(2 * len(one) for same, one, _ in parts if same)
    if equal >= _ALIKE * max(len(a.content) + len(b.content), 1):
        swaps = [(one, two) for same, one, two in parts if not same and len(one) > 1 and len(two) > 1]
        swaps.sort(key=lambda swap: (-min(len(swap[0]), len(swap[1])), swap))
        return tuple(f"本行“{one[:_LONGEST]}”，首行“{two[:_LONGEST]}”" for one, two in swaps[:1])
    return _other_theme(a, b)


def _other_theme(a: Profile, b: Profile) -> tuple[str, ...]:
    themes = load_knowledge().themes
    for scope in ("inward", "sector"):
        one, two = (
            {
                key: weight
                for key, weight in row.findings.themes.items()
                if themes[key].scope == scope and not themes[key].broad
            }
            for row in (a, b)
        )
        if one and two and not one.keys() & two.keys():
            best = [max(found, key=lambda key: (found[key], -key)) for found in (one, two)]
            if best[1] not in themes[best[0]].near:
                return (f"侧重：本行“{themes[best[0]].name}”，首行“{themes[best[1]].name}”",)
    return ()
