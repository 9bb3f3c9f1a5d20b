"""The calibrated model over the evidence: small trees in a readable file, trained by tools/train_matching.py."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np

from pipeline.matching.context import CONTEXT
from pipeline.matching.evidence import EVIDENCE
from pipeline.matching.profile import Weights

FEATURES = (*EVIDENCE, *CONTEXT)
MODEL_FILE, BACKGROUND_FILE = "model.json", "background.tsv"


@dataclass(frozen=True)
class Model:
    """Boosted trees and their calibration.

    `trees`: each a list of nodes [feature, threshold, left, right] or [value]; `start` the score of no tree; `slope` and
    `offset` turn the score into a probability; `same` and `look` are the least probabilities of each verdict by table.
    """

    start: float
    trees: list[list[list[float]]]
    slope: float
    offset: float
    same: dict[str, float]
    look: dict[str, float]

    def probability(self, vectors: Any) -> Any:
        """float[n, len(FEATURES)] -> the probability that each pair is the same."""
        matrix = np.asarray(vectors, dtype=np.float64).reshape(-1, len(FEATURES))
        score = np.full(len(matrix), self.start)
        for tree in self.trees:
            score += _grow(tree, 0, matrix, np.arange(len(matrix)), np.zeros(len(matrix)))
        return 1 / (1 + np.exp(-(self.slope * score + self.offset)))


def _grow(tree: list[list[float]], node: int, matrix: Any, rows: Any, out: Any) -> Any:
    if len(tree[node]) == 1:
        out[rows] = tree[node][0]
        return out
    feature, threshold, left, right = tree[node]
    low = matrix[rows, int(feature)] <= threshold
    _grow(tree, int(left), matrix, rows[low], out)
    return _grow(tree, int(right), matrix, rows[~low], out)


@lru_cache(maxsize=1)
def load_model() -> Model:
    """The model of the package; ValueError if it was trained for other evidence than this version computes."""
    data = json.loads((files("pipeline.matching") / "data" / MODEL_FILE).read_text(encoding="utf-8"))
    if tuple(data["features"]) != FEATURES:
        raise ValueError("model.json was trained for other evidence; run tools/train_matching.py")
    return Model(**{name: data[name] for name in ("start", "trees", "slope", "offset", "same", "look")})


@lru_cache(maxsize=1)
def load_weights() -> Weights:
    """The background frequencies of the package."""
    text = (files("pipeline.matching") / "data" / BACKGROUND_FILE).read_text(encoding="utf-8")
    size, *lines = text.splitlines()
    counts = {gram: int(count) for gram, count in (line.split("\t") for line in lines)}
    return Weights(counts, int(size))
