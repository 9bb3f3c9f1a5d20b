"""Lists of names and phrases, read once: administrative divisions, central organs, formulations that were superseded."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files


def _lines(name: str) -> list[str]:
    text = (files("pipeline.checkup") / "data" / name).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


@cache
def _names(file: str) -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(map(re.escape, sorted(_lines(file), key=len, reverse=True))) + r")(?!门)")


@cache
def _phrases() -> list[tuple[re.Pattern[str], int, str, str]]:
    text = (files("pipeline.checkup") / "data" / "superseded.toml").read_text(encoding="utf-8")
    entries = tomllib.loads(text)["phrases"]
    return [(re.compile(entry["pattern"]), entry["since"], entry["now"], entry["source"]) for entry in entries]


def alien_places(text: str) -> list[str]:
    """Names of provinces, cities and counties that stand in the text, each once."""
    return list(dict.fromkeys(match[0] for match in _names("places.txt").finditer(text)))


def organs(text: str) -> list[str]:
    """Central organs that the text names, each once."""
    return list(dict.fromkeys(match[0] for match in _names("organs.txt").finditer(text)))


def superseded(text: str, year: int) -> Iterator[tuple[str, str, str]]:
    """(phrase, what it is called now, source) for what should not be said any more in `year`."""
    for pattern, since, now, source in _phrases():
        match = pattern.search(text) if year >= since else None
        if match:
            yield match[0], now, source
