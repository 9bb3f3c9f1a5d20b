"""Several measures numbered in one cell -> one each, with what is numbered beside them."""

from __future__ import annotations

import re

from pipeline.text import read_numeral

_AT_START = r"(?:(?<=[\n。；;！？])|^)\s*"
_MARKERS = tuple(
    re.compile(_AT_START + marker)
    for marker in (
        r"(\d{1,2})[.．、](?!\d)",
        r"[（(](\d{1,2})[）)]",
        r"(\d{1,2})[）)]",
        r"([①②③④⑤⑥⑦⑧⑨⑩])",
        r"([一二三四五六七八九十])是",
        r"([一二三四五六七八九十])、",
        r"[（(]([一二三四五六七八九十])[）)]",
        r"第([一二三四五六七八九十])[，,、]",
        r"措施(\d{1,2}|[一二三四五六七八九十])[：:.、]",
    )
)
_BESIDE = re.compile(r"[（(]?(\d{1,2}|[①②③④⑤⑥⑦⑧⑨⑩])(?:[.．、）):：]|(?<=[①-⑩]))\s*")


def split_numbered(text: str) -> list[str]:
    """The parts of a cell numbered 1, 2, 3 … from its beginning without a gap; [] where it is not so.

    A number that only looks like one (2.5亿元, 2022.6.30) is no marker.
    """
    for marker in _MARKERS:
        found = list(marker.finditer(text))
        if len(found) < 2 or text[: found[0].start()].strip():
            continue
        if [_number(match[1]) for match in found] != list(range(1, len(found) + 1)):
            continue
        ends = [match.start() for match in found[1:]] + [len(text)]
        parts = [text[match.end() : end].strip() for match, end in zip(found, ends, strict=True)]
        if all(parts):
            return parts
    return []


def split_beside(text: str, count: int) -> list[str]:
    """What a cell beside `count` numbered measures says of each, if it is numbered 1 … `count` itself; else []."""
    parts = split_numbered(text)
    if len(parts) == count:
        return [part.rstrip("；;，,、 ") for part in parts]
    found: list[re.Match[str]] = []
    for match in _BESIDE.finditer(text):
        if _number(match[1]) == len(found) + 1 and (found or not text[: match.start()].strip()):
            found.append(match)
    if len(found) != count or count < 2:
        return []
    ends = [match.start() for match in found[1:]] + [len(text)]
    parts = [text[match.end() : end].strip().rstrip("；;，,、 ") for match, end in zip(found, ends, strict=True)]
    return parts if all(parts) else []


def _number(text: str) -> int:
    if text in "①②③④⑤⑥⑦⑧⑨⑩":
        return "①②③④⑤⑥⑦⑧⑨⑩".index(text) + 1
    return read_numeral(text)
