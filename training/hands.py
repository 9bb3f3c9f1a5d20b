"""The labelled rows as hands: one author each, whose rows are never both trained on and measured."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import Any

from pipeline.matching.lexicon import Lexicon, lexicon_of
from pipeline.matching.profile import Profile, read_profile
from pipeline.scheme import Scheme, Unit, load_preset

LABELLED = Path(__file__).parent / "labelled"
TABLES = ("problems", "causes", "measures")
HANDS = ("first", "second", "third", "inward", "county", "district")
NATURAL = ("county", "district")
"""Hands that wrote whole submissions at natural frequency; the others wrote groups of rows with look-alikes."""
_AUTHORS = {"first": "0", "second": "1", "third": "2"}
_TITLE = {"problems": "title", "causes": "title", "measures": "lead"}
_TEXT = {"problems": ("statement",), "causes": ("analysis",), "measures": ("text",)}


@dataclass(frozen=True)
class Row:
    """One labelled row."""

    id: str
    unit: str
    title: str
    text: str
    group: str


@dataclass(frozen=True)
class Labelled:
    """One table of one hand. `related` pairs of groups a clerk wants to see side by side; `traps` pairs of ids that look alike."""

    hand: str
    table: str
    rows: tuple[Row, ...]
    related: frozenset[tuple[str, str]] = frozenset()
    traps: frozenset[tuple[str, str]] = frozenset()
    index: dict[str, int] = field(default_factory=dict)

    def true_pairs(self) -> set[tuple[int, int]]:
        """Pairs of positions of one group."""
        by_group: dict[str, list[int]] = defaultdict(list)
        for at, row in enumerate(self.rows):
            by_group[row.group].append(at)
        return {pair for members in by_group.values() for pair in combinations(members, 2)}

    def is_related(self, one: int, two: int) -> bool:
        """Whether the two are of different groups that belong side by side."""
        a, b = sorted((self.rows[one].group, self.rows[two].group))
        return (a, b) in self.related


def _jsonl(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (LABELLED / name).read_text(encoding="utf-8").splitlines() if line.strip()]


def read_rows(table: str) -> list[dict[str, Any]]:
    """The rows of the first three hands as they lie in the file, for benchmarks that need texts."""
    return _jsonl(f"{table}.jsonl")


@lru_cache(maxsize=1)
def hands() -> tuple[Labelled, ...]:
    """Every table of every hand."""
    traps = frozenset(
        (min(pair["a"], pair["b"]), max(pair["a"], pair["b"]))
        for name in ("lookalikes.jsonl", "inward/lookalikes.jsonl")
        for pair in _jsonl(name)
    )
    found = []
    for table in TABLES:
        for hand in HANDS[:4]:
            raw = _jsonl(f"inward/{table}.jsonl" if hand == "inward" else f"{table}.jsonl")
            rows = tuple(
                Row(row["id"], row.get("unit") or f"单位{row['id']}", row["title"], row["text"], row["group"])
                for row in raw
                if hand == "inward" or row["id"][1] == _AUTHORS[hand]
            )
            found.append(Labelled(hand, table, rows, traps=traps))
        found += [_natural(hand, table) for hand in NATURAL]
    return tuple(found)


def _natural(hand: str, table: str) -> Labelled:
    name = {"county": "county-2021", "district": "district-2023"}[hand]
    raw = json.loads((LABELLED / "natural" / f"{name}.json").read_text(encoding="utf-8"))
    rows = tuple(
        Row(
            f"{row['unit']}#{row['no']}",
            row["unit"],
            row[_TITLE[table]],
            "".join(row.get(key) or "" for key in _TEXT[table]),
            row["cluster"],
        )
        for row in raw[table]
    )
    group = {row.id: row.group for row in rows}
    related = set()
    for pair in raw["related"]:
        if pair["table"] == table:
            one, two = (f"{unit}#{no}" for unit, no in (pair["a"], pair["b"]))
            related.add((min(group[one], group[two]), max(group[one], group[two])))
    return Labelled(hand, table, rows, frozenset(related))


@lru_cache(maxsize=1)
def scheme() -> Scheme:
    """A scheme whose roster are the units of the labelled rows."""
    names = sorted({row.unit for labelled in hands() for row in labelled.rows if not row.unit.startswith("单位")})
    return load_preset("2021").scheme.model_copy(update={"roster": tuple(Unit(name=name) for name in names)})


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The package's vocabulary with those units."""
    return lexicon_of(scheme())


def profiles(labelled: Labelled) -> list[Profile]:
    """The rows read for comparison."""
    return [read_profile(row.title, row.text, row.unit, lexicon()) for row in labelled.rows]


def sizes(labelled: Labelled) -> Counter[str]:
    """How many rows each group has."""
    return Counter(row.group for row in labelled.rows)
