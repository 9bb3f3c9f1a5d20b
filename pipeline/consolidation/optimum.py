"""The best choice as an integer program (scipy's `milp`, that is HiGHS), and a greedy one where that does not come to an end.

One variable says whether a candidate is in; further ones whether a chosen problem is answered and explained, a chosen
measure or cause stray, a heading empty. Quotas, pairs kept apart and the office's words are constraints; flaws of the whole
cost more than any item is worth (`Weights`), so that they are accepted only where nothing else is possible.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_array

from pipeline.consolidation.candidates import Candidates, forced_in
from pipeline.consolidation.worth import WEIGHTS, promise, worth
from pipeline.vocabulary import TableKey

_LARGEST = 4000
"""Variables from which on the greedy choice is taken: beyond, the program may take longer than a run."""

_NODES = 20_000
"""Branches after which HiGHS gives up. A limit of time would give different documents on different days."""

_POINT = 10_000.0
"""What a point weighs against the order of the lists, which decides ties and nothing else."""


class _Program:
    """Columns and rows of the program, gathered one by one."""

    def __init__(self) -> None:
        self.gains: list[float] = []
        self.lower: list[float] = []
        self.whole: list[int] = []
        self.cells: list[tuple[int, int, float]] = []
        self.limits: list[float] = []

    def variable(self, gain: float, lower: float = 0.0, whole: bool = True) -> int:
        self.gains.append(gain)
        self.lower.append(lower)
        self.whole.append(int(whole))
        return len(self.gains) - 1

    def at_most(self, terms: Iterable[tuple[int, float]], limit: float) -> None:
        row = len(self.limits)
        self.cells += [(row, column, factor) for column, factor in terms]
        self.limits.append(limit)

    def solved(self) -> np.ndarray | None:
        """Each variable's value at the optimum; None where it was not found or not proved."""
        rows, columns, factors = zip(*self.cells, strict=True) if self.cells else ((), (), ())
        shape = (len(self.limits), len(self.gains))
        matrix = csc_array((factors, (rows, columns)), shape=shape, dtype=float)
        constraints = [LinearConstraint(matrix, ub=np.array(self.limits))] if self.limits else []
        outcome = milp(
            -np.array(self.gains),
            integrality=np.array(self.whole),
            bounds=Bounds(np.array(self.lower), np.ones(len(self.gains))),
            constraints=constraints,
            options={"mip_rel_gap": 0.0, "node_limit": _NODES},
        )
        return outcome.x if outcome.status == 0 else None


def best_choice(given: Candidates) -> tuple[frozenset[str], bool]:
    """(the numbers that go in, whether that is the optimum and not the greedy choice)."""
    if not given.items:
        return frozenset(), True
    if len(given.items) * 3 <= _LARGEST:
        program, chosen = _program(given)
        values = program.solved()
        if values is not None:
            return frozenset(number for number, at in chosen.items() if values[at] > 0.5), True
    return greedy_choice(given), False


def _program(given: Candidates) -> tuple[_Program, dict[str, int]]:
    program = _Program()
    chosen: dict[str, int] = {}
    step = _POINT / (sum(given.quota.values()) + 1)
    for group in given.under().values():
        for place, number in enumerate(group):
            # concave: of two pairs with the same sum of places the one with the earlier first item is better
            behind = step * (1 - (1 - place / len(group)) ** 2)
            item = given.items[number]
            chosen[number] = program.variable(_POINT * worth(item) - behind, float(forced_in(item)))
    for heading, group in given.under().items():
        program.at_most([(chosen[number], 1.0) for number in group], given.quota[heading])
        if group:
            empty = program.variable(-_POINT * WEIGHTS.empty_heading, whole=False)
            program.at_most([*((chosen[number], -1.0) for number in group), (empty, -1.0)], -1.0)
    for pair in given.apart:
        program.at_most([(chosen[number], 1.0) for number in sorted(pair)], 1.0)
    _correspondence(program, given, chosen)
    return program, chosen


def _correspondence(program: _Program, given: Candidates, chosen: dict[str, int]) -> None:
    def needs(own: str, others: Sequence[str], cost: int) -> None:
        """`own` costs so much if it is in and none of the others is."""
        flaw = program.variable(-_POINT * cost, whole=False)
        program.at_most([(chosen[own], 1.0), *((chosen[other], -1.0) for other in others), (flaw, -1.0)], 0.0)

    def gains(own: str, others: Sequence[str], points: int) -> None:
        """So many points if `own` is in and one of the others is, once."""
        met = program.variable(_POINT * points, whole=False)
        program.at_most([(met, 1.0), (chosen[own], -1.0)], 0.0)
        program.at_most([(met, 1.0), *((chosen[other], -1.0) for other in others)], 0.0)

    for problem in given.of(TableKey.PROBLEMS):
        for links, points in (
            (problem.links.measures, WEIGHTS.answered + worth(problem) // 10),  # of two, the weightier is answered
            (problem.links.causes, WEIGHTS.explained),
        ):
            known = given.known(links)
            if known:
                gains(problem.id, known, points)
    for table, cost in ((TableKey.MEASURES, WEIGHTS.stray_measure), (TableKey.CAUSES, WEIGHTS.stray_cause)):
        for item in given.of(table):
            if item.links.problems:
                needs(item.id, given.known(item.links.problems), cost)


def greedy_choice(given: Candidates) -> frozenset[str]:
    """The same weights without looking ahead: problems, then measures by what they answer, then causes by what they explain."""
    chosen: set[str] = {item.id for item in given.items.values() if forced_in(item)}
    left = dict(given.quota)
    for number in chosen:
        left[given.heading[number]] -= 1
    rivals: dict[str, set[str]] = {}
    for pair in given.apart:
        for number in pair:
            rivals.setdefault(number, set()).update(pair - {number})

    def take(number: str) -> bool:
        heading = given.heading[number]
        if number in chosen or left[heading] < 1 or rivals.get(number, set()) & chosen:
            return False
        chosen.add(number)
        left[heading] -= 1
        return True

    for problem in sorted(given.of(TableKey.PROBLEMS), key=promise, reverse=True):
        take(problem.id)
    for table, gain in ((TableKey.MEASURES, WEIGHTS.answered), (TableKey.CAUSES, WEIGHTS.explained)):
        waiting = list(given.of(table))
        met: set[str] = {problem for item in waiting if item.id in chosen for problem in item.links.problems}
        fitting = [item for item in waiting if not item.links.problems or chosen & set(item.links.problems)]
        while fitting:
            best = max(fitting, key=lambda item: worth(item) + gain * len((chosen & set(item.links.problems)) - met))
            fitting.remove(best)
            if take(best.id):
                met.update(best.links.problems)
        for item in sorted(waiting, key=promise, reverse=True):  # a stray one rather than an empty heading
            if left[given.heading[item.id]] == given.quota[given.heading[item.id]]:
                take(item.id)
    return frozenset(chosen)
