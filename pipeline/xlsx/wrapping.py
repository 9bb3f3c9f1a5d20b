"""How many lines a text takes in a column, and how high its row must be: not every office program fits rows by itself."""

from __future__ import annotations

import math
from collections.abc import Iterable

_NARROW = 1.2
"""A digit or a Latin letter in half-width columns: between 微软雅黑's 1.08 and 1.27 of what may stand in for it."""
_HIGHEST = 409.0
"""Points: the highest row that a spreadsheet allows."""


def height_of(texts: Iterable[tuple[str, float]], line: float = 15.0, padding: float = 4.0, least: int = 1) -> float:
    """The points that a row needs for its texts, each with the width of its column; room for `least` lines."""
    lines = max((lines_of(text, width) for text, width in texts), default=1)
    return min(padding + line * max(lines, least), _HIGHEST)


def lines_of(text: str, width: float) -> int:
    """Lines that a text takes in a column of a width in characters. A line holds whole characters: an odd half is lost."""
    room = max(int(width) // 2 * 2, 2)
    if len(text) * 2 <= room:
        return 1 + text.count("\n")
    return sum(_wrapped(_halves(line), room) for line in text.split("\n"))


def _wrapped(halves: int, room: int) -> int:
    """Lines of `room` halves each; every break may leave a half empty, since no line begins with a comma."""
    lines = max(1, -(-halves // room))
    return lines + (halves + lines - 1 > lines * room)


def _halves(line: str) -> int:
    """How many half-width columns a line takes: two for a character outside ASCII, a little more than one for the others."""
    wide = (len(line.encode("utf-8", "surrogatepass")) - len(line)) // 2
    return 2 * wide + math.ceil((len(line) - wide) * _NARROW)
