"""The rows of a frame as nodes: rows of equal form are one, unless a person or an earlier run keeps them apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.matching.normal import normal_form
from pipeline.matching.result import Label
from pipeline.records import Constraint


@dataclass(frozen=True)
class Node:
    """Rows that say the same, word for word. `speaker` is the row that is read; `number` the item of earlier runs, or None."""

    form: str
    labels: tuple[Label, ...]
    speaker: Label
    units: frozenset[str]
    number: str | None


@dataclass(frozen=True)
class RowSet:
    """The nodes in order of form, and the texts of their speakers."""

    nodes: tuple[Node, ...]
    titles: tuple[str, ...]
    details: tuple[str, ...]
    speaker_units: tuple[str, ...]

    def find(self, unit: str, form: str) -> list[int]:
        """The nodes of a form, of one unit if there is one ("" or a unit that is gone: of any)."""
        at = self._by_form.get(form, [])
        own = [index for index in at if unit in self.nodes[index].units]
        return own if unit and own else list(at)

    @property
    def _by_form(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = self.__dict__.setdefault("_forms", {})
        if not found and self.nodes:
            for index, node in enumerate(self.nodes):
                found.setdefault(node.form, []).append(index)
        return found


def read_nodes(frame: pd.DataFrame, constraints: Sequence[Constraint], settled: Mapping[Any, str]) -> RowSet:
    """The nodes of a frame (columns text, title, detail, unit, refused); which rows share one does not depend on their order."""
    labels = frame.index.tolist()
    texts, refused, units = frame["text"].tolist(), frame["refused"].tolist(), frame["unit"].tolist()
    titles, details = frame["title"].tolist(), frame["detail"].tolist()
    by_form: dict[str, list[int]] = defaultdict(list)
    for at, text in enumerate(texts):
        if not refused[at]:
            by_form[normal_form(text)].append(at)
    split = {
        word.form_a
        for word in constraints
        if not word.same and word.form_a == word.form_b and word.unit_a != word.unit_b
    }
    nodes: list[tuple[str, list[int], str | None]] = []
    for form in sorted(by_form):
        nodes += [(form, rows, number) for rows, number in _parts(by_form[form], labels, units, settled, form in split)]
    made, spoken = [], []
    for form, rows, number in nodes:
        speaker = min(rows, key=lambda at: (units[at], texts[at], titles[at]))
        made.append(
            Node(form, tuple(labels[at] for at in rows), labels[speaker], frozenset(units[at] for at in rows), number)
        )
        spoken.append(speaker)
    return RowSet(
        tuple(made),
        tuple(titles[at] for at in spoken),
        tuple(details[at] for at in spoken),
        tuple(units[at] for at in spoken),
    )


def _parts(
    rows: Iterable[int], labels: Sequence[Any], units: Sequence[str], settled: Mapping[Any, str], by_unit: bool
) -> list[tuple[list[int], str | None]]:
    """Rows of one form: one part, or several where earlier numbers or a cannot-link of the form with itself ask for it."""
    parts: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at in rows:
        parts[settled.get(labels[at]) or "", units[at] if by_unit else ""].append(at)
    numbers = sorted({number for number, _ in parts if number})
    if numbers and not by_unit:  # a new row of equal text goes where an equal one is
        loose = parts.pop(("", ""), [])
        for at in loose:
            home = next(
                (key for key in sorted(parts) if units[at] in {units[row] for row in parts[key]}), (numbers[0], "")
            )
            parts[home].append(at)
    elif numbers:
        for key in [key for key in sorted(parts) if not key[0]]:
            own = next((other for other in sorted(parts) if other[0] and other[1] == key[1]), None)
            if own:
                parts[own] += parts.pop(key)
    return [(parts[key], key[0] or None) for key in sorted(parts)]
