"""待确认: which items a person should look at together, in the order in which to read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from pipeline.ledger import Ask
from pipeline.matching import FamilyLine, Matching
from pipeline.records import Item, RowId, SourceRow
from pipeline.tables import INPUTS, Table
from pipeline.vocabulary import APART


@dataclass(frozen=True, slots=True)
class PendingLine:
    """An item of a family: the row whose text is shown, how likely it is the first line's item, what the program would mark, and why."""

    item: Item
    row: SourceRow
    likelihood: str
    suggestion: str
    reason: str


@dataclass(frozen=True, slots=True)
class PendingFamily:
    """Items that a person decides together; `group` is 组号."""

    table: str
    short: str
    group: str
    lines: tuple[PendingLine, ...]


def pending_families(
    matchings: Mapping[str, Matching],
    owner: Mapping[RowId, Item],
    rows: Mapping[RowId, SourceRow],
    asks: Mapping[str, Sequence[Ask]],
    keys: Mapping[RowId, tuple[str, str]],
) -> list[PendingFamily]:
    """Changed rows whose judgement must be asked about first, then families of which two items go into the narrative, then by likelihood.

    `keys` gives each row's unit and normal form, by which the ledger knows it. No item is in two families.
    """
    found: list[tuple[Table, list[PendingLine]]] = []
    for table in INPUTS:
        asked = list(_asked(asks.get(table.key, ()), owner, rows, keys))
        taken = {line.item.id for lines in asked for line in lines}
        likely = [_lines(family.lines, owner, rows) for family in matchings[table.key].families]
        likely = [[line for line in lines if line.item.id not in taken] for lines in likely]
        found += [(table, lines) for lines in asked]
        found += [(table, lines) for lines in sorted(likely, key=_urgent) if len(lines) > 1]
    return [
        PendingFamily(table.key, table.short, str(number), tuple(lines))
        for number, (table, lines) in enumerate(found, start=1)
    ]


def suggested_pairs(families: Iterable[PendingFamily]) -> list[frozenset[str]]:
    """The pairs of items that the program would join and nobody has decided on."""
    return [
        frozenset((one.item.id, two.item.id))
        for family in families
        for one, two in combinations(family.lines, 2)
        if one.suggestion == two.suggestion not in ("", APART)
    ]


def _urgent(lines: Sequence[PendingLine]) -> bool:
    """False for a family of which two items go into the narrative: the same matter would be read out twice."""
    return sum(line.item.included for line in lines) < 2


def _lines(
    lines: Iterable[FamilyLine], owner: Mapping[RowId, Item], rows: Mapping[RowId, SourceRow]
) -> list[PendingLine]:
    made = []
    for line in lines:
        row = rows[line.speaker]
        chance = line.likelihood
        grade = f"{line.grade} {round(100 * chance)}" if chance is not None else ""
        said = [f"{word}：{'，'.join(parts)}" for word, parts in (("同", line.agree), ("异", line.differ)) if parts]
        made.append(PendingLine(owner[row.id], row, grade, line.suggestion, "；".join(said)))
    return made


def _asked(
    asks: Sequence[Ask],
    owner: Mapping[RowId, Item],
    rows: Mapping[RowId, SourceRow],
    keys: Mapping[RowId, tuple[str, str]],
) -> Iterable[list[PendingLine]]:
    """A family for each judgement of which a row changed too much: what it stood with, and the row as it is now."""
    by_key = {key: rows[row_id] for row_id, key in keys.items()}
    taken: set[str] = set()
    for ask in asks:
        row = by_key.get((ask.row.unit, ask.row.asked_form or ask.row.form))
        others = [by_key[line.key] for line in ask.with_ if line.key in by_key]
        if row is None:
            continue
        lines: dict[str, PendingLine] = {}
        for other in others:
            item = owner[other.id]
            if item.id not in taken and item.id != owner[row.id].id:
                mark = next(line.mark for line in ask.with_ if line.key == keys[other.id])
                lines.setdefault(item.id, PendingLine(item, other, "", mark, f"{ask.judgement.number} 定过"))
        own = owner[row.id]
        if lines and own.id not in taken:
            reason = f"这一行改了，原来{'与上面的归并' if any(line.suggestion == ask.row.mark for line in lines.values()) else '单列'}，照旧吗？"
            lines[own.id] = PendingLine(own, row, "", ask.row.mark, reason)
            taken |= lines.keys()
            yield list(lines.values())
