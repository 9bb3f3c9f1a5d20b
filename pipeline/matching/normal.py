"""A text reduced to what it says: width, punctuation, white space and numbering in front carry nothing."""

from __future__ import annotations

import re
import unicodedata

_PREFIX = re.compile(
    r"^(?:\s*(?:[（(]\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*[）)]|\d{1,2}\s*[.．、)）](?!\d)|[一二三四五六七八九十]{1,3}\s*[、.．]|"
    r"[①-⑳]|第[一二三四五六七八九十]{1,2}[,，、:：]|[一二三四五六七八九十]是|[★◆●■▲·•※*\-—]+\s*))+"
)
_NOT_TEXT = re.compile(r"[^\w%\ue000]+|_")
_POINT = re.compile(r"(?<=\d)\.(?=\d)")


def strip_number(text: str) -> str:
    """The text without 1、 （一） 一是 ① and the like in front; the rest exactly as written, outer white space gone."""
    bare = _PREFIX.sub("", text.strip(), count=1).strip()
    return bare or text.strip()


def normal_form(text: str) -> str:
    """What two texts must share to be called 完全相同: half-width, no numbering in front, no punctuation, no spaces.

    A decimal point between digits stays: 2.5 is not 25.
    """
    folded = unicodedata.normalize("NFKC", strip_number(text)).casefold()
    return _NOT_TEXT.sub("", _POINT.sub("\ue000", folded)).replace("\ue000", ".")
