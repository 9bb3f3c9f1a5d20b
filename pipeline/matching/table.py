"""The rows of one table as arrays: what blocking and comparing need of each row, made once, row by row, and stacked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from pipeline.matching.encoder import Encoder
from pipeline.matching.grams import COLUMNS, Weights, code_points, columns, matrix, pairs_of
from pipeline.matching.knowledge import Knowledge, load_knowledge
from pipeline.matching.profile import Profile

_SUBLINEAR_SIZES = (1, 2)


@dataclass
class RowTable:
    """Rows of one table in a fixed order (by form, so that the order of files does not show).

    Everything here but `tfidf` of a character alone depends on nothing but the row; a part of the rows gives the same lines.
    """

    table: str
    profiles: Sequence[Profile]
    units: Sequence[frozenset[str]]
    weights: Weights
    encoder: Encoder
    apart: tuple[tuple[str, str], ...] = ()
    """Words that 词库 never lets be the same."""

    def __len__(self) -> int:
        return len(self.profiles)

    @property
    def knowledge(self) -> Knowledge:
        """What words point at."""
        return load_knowledge()

    @cached_property
    def vectors(self) -> Any:
        """The encoder's vectors, float64[n, 128]."""
        return self.encoder.encode(self.profiles)

    @cached_property
    def _clause_grams(self) -> tuple[Any, Any, Any]:
        clauses = [clause for profile in self.profiles for clause in profile.clauses]
        owner = np.repeat(np.arange(len(self)), [len(profile.clauses) for profile in self.profiles])
        starts = np.cumsum([0, *(len(profile.clauses) for profile in self.profiles)])
        which, cols = pairs_of(clauses)
        rows = owner[which] if len(which) else which
        key = rows * COLUMNS + cols
        order = np.lexsort((which, key))
        first = order[np.flatnonzero(np.r_[True, key[order][1:] != key[order][:-1]])] if len(order) else order
        return rows[first], cols[first], which[first] - starts[rows[first]]

    @cached_property
    def grams(self) -> Any:
        """The different pairs of characters of each row, as ones."""
        rows, cols, _ = self._clause_grams
        return matrix(rows, cols, np.ones(len(rows)), (len(self), COLUMNS))

    @cached_property
    def clause_of(self) -> Any:
        """The same cells, holding the number (from 1) of the clause that the pair stands in."""
        rows, cols, clause = self._clause_grams
        return matrix(rows, cols, clause + 1.0, (len(self), COLUMNS))

    @cached_property
    def title_grams(self) -> Any:
        """The different pairs of characters of each title, as ones."""
        rows, cols = pairs_of([profile.title_content for profile in self.profiles])
        key = np.unique(rows * COLUMNS + cols) if len(rows) else np.zeros(0, dtype=np.int64)
        return matrix(key // COLUMNS, key % COLUMNS, np.ones(len(key)), (len(self), COLUMNS))

    @cached_property
    def mass(self) -> Any:
        """Weight of each row's pairs of characters."""
        return self.grams @ self.weights.by_column

    @cached_property
    def title_mass(self) -> Any:
        """Weight of each title's pairs of characters."""
        return self.title_grams @ self.weights.by_column

    @cached_property
    def clause_mass(self) -> tuple[Any, Any]:
        """(weights of all clauses one behind another, where each row's begin; clause numbers begin with 1)."""
        rows, cols, clause = self._clause_grams
        counts = np.array([len(profile.clauses) for profile in self.profiles], dtype=np.int64)
        starts = np.r_[0, np.cumsum(counts)]
        return np.bincount(
            starts[rows] + clause, weights=self.weights.by_column[cols], minlength=int(starts[-1])
        ), starts

    @cached_property
    def tfidf(self) -> Any:
        """Characters alone and in pairs of title and text, the title twice, each row of length 1."""
        texts = [profile.title_content + "\n" + profile.level for profile in self.profiles]
        points, owner = code_points(texts)
        parts = [columns(points, owner, size, COLUMNS) for size in _SUBLINEAR_SIZES]
        rows = np.concatenate([part[0] for part in parts])
        cols = np.concatenate([part[1] for part in parts])
        counts = matrix(rows, cols, np.ones(len(rows)), (len(self), COLUMNS))
        counts.data = (1 + np.log(counts.data)) * self.weights.by_column[counts.indices]
        return _unit(counts)

    @cached_property
    def themes(self) -> Any:
        """Weights of the themes that each row's words point at."""
        return self._sparse([profile.findings.themes for profile in self.profiles], len(self.knowledge.themes))

    def themes_of(self, scope: str, own: bool) -> Any:
        """The themes of a scope as rows of length 1: those of this table's part, or the others'."""
        part = {"problems": "problem", "causes": "cause", "measures": "measure"}[self.table]
        keep = np.array(
            [
                theme.scope == scope and not theme.broad and (scope == "sector" or (theme.part in (part, "any")) == own)
                for theme in self.knowledge.themes
            ]
        )
        kept = self.themes.copy()
        kept.data = kept.data * keep[kept.indices]
        kept.eliminate_zeros()
        return _unit(kept)

    @cached_property
    def idioms(self) -> Any:
        """Groups of idioms that each row uses."""
        return self._ones([profile.findings.idioms for profile in self.profiles], len(self.knowledge.idioms))

    @cached_property
    def members(self) -> Any:
        """Objects that each row names."""
        return self._ones([profile.findings.members for profile in self.profiles], len(self.knowledge.members))

    @cached_property
    def title_members(self) -> Any:
        """Objects that each title names."""
        return self._ones([profile.findings.title_members for profile in self.profiles], len(self.knowledge.members))

    @cached_property
    def poles(self) -> Any:
        """Opposites of which a row speaks of one side alone: 1 or -1."""
        return self._sparse(
            [{key: float(side) for key, side in profile.findings.poles.items()} for profile in self.profiles],
            len(self.knowledge.opposites),
        )

    @cached_property
    def class_of_member(self) -> Any:
        """Which class an object belongs to."""
        classes = [kind for kind, _ in self.knowledge.members]
        return matrix(
            np.arange(len(classes)), classes, np.ones(len(classes)), (len(classes), len(self.knowledge.classes))
        )

    @cached_property
    def lengths(self) -> Any:
        """Characters of each row's content."""
        return np.array([len(profile.content) for profile in self.profiles], dtype=np.float64)

    def _ones(self, found: Sequence[frozenset[int]], width: int) -> Any:
        return self._sparse([dict.fromkeys(sorted(one), 1.0) for one in found], width)

    def _sparse(self, found: Sequence[dict[int, float]], width: int) -> Any:
        rows = np.repeat(np.arange(len(found)), [len(one) for one in found])
        cols = np.array([key for one in found for key in one], dtype=np.int64)
        data = np.array([value for one in found for value in one.values()], dtype=np.float64)
        return matrix(rows, cols, data, (len(found), width))


def _unit(found: Any) -> Any:
    squares = found.copy()
    squares.data = squares.data**2
    lengths = np.sqrt(np.asarray(squares.sum(axis=1)).ravel())
    found.data = found.data / np.repeat(np.maximum(lengths, 1e-12), np.diff(found.indptr))
    return found
