"""Lists of names and phrases, read once: administrative divisions, central organs, formulations that were superseded."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files


def _lines(name: str) -> list[str]:
    text = (files("pipeline.textcheck") / "data" / name).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


@cache
def _names(file: str) -> tuple[frozenset[str], range, re.Pattern[str]]:
    """The names of a list, their lengths, and what finds the characters that one ends with."""
    names = _lines(file)
    lengths = range(max(map(len, names)), min(map(len, names)) - 1, -1)
    return frozenset(names), lengths, re.compile(f"[{''.join(sorted({name[-1] for name in names}))}](?!门)")


def _found(text: str, file: str) -> list[str]:
    """The names that stand in a text, each once; of names that end at the same place the longest."""
    names, lengths, ends = _names(file)
    found: dict[str, None] = {}
    for match in ends.finditer(text):
        end = match.end()
        name = next((text[end - length : end] for length in lengths if text[max(end - length, 0) : end] in names), "")
        if name:
            found[name] = None
    return list(found)


@cache
def _phrases() -> list[tuple[re.Pattern[str], int, str, str]]:
    text = (files("pipeline.textcheck") / "data" / "superseded.toml").read_text(encoding="utf-8")
    entries = tomllib.loads(text)["phrases"]
    return [(re.compile(entry["pattern"]), entry["since"], entry["now"], entry["source"]) for entry in entries]


def alien_places(text: str) -> list[str]:
    """Names of provinces, cities and counties that stand in the text, each once."""
    return _found(text, "places.txt")


def organs(text: str) -> list[str]:
    """Central organs that the text names, each once."""
    return _found(text, "organs.txt")


def superseded(text: str, year: int) -> Iterator[tuple[str, str, str]]:
    """(phrase, what it is called now, source) for what should not be said any more in `year`."""
    for pattern, since, now, source in _phrases():
        match = pattern.search(text) if year >= since else None
        if match:
            yield match[0], now, source


@cache
def stock_phrases() -> tuple[str, ...]:
    """Phrases that reviewers call empty."""
    return tuple(_lines("stock.txt"))
