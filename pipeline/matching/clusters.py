"""Items: what must be together is, what must not be is not, and the program adds only what it would bet on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.matching.nodes import RowSet
from pipeline.records import Constraint


@dataclass(frozen=True)
class Words:
    """A person's words on pairs of nodes: must-links and cannot-links with their basis, the last word on a pair alone."""

    must: dict[tuple[int, int], str]
    cannot: dict[tuple[int, int], str]
    spoken_of: frozenset[int]


def read_words(rows: RowSet, constraints: Sequence[Constraint]) -> Words:
    """The constraints as pairs of nodes; later ones win over earlier ones about the same pair."""
    last: dict[tuple[int, int], Constraint] = {}
    for word in constraints:
        for one in rows.find(word.unit_a, word.form_a):
            for two in rows.find(word.unit_b, word.form_b):
                if one != two:
                    pair = (min(one, two), max(one, two))
                    last.pop(pair, None)
                    last[pair] = word
    must = {pair: word.basis for pair, word in last.items() if word.same}
    cannot = {pair: word.basis for pair, word in last.items() if not word.same}
    return Words(must, cannot, frozenset(node for pair in last for node in pair))


@dataclass
class Clusters:
    """Nodes in groups. `cannot` holds pairs of nodes whose groups stay apart; `numbers` an earlier item's number a group."""

    count: int
    cannot: Iterable[tuple[int, int]] = ()
    numbers: Sequence[str | None] = ()
    members: dict[int, list[int]] = field(default_factory=dict)
    root: list[int] = field(default_factory=list)
    _apart: dict[int, set[int]] = field(default_factory=dict)
    _number: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.members = {node: [node] for node in range(self.count)}
        self.root = list(range(self.count))
        self._apart = {}
        for one, two in self.cannot:
            self._apart.setdefault(one, set()).add(two)
            self._apart.setdefault(two, set()).add(one)
        self._number = {node: number for node, number in enumerate(self.numbers) if number}

    def allowed(self, one: int, two: int) -> bool:
        """Whether no cannot-link stands between the groups of two nodes."""
        return self.root[two] not in self._apart.get(self.root[one], ())

    def numbered_apart(self, one: int, two: int) -> bool:
        """Whether the groups of two nodes are different items of earlier runs."""
        a, b = self._number.get(self.root[one]), self._number.get(self.root[two])
        return a is not None and b is not None and a != b

    def join(self, one: int, two: int) -> bool:
        """Put the groups of two nodes together unless a cannot-link stands between them; whether they are together now."""
        a, b = sorted((self.root[one], self.root[two]))
        if a == b:
            return True
        if not self.allowed(a, b):
            return False
        self.members[a] = sorted([*self.members[a], *self.members.pop(b)])
        for node in self.members[a]:
            self.root[node] = a
        apart = self._apart.pop(b, set())
        for other in apart:
            self._apart[other].discard(b)
            self._apart[other].add(a)
        if apart:
            self._apart.setdefault(a, set()).update(apart)
        if b in self._number:
            self._number.setdefault(a, self._number.pop(b))
        return True

    def groups(self) -> list[list[int]]:
        """The groups, each sorted, in order of their first node."""
        return [self.members[root] for root in sorted(self.members)]


def cluster(rows: RowSet, words: Words, bets: Iterable[tuple[int, int]]) -> tuple[Clusters, list[tuple[int, int]]]:
    """(the items, must-links that cannot be obeyed).

    A person's must-links first, then the items of earlier runs, then the program's `bets` in their order: those join no two
    numbered items and nothing that a person keeps apart.
    """
    numbers = [node.number for node in rows.nodes]
    made = Clusters(len(rows.nodes), sorted(words.cannot), numbers)
    refused = [pair for pair in sorted(words.must, key=lambda pair: (words.must[pair], pair)) if not made.join(*pair)]
    first: dict[str, int] = {}
    for index, number in enumerate(numbers):
        if number is not None and first.setdefault(number, index) != index:
            made.join(first[number], index)
    for one, two in bets:
        if not made.numbered_apart(one, two):
            made.join(one, two)
    return made, refused
