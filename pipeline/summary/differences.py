"""What differs between two texts, so that it can stand out in 待确认."""

from __future__ import annotations

from pipeline.summary.sheet import Rich

_SHORT = 2
"""Agreement of fewer characters is chance."""


def marked(a: str, b: str) -> tuple[Rich, Rich]:
    """The two texts with the stretches marked that the other does not have anywhere, whatever the order of its words."""
    return Rich(tuple(_parts(a, b))), Rich(tuple(_parts(b, a)))


def _parts(text: str, other: str) -> list[tuple[str, bool]]:
    """(stretch, whether the other text lacks it)."""
    shared = {other[at : at + _SHORT] for at in range(len(other) - _SHORT + 1)}
    said = [not char.isalnum() and char in other for char in text]
    for at in range(len(text) - _SHORT + 1):
        if text[at : at + _SHORT] in shared:
            said[at : at + _SHORT] = [True] * _SHORT
    if text and other and text[-1] == other[-1]:
        said[-1] = True
    parts: list[tuple[str, bool]] = []
    for char, agreed in zip(text, said, strict=True):
        if parts and parts[-1][1] is not agreed:
            parts[-1] = (parts[-1][0] + char, not agreed)
        else:
            parts.append((char, not agreed))
    return parts
