"""What the choice is made among: the items that may go in, what binds them, and what the office has said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.consolidation.items import heading_rank, headings
from pipeline.consolidation.worth import promise
from pipeline.matching import normal_form
from pipeline.records import Item
from pipeline.scheme import Scheme
from pipeline.tables import CAUSES, INPUTS, MEASURES, PROBLEMS
from pipeline.vocabulary import Included, TableKey

Heading = tuple[str, int]
"""(table key, position of the aspect or direction)."""

SHORTLIST = 24
"""Problems of an aspect, causes, and measures without a problem of a direction that are weighed against each other."""

_ANSWERS_KEPT = 3
"""Measures of one problem under one direction that are weighed; a problem with more has more than it needs."""

_IN, _OUT = (Included.YES, Included.ALWAYS), (Included.NO, Included.NEVER)


def forced_in(item: Item) -> bool:
    """The office said 是 or 必入."""
    return item.cells["included"] in _IN


def forced_out(item: Item) -> bool:
    """The office said 否 or 不入."""
    return item.cells["included"] in _OUT


@dataclass(frozen=True)
class Candidates:
    """The items that are weighed, by number, in the order of their lists.

    `heading` of each, `quota` of each heading (raised to what the office forces in), `apart` the pairs of which only one may
    be in, `passed_over` how many of each table were too far down their lists to be weighed.
    """

    items: Mapping[str, Item]
    heading: Mapping[str, Heading]
    quota: Mapping[Heading, int]
    apart: Sequence[frozenset[str]]
    passed_over: Mapping[str, int] = field(default_factory=dict)

    def of(self, table: str) -> Iterator[Item]:
        """Those of a table."""
        return (item for item in self.items.values() if item.table == table)

    def under(self) -> dict[Heading, list[str]]:
        """The numbers under each heading."""
        found: dict[Heading, list[str]] = {heading: [] for heading in self.quota}
        for number in self.items:
            found[self.heading[number]].append(number)
        return found

    def known(self, numbers: Sequence[str]) -> list[str]:
        """Those of the numbers that are weighed."""
        return [number for number in numbers if number in self.items]


def candidates(
    items: Mapping[str, Sequence[Item]], scheme: Scheme, undecided: Sequence[frozenset[str]] = ()
) -> Candidates:
    """The shortlist of every heading. `undecided` are pairs of numbers that may be one and the same."""
    settings = scheme.settings
    quotas = {
        PROBLEMS.key: settings.problems_per_aspect,
        CAUSES.key: settings.causes_in_document,
        MEASURES.key: settings.measures_per_direction,
    }
    heading: dict[str, Heading] = {}
    groups: dict[Heading, list[Item]] = defaultdict(list)
    for table in INPUTS:
        names = headings(table, scheme).names
        for item in items[table.key]:
            rank = heading_rank(table, item, scheme) if names else 0
            if (names and rank >= len(names)) or forced_out(item):
                continue
            heading[item.id] = (table.key, rank)
            groups[table.key, rank].append(item)
    kept = _shortlists(groups)
    weighed = {item.id: item for table in INPUTS for item in items[table.key] if item.id in kept}
    passed = {
        table.key: sum(item.id in heading and item.id not in kept for item in items[table.key]) for table in INPUTS
    }
    quota = {place: max(quotas[place[0]], sum(forced_in(item) for item in group)) for place, group in groups.items()}
    pairs = [*(pair for pair in undecided if len(pair) == 2), *_twins(weighed, heading)]
    apart = [pair for pair in dict.fromkeys(pairs) if _binds(pair, weighed)]
    return Candidates(weighed, heading, quota, apart, passed)


def _shortlists(groups: Mapping[Heading, Sequence[Item]]) -> set[str]:
    """The numbers worth weighing: the best of each heading, and of the measures those that answer such a problem."""
    kept: set[str] = set()
    for (table, _), group in groups.items():
        if table != TableKey.MEASURES:
            best = sorted(group, key=promise, reverse=True)[:SHORTLIST]  # a stable sort: list order decides ties
            kept |= {item.id for item in (*best, *filter(forced_in, group))}
    for (table, _), group in groups.items():
        if table != TableKey.MEASURES:
            continue
        answers: dict[str, int] = defaultdict(int)
        loose = 0
        for item in sorted(group, key=promise, reverse=True):
            here = [number for number in item.links.problems if number in kept]
            if forced_in(item) or any(answers[number] < _ANSWERS_KEPT for number in here):
                kept.add(item.id)
                for number in here:
                    answers[number] += 1
            elif not here and loose < SHORTLIST:
                kept.add(item.id)
                loose += 1
    return kept


def _twins(weighed: Mapping[str, Item], heading: Mapping[str, Heading]) -> Iterator[frozenset[str]]:
    """Pairs under one heading whose titles say the same: a reader would see the same thing twice."""
    seen: dict[tuple[Heading, str], list[str]] = defaultdict(list)
    for number, item in weighed.items():
        title = normal_form(item.cells["title"])
        if title:
            own = seen[heading[number], title]
            yield from (frozenset((other, number)) for other in own)
            own.append(number)


def _binds(pair: frozenset[str], weighed: Mapping[str, Item]) -> bool:
    """Both are weighed, and the office has not said itself that both go in."""
    return all(number in weighed for number in pair) and not all(forced_in(weighed[number]) for number in pair)
