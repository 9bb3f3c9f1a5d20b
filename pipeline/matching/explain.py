"""From items to what a person reads: families with their lines, and how each row came where it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.matching.clusters import Clusters, Words
from pipeline.matching.families import LINES_A_ROW, central, form_families, suggest
from pipeline.matching.judging import Judged, judge
from pipeline.matching.nodes import RowSet
from pipeline.matching.reasons import agreeing, differing
from pipeline.matching.result import (
    ALONE,
    FAINT,
    LIKELY,
    POSSIBLE,
    Family,
    FamilyLine,
)

_SAID_APART = "已定不归并"
GRADES = ((0.7, LIKELY), (0.35, POSSIBLE), (0.0, FAINT))
"""Least chance of each grade."""
_LEAST_LINES, _UNSEEN = 12, 0.01
_AGAIN, _AGAIN_FROM = 0.03, 0.5
"""So many lines a row, and only such pairs, are asked about again among items that were answered already."""
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

Pair = tuple[int, int]


@dataclass(frozen=True)
class Explained:
    """Groups of nodes, whose text each shows, families; `suggested` sub-groups of items as (chance, first node, node)."""

    groups: list[list[int]]
    speakers: list[Any]
    families: list[Family]
    suggested: list[tuple[float, int, int]]

    def likely_suggestions(self) -> list[Pair]:
        """Suggested joins that are 很可能, the likeliest first."""
        return [
            (one, two)
            for chance, one, two in sorted(self.suggested, key=lambda entry: (-entry[0], entry[1:]))
            if chance >= GRADES[0][0]
        ]


def explain(rows: RowSet, judged: Judged, clusters: Clusters, words: Words) -> Explained:
    """The families of the items, by the likeliest pair between two items; nothing that follows from an answer is asked."""
    groups = clusters.groups()
    item = {node: number for number, group in enumerate(groups) for node in group}
    chance: dict[Pair, float] = {}
    likeness: dict[Pair, float] = {}
    apart: set[Pair] = set()
    answered = {tuple(sorted((item[a], item[b]))) for a, b in words.cannot}
    best: dict[Pair, int] = {}
    # what nobody would be shown needs no look: families form of pairs above _UNSEEN
    seen = np.flatnonzero(judged.likeness > _UNSEEN)
    columns = (judged.one, judged.two, judged.chance, judged.likeness, judged.hard)
    for at, a, b, value, like, hard in zip(seen.tolist(), *(column[seen].tolist() for column in columns), strict=True):
        one, two = item[a], item[b]
        if one == two:
            continue
        pair = (one, two) if one < two else (two, one)
        if pair in answered:
            continue
        if hard:
            apart.add(pair)
        if value > chance.get(pair, -1.0):
            chance[pair] = value
            best[pair] = at
        if like > likeness.get(pair, -1.0):
            likeness[pair] = like
    touched = {item[node] for node in words.spoken_of}
    lines, edges = _budget(rows, words, touched, likeness)
    families = form_families(len(groups), edges, lines)
    speaker = [_speaker(group, judged) for group in groups]
    firsts = [central(family, likeness) for family in families]
    more = _against_first(families, firsts, speaker, best, judged)
    chance |= {pair: float(more.chance[at]) for pair, at in more.place.items()}
    said_apart = {(a, b) for a, b in answered}
    kept_apart = apart | said_apart
    made = []
    for family, first in zip(families, firsts, strict=True):
        made.append(_family(family, first, groups, speaker, rows, judged, more, chance, kept_apart, best, said_apart))
    made.sort(key=lambda entry: (-entry[0], entry[1].lines[0].group))
    speakers = [rows.nodes[node].speaker for node in speaker]
    return Explained(
        groups, speakers, [family for _, family, _ in made], [link for _, _, links in made for link in links]
    )


def _budget(
    rows: RowSet, words: Words, touched: set[int], likeness: dict[Pair, float]
) -> tuple[int, dict[Pair, float]]:
    """(lines that may still be shown, the pairs among which families may form)."""
    most = max(_LEAST_LINES, int(LINES_A_ROW * len(rows.nodes)))
    if not touched:
        return most, {pair: value for pair, value in likeness.items() if value > _UNSEEN}
    fresh = {
        pair: value
        for pair, value in likeness.items()
        if value > _UNSEEN and not (pair[0] in touched and pair[1] in touched)
    }
    again = {
        pair: value
        for pair, value in likeness.items()
        if pair[0] in touched and pair[1] in touched and value >= _AGAIN_FROM
    }
    most = max(0, most - len(words.spoken_of))
    few = int(_AGAIN * len(rows.nodes))
    likeliest = sorted(again, key=lambda pair: (-again[pair], pair))
    kept: dict[Pair, float] = {}
    seen: set[int] = set()
    for pair in likeliest:
        if len(seen | set(pair)) <= few:
            kept[pair] = again[pair]
            seen |= set(pair)
    return most + len(seen), fresh | kept


@dataclass(frozen=True)
class _More:
    """Pairs of a family's first line with others that were no candidates: judged, and where each stands."""

    judged: Judged
    place: dict[Pair, int]

    @property
    def chance(self) -> Any:
        return self.judged.chance


def _against_first(
    families: list[list[int]], firsts: list[int], speaker: list[int], best: dict[Pair, int], judged: Judged
) -> _More:
    missing = [
        _pair(first, member)
        for family, first in zip(families, firsts, strict=True)
        for member in family
        if member != first and _pair(first, member) not in best
    ]
    ends = np.array([sorted((speaker[one], speaker[two])) for one, two in missing], dtype=np.int64).reshape(-1, 2)
    more = judge(judged.rows, judged.candidates, judged.model, (ends[:, 0], ends[:, 1]))
    return _More(more, {pair: at for at, pair in enumerate(missing)})


def _family(
    family: list[int],
    first: int,
    groups: list[list[int]],
    speaker: list[int],
    rows: RowSet,
    judged: Judged,
    more: _More,
    chance: dict[Pair, float],
    apart: set[Pair],
    best: dict[Pair, int],
    answered: set[Pair],
) -> tuple[float, Family, list[tuple[float, int, int]]]:
    against = {}
    for member in family:
        if member != first:
            pair = _pair(first, member)
            against[member] = (
                (chance[pair], best[pair], judged) if pair in best else (chance[pair], more.place[pair], more.judged)
            )
    order = [first, *sorted(against, key=lambda member: (-against[member][0], member))]
    subgroups = sorted(
        (group for group in suggest(family, chance, apart) if len(group) > 1),
        key=lambda group: min(map(order.index, group)),
    )
    letter = {member: _LETTERS[at] for at, group in enumerate(subgroups) for member in group}
    lines = []
    for member in order:
        if member == first:
            lines.append(
                FamilyLine(first, rows.nodes[speaker[first]].speaker, None, "", letter.get(first, ALONE), (), ())
            )
            continue
        value, at, source = against[member]
        node_a, node_b = (source.one[at], source.two[at])
        here, there = (node_a, node_b) if node_a in groups[member] else (node_b, node_a)
        profile, other = judged.rows.profiles[here], judged.rows.profiles[there]
        lines.append(
            FamilyLine(
                member,
                rows.nodes[speaker[member]].speaker,
                round(value, 4),
                next(grade for least, grade in GRADES if value >= least),
                letter.get(member, ALONE),
                agreeing(profile, other, judged.rows.weights),
                (
                    *((_SAID_APART,) if _pair(first, member) in answered else ()),
                    *differing(profile, other, source.guards_of(at)),
                ),
            )
        )
    links = []
    for group in subgroups:
        for member in group[1:]:
            value = max(chance.get(_pair(member, other), 0.0) for other in group if other != member)
            links.append((value, groups[group[0]][0], groups[member][0]))
    likeliest = max((chance.get(_pair(a, b), 0.0) for i, a in enumerate(family) for b in family[i + 1 :]), default=0.0)
    return round(likeliest, 9), Family(tuple(lines)), links


def _pair(one: int, two: int) -> Pair:
    return (one, two) if one < two else (two, one)


def _speaker(group: list[int], judged: Judged) -> int:
    """The node that says the matter best: has title and text, names no place and no figure of its own, is nearest to the others."""
    if len(group) == 1:
        return group[0]
    vectors = judged.rows.vectors[group]
    middle = vectors.mean(axis=0)

    def merit(at: int) -> tuple[bool, float, int]:
        profile = judged.rows.profiles[group[at]]
        particulars = len(profile.places) + bool(profile.facts)
        return (
            bool(profile.title and profile.text),
            round(float(vectors[at] @ middle) - 0.1 * particulars, 6),
            -group[at],
        )

    return group[max(range(len(group)), key=merit)]
