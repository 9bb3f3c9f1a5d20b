"""What an item is worth to the document, in points: how well the office could defend it. docs/manual/选文.md explains each number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.records import Item
from pipeline.vocabulary import Channel, TableKey

_FIGURE = re.compile(r"\d|[一二三四五六七八九十百千万]+(?:次|个|户|件|名|人|起|项|万|%)")
_WEIGHTY = (Channel.MASSES, Channel.SUPERIOR)


@dataclass(frozen=True, slots=True)
class Weights:
    """Points. An item's own are less than a stray measure or an empty heading costs: no worth makes up for such a flaw."""

    present: int = 20
    """Any item: room that the quotas leave is filled, were it with an incomplete one."""
    complete: int = 40
    """Title and text are both there: an incomplete one leaves a 【待补充】."""
    unit: int = 12
    """Each further unit that raised it …"""
    units_counted: int = 5
    """… up to so many."""
    channel: int = 10
    """The masses raised it, or a superior pointed it out."""
    example: int = 6
    """It has a 典型事例."""
    figure: int = 4
    """Its text has a figure."""
    explained: int = 15
    """A chosen problem that a chosen cause explains, once."""
    stray_cause: int = 30
    """Off for a cause whose problems are all out: causes are broader than problems, so that this is no grave flaw."""
    answered: int = 90
    """A chosen problem of which a measure is in the text: more than all that support, channel and text can bring."""
    stray_measure: int = 250
    """Off for a measure whose problems are all out."""
    empty_heading: int = 600
    """Off for a heading with nothing under it."""


WEIGHTS = Weights()


def worth(item: Item, weights: Weights = WEIGHTS) -> int:
    """The item's own points, whatever else is chosen."""
    return sum(points for _, points in merits(item, weights))


def promise(item: Item, weights: Weights = WEIGHTS) -> int:
    """Its points if it is answered as it can be: what items of one heading are ranked by before anything is chosen."""
    return worth(item, weights) + (weights.answered if item.links.measures else 0)


def merits(item: Item, weights: Weights = WEIGHTS) -> list[tuple[str, int]]:
    """What speaks for an item, in the clerk's words, with its points."""
    cells: Mapping[str, str] = item.cells
    found = [("", weights.present)]
    if cells["title"].strip() and cells["detail"].strip():
        found.append(("标题和正文齐全", weights.complete))
    further = min(len(item.units) - 1, weights.units_counted)
    found.append((f"{len(item.units)} 个单位提出", further * weights.unit))
    if item.table == TableKey.PROBLEMS:
        raised = [channel for channel in _WEIGHTY if channel in cells["channels"]]
        if raised:
            found.append(("、".join(raised), weights.channel))
        if cells["example"].strip():
            found.append(("有事例", weights.example))
    if _FIGURE.search(cells["detail"]):
        found.append(("有数字", weights.figure))
    return found
