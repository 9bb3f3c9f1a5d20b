"""Families: items that may be one, as many in one family as belong together, the likeliest joined first while lines are left."""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping

LARGEST = 25
"""No family is longer: more cannot be read at once; a matter that 17 units list must fit."""
LINES_A_ROW = 1.0
"""Lines shown for every row at the most, over all rounds of answers."""
FAINTEST = 0.27
"""Items are not put together whose affinity is less: of what stood below, one line in five was worth reading."""
_POWER, _SIZES = 0.7, 0.6
SUGGESTED = 0.5
"""Mean chance within a sub-group from which on it is suggested."""


def form_families(count: int, chance: Mapping[tuple[int, int], float], lines: int) -> list[list[int]]:
    """Families of items 0..count-1 by their pairs' chances; at most `lines` items in all, at most LARGEST in one.

    Two families are put together by the sum of the chances (to the power of 0.7) between them over the product of their
    sizes to the power of 0.6, the largest first: a row that is like many of a family counts more than one that is like a single row of it.
    """
    near: dict[int, dict[int, float]] = {}
    for (one, two), value in sorted(chance.items()):
        weight = value**_POWER
        near.setdefault(one, {})[two] = weight
        near.setdefault(two, {})[one] = weight
    members = {index: [index] for index in near}
    heap = [
        (-weight, one, two) for one in near for two, weight in near[one].items() if one < two and weight >= FAINTEST
    ]
    heapq.heapify(heap)
    spent, following = 0, count
    while heap:
        value, one, two = heapq.heappop(heap)
        if one not in members or two not in members or value != -_affinity(near[one][two], members[one], members[two]):
            continue
        sizes = len(members[one]), len(members[two])
        cost = sum(size == 1 for size in sizes)
        if sum(sizes) > LARGEST or spent + cost > lines:
            continue
        spent += cost
        joined = sorted([*members.pop(one), *members.pop(two)])
        merged: dict[int, float] = {}
        for other in sorted({*near[one], *near[two]} - {one, two}):
            if other in members:
                merged[other] = near[one].get(other, 0.0) + near[two].get(other, 0.0)
        del near[one], near[two]
        members[following], near[following] = joined, merged
        for other, weight in merged.items():
            near[other].pop(one, None)
            near[other].pop(two, None)
            near[other][following] = weight
            affinity = _affinity(weight, members[other], joined)
            if affinity >= FAINTEST:
                heapq.heappush(heap, (-affinity, other, following))
        following += 1
    return sorted(family for family in members.values() if len(family) > 1)


def _affinity(weight: float, one: list[int], two: list[int]) -> float:
    return weight / math.pow(len(one) * len(two), _SIZES)


def suggest(family: list[int], chance: Mapping[tuple[int, int], float], apart: set[tuple[int, int]]) -> list[list[int]]:
    """The sub-groups of a family that the program would join: average linkage, nothing that is kept apart."""
    groups = [[item] for item in family]

    def mean(one: list[int], two: list[int]) -> float:
        pairs = [(min(a, b), max(a, b)) for a in one for b in two]
        if any(pair in apart for pair in pairs):
            return -1.0
        return math.fsum(chance.get(pair, 0.0) for pair in pairs) / len(pairs)

    while len(groups) > 1:
        best, at = max(
            (mean(groups[i], groups[j]), (-i, -j)) for i in range(len(groups)) for j in range(i + 1, len(groups))
        )
        if best < SUGGESTED:
            break
        i, j = -at[0], -at[1]
        groups[i] = sorted([*groups[i], *groups.pop(j)])
    return groups


def central(family: list[int], chance: Mapping[tuple[int, int], float]) -> int:
    """The item that the others are most like: by the squares of the chances, so that one likely pair counts more than many faint ones."""

    def merit(item: int) -> tuple[float, int]:
        pairs = ((min(item, other), max(item, other)) for other in family)
        return round(math.fsum(chance.get(pair, 0.0) ** 2 for pair in pairs), 9), -item

    return max(family, key=merit)
