"""Groups by constrained agglomeration: the likeliest pair first, and never through a middle row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

ACROSS = 0.3
"""What the other pairs of two groups must at least reach, so that no group is held together by a middle row alone."""


def bind(together: list[tuple[int, int]], apart: set[tuple[int, int]]) -> tuple[list[list[int]], list[tuple[int, int]]]:
    """(groups that a person's rulings make, pairs that cannot be obeyed since other rulings keep their groups apart)."""
    group: dict[int, list[int]] = {}
    refused = []
    for one, two in together:
        left, right = group.setdefault(one, [one]), group.setdefault(two, [two])
        if left is right:
            continue
        if any((min(a, b), max(a, b)) in apart for a in left for b in right):
            refused.append((one, two))
            continue
        left += right
        for index in right:
            group[index] = left
    distinct = {id(members): sorted(members) for members in group.values() if len(members) > 1}
    return sorted(distinct.values()), refused


def agglomerate(
    count: int,
    pairs: list[tuple[int, int]],
    probability: list[float],
    apart: set[tuple[int, int]],
    same: float,
    bound: Sequence[list[int]] = (),
) -> list[list[int]]:
    """Groups of 0..count-1.

    Pairs of at least `same` are taken from the likeliest down (ties by position). Two groups are joined only if every
    pair across them is a candidate of at least ACROSS and none is `apart`. `bound` groups are there from the start.
    """
    table = dict(zip(pairs, probability, strict=True))
    member = list(range(count))
    groups: dict[int, list[int]] = {index: [index] for index in range(count)}
    for first, *others in bound:
        for index in others:
            groups[first] += groups.pop(index)
            member[index] = first
    for i, j in sorted(
        (pair for pair in pairs if table[pair] >= same and pair not in apart), key=lambda pair: (-table[pair], pair)
    ):
        one, two = member[i], member[j]
        if one == two:
            continue
        across = [(a, b) if a < b else (b, a) for a in groups[one] for b in groups[two]]
        if any(pair in apart or table.get(pair, 0.0) < ACROSS for pair in across):
            continue
        groups[one] += groups.pop(two)
        for index in groups[one]:
            member[index] = one
    return [sorted(group) for _, group in sorted(groups.items())]


def families(links: list[tuple[int, int]]) -> dict[int, int]:
    """Connected components of the links: node -> component."""
    near: dict[int, set[int]] = defaultdict(set)
    for one, two in links:
        near[one].add(two)
        near[two].add(one)
    found: dict[int, int] = {}
    for start in sorted(near):
        if start in found:
            continue
        stack = [start]
        while stack:
            node = stack.pop()
            if node not in found:
                found[node] = start
                stack += near[node] - found.keys()
    return found
