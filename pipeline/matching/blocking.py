"""Which rows may be the same at all: for each row its nearest others by characters, by meaning and by themes. Recall first.

One measure is not enough: of rows that say one thing in other words, characters find little more than half.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.matching.table import RowTable

BY_CHARACTERS, BY_MEANING, BY_THEME = 16, 24, 8
"""Neighbours a row by each measure: together about 22 pairs a row."""
_LARGE = 20_000
"""From so many rows on, each measure searches through cells or through what is not common, so that time stays near linear."""
_COMMON = 400
_BLOCK = 1024
_FAINT = 0.02


@dataclass(frozen=True)
class Neighbours:
    """For each row its nearest others: int[n, k] (-1 for none) and their likeness, falling; ties by the rows' order."""

    rows: Any
    scores: Any


@dataclass(frozen=True)
class Candidates:
    """Pairs one < two, sorted, and the neighbours they come from."""

    one: Any
    two: Any
    characters: Neighbours
    meaning: Neighbours


def block(rows: RowTable) -> Candidates:
    """The candidate pairs of the rows."""
    count = len(rows)
    characters = _sparse_nearest(rows.tfidf, BY_CHARACTERS)
    meaning = _dense_nearest(rows.vectors, BY_MEANING)
    theme = _sparse_nearest(rows.themes_of("inward", own=True), BY_THEME)
    keys = [_equal_cores(rows)]
    for near in (characters, meaning, theme):
        at, slot = np.nonzero(near.rows >= 0)
        other = near.rows[at, slot]
        keys.append(np.minimum(at, other) * count + np.maximum(at, other))
    found = np.unique(np.concatenate(keys)) if count else np.zeros(0, dtype=np.int64)
    return Candidates(found // max(count, 1), found % max(count, 1), characters, meaning)


def _equal_cores(rows: RowTable) -> Any:
    """Rows that are equal but for function words are candidates even where many others are as near."""
    by_core: dict[str, list[int]] = {}
    for index, profile in enumerate(rows.profiles):
        if profile.core:
            by_core.setdefault(profile.core, []).append(index)
    pairs = [
        members[at] * len(rows) + later
        for members in by_core.values()
        for at in range(len(members))
        for later in members[at + 1 : at + 30]
    ]
    return np.array(pairs, dtype=np.int64)


def _dense_nearest(vectors: Any, count: int) -> Neighbours:
    size = len(vectors)
    found = Neighbours(np.full((size, count), -1), np.zeros((size, count)))
    small = vectors.astype(np.float32)
    for start in range(0, size, _BLOCK):
        stop = min(start + _BLOCK, size)
        likeness = small[start:stop] @ small.T
        likeness[np.arange(stop - start), np.arange(start, stop)] = -2.0
        _take(found, start, likeness, count, vectors)
    return found


def _take(found: Neighbours, start: int, likeness: Any, count: int, vectors: Any) -> None:
    """The `count` nearest of each line of a block; a few more are looked at exactly, so that rounding does not decide."""
    width = min(count + 4, likeness.shape[1] - 1)
    if width <= 0:
        return
    near = np.argpartition(-likeness, width - 1, axis=1)[:, :width]
    rows = np.repeat(np.arange(start, start + len(likeness)), width)
    exact = np.round(np.einsum("ij,ij->i", vectors[rows], vectors[near.ravel()]), 6).reshape(near.shape)
    order = np.lexsort((near, -exact), axis=1)[:, :count]
    kept = order.shape[1]
    lines = np.arange(len(near))[:, None]
    found.rows[start : start + len(near), :kept] = near[lines, order]
    found.scores[start : start + len(near), :kept] = exact[lines, order]


def _sparse_nearest(table: Any, count: int) -> Neighbours:
    from sparse_dot_topn import sp_matmul_topn  # noqa: PLC0415 - slow to import

    size = table.shape[0]
    found = Neighbours(np.full((size, count), -1), np.zeros((size, count)))
    if size < 2 or table.nnz == 0:
        return found
    search = table
    if size > _LARGE:
        often = np.bincount(table.indices, minlength=table.shape[1])
        search = table.copy()
        search.data = search.data * (often[search.indices] <= _COMMON * max(1, size // 50_000))
        search.eliminate_zeros()
    compact, columns = np.unique(search.indices, return_inverse=True)
    narrow = type(search)((search.data, columns, search.indptr), shape=(size, len(compact)))
    near = sp_matmul_topn(narrow, narrow.T.tocsr(), top_n=count + 5, threshold=_FAINT, sort=True, n_threads=2).tocoo()
    apart = near.row != near.col
    rows, cols, scores = (
        near.row[apart].astype(np.int64),
        near.col[apart].astype(np.int64),
        np.round(near.data[apart], 6),
    )
    order = np.lexsort((cols, -scores, rows))
    rows, cols, scores = rows[order], cols[order], scores[order]
    slot = np.arange(len(rows)) - np.searchsorted(rows, rows)
    keep = slot < count
    found.rows[rows[keep], slot[keep]] = cols[keep]
    found.scores[rows[keep], slot[keep]] = scores[keep]
    return found
