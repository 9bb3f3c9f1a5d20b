"""How each row came into its group: 归并方式, score and 依据."""

from __future__ import annotations

from typing import Any

from pipeline.matching.bets import Bet
from pipeline.matching.clusters import Clusters, Words
from pipeline.matching.judging import Judged
from pipeline.matching.nodes import RowSet
from pipeline.matching.reasons import agreeing
from pipeline.matching.result import AS_IT_IS, AUTOMATIC, BY_HAND, EQUAL, Join

_EQUAL = "去掉标点、空格、编号后文字完全相同"
_KEPT = "沿用上次的归并"

Pair = tuple[int, int]


def joins_of(
    rows: RowSet, judged: Judged, clusters: Clusters, words: Words, bets: list[Bet], suggested: list[Pair]
) -> dict[Any, Join]:
    """A join for every row: a person's word first, then the program's bets, then its suggestions (积极), then earlier runs."""
    known = _suggestions(judged, clusters, suggested) if suggested else {}
    for bet in reversed(bets):
        if clusters.root[bet.one] == clusters.root[bet.two]:
            known[bet.one] = known[bet.two] = Join(AUTOMATIC, 100.0, bet.basis)
    for (one, two), basis in sorted(words.must.items(), reverse=True):
        if clusters.root[one] == clusters.root[two]:
            known[one] = known[two] = Join(BY_HAND, None, basis)
    joins: dict[Any, Join] = {}
    for group in clusters.groups():
        for node in group:
            labels = rows.nodes[node].labels
            alone = Join(AS_IT_IS, None, "") if len(labels) == 1 else Join(EQUAL, None, _EQUAL)
            join = known.get(node) or (alone if len(group) == 1 else Join(AUTOMATIC, None, _KEPT))
            joins |= dict.fromkeys(labels, join)
    return joins


def _suggestions(judged: Judged, clusters: Clusters, suggested: list[Pair]) -> dict[int, Join]:
    """Each node that a suggestion joined, with its likeliest other of the group."""
    pairs = zip(judged.one.tolist(), judged.two.tolist(), strict=True)
    chance = dict(zip(pairs, judged.chance.tolist(), strict=True))
    found: dict[int, Join] = {}
    for node in sorted({node for pair in suggested for node in pair}):
        group = clusters.members[clusters.root[node]]
        likeliest = [
            (chance.get((min(node, other), max(node, other)), 0.0), -other) for other in group if other != node
        ]
        if likeliest:
            value, other = max(likeliest)
            same = "，".join(agreeing(judged.rows.profiles[node], judged.rows.profiles[-other], judged.rows.weights))
            basis = f"自动归并（建议）：同：{same or '用词不同，意思相同'}"
            found[node] = Join(AUTOMATIC, round(100 * value, 1), basis)
    return found
