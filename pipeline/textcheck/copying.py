"""Units that sent nearly the same texts: copying from each other is punished, and is better found here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

from rapidfuzz import fuzz

from pipeline import findings
from pipeline.consolidation import Result
from pipeline.findings import Finding, Place
from pipeline.matching import normal_form
from pipeline.records import RowId, SourceRow
from pipeline.tables import INPUTS

_NEAR = 90.0
"""Two texts are nearly the same from this indel ratio on (of 100)."""
_LONG = 25
"""Shorter texts agree by chance."""
_ROWS, _SHARE = 2, 0.3
"""A pair of units is named from so many rows on, being that share of the smaller one's rows."""


def near_copies(merged: Result) -> list[Finding]:
    """One finding per pair of units whose texts agree too often. Looked for among rows merged or doubted: no others are near."""
    shared: Counter[tuple[str, str]] = Counter()
    example: dict[tuple[str, str], str] = {}
    totals: Counter[str] = Counter()
    for table in INPUTS:
        rows = {row.id: row for row in merged.intake.rows[table.key] if not row.refused}
        totals.update(row.unit for row in rows.values())
        pairs = {pair for item in merged.items[table.key] for pair in _pairs(item.rows)}
        for family in merged.families:
            if family.table == table.key:
                pairs |= set(combinations((line.row.id for line in family.lines), 2))
        order = {row_id: position for position, row_id in enumerate(rows)}
        for a, b in sorted(pairs, key=lambda pair: (order[pair[0]], order[pair[1]])):
            one, two = normal_form(rows[a].text), normal_form(rows[b].text)
            if rows[a].unit != rows[b].unit and min(len(one), len(two)) >= _LONG and fuzz.ratio(one, two) >= _NEAR:
                first, second = sorted((rows[a].unit, rows[b].unit), key=merged.scheme.rank)
                shared[first, second] += 1
                example.setdefault((first, second), rows[a].text)
    found = []
    for (first, second), count in shared.items():
        fewest = min(totals[first], totals[second])
        if count >= _ROWS and count >= _SHARE * fewest:
            place = Place(unit=second)
            found.append(
                findings.NEAR_COPY.at(place, example[first, second][:60], a=first, b=second, n=count, of=fewest)
            )
    return found


def _pairs(rows: Sequence[SourceRow]) -> set[tuple[RowId, RowId]]:
    """Pairs of rows of different units; of a very large group each row with the first of every unit."""
    first: dict[str, RowId] = {}
    for row in rows:
        first.setdefault(row.unit, row.id)
    ids = list(first.values())
    return set(combinations(ids, 2)) if len(ids) <= 60 else {(ids[0], other) for other in ids[1:]}
