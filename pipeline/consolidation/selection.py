"""入文: which items go into the narrative, chosen as a whole, and why.

Problems by aspect, the measures that answer them, the causes that explain them: `optimum` finds the choice that the office
could defend best, `worth` holds the weights, `candidates` what is weighed. What the office said (是, 否, 必入, 不入) binds the
choice. 入文理由 says what speaks for an item and what it answers, or why it is out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.consolidation.candidates import Candidates, candidates, forced_in, forced_out
from pipeline.consolidation.optimum import best_choice
from pipeline.consolidation.worth import merits, promise
from pipeline.records import Item
from pipeline.scheme import Scheme
from pipeline.tables import INPUTS
from pipeline.vocabulary import TableKey

IN_ORDER = "逐条选取"
"""Begins 入文理由 where the whole was too large to be weighed together."""

_SHOWN = 3
"""More answered items than this are counted."""


def select(
    items: Mapping[str, Sequence[Item]], scheme: Scheme, undecided: Sequence[frozenset[str]] = ()
) -> dict[str, list[Item]]:
    """The same items, each with `included` and the `reason`.

    `undecided` are pairs of item numbers that may be one and the same matter: no two of a pair go in, unless the office has
    said so of both. The office's word stands in an item's `cells["included"]`, "" where it said nothing.
    """
    given = candidates(items, scheme, undecided)
    chosen, best = best_choice(given)
    ranks = _ranks(items, given)
    return {
        table.key: [
            replace(item, included=item.id in chosen, reason=_reason(item, chosen, given, ranks, best))
            for item in items[table.key]
        ]
        for table in INPUTS
    }


def _ranks(items: Mapping[str, Sequence[Item]], given: Candidates) -> dict[str, int]:
    """Place of every item under its heading, the worthiest first."""
    groups: dict[object, list[Item]] = {}
    for table in INPUTS:
        for item in items[table.key]:
            if item.id in given.heading:
                groups.setdefault(given.heading[item.id], []).append(item)
    return {
        item.id: place
        for group in groups.values()
        for place, item in enumerate(sorted(group, key=promise, reverse=True), start=1)
    }


def _reason(item: Item, chosen: frozenset[str], given: Candidates, ranks: Mapping[str, int], best: bool) -> str:
    word = item.cells["included"]
    said = [f"办公室改定：{word}"] if forced_in(item) or forced_out(item) else []
    if item.id in chosen:
        said += [_answers(item, chosen), "，".join(text for text, points in merits(item) if _told(text, points))]
        return "；".join(([] if best or word else [IN_ORDER]) + [text for text in said if text])
    if said:
        return said[0]
    if item.id not in given.heading:
        return "没有归入任何一个标题"
    quota = given.quota[given.heading[item.id]]
    place = f"{len(item.units)} 个单位提出，排第 {ranks[item.id]}，只入 {quota} 条"
    return f"{_obstacle(item, chosen, given)}；{place}".removeprefix("；")


def _told(text: str, points: int) -> bool:
    return bool(text) and (points > 0 or "单位" in text)


def _answers(item: Item, chosen: frozenset[str]) -> str:
    """What a chosen item answers, or is answered by, of what is in the text."""
    if item.table == TableKey.PROBLEMS:
        by = [number for number in item.links.measures if number in chosen]
        return f"由 {_listed(by)} 回应" if by else "文中没有措施回应"
    here = [number for number in item.links.problems if number in chosen]
    word = "回应" if item.table == TableKey.MEASURES else "剖析"
    if here:
        return f"{word} {_listed(here)}"
    return f"所{word}的问题没有入文" if item.links.problems else ""


def _obstacle(item: Item, chosen: frozenset[str], given: Candidates) -> str:
    rivals = sorted(number for pair in given.apart if item.id in pair for number in pair if number in chosen)
    if rivals:
        return f"与已入文的 {_listed(rivals)} 可能是同一件事"
    if item.table != TableKey.PROBLEMS and item.links.problems and not chosen & set(item.links.problems):
        return "所对应的问题没有入文"
    return ""


def _listed(numbers: Sequence[str]) -> str:
    more = f"等 {len(numbers)} 条" if len(numbers) > _SHOWN else ""
    return "、".join(numbers[:_SHOWN]) + more
