"""Texts as numbers: pairs of characters as hashed columns, the same whatever other rows there are, and how rare each is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

COLUMNS = 1 << 20
BACKGROUND_FILE = "background.tsv"


def code_points(texts: Sequence[str]) -> tuple[Any, Any]:
    """(the code points of all texts one behind another, which text each belongs to)."""
    joined = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    owner = np.repeat(np.arange(len(texts)), np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)))
    return joined, owner


def mix(*parts: Any) -> Any:
    """A hash of code points (uint32 arrays of one length) that is the same on every machine."""
    value = np.full(parts[0].shape, 0x9E3779B9, dtype=np.uint32)
    for part in parts:
        value = (value ^ part) * np.uint32(0x85EBCA6B)
        value ^= value >> np.uint32(13)
        value = value * np.uint32(0xC2B2AE35)
        value ^= value >> np.uint32(16)
    return value


def columns(points: Any, owner: Any, size: int, space: int) -> tuple[Any, Any]:
    """(text, column) of every run of `size` characters inside one text, columns below `space` (a power of two)."""
    count = len(points) - size + 1
    if count <= 0:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    inside = owner[:count] == owner[size - 1 :]
    hashed = mix(np.full(count, size, dtype=np.uint32), *(points[at : at + count] for at in range(size)))
    return owner[:count][inside], (hashed[inside] & np.uint32(space - 1)).astype(np.int64)


def pairs_of(texts: Sequence[str]) -> tuple[Any, Any]:
    """(text, column) of every pair of neighbouring characters; a text of one character is its own pair."""
    points, owner = code_points(texts)
    rows, cols = columns(points, owner, 2, COLUMNS)
    lone = [index for index, text in enumerate(texts) if len(text) == 1]
    if lone:
        single = mix(
            np.ones(len(lone), dtype=np.uint32), np.array([ord(texts[index]) for index in lone], dtype=np.uint32)
        )
        rows = np.concatenate([rows, np.array(lone)])
        cols = np.concatenate([cols, (single & np.uint32(COLUMNS - 1)).astype(np.int64)])
    return rows, cols


def column_of(gram: str) -> int:
    """The column of one pair of characters (or of one character)."""
    return int(pairs_of([gram])[1][0])


def matrix(rows: Any, cols: Any, data: Any, shape: tuple[int, int]) -> csr_matrix:
    """A sparse matrix, float64, its entries in order of row and column so that sums do not depend on how it was made."""
    made = csr_matrix((np.asarray(data, dtype=np.float64), (rows, cols)), shape=shape)
    made.sum_duplicates()
    made.sort_indices()
    return made


class Weights:
    """How rare a pair of characters is in office texts: its inverse document frequency, by hashed column."""

    def __init__(self, counts: dict[str, int], size: int):
        """From document frequencies in a background of `size` rows."""
        self.by_column = np.full(COLUMNS, np.log(size + 1))
        self._by_gram = {gram: math.log((size + 1) / (count + 1)) for gram, count in counts.items()}
        self._unseen = math.log(size + 1)
        if counts:
            grams = sorted(counts)
            _, cols = pairs_of(grams)
            order = np.concatenate(
                [np.flatnonzero([len(gram) > 1 for gram in grams]), np.flatnonzero([len(gram) == 1 for gram in grams])]
            )
            values = np.log((size + 1) / (np.array([counts[grams[at]] for at in order]) + 1))
            np.minimum.at(self.by_column, cols, values)

    def mass(self, grams: Iterable[str]) -> float:
        """Sum over different pairs of characters; exact, so that their order does not show."""
        return math.fsum(self._by_gram.get(gram, self._unseen) for gram in set(grams))


@lru_cache(maxsize=1)
def load_weights() -> Weights:
    """The background frequencies of the package."""
    text = (files("pipeline.matching") / "data" / BACKGROUND_FILE).read_text(encoding="utf-8")
    size, *lines = text.splitlines()
    counts = {gram: int(count) for gram, count in (line.split("\t") for line in lines)}
    return Weights(counts, int(size))
