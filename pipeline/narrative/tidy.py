"""Punctuation made uniform: full width between Chinese characters, paired quotation marks, no doubled marks.

Only what cannot change a meaning: figures, decimals, times, file names and Latin words keep their marks.
"""

from __future__ import annotations

import re

_CJK = r"\u3400-\u9fff\uf900-\ufaff"
_FULL = str.maketrans(",;:?!()", "，；：？！（）")
_HALF_MARK = re.compile(rf"(?<=[{_CJK}”’》）】])[,;:?!()]|[,;?!()](?=[{_CJK}“‘《（【])")
_SPACES = re.compile(rf"(?<=[{_CJK}，。；：、！？“”（）《》]) +(?=[{_CJK}，。；：、！？“”（）《》])")
_DOUBLED = re.compile(r"([，。；：、])\1+")
_COMMA_STOP = re.compile(r"[，、；]+(?=。)")


def tidy(text: str) -> str:
    """The text with its punctuation made uniform; the words are as they were."""
    text = _HALF_MARK.sub(lambda mark: mark[0].translate(_FULL), text)
    text = _SPACES.sub("", text)
    text = _quotes(text)
    return _COMMA_STOP.sub("", _DOUBLED.sub(r"\1", text))


def _quotes(text: str) -> str:
    """Straight double quotes paired in their order; an odd one is left, since nobody can say which it is."""
    if text.count('"') % 2:
        return text
    opened = False
    out = []
    for char in text:
        if char == '"':
            opened = not opened
            out.append("“" if opened else "”")
        else:
            out.append(char)
    return "".join(out)
