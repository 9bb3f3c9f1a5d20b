"""What a person said about a family of rows, and what follows from it pair by pair. A later judgement wins, pair by pair."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from pipeline.records import Constraint
from pipeline.vocabulary import APART

PREFIX = "JD"

PairKey = tuple[tuple[str, str], tuple[str, str]]
"""Two rows, each by (unit, form), sorted."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it was judged: whose, its 原文 and normal form, and its mark: any text, 单列, or "" (said nothing of it).

    Blank lines are kept where another line is 单列: it stays apart from them too. `unit` may be "", which means any unit.
    `asked` is the row's text now, where it changed too much for the judgement to follow: the person is asked again.
    """

    unit: str
    text: str
    form: str
    mark: str = ""
    asked: str = ""
    asked_form: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What identifies the row: unit and form."""
        return self.unit, self.form


@dataclass(frozen=True, slots=True)
class Judgement:
    """One 决定. `by` whom, `at` an ISO date or date-time, `source` where it was said (sheet!cell, page, program).

    `taken` is its place in the order of taking; judgements of one run have the same and stand in the run's order.
    """

    number: str
    table: str
    lines: tuple[Line, ...]
    by: str = ""
    at: str = ""
    source: str = ""
    op: str = ""
    taken: int = 0

    def line(self, unit: str, form: str) -> Line | None:
        """The line of that row, None if the judgement says nothing of it."""
        return next((line for line in self.lines if line.key == (unit, form)), None)

    def marks(self) -> dict[tuple[str, str], str]:
        """(unit, form) -> mark."""
        return {line.key: line.mark for line in self.lines}


@dataclass(frozen=True, slots=True)
class Pair:
    """What a judgement says of two of its lines."""

    a: Line
    b: Line
    same: bool

    @property
    def key(self) -> PairKey:
        """What identifies the pair, in either order."""
        one, two = sorted((self.a.key, self.b.key))
        return one, two


def pairs(judgement: Judgement) -> Iterator[Pair]:
    """Same mark: together. Different marks: apart. 单列: apart from every other line, also from blank ones."""
    for one, two in combinations(judgement.lines, 2):
        marks = {one.mark, two.mark}
        if APART in marks:
            yield Pair(one, two, False)
        elif "" not in marks:
            yield Pair(one, two, one.mark == two.mark)


def tidy(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The lines that a judgement keeps: blank ones only beside a 单列; none where nothing follows from them."""
    given = tuple(lines)
    kept = given if any(line.mark == APART for line in given) else tuple(line for line in given if line.mark)
    return kept if len(kept) > 1 else ()


def in_force(judgements: Sequence[Judgement]) -> list[tuple[Judgement, Pair]]:
    """Every pair that holds, in the order in which it was said: one said again later counts as said later alone.

    A pair said of any unit ("") takes the place of the earlier ones of the same two texts, whatever their units.
    """
    said: dict[tuple[str, PairKey], tuple[Judgement, Pair]] = {}
    by_forms: dict[tuple[str, ...], list[tuple[str, PairKey]]] = {}
    for judgement in judgements:
        for pair in pairs(judgement):
            key = (judgement.table, pair.key)
            forms = (judgement.table, *sorted(form for _, form in pair.key))
            others = by_forms.setdefault(forms, [])
            for other in [other for other in others if _covers(pair.key, other[1])]:
                said.pop(other)
                others.remove(other)
            said[key] = (judgement, pair)
            others.append(key)
    return list(said.values())


def _covers(later: PairKey, earlier: PairKey) -> bool:
    """Whether the rows that `earlier` speaks of are among those of `later`."""

    def within(one: tuple[str, str], other: tuple[str, str]) -> bool:
        return one[1] == other[1] and one[0] in ("", other[0])

    a, b = later
    c, d = earlier
    return (within(a, c) and within(b, d)) or (within(a, d) and within(b, c))


def standing(judgements: Sequence[Judgement]) -> list[Judgement]:
    """The judgements that at least one pair in force comes from, in the order of their numbers: what 已定事项 shows."""
    numbers = {judgement.number for judgement, _ in in_force(judgements)}
    return sorted((one for one in judgements if one.number in numbers), key=lambda one: number_of(one.number))


def constraints(judgements: Sequence[Judgement]) -> list[Constraint]:
    """The pairs in force as matching obeys them, later ones last."""
    return [
        Constraint(*pair.a.key, *pair.b.key, pair.same, basis_of(judgement))
        for judgement, pair in in_force(judgements)
        if pair.a.key != pair.b.key
    ]


def basis_of(judgement: Judgement) -> str:
    """依据 in 合并明细: which judgement, when, whose."""
    return f"{judgement.number}（{'，'.join(part for part in (judgement.at[:10], judgement.by) if part)}）"


def renamed(judgement: Judgement, units: Mapping[str, str]) -> Judgement:
    """The same with units by their present names; `units` maps earlier names and aliases to them."""
    return replace(
        judgement, lines=tuple(replace(line, unit=units.get(line.unit, line.unit)) for line in judgement.lines)
    )


def number_of(number: str) -> int:
    """JD-012 -> 12."""
    return int(number.rsplit("-", 1)[1])


def number_text(number: int) -> str:
    """12 -> JD-012."""
    return f"{PREFIX}-{number:03d}"
