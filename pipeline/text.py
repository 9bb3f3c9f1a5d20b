"""Text, once each: width folded, numerals read and written, dates told, numbering in front taken off."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

_DIGITS = "零一二三四五六七八九"
_VALUES = {char: value for value, char in enumerate(_DIGITS)} | {"〇": 0, "○": 0, "两": 2}
_WHITE = re.compile(r"\s+")
_EPOCH = dt.date(1899, 12, 30)
_SERIALS = range(36526, 73051)
"""Excel's serial numbers of 2000-01-01 to 2100-01-01: five digits outside are no date."""


def fold(text: str) -> str:
    """Width and white space folded away: for comparing, never for showing."""
    return _WHITE.sub("", unicodedata.normalize("NFKC", text))


def read_numeral(text: str) -> int:
    """3 -> 3, 三 -> 3, 十二 -> 12, 二十一 -> 21, 二〇二二 -> 2022. ValueError where it is no number below a hundred or run of digits."""
    if text.isascii() and text.isdigit():
        return int(text)
    try:
        if "十" not in text:
            return int("".join(str(_VALUES[char]) for char in text))
        tens, _, ones = text.partition("十")
        return (_VALUES[tens] if tens else 1) * 10 + (_VALUES[ones] if ones else 0)
    except KeyError as error:
        raise ValueError(text) from error


def write_numeral(number: int) -> str:
    """1 -> 一, 12 -> 十二, 21 -> 二十一 (up to 99)."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def date_text(day: dt.date) -> str:
    """2022-06-05 -> 2022年6月5日, as official documents write it (GB/T 9704: no leading zeros)."""
    return f"{day.year}年{day.month}月{day.day}日"


def from_serial(text: str) -> dt.date | None:
    """The date that five digits of Excel's mean, None where they mean none of this century."""
    if not re.fullmatch(r"\d{5}", text) or int(text) not in _SERIALS:
        return None
    return _EPOCH + dt.timedelta(days=int(text))
