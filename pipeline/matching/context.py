"""What a row's other neighbours say about a pair: a true pair stands out among them; a row between two others is split."""

from __future__ import annotations

from pipeline.matching.candidates import NEIGHBOURS
from pipeline.matching.profile import Profile, Weights

CONTEXT = (
    "split",
    "similarity",
    "rank_low",
    "rank_high",
    "margin_low",
    "margin_high",
    "crowd",
    "is_measure",
    "is_cause",
)
"""Names of the context, in the order of the vectors that `contexts` returns."""

_SPLIT_AMONG = 5
_UNLIKE = 0.25


def contexts(
    candidates: dict[tuple[int, int], float], profiles: list[Profile], table: str, weights: Weights
) -> list[list[float]]:
    """One vector per candidate pair (pair -> cosine). Ties count alike: the rows' order does not show."""
    near: list[list[tuple[float, int]]] = [[] for _ in profiles]
    for (i, j), score in candidates.items():
        near[i].append((score, j))
        near[j].append((score, i))
    for neighbours in near:
        neighbours.sort(key=lambda entry: (-entry[0], entry[1]))
    kinds = [float(table == "measures"), float(table == "causes")]
    splits = _splits(near, profiles, weights)
    vectors = []
    for (i, j), score in candidates.items():
        rank_i, margin_i, crowd_i = _seen_from(near[i], j, score)
        rank_j, margin_j, crowd_j = _seen_from(near[j], i, score)
        vectors.append(
            [
                max(splits[i], splits[j]),
                score,
                min(rank_i, rank_j),
                max(rank_i, rank_j),
                min(margin_i, margin_j),
                max(margin_i, margin_j),
                (crowd_i + crowd_j) / 2,
                *kinds,
            ]
        )
    return vectors


def _seen_from(neighbours: list[tuple[float, int]], other: int, score: float) -> tuple[float, float, float]:
    """(rank of `other`, margin over the best other neighbour, how many are nearly as near)."""
    rank = crowd = 0
    best = 0.0
    for near, row in neighbours:
        rank += near > score
        if row != other:
            best = max(best, near)
            crowd += near > 0.8 * score
    return float(min(rank, NEIGHBOURS)), score - best, float(crowd)


def _splits(near: list[list[tuple[float, int]]], profiles: list[Profile], weights: Weights) -> list[float]:
    """For each row the share of it that one neighbour says and another, unlike the first, does not, and the other way
    round: high for a row that holds two matters."""
    found = []
    for row, own in enumerate(profiles):
        best = 0.0
        parts = [(profiles[other], own.grams & profiles[other].grams) for _, other in near[row][:_SPLIT_AMONG]]
        for index, (one, said) in enumerate(parts):
            for other, said_too in parts[:index]:
                smaller = min(weights.mass(said - said_too), weights.mass(said_too - said))
                if smaller > best * own.mass and weights.mass(one.grams & other.grams) <= _UNLIKE * min(
                    one.mass, other.mass
                ):
                    best = smaller / own.mass
        found.append(best)
    return found
