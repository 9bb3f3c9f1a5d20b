"""Rows between two runs: what a unit changed in them, and which must be written anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipeline.ledger.carried import ValueChange
from pipeline.ledger.numbers import Change, Member, Recognised, RowKey
from pipeline.ledger.writing import RowsOf

_CORRECTED = (Change.SMALL, Change.CHANGED)


def value_changes(recognised: Iterable[Recognised]) -> Iterator[ValueChange]:
    """Tracked cells that differ from those of the last submission; what was never known is no change."""
    for one in recognised:
        old = one.known.member.tracked
        for key, value in one.row.tracked.items():
            if key in old and old[key].strip() != value.strip():
                yield ValueChange(one.known.item, one.row.unit, key, old[key], value, one.row.place)


def rows_to_write(
    table: str,
    scheme_round: str,
    by_number: Mapping[str, Sequence[Member]],
    recognised: Mapping[RowKey, Recognised],
) -> RowsOf:
    """The rows that are new or kept otherwise than they are now, with the earlier ones whose place they take."""
    # a unit may send the same text twice: the ledger knows it once
    by_key = {row.key: (row, number) for number, rows in by_number.items() for row in reversed(rows)}
    item_of = dict(by_key.values())
    new = {row: item for row, item in item_of.items() if _is_new(row, item, recognised, scheme_round)}
    known = [(one.known.member.key, one) for one in recognised.values()]
    replaced = tuple(key for key, one in known if one.change in _CORRECTED)
    same_text = [(key, one) for key, one in known if one.change not in _CORRECTED]
    renewed = tuple(key for key, one in same_text if one.change is Change.RENAMED or one.known.old_form)
    return RowsOf(table, scheme_round, new, renewed, replaced)


def _is_new(row: Member, item: str, recognised: Mapping[RowKey, Recognised], scheme_round: str) -> bool:
    one = recognised.get(row.key)
    if one is None or one.change is not Change.SAME or one.known.old_form or one.known.replaced:
        return True
    old = one.known.member
    kept = (old.text, old.title, old.seq, old.place, dict(old.tracked), one.known.item, one.known.round)
    return kept != (row.text, row.title, row.seq, row.place, dict(row.tracked), item, scheme_round)
