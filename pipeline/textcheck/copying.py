"""Units that sent nearly the same texts: copying from each other is punished, and is better found here."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations

from rapidfuzz import fuzz

from pipeline import findings
from pipeline.findings import Finding, Place
from pipeline.matching import normal_form
from pipeline.consolidation import Merged
from pipeline.tables import INPUTS

_NEAR = 90.0
"""Two texts are nearly the same from this indel ratio on (of 100)."""
_LONG = 25
"""Shorter texts agree by chance."""
_ROWS, _SHARE = 2, 0.3
"""A pair of units is named from so many rows on, being that share of the smaller one's rows."""


def near_copies(merged: Merged) -> list[Finding]:
    """One finding per pair of units whose texts agree too often. Looked for among rows merged or doubted: no others are near."""
    shared: Counter[tuple[str, str]] = Counter()
    example: dict[tuple[str, str], str] = {}
    totals: Counter[str] = Counter()
    for table in INPUTS:
        frame = merged.intake.frames[table.key]
        units, texts, refused = frame["unit"].tolist(), frame["text"].tolist(), frame["refused"].tolist()
        totals.update(unit for unit, gone in zip(units, refused, strict=True) if not gone)
        pairs = {pair for item in merged.items[table.key] for pair in _pairs(item.rows, units)}
        pairs |= {(doubt.a, doubt.b) for doubt in merged.matchings[table.key].doubts}
        for a, b in sorted(pairs):
            one, two = normal_form(texts[a]), normal_form(texts[b])
            if units[a] != units[b] and min(len(one), len(two)) >= _LONG and fuzz.ratio(one, two) >= _NEAR:
                first, second = sorted((units[a], units[b]), key=merged.scheme.rank)
                shared[first, second] += 1
                example.setdefault((first, second), texts[a])
    found = []
    for (first, second), count in shared.items():
        fewest = min(totals[first], totals[second])
        if count >= _ROWS and count >= _SHARE * fewest:
            place = Place(unit=second)
            found.append(
                findings.NEAR_COPY.at(place, example[first, second][:60], a=first, b=second, n=count, of=fewest)
            )
    return found


def _pairs(rows: list[int], units: list[str]) -> set[tuple[int, int]]:
    """Pairs of rows of different units; of a very large group each row with the first of every unit."""
    by_unit: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        by_unit[units[row]].append(row)
    first = [own[0] for own in by_unit.values()]
    return set(combinations(first, 2)) if len(first) <= 60 else {(first[0], other) for other in first[1:]}
