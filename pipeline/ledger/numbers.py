"""Numbers once given stay with their item while rows come and go."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from rapidfuzz import fuzz

_ALIKE = 50.0
"""Least rapidfuzz ratio at which a unit's row with the same 序号 is the old row corrected."""


@dataclass(frozen=True, slots=True)
class Member:
    """A row as the ledger knows it: whose it is, what it says (normal forms of text and title), and its 序号."""

    unit: str
    form: str
    title: str
    seq: int


@dataclass(frozen=True, slots=True)
class Retired:
    """A number no longer in use, and the number its rows went to ("" if they are gone)."""

    number: str
    went_to: str


def give_numbers(
    groups: list[list[Member]], known: dict[Member, str], used: int, prefix: str
) -> tuple[list[str], list[Retired]]:
    """A number for each group, in the groups' order, and the numbers that are retired thereby.

    `known` is each row's number so far, `used` the highest number ever given. A split keeps the number with the larger part, a
    joined pair keeps the older number, a number is never given twice. A row whose text was corrected counts as the old row if its
    unit, and its title or its 序号 with like text, are the same.
    """
    before = _recognise(groups, known)
    votes = [Counter(before[row] for row in group if row in before) for group in groups]
    holders: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for index, counts in enumerate(votes):
        for number, count in counts.items():
            holders[number].append((-count, index))
    winner = {number: min(entries)[1] for number, entries in holders.items()}
    numbers: list[str] = []
    for index, counts in enumerate(votes):
        own = [number for number in counts if winner[number] == index]
        if own:
            numbers.append(min(own, key=_order))
        else:
            used += 1
            numbers.append(f"{prefix}-{used:03d}")
    given = set(numbers)
    retired = [
        Retired(number, numbers[winner[number]] if number in winner else "") for number in set(known.values()) - given
    ]
    return numbers, sorted(retired, key=lambda entry: _order(entry.number))


def _order(number: str) -> int:
    return int(number.rsplit("-", 1)[1])


def _recognise(groups: list[list[Member]], known: dict[Member, str]) -> dict[Member, str]:
    """Each present row's old number, through its text or else as a corrected row of its unit."""
    by_text = {(row.unit, row.form): number for row, number in known.items()}
    present = [row for group in groups for row in group]
    found = {row: by_text[row.unit, row.form] for row in present if (row.unit, row.form) in by_text}
    here = {(row.unit, row.form) for row in present}
    gone: dict[str, list[Member]] = defaultdict(list)
    for row in sorted(known, key=lambda row: (row.seq, row.form)):
        if (row.unit, row.form) not in here:
            gone[row.unit].append(row)
    for row in present:
        if row in found:
            continue
        old = next((other for other in gone[row.unit] if row.title and other.title == row.title), None) or next(
            (other for other in gone[row.unit] if other.seq == row.seq and fuzz.ratio(other.form, row.form) >= _ALIKE),
            None,
        )
        if old:
            gone[row.unit].remove(old)
            found[row] = known[old]
    return found
