"""A slice of candidate pairs with what several comparisons share, worked out once for all pairs of the slice."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from rapidfuzz.distance import Indel

from pipeline.matching.blocking import Neighbours
from pipeline.matching.facts import agree, contradictions
from pipeline.matching.grams import matrix
from pipeline.matching.profile import Profile, bigrams
from pipeline.matching.table import RowTable

_CONTEXT = 2
"""Agreement of fewer characters inside a difference is chance."""
_LAID_SIDE_BY_SIDE = 0.35
"""Only texts that share so much (cosine of their pairs of characters) have like surroundings in which something can be exchanged."""
_LIKE_TITLES = 0.45
_TOP = 20.0


@dataclass
class PairSlice:
    """Pairs `one`[k] < `two`[k] of the rows; every array here has one entry a pair and depends on the pair alone, but for `characters` and `meaning`."""

    rows: RowTable
    one: Any
    two: Any
    characters: Neighbours
    meaning: Neighbours

    def __len__(self) -> int:
        return len(self.one)

    def profiles(self, at: int) -> tuple[Profile, Profile]:
        """The two rows of a pair."""
        return self.rows.profiles[self.one[at]], self.rows.profiles[self.two[at]]

    def shared(self, table: Any) -> Any:
        """Sum over the columns of the products of the two rows."""
        return dot(table, table, self.one, self.two)

    @cached_property
    def common(self) -> tuple[Any, Any, Any, Any]:
        """The shared pairs of characters, entry by entry: (pair, weight, clause in one, clause in two)."""
        here = self.rows.grams[self.one].multiply(self.rows.clause_of[self.two]).tocsr()
        there = self.rows.clause_of[self.one].multiply(self.rows.grams[self.two]).tocsr()
        here.sort_indices()
        there.sort_indices()
        pair = np.repeat(np.arange(len(self)), np.diff(here.indptr))
        weight = self.rows.weights.by_column[here.indices]
        return pair, weight, there.data.astype(np.int64) - 1, here.data.astype(np.int64) - 1

    @cached_property
    def mass(self) -> Any:
        """Weight of the shared pairs of characters."""
        pair, weight, _, _ = self.common
        return np.bincount(pair, weights=weight, minlength=len(self))

    @cached_property
    def cosine(self) -> Any:
        """Cosine of the two rows' weighted pairs of characters."""
        return ratio(self.mass, np.sqrt(self.rows.mass[self.one] * self.rows.mass[self.two]))

    @cached_property
    def heaviest(self) -> tuple[Any, Any]:
        """(mean weight of the three rarest shared pairs of characters, weight of the rarest)."""
        pair, weight, _, _ = self.common
        order = np.lexsort((-weight, pair))
        place = np.arange(len(order)) - np.searchsorted(pair, pair)
        top = place < 3
        three = np.bincount(pair[top], weights=weight[order][top], minlength=len(self)) / 3
        first = place < 1
        return three, np.bincount(pair[first], weights=weight[order][first], minlength=len(self))

    @cached_property
    def clauses(self) -> tuple[Any, Any, Any]:
        """(share of one's clauses, by weight, of which two says at least half; the same of two; the heaviest agreement in a clause)."""
        pair, weight, in_one, in_two = self.common
        mass, starts = self.rows.clause_mass
        found, best = [], np.zeros(len(self))
        for side, clause in ((self.one, in_one), (self.two, in_two)):
            counts = starts[side + 1] - starts[side]
            offsets = np.r_[0, np.cumsum(counts)]
            total = int(offsets[-1])
            agreed = np.bincount(offsets[pair] + clause, weights=weight, minlength=total)
            owner = np.repeat(np.arange(len(self)), counts)
            own = mass[starts[side][owner] + np.arange(total) - offsets[owner]]
            said = np.where(agreed >= 0.5 * own - 1e-9, own, 0.0)
            found.append(
                ratio(
                    np.bincount(owner, weights=said, minlength=len(self)),
                    np.bincount(owner, weights=own, minlength=len(self)),
                )
            )
            np.maximum.at(best, owner, agreed)
        return found[0], found[1], best

    @cached_property
    def title_cover(self) -> tuple[Any, Any, Any]:
        """(cosine of the titles, how much of one's title two says anywhere, how much of two's title one says)."""
        weighted = self.rows.title_grams.multiply(self.rows.weights.by_column[None, :]).tocsr()
        titles = dot(weighted, self.rows.title_grams, self.one, self.two)
        mass = self.rows.title_mass
        return (
            ratio(titles, np.sqrt(mass[self.one] * mass[self.two])),
            ratio(dot(weighted, self.rows.grams, self.one, self.two), mass[self.one]),
            ratio(dot(weighted, self.rows.grams, self.two, self.one), mass[self.two]),
        )

    @cached_property
    def alignment(self) -> tuple[Any, Any, Any, Any]:
        """(share aligned, two-sided substitutions in like surroundings, the heaviest of them, one-sided rest); zeros for unlike texts."""
        found = np.zeros((4, len(self)))
        for at in np.flatnonzero(self.cosine >= _LAID_SIDE_BY_SIDE).tolist():
            a, b = self.profiles(at)
            found[:, at] = _align(a.content, b.content, self.rows)
        return found[0], found[1], found[2], found[3]

    @cached_property
    def title_swap(self) -> Any:
        """Weight of what is exchanged between titles that are otherwise alike."""
        found = np.zeros(len(self))
        for at in np.flatnonzero(self.title_cover[0] >= _LIKE_TITLES).tolist():
            a, b = self.profiles(at)
            if a.title_content != b.title_content:
                found[at] = _align(a.title_content, b.title_content, self.rows)[2]
        return found

    @cached_property
    def figures(self) -> tuple[Any, Any, Any, Any]:
        """(figures that agree, figures that contradict, contradicting frequencies, figures on one side alone)."""
        found = np.zeros((4, len(self)))
        facts = [profile.facts for profile in self.rows.profiles]
        some = np.array([bool(one) for one in facts])
        found[3] = some[self.one] != some[self.two]
        for at in np.flatnonzero(some[self.one] & some[self.two]).tolist():
            a, b = facts[self.one[at]], facts[self.two[at]]
            found[0, at] = min(sum(any(agree(x, y) for y in b) for x in a), 3)
            against = contradictions(a, b)
            found[1, at] = min(sum(not x.yearly for x, _ in against), 2)
            found[2, at] = min(sum(x.yearly for x, _ in against), 2)
        return found[0], found[1], found[2], found[3]

    def differing_classes(self, members: Any) -> Any:
        """In how many classes of objects each row names something and they have nothing in common."""
        classes = members @ self.rows.class_of_member
        classes.data = np.ones_like(classes.data)
        named = dot(classes, classes, self.one, self.two)
        both = (members[self.one].multiply(members[self.two]) @ self.rows.class_of_member).tocsr()
        both.data = np.minimum(both.data, 1.0)
        return np.minimum(named - np.asarray(both.sum(axis=1)).ravel(), 3.0)

    @cached_property
    def near(self) -> dict[str, Any]:
        """How the pair stands among both rows' neighbours, by characters and by meaning."""
        found = {}
        vectors, tfidf = self.rows.vectors, self.rows.tfidf
        scores = {
            "characters": np.round(dot(tfidf, tfidf, self.one, self.two), 6),
            "meaning": np.round(np.einsum("ij,ij->i", vectors[self.one], vectors[self.two]), 6),
        }
        for name, neighbours in (("characters", self.characters), ("meaning", self.meaning)):
            score = scores[name]
            found[name] = score
            sides = (self.one, self.two), (self.two, self.one)
            ranks, margins, crowds = zip(
                *(_seen_from(neighbours, own, other, score) for own, other in sides), strict=True
            )
            found[name + "_rank_low"], found[name + "_rank_high"] = np.minimum(*ranks), np.maximum(*ranks)
            found[name + "_margin_low"], found[name + "_margin_high"] = np.minimum(*margins), np.maximum(*margins)
            found[name + "_crowd"] = (crowds[0] + crowds[1]) / 2
            found[name + "_circle"] = self._circle(neighbours)
        return found

    def _circle(self, neighbours: Neighbours) -> Any:
        """Share of the ten nearest that both rows have in common, each counted among its own."""
        size = len(self.rows)
        nearest = neighbours.rows[:, :10]
        at, slot = np.nonzero(nearest >= 0)
        rows, cols = np.r_[at, np.arange(size)], np.r_[nearest[at, slot], np.arange(size)]
        return self.shared(matrix(rows, cols, np.ones(len(rows)), (size, size))) / 11


def _seen_from(neighbours: Neighbours, own: Any, other: Any, score: Any) -> tuple[Any, Any, Any]:
    """(rank of the other row among one's neighbours, margin over the best of the rest, how many of the rest are nearly as near)."""
    if not neighbours.rows.shape[1]:
        return np.zeros(len(own)), score.copy(), np.zeros(len(own))
    near, far = neighbours.rows[own], neighbours.scores[own]
    nearer = far > score[:, None]
    if (near < 0).any():
        nearer &= near >= 0
    first = near[:, 0] == other
    second = far[:, 1] if far.shape[1] > 1 else np.zeros(len(own))
    best = np.maximum(np.where(first, second, far[:, 0]), 0.0)
    enough = 0.8 * np.maximum(score, 0.05)
    listed = (near == other[:, None]).any(axis=1) & (score > enough)
    crowd = (far > enough[:, None]).sum(axis=1) - listed
    return nearer.sum(axis=1).astype(np.float64), score - best, crowd.astype(np.float64)


def dot(left: Any, right: Any, one: Any, two: Any) -> Any:
    """Row by row the sum of products of left[one] and right[two]."""
    return np.asarray(left[one].multiply(right[two]).sum(axis=1)).ravel()


def ratio(part: Any, whole: Any) -> Any:
    """part / whole, 0 where there is nothing."""
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), 0.0)


def pieces(a: str, b: str) -> list[tuple[bool, str, str]]:
    """The two texts laid side by side: (whether the stretch agrees, a's stretch, b's stretch)."""
    merged: list[tuple[bool, str, str]] = []
    for code in Indel.opcodes(a, b):
        one, two = a[code.src_start : code.src_end], b[code.dest_start : code.dest_end]
        same = code.tag == "equal" and len(one) >= _CONTEXT
        if merged and not same and not merged[-1][0]:
            merged[-1] = (False, merged[-1][1] + one, merged[-1][2] + two)
        else:
            merged.append((same, one, two))
    return merged


def _align(a: str, b: str, rows: RowTable) -> tuple[float, float, float, float]:
    merged = pieces(a, b)
    equal, swaps, heaviest, lone = 0, 0, 0.0, 0
    last = len(merged) - 1
    for index, (same, one, two) in enumerate(merged):
        if same:
            equal += len(one)
            continue
        around = (index > 0 and merged[index - 1][0]) or (index < last and merged[index + 1][0])
        if one and two and around:
            swaps += 1
            if heaviest < _TOP:
                heaviest = max(heaviest, min(rows.weights.mass(bigrams(one)), rows.weights.mass(bigrams(two)), _TOP))
        else:
            lone += len(one) + len(two)
    total = max(len(a) + len(b), 1)
    return 2 * equal / total, float(min(swaps, 5)), heaviest / _TOP, lone / total
