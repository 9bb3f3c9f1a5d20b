"""Train the matching model from tools/labelled and write it into the package as readable files.

    python tools/train_matching.py

Writes pipeline/matching/data/model.json (trees, calibration, thresholds) and background.tsv. Calibration and thresholds
come from out-of-fold scores. The same rows give the same files.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from matching_lab import TABLES, background, corpora, fit, lexicon, out_of_fold
from sklearn.linear_model import LogisticRegression

from pipeline.matching.model import BACKGROUND_FILE, FEATURES, MODEL_FILE
from pipeline.matching.profile import Weights

DATA = Path(__file__).parents[1] / "pipeline" / "matching" / "data"
PRECISION = 0.985
"""The least out-of-fold precision, guards applied, at which pairs are joined: chosen so that new rows are joined at 0.98 or better."""

FLOOR = 0.75
"""No pair below this chance is joined, however well the labelled rows come out."""

LOOKED_AT = {"problems": 1.45, "causes": 1.6, "measures": 1.3}
"""Pairs a row, joined ones included, down to which a person is asked."""


def main() -> None:
    words = lexicon()
    counts, size = background(words)
    often = {gram: count for gram, count in sorted(counts.items()) if count > 1}
    weights = Weights(often, size)
    (DATA / BACKGROUND_FILE).write_text(
        "\n".join([str(size), *(f"{gram}\t{count}" for gram, count in often.items())]) + "\n", encoding="utf-8"
    )
    made = corpora(words, weights)
    scores = out_of_fold(made)
    labels = np.concatenate([corpus.full.labels for corpus in made])
    platt = LogisticRegression(C=1e6).fit(np.concatenate(scores).reshape(-1, 1), labels)
    slope, offset = float(platt.coef_[0][0]), float(platt.intercept_[0])
    chances = [1 / (1 + np.exp(-(slope * score + offset))) for score in scores]
    same, look = {}, {}
    for table in TABLES:
        own = [(corpus, chance) for corpus, chance in zip(made, chances, strict=True) if corpus.table == table]
        same[table] = _threshold(own)
        everything = np.sort(np.concatenate([chance for _, chance in own]))[::-1]
        rows = sum(len(corpus.rows) for corpus, _ in own)
        look[table] = round(float(everything[min(int(LOOKED_AT[table] * rows), len(everything) - 1)]), 4)
    model = fit([(corpus, pairs) for corpus in made for pairs in (corpus.full, *corpus.thinned)], None)
    prior = float(np.log(model.init_.class_prior_[1] / model.init_.class_prior_[0]))
    trees = [_tree(estimator[0].tree_, model.learning_rate) for estimator in model.estimators_]
    document = {
        "features": list(FEATURES),
        "same": same,
        "look": look,
        "slope": round(slope, 6),
        "offset": round(offset, 6),
        "start": round(prior, 6),
        "trees": trees,
    }
    (DATA / MODEL_FILE).write_text(
        json.dumps({**document, "trees": "@"}, ensure_ascii=False, indent=1).replace(
            '"@"', "[\n" + ",\n".join("  " + json.dumps(tree) for tree in trees) + "\n ]"
        )
        + "\n",
        encoding="utf-8",
    )
    print("same", same, "look", look, "slope", slope, "offset", offset)


def _threshold(own: list[tuple[Any, Any]]) -> float:
    """The least chance from which on unguarded pairs are right as often as PRECISION asks and no known trap is joined."""
    chance = np.concatenate([chance for _, chance in own])
    free = ~np.concatenate([corpus.full.guarded for corpus, _ in own])
    right = np.concatenate([corpus.full.labels for corpus, _ in own])[free]
    order = np.argsort(-chance[free])
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero((precision >= PRECISION) & (np.arange(len(order)) >= 15))
    least = float(chance[free][order][good[-1]]) if len(good) else 0.98
    traps = np.concatenate([corpus.full.traps for corpus, _ in own])[free]
    return round(max(least, FLOOR, float(chance[free][traps].max(initial=0.0)) + 1e-4), 4)


def _tree(tree: Any, rate: float) -> list[list[float]]:
    return [
        [
            int(tree.feature[node]),
            round(float(tree.threshold[node]), 6),
            int(tree.children_left[node]),
            int(tree.children_right[node]),
        ]
        if tree.children_left[node] >= 0
        else [round(float(rate * tree.value[node][0][0]), 6)]
        for node in range(tree.node_count)
    ]


if __name__ == "__main__":
    main()
