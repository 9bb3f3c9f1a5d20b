"""What a hand left out makes of a model: families, suggestions, and a clerk who knows the truth and answers them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.matching import families as room
from training.lab import Judged


@dataclass
class Outcome:
    """Counts over one or more tables."""

    rows: int
    true: int
    held: int
    lines: int
    same_partner: int
    related_partner: int
    suggested: int
    suggested_right: int
    lines_right: int
    largest: int
    recall_after: float
    marks: int
    corrections: int


def run(one: Judged, chance: Any, lines_a_row: float | None = None) -> Outcome:
    """Families of one table as the program forms them (equal cores not joined, which changes little here)."""
    count = len(one.labelled.rows)
    pairs = list(zip(one.pairs.one.tolist(), one.pairs.two.tolist(), strict=True))
    table = {pair: float(value) for pair, value in zip(pairs, chance, strict=True) if value > 0.01}
    unit = [row.unit for row in one.labelled.rows]
    group = [row.group for row in one.labelled.rows]
    apart = {pair for pair in table if unit[pair[0]] == unit[pair[1]]}
    found = room.form_families(count, table, int((lines_a_row or room.LINES_A_ROW) * count))
    true = one.labelled.true_pairs()
    out = Outcome(count, len(true), 0, 0, 0, 0, 0, 0, 0, 0, 0.0, 0, 0)
    for family in found:
        out.lines += len(family)
        out.largest = max(out.largest, len(family))
        together = {(a, b) for i, a in enumerate(family) for b in family[i + 1 :]}
        out.held += len(together & true)
        groups = room.suggest(family, table, apart)
        suggested = {(a, b) for members in groups for i, a in enumerate(members) for b in members[i + 1 :]}
        out.suggested += len(suggested)
        out.suggested_right += len(suggested & true)
        for item in family:
            same = {other for other in family if other != item and group[other] == group[item]}
            out.same_partner += bool(same)
            out.related_partner += bool(same) or any(one.labelled.is_related(item, other) for other in family)
        # marks typed by hand: every line that is joined with another
        sizes = {name: sum(group[item] == name for item in family) for name in {group[item] for item in family}}
        out.marks += sum(size for size in sizes.values() if size > 1)
        # with 按建议: lines whose suggestion must be changed
        claimed: dict[str, list[int]] = {}
        for members in groups:
            names = [group[item] for item in members]
            best = max(sorted(set(names)), key=names.count)
            claimed.setdefault(best, []).append(max(names.count(best), 0))
            out.corrections += len(members) - names.count(best)
        out.corrections += sum(sum(sizes_) - max(sizes_) for sizes_ in claimed.values())
    out.recall_after = out.held / max(out.true, 1)
    out.lines_right = out.lines - out.corrections
    return out


def line(name: str, out: Outcome) -> str:
    """One line of the report."""
    return (
        f"{name:20} held {out.held / max(out.true, 1):.3f} lines/row {out.lines / out.rows:.2f} same {out.same_partner / max(out.lines, 1):.2f} "
        f"+rel {out.related_partner / max(out.lines, 1):.2f} sugg pairs {out.suggested_right / max(out.suggested, 1):.2f} ({out.suggested}) "
        f"lines right {out.lines_right / max(out.lines, 1):.2f} marks/row {out.marks / out.rows:.2f} corr/row {out.corrections / out.rows:.2f} max {out.largest}"
    )


def total(outs: list[Outcome]) -> Outcome:
    """The sum over tables."""
    return Outcome(*(sum(values) for values in zip(*(vars(out).values() for out in outs), strict=True)))


_ = np
