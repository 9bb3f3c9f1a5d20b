"""What training and measuring share: the labelled rows as corpora, folds that keep look-alikes together, vectors."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.matching.candidates import find_candidates
from pipeline.matching.context import CONTEXT, contexts
from pipeline.matching.evidence import compare
from pipeline.matching.guards import guards, held_back
from pipeline.matching.lexicon import Lexicon, lexicon_of
from pipeline.matching.profile import Profile, Weights, read_profile
from pipeline.scheme import Unit, load_preset

LABELLED = Path(__file__).parent / "labelled"
TABLES = ("problems", "causes", "measures")
FOLDS = 5
_THINNED = (0.0, 0.1, 0.25, 0.5, 0.0, 0.1, 0.25, 0.5)
"""Chance that a group keeps a further row in the thinned corpora that training adds: in real submissions most rows are alone."""

UNDECIDED = frozenset({("D2067", "D2073"), ("D2067", "D2072"), ("D2072", "D2090"), ("D2073", "D2090")})
"""Pairs that a careful clerk could decide either way: neither trained on nor counted."""


@dataclass
class Pairs:
    """Candidate pairs of a corpus as vectors, labels, whether a guard spoke, and whether a labelled look-alike."""

    vectors: Any
    labels: Any
    guarded: Any
    spoken: list[list[str]]
    held: list[bool]
    traps: Any
    ids: list[tuple[str, str]]


@dataclass
class Corpus:
    """The rows of one table by one author; `fold` of each row id; `true` is the number of pairs to be found."""

    table: str
    rows: list[dict[str, str]]
    fold: dict[str, int]
    true: int
    full: Pairs
    thinned: list[Pairs]


def read_rows(table: str) -> list[dict[str, str]]:
    text = (LABELLED / f"{table}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def read_lookalikes() -> set[tuple[str, str]]:
    text = (LABELLED / "lookalikes.jsonl").read_text(encoding="utf-8")
    pairs = (json.loads(line) for line in text.splitlines() if line.strip())
    return {(min(pair["a"], pair["b"]), max(pair["a"], pair["b"])) for pair in pairs}


def lexicon() -> Lexicon:
    """The package's vocabulary with the labelled rows' units as roster."""
    names = sorted({row["unit"] for table in TABLES for row in read_rows(table) if row.get("unit")})
    return lexicon_of(
        load_preset("2021").scheme.model_copy(update={"roster": tuple(Unit(name=name) for name in names)})
    )


def background(words: Lexicon) -> tuple[dict[str, int], int]:
    """Document frequencies of character pairs over all labelled rows (no labels are used)."""
    empty = Weights({}, 1)
    rows = [row for table in TABLES for row in read_rows(table)]
    counts = Counter(
        gram
        for row in rows
        for gram in read_profile(row["title"], row["text"], row.get("unit", ""), words, empty).grams
    )
    return dict(counts), len(rows)


def corpora(words: Lexicon, weights: Weights) -> list[Corpus]:
    """Every table of every author, with vectors."""
    lookalikes = read_lookalikes()
    made = []
    for table in TABLES:
        rows = read_rows(table)
        for author in sorted({row["id"][1] for row in rows}):
            own = sorted((row for row in rows if row["id"][1] == author), key=lambda row: row["id"])
            profiles = {
                row["id"]: read_profile(row["title"], row["text"], row.get("unit", ""), words, weights) for row in own
            }
            chosen = random.Random(7)
            thinned = [_thin(own, share, chosen) for share in _THINNED]
            sizes = Counter(row["group"] for row in own)
            made.append(
                Corpus(
                    table,
                    own,
                    _folds(own, lookalikes),
                    sum(size * (size - 1) // 2 for size in sizes.values()),
                    _pairs(table, own, profiles, words, weights, lookalikes),
                    [_pairs(table, some, profiles, words, weights, lookalikes) for some in thinned],
                )
            )
    return made


def _thin(rows: list[dict[str, str]], further: float, chosen: random.Random) -> list[dict[str, str]]:
    """Most groups with one row, some with more, and a fifth of the groups gone."""
    groups: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        groups.setdefault(row["group"], []).append(row)
    kept = []
    for group in groups.values():
        if chosen.random() < 0.2:
            continue
        first, *others = chosen.sample(group, len(group))
        kept += [first, *(row for row in others if chosen.random() < further)]
    return sorted(kept, key=lambda row: row["id"])


def _pairs(
    table: str,
    rows: list[dict[str, str]],
    profiles: dict[str, Profile],
    words: Lexicon,
    weights: Weights,
    lookalikes: set[tuple[str, str]],
) -> Pairs:
    own = [profiles[row["id"]] for row in rows]
    candidates = find_candidates([profile.title + profile.level for profile in own])
    around = contexts(candidates, own, table, weights)
    vectors, labels, spoken, held, traps, ids = [], [], [], [], [], []
    for (i, j), context in zip(candidates, around, strict=True):
        pair = (rows[i]["id"], rows[j]["id"])
        if pair in UNDECIDED:
            continue
        vector = compare(own[i], own[j], weights)
        vectors.append(vector + context)
        labels.append(rows[i]["group"] == rows[j]["group"])
        spoken.append(guards(vector, context[CONTEXT.index("split")], own[i], own[j], words, table))
        held.append(held_back(vector, spoken[-1]))
        ids.append(pair)
        traps.append(pair in lookalikes)
    return Pairs(
        np.array(vectors),
        np.array(labels),
        np.array([bool(names) for names in spoken]),
        spoken,
        held,
        np.array(traps),
        ids,
    )


def _folds(rows: list[dict[str, str]], lookalikes: set[tuple[str, str]]) -> dict[str, int]:
    """Row id -> fold; a group and the groups that look like it are in one fold, so that no test row's twin is trained on."""
    group = {row["id"]: row["group"] for row in rows}
    parent = {name: name for name in group.values()}

    def root(name: str) -> str:
        while parent[name] != name:
            name = parent[name]
        return name

    for a, b in sorted(lookalikes):
        if a in group and b in group:
            parent[root(group[a])] = root(group[b])
    names = sorted({root(name) for name in parent})
    random.Random(11).shuffle(names)
    number = {name: index % FOLDS for index, name in enumerate(names)}
    return {row: number[root(name)] for row, name in group.items()}


def new_model() -> Any:
    """The classifier: shallow boosted trees, strongly regularised since the rows are few."""
    from sklearn.ensemble import GradientBoostingClassifier

    return GradientBoostingClassifier(
        n_estimators=250,
        learning_rate=0.05,
        max_depth=3,
        subsample=0.7,
        max_features=0.4,
        min_samples_leaf=30,
        random_state=0,
    )


def fit(sets: list[tuple[Corpus, Pairs]], fold: int | None) -> Any:
    """A model trained on every pair, or on those with no row in `fold`."""
    vectors, labels = [], []
    for corpus, pairs in sets:
        keep = [fold is None or (corpus.fold[a] != fold and corpus.fold[b] != fold) for a, b in pairs.ids]
        vectors.append(pairs.vectors[keep])
        labels.append(pairs.labels[keep])
    return new_model().fit(np.vstack(vectors), np.concatenate(labels))


def out_of_fold(made: list[Corpus]) -> list[Any]:
    """For each corpus the score of every pair by models that saw neither of its rows (averaged over its two folds)."""
    sets = [(corpus, pairs) for corpus in made for pairs in (corpus.full, *corpus.thinned)]
    scores = [np.zeros(len(corpus.full.ids)) for corpus in made]
    times = [np.zeros(len(corpus.full.ids)) for corpus in made]
    for fold in range(FOLDS):
        model = fit(sets, fold)
        for at, corpus in enumerate(made):
            test = np.array([fold in (corpus.fold[a], corpus.fold[b]) for a, b in corpus.full.ids])
            scores[at][test] += model.decision_function(corpus.full.vectors[test])
            times[at][test] += 1
    return [score / count for score, count in zip(scores, times, strict=True)]
