"""Numbers once given stay with their item while rows come, go and are corrected. A number may be inherited; what was
said of an item is not: see `inheritance`."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from rapidfuzz import fuzz

from pipeline.ledger.migrations import form_1
from pipeline.records import SourceRow

RowKey = tuple[str, str]
"""(unit, normal form of 原文)."""

TRACKED = ("deadline", "status", "progress")
"""Cells of a measure whose change between two submissions is told (and, for 整改时限, must be approved)."""

_ALIKE = 50.0
"""Least rapidfuzz ratio at which a unit's row with the same 序号 is the old row corrected."""

_NEARLY = 90.0
"""Least ratio at which the row still says the same, if its figures and negations are the same."""

_MANY = 250_000
"""Pairs of one unit's old and new rows up to which all are compared; beyond, those of like 序号 or title alone."""

_FIGURE = re.compile(
    r"\d+(?:[.\-~/:]\d+)*%?|[<>=≤≥~]+|[〇零一二三四五六七八九十百千万亿两]{2,}|[一二三四五六七八九十百千万两](?=[次个条件项名人户天年月周元吨亩里所家场期批类处座位成倍轮遍])"
)
_NEGATION = re.compile(r"[不未无没非]|停止|取消")


@dataclass(frozen=True, slots=True)
class Member:
    """A row as the ledger knows it: whose it is, what it says (text, and normal forms of text and title), and its 序号.

    `tracked` are texts by column key (see TRACKED); `form_1` is the form that version 1 kept the row by.
    """

    unit: str
    form: str
    title: str
    seq: int
    text: str = ""
    place: str = ""
    tracked: Mapping[str, str] = field(default_factory=dict, hash=False)
    form_1: str = ""

    @property
    def key(self) -> RowKey:
        """What identifies the row."""
        return self.unit, self.form


@dataclass(frozen=True, slots=True)
class Known:
    """A row of earlier runs, its number, and whether that is retired.

    `old_form`: its form is version 1's. `replaced`: it was corrected, and the corrected row is known too.
    """

    member: Member
    item: str
    round: str = ""
    old_form: bool = False
    retired: bool = False
    replaced: bool = False


class Change(StrEnum):
    """How a row differs from the one that it is recognised as."""

    SAME = "same"
    RENAMED = "renamed"  # the text is the same, the unit has another name
    SMALL = "small"  # a few words; the figures and negations are the same
    CHANGED = "changed"  # corrected so far that what was said of it must be asked again


@dataclass(frozen=True, slots=True)
class Recognised:
    """A present row and the earlier one that it is."""

    row: Member
    known: Known
    change: Change


@dataclass(frozen=True, slots=True)
class Retired:
    """A number no longer in use, and the number its rows went to ("" if they are gone); `now`: it was in use until this run."""

    number: str
    went_to: str
    now: bool = True


def member_of(row: SourceRow, form_of: Callable[[str], str]) -> Member:
    """A row as the ledger knows it; `form_of` makes a text's normal form."""
    return Member(
        row.unit,
        form_of(row.text),
        form_of(row.title),
        row.seq,
        row.text,
        str(row.id),
        {key: row.cells[key] for key in TRACKED if key in row.cells},
        form_1(row.text),
    )


def recognise(
    present: Sequence[Member], known: Iterable[Known], units: Mapping[str, str], scheme_round: str
) -> dict[RowKey, Recognised]:
    """Each present row that is one of the known, by its key; rows of another round (scheme year) are none of them.

    First by text; then, of the rows that are gone, as a corrected row of the same unit: nearly the same text, or the same
    title, or the same 序号 with like text. `units` maps aliases and earlier names to the roster's present ones. A retired
    number is given back only to a row that says nearly the same.
    """
    old = [one for one in known if one.round in ("", scheme_round)]
    by_text = {(units.get(one.member.unit, one.member.unit), one.member.form, one.old_form): one for one in old}
    by_text |= {(one.member.unit, one.member.form, one.old_form): one for one in old}
    found: dict[RowKey, Recognised] = {}
    used: set[tuple[str, str, bool]] = set()
    for row in present:
        one = by_text.get((row.unit, row.form, False)) or by_text.get((row.unit, row.form_1, True))
        if one:
            change = Change.SAME if one.member.unit == row.unit else Change.RENAMED
            found[row.key] = Recognised(row, one, change)
            used.add((one.member.unit, one.member.form, one.old_form))
    gone: dict[str, list[Known]] = defaultdict(list)
    for one in sorted(old, key=lambda one: (one.member.seq, one.member.form)):
        if not one.replaced and (one.member.unit, one.member.form, one.old_form) not in used:
            gone[units.get(one.member.unit, one.member.unit)].append(one)
    new: dict[str, list[Member]] = defaultdict(list)
    for row in present:
        if row.key not in found:
            new[row.unit].append(row)
    for unit, rows in new.items():
        for row, one in _corrected(rows, gone.get(unit, [])):
            found.setdefault(row.key, Recognised(row, one, _change(row, one)))
    return found


def _corrected(rows: list[Member], gone: list[Known]) -> list[tuple[Member, Known]]:
    """One unit's new rows with the gone ones that they are corrections of, the likest pair first."""
    all_pairs = len(rows) * len(gone) <= _MANY
    likes = []
    for i, row in enumerate(rows):
        for j, one in enumerate(gone):
            titled = bool(row.title) and row.title == one.member.title
            placed = row.seq == one.member.seq
            if not (all_pairs or titled or placed):
                continue
            ratio = fuzz.ratio(row.form_1 if one.old_form else row.form, one.member.form)
            if one.retired and not _nearly(row, one, ratio):
                continue
            if ratio >= _NEARLY or titled or (placed and ratio >= _ALIKE):
                likes.append((-ratio, not titled, not placed, i, j))
    taken_rows: set[int] = set()
    taken_gone: set[int] = set()
    result = []
    for *_, i, j in sorted(likes):
        if i not in taken_rows and j not in taken_gone:
            taken_rows.add(i)
            taken_gone.add(j)
            result.append((rows[i], gone[j]))
    return result


def _change(row: Member, one: Known) -> Change:
    ratio = fuzz.ratio(row.form_1 if one.old_form else row.form, one.member.form)
    return Change.SMALL if _nearly(row, one, ratio) else Change.CHANGED


def _nearly(row: Member, one: Known, ratio: float) -> bool:
    form = row.form_1 if one.old_form else row.form
    old = one.member.form
    return (
        ratio >= _NEARLY
        and Counter(_FIGURE.findall(form)) == Counter(_FIGURE.findall(old))
        and Counter(_NEGATION.findall(form)) == Counter(_NEGATION.findall(old))
    )


def give_numbers(
    groups: Sequence[Sequence[Member]],
    before: Mapping[RowKey, str],
    used: int,
    prefix: str,
    active: Iterable[str] = (),
    changed: Container[RowKey] = (),
) -> tuple[list[str], list[Retired]]:
    """A number for each group, in the groups' order, and the numbers that are retired thereby.

    `before` is the number so far of each row that has one, `used` the highest number ever given, `active` the numbers in
    use until now. A split keeps the number with the larger part, a joined pair keeps the older number, a number is never
    given twice. A row that was `changed` has half a voice: the number stays with what is as it was.
    """
    votes: list[Counter[str]] = [Counter() for _ in groups]
    for counts, group in zip(votes, groups, strict=True):
        for row in group:
            if row.key in before:
                counts[before[row.key]] += 1 if row.key in changed else 2
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
    lost = {number: numbers[winner[number]] if number in winner else "" for number in {*active, *winner} - given}
    return numbers, [
        Retired(number, went_to) for number, went_to in sorted(lost.items(), key=lambda one: _order(one[0]))
    ]


def _order(number: str) -> int:
    return int(number.rsplit("-", 1)[1])
