"""The calibrated model over the comparisons: small trees in a readable file, trained by training.train."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any

import numpy as np

from pipeline.matching.comparisons import NAMES

MODEL_FILE = "model.json"
MOST_LEAVES = 16
_CHUNK = 8192
_LOWEST = np.array([0, *((number & -number).bit_length() - 1 for number in range(1, 1 << MOST_LEAVES))], dtype=np.uint8)


@dataclass(frozen=True)
class Model:
    """Boosted trees and their calibration.

    `trees`: each a list of nodes [feature, threshold, left, right] or [value], the root first; `slope` and `offset` turn the
    sum of the leaves into a probability.
    """

    trees: list[list[list[float]]]
    slope: float
    offset: float

    def probability(self, vectors: Any) -> Any:
        """float64[n, len(NAMES)] -> the chance that each pair is the same."""
        return 1 / (1 + np.exp(-(self.slope * self.score(vectors) + self.offset)))

    def score(self, vectors: Any) -> Any:
        """Sum of the leaves. Every node of a tree is asked at once; what it rules out is struck from a set of leaves."""
        matrix = np.asarray(vectors, dtype=np.float64).reshape(-1, len(NAMES))
        found = np.zeros(len(matrix))
        for at in range(0, len(matrix), _CHUNK):
            columns = np.asfortranarray(matrix[at : at + _CHUNK])
            total = np.zeros(len(columns))
            greater, struck = np.empty(len(columns), dtype=bool), np.empty(len(columns), dtype=np.uint16)
            for nodes, values in self._flat:
                gone = np.zeros(len(columns), dtype=np.uint16)
                for feature, threshold, leaves in nodes:
                    np.greater(columns[:, feature], threshold, out=greater)
                    np.multiply(greater, leaves, out=struck)
                    np.bitwise_or(gone, struck, out=gone)
                total += values[_LOWEST[gone ^ 0xFFFF]]
            found[at : at + _CHUNK] = total
        return found

    @cached_property
    def _flat(self) -> list[tuple[list[tuple[int, float, Any]], Any]]:
        return [_flatten(tree) for tree in self.trees]


def _flatten(tree: list[list[float]]) -> tuple[list[tuple[int, float, Any]], Any]:
    """(inner nodes as feature, threshold, leaves that are out if the value is greater; the leaves' values from left to right)."""
    values: list[float] = []
    nodes: list[tuple[int, float, Any]] = []

    def walk(at: int) -> int:
        if len(tree[at]) == 1:
            values.append(tree[at][0])
            return 1 << (len(values) - 1)
        feature, threshold, left, right = tree[at]
        lesser = walk(int(left))
        nodes.append((int(feature), threshold, np.uint16(lesser)))
        return lesser | walk(int(right))

    walk(0)
    if len(values) > MOST_LEAVES:
        raise ValueError(f"a tree has {len(values)} leaves, at most {MOST_LEAVES} fit")
    return nodes, np.array(values)


@lru_cache(maxsize=1)
def load_model() -> Model:
    """The model of the package; ValueError if it was trained for other comparisons than this version makes."""
    data = json.loads((files("pipeline.matching") / "data" / MODEL_FILE).read_text(encoding="utf-8"))
    if tuple(data["comparisons"]) != NAMES:
        raise ValueError("model.json was trained for other comparisons; run python -m training.train")
    return Model(data["trees"], data["slope"], data["offset"])
