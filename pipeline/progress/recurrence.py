"""年年提: problems that stood in last year's list too. What counts as the same a matcher decides, and a person confirms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.records import Item


@dataclass(frozen=True, slots=True)
class OldProblem:
    """A problem of last year's list: its number, text, what became of its measures, and for how many years it had stood."""

    number: str
    title: str
    detail: str
    state: str = ""
    years: int = 1


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts that a matcher holds to be one: positions in the lists it was given, and why."""

    new: int
    old: int
    basis: str


Matcher = Callable[[Sequence[str], Sequence[str]], Iterable[Pair]]


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A line of 年年提."""

    item: Item
    old: OldProblem
    basis: str

    @property
    def years(self) -> int:
        """连续年数, this year included."""
        return self.old.years + 1


def recurrences(
    problems: Sequence[Item],
    old: Sequence[OldProblem],
    matcher: Matcher,
    confirmed: Mapping[tuple[str, str], bool] | None = None,
) -> Iterator[Recurrence]:
    """The lines in the problems' order, one a problem. `confirmed`: (number, last year's number) -> what a person decided."""
    said = confirmed or {}
    pairs: dict[int, Pair] = {}
    for pair in matcher(
        [f"{item.cells['title']}。{item.cells['detail']}" for item in problems],
        [f"{one.title}。{one.detail}" for one in old],
    ):
        if said.get((problems[pair.new].id, old[pair.old].number), True):
            pairs.setdefault(pair.new, pair)
    by_number = {one.number: position for position, one in enumerate(old)}
    for position, item in enumerate(problems):
        for (number, old_number), same in said.items():
            if same and number == item.id and old_number in by_number:
                pairs[position] = Pair(position, by_number[old_number], "人工确认")
    for position, item in enumerate(problems):
        if position in pairs:
            pair = pairs[position]
            yield Recurrence(item, old[pair.old], pair.basis)
