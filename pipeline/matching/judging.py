"""Every candidate pair with its vector, its chance of being the same, and the guards that speak about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.matching.blocking import Candidates
from pipeline.matching.comparisons import NAMES, compare
from pipeline.matching.guards import GUARDS, HARD, speak, unguarded
from pipeline.matching.model import Model, load_model
from pipeline.matching.pairs import PairSlice
from pipeline.matching.table import RowTable

_SLICE = 16384
_NAMES = tuple(guard.name for guard in GUARDS)
_HARD = np.array([name in HARD for name in _NAMES])


@dataclass(frozen=True)
class Judged:
    """Pairs one < two of the rows.

    `chance`: of being the same; `likeness`: the same where a guard alone speaks against texts that are otherwise alike, for
    showing them side by side; `spoken` bool[n, guards]; `hard`: whether a guard speaks across which nothing is suggested;
    `aligned`, `swaps`: those comparisons, for the program's bets.
    """

    rows: RowTable
    candidates: Candidates
    model: Model
    one: Any
    two: Any
    chance: Any
    likeness: Any
    spoken: Any
    aligned: Any
    swaps: Any

    @property
    def hard(self) -> Any:
        """Whether a guard speaks across which nothing is suggested, pair by pair."""
        return (self.spoken & _HARD).any(axis=1)

    def guards_of(self, at: int) -> list[str]:
        """Names of the guards that speak about a pair."""
        return [name for name, speaks in zip(_NAMES, self.spoken[at], strict=True) if speaks]


def judge(
    rows: RowTable, candidates: Candidates, model: Model | None = None, pairs: tuple[Any, Any] | None = None
) -> Judged:
    """Judge the candidates, or only these `pairs` (one < two) among the same rows; slices of pairs give the same as all at once."""
    one, two = pairs or (candidates.one, candidates.two)
    chances, likenesses, spoken, aligned, swaps = [], [], [], [], []
    judge_by = model or load_model()
    cores = [profile.core for profile in rows.profiles]
    for at in range(0, len(one), _SLICE):
        part = PairSlice(rows, one[at : at + _SLICE], two[at : at + _SLICE], candidates.characters, candidates.meaning)
        vectors = compare(part)
        says = speak(part, vectors)
        chance = judge_by.probability(vectors)
        likeness = chance.copy()
        held = says.any(axis=1)
        if held.any():
            likeness[held] = np.maximum(chance[held], judge_by.probability(unguarded(vectors[held], says[held])))
        equal = np.array(
            [bool(cores[a]) and cores[a] == cores[b] for a, b in zip(part.one.tolist(), part.two.tolist(), strict=True)]
        )
        chance[equal], likeness[equal], says[equal] = 1.0, 1.0, False
        chances.append(chance)
        likenesses.append(likeness)
        spoken.append(says)
        aligned.append(vectors[:, NAMES.index("aligned")])
        swaps.append(vectors[:, NAMES.index("swaps")])
    if not chances:
        nothing = np.zeros(0)
        silent = np.zeros((0, len(GUARDS)), dtype=bool)
        return Judged(rows, candidates, judge_by, one, two, nothing, nothing, silent, nothing, nothing)
    chance, likeness, flat, swapped = (np.concatenate(parts) for parts in (chances, likenesses, aligned, swaps))
    return Judged(rows, candidates, judge_by, one, two, chance, likeness, np.vstack(spoken), flat, swapped)
