"""A text reduced to what it says: width, punctuation, white space and numbering in front carry nothing, signs of figures do."""

from __future__ import annotations

import itertools
import re
import unicodedata

_ORDINALS = "一二三四五六七八九十"
_NEIGHBOURS = "|".join(
    f"{one}、(?={two}(?:产业|产|级|类|等|季度?|期|批|档|线|楼|年级|月))" for one, two in itertools.pairwise(_ORDINALS)
)
"""二、三产业: two ordinals that belong together, not the number of a paragraph."""
_PREFIX = re.compile(
    rf"^(?:\s*(?:(?!{_NEIGHBOURS})"
    r"(?:[（(]\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*[）)]|\d{1,2}\s*[.．、)）](?!\d)|[一二三四五六七八九十]{1,3}\s*[、.．]|"
    r"[①-⑳]|第[一二三四五六七八九十]{1,2}[,，、:：]|[一二三四五六七八九十]是|[★◆●■▲·•※*—]+\s*|[-−]+(?!\d)\s*)))+"
)
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])")
_SIGNS = (
    (re.compile(r"(?<=\d)\.(?=\d)"), "\ue000"),
    (re.compile(r"(?<=[\d%年月日万亿个件次])\s*[-~〜–—−]+\s*(?=\d)"), "\ue001"),  # 3-5次, 2022年—2024年: a range
    (re.compile(r"(?<=\d)/(?=\d)"), "\ue002"),
    (re.compile(r"(?<=\d):(?=\d)"), "\ue003"),
    (re.compile(r"(?<=\d)[、,](?=\d)"), "\ue004"),  # 1、3月 is not 13月
    (re.compile(r"(?<![0-9A-Za-z])[-−](?=\d)"), "\ue005"),
    (re.compile(r"(?:>=|≥|≧)(?=\d)"), "\ue006"),
    (re.compile(r"(?:<=|≤|≦)(?=\d)"), "\ue007"),
    (re.compile(r">(?=\d)"), "\ue008"),
    (re.compile(r"<(?=\d)"), "\ue009"),
    (re.compile(r"±(?=\d)"), "\ue00a"),
)
_SHOWN = dict(
    zip(map(ord, "\ue000\ue001\ue002\ue003\ue004\ue005\ue006\ue007\ue008\ue009\ue00a"), ".~/:,-≥≤><±", strict=True)
)
_NOT_TEXT = re.compile(r"[^\w%‰\ue000-\ue00a]+|_")


def strip_number(text: str) -> str:
    """The text without 1、 （一） 一是 ① and the like in front; the rest exactly as written, outer white space gone.

    “二、三产业融合” and “-3.5%” begin with no number.
    """
    bare = _PREFIX.sub("", text.strip(), count=1).strip()
    return bare or text.strip()


def normal_form(text: str) -> str:
    """What two texts must share to be called 完全相同: half-width, no numbering in front, no punctuation, no spaces.

    What means something at a figure stays: 2.5, 3-5次, 1/3, 9:30, -3.5%, ≥95%; 1,200 is 1200. A text of punctuation alone is its own form.
    """
    folded = unicodedata.normalize("NFKC", strip_number(text)).casefold()
    kept = _THOUSANDS.sub(lambda match: match[0].replace(",", ""), folded)
    for pattern, sign in _SIGNS:
        kept = pattern.sub(sign, kept)
    return _NOT_TEXT.sub("", kept).translate(_SHOWN) or "".join(folded.split())


_PREFIX_V1 = re.compile(
    r"^(?:\s*(?:[（(]\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*[）)]|\d{1,2}\s*[.．、)）](?!\d)|[一二三四五六七八九十]{1,3}\s*[、.．]|"
    r"[①-⑳]|第[一二三四五六七八九十]{1,2}[,，、:：]|[一二三四五六七八九十]是|[★◆●■▲·•※*\-—]+\s*))+"
)
_NOT_TEXT_V1 = re.compile(r"[^\w%\ue000]+|_")
_POINT_V1 = re.compile(r"(?<=\d)\.(?=\d)")


def normal_form_v1(text: str) -> str:
    """The form of ledgers written before normal forms had a version; for bringing them up to date alone."""
    bare = _PREFIX_V1.sub("", text.strip(), count=1).strip() or text.strip()
    folded = unicodedata.normalize("NFKC", bare).casefold()
    return _NOT_TEXT_V1.sub("", _POINT_V1.sub("\ue000", folded)).replace("\ue000", ".")
