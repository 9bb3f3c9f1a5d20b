"""Groups by constrained agglomeration: the likeliest pair first, and never through a middle row."""

from __future__ import annotations

from collections import defaultdict

ACROSS = 0.3
"""What the other pairs of two groups must at least reach, so that no group is held together by a middle row alone."""


def agglomerate(
    count: int, pairs: list[tuple[int, int]], probability: list[float], apart: set[tuple[int, int]], same: float
) -> list[list[int]]:
    """Groups of 0..count-1.

    Pairs of at least `same` are taken from the likeliest down (ties by position). Two groups are joined only if every
    pair across them is a candidate of at least ACROSS and none is `apart`.
    """
    table = dict(zip(pairs, probability, strict=True))
    member = list(range(count))
    groups: dict[int, list[int]] = {index: [index] for index in range(count)}
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
