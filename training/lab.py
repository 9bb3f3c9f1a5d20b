"""Vectors of every hand, each encoded by an encoder that did not see it, and models that leave hands out."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.matching.blocking import block
from pipeline.matching.comparisons import NAMES, compare
from pipeline.matching.encoder import Encoder, from_arrays
from pipeline.matching.grams import Weights
from pipeline.matching.model import Model
from pipeline.matching.pairs import PairSlice
from pipeline.matching.table import RowTable
from training.hands import HANDS, Labelled, hands, profiles, sizes

TREES, RATE, LEAVES, LEAST = 220, 0.05, 12, 40
_RELATED = 0.5
"""Weight of a pair that a clerk wants to see side by side without joining it."""
_OFTEN = 5.0
"""Pairs of a group of n rows count min(1, 5 / (n - 1)) each, so that one item of 25 rows does not outweigh all others."""
WORK = Path(__file__).parent / "work"


@dataclass
class Judged:
    """One table of one hand: its rows as the program reads them, candidate pairs, vectors, labels, weights."""

    labelled: Labelled
    rows: RowTable
    pairs: PairSlice
    vectors: Any
    same: Any
    related: Any
    weight: Any


def encoder_without(hand: str | None) -> Encoder:
    """The encoder that never saw a hand; trained if it is not there yet."""
    path = WORK / f"{hand or 'all'}.npz"
    if not path.exists():
        command = [sys.executable, "-m", "training.encoder", "--out", str(path), *(["--without", hand] if hand else [])]
        subprocess.run(command, check=True)
    with np.load(path) as arrays:
        return from_arrays({name: arrays[name] for name in arrays.files})


def background(without: str | None) -> tuple[dict[str, int], int]:
    """Document frequencies of pairs of characters over the rows of all hands but one (no labels are used)."""
    from pipeline.matching.profile import bigrams

    counts: Counter[str] = Counter()
    size = 0
    for labelled in hands():
        if labelled.hand != without:
            for profile in profiles(labelled):
                counts.update({gram for clause in profile.clauses for gram in bigrams(clause)} | set(profile.level))
                size += 1
    return {gram: count for gram, count in sorted(counts.items()) if count > 1}, size


def row_table(labelled: Labelled, encoder: Encoder, weights: Weights) -> RowTable:
    return RowTable(
        labelled.table, profiles(labelled), [frozenset([row.unit]) for row in labelled.rows], weights, encoder
    )


def judged(labelled: Labelled, encoder: Encoder, weights: Weights) -> Judged:
    """The candidate pairs of a table with their vectors and labels."""
    rows = row_table(labelled, encoder, weights)
    found = block(rows)
    pairs = PairSlice(rows, found.one, found.two, found.characters, found.meaning)
    group = [row.group for row in labelled.rows]
    count = sizes(labelled)
    listed = list(zip(found.one.tolist(), found.two.tolist(), strict=True))
    same = np.array([group[a] == group[b] for a, b in listed])
    related = np.array([labelled.is_related(a, b) for a, b in listed])
    weight = np.array(
        [
            min(1.0, _OFTEN / max(count[group[a]] - 1, 1)) if group[a] == group[b] else _RELATED if near else 1.0
            for (a, b), near in zip(listed, related, strict=True)
        ]
    )
    return Judged(labelled, rows, pairs, compare(pairs), same, related, weight)


@lru_cache(maxsize=1)
def all_judged() -> dict[str, list[Judged]]:
    """Every hand, read with an encoder and a background that did not see it."""
    found: dict[str, list[Judged]] = {}
    for hand in HANDS:
        encoder, weights = encoder_without(hand), Weights(*background(hand))
        found[hand] = [judged(labelled, encoder, weights) for labelled in hands() if labelled.hand == hand]
    return found


def fit(sets: Iterable[Judged], seed: int = 0) -> list[list[list[float]]]:
    """Boosted trees over the pairs of these tables, in the package's form."""
    import lightgbm

    listed = list(sets)
    data = lightgbm.Dataset(
        np.vstack([one.vectors for one in listed]),
        np.concatenate([one.same for one in listed]).astype(float),
        weight=np.concatenate([one.weight for one in listed]),
        feature_name=list(NAMES),
        free_raw_data=False,
    )
    options = {
        "objective": "binary",
        "learning_rate": RATE,
        "num_leaves": LEAVES,
        "max_depth": 5,
        "min_data_in_leaf": LEAST,
        "feature_fraction": 0.4,
        "bagging_fraction": 0.7,
        "bagging_freq": 1,
        "lambda_l2": 5.0,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 1,
        "seed": seed,
        "verbose": -1,
    }
    booster = lightgbm.train(options, data, num_boost_round=TREES)
    return [_tree(tree["tree_structure"]) for tree in booster.dump_model()["tree_info"]]


def _tree(root: dict[str, Any]) -> list[list[float]]:
    nodes: list[list[float]] = []

    def walk(node: dict[str, Any]) -> int:
        at = len(nodes)
        if "leaf_value" in node and "left_child" not in node:
            nodes.append([round(float(node["leaf_value"]), 6)])
            return at
        nodes.append([])
        left, right = walk(node["left_child"]), walk(node["right_child"])
        nodes[at] = [int(node["split_feature"]), float(node["threshold"]), left, right]
        return at

    walk(root)
    return nodes


def calibrate(scores: Any, same: Any, weight: Any) -> tuple[float, float]:
    """Slope and offset (Platt) that make scores of hands left out probabilities."""
    slope, offset = 1.0, 0.0
    for _ in range(60):
        chance = 1 / (1 + np.exp(-(slope * scores + offset)))
        slack, bend = (chance - same) * weight, np.maximum(chance * (1 - chance), 1e-9) * weight
        gradient = np.array([(slack * scores).sum(), slack.sum()])
        hessian = np.array([[(bend * scores**2).sum(), (bend * scores).sum()], [(bend * scores).sum(), bend.sum()]])
        step = np.linalg.solve(hessian + 1e-6 * np.eye(2), gradient)
        slope, offset = slope - step[0], offset - step[1]
    return round(float(slope), 6), round(float(offset), 6)


def model_of(train: list[str]) -> Model:
    """A model of these hands, calibrated on each of them by a model of the others."""
    made = all_judged()
    scores, same, weight = [], [], []
    for hand in train:
        inner = Model(fit(one for other in train if other != hand for one in made[other]), 1.0, 0.0)
        for one in made[hand]:
            scores.append(inner.score(one.vectors))
            same.append(one.same)
            weight.append(np.where(one.same, 1.0, 1.0))
    slope, offset = calibrate(np.concatenate(scores), np.concatenate(same).astype(float), np.concatenate(weight))
    return Model(fit(one for hand in train for one in made[hand]), slope, offset)


@lru_cache(maxsize=len(HANDS))
def model_without(hand: str) -> Model:
    """The model that never saw a hand."""
    return model_of([other for other in HANDS if other != hand])
