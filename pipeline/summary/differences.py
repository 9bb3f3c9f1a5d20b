"""What differs between two texts, so that it can stand out in 待确认."""

from __future__ import annotations

from rapidfuzz.distance import Indel

from pipeline.summary.sheet import Rich

_SHORT = 2
"""Agreement of fewer characters inside a difference is chance, and is shown as part of the difference."""


def marked(a: str, b: str) -> tuple[Rich, Rich]:
    """The two texts with the stretches that only one of them has marked."""
    left: list[tuple[str, bool]] = []
    right: list[tuple[str, bool]] = []
    for code in Indel.opcodes(a, b):
        one, two = a[code.src_start : code.src_end], b[code.dest_start : code.dest_end]
        at_edge = code.src_start == code.dest_start == 0 or (code.src_end == len(a) and code.dest_end == len(b))
        same = code.tag == "equal" and (len(one) >= _SHORT or at_edge)
        _add(left, one, not same)
        _add(right, two, not same)
    return Rich(tuple(left)), Rich(tuple(right))


def _add(parts: list[tuple[str, bool]], text: str, mark: bool) -> None:
    if not text:
        return
    if parts and parts[-1][1] is mark:
        parts[-1] = (parts[-1][0] + text, mark)
    else:
        parts.append((text, mark))
