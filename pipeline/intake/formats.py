"""Number formats: what a cell shows where that says more, or less, than its value (85%, 1,200户, 2022.10, 2022年6月)."""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from pipeline.cells import Value

BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
    22: "yyyy/m/d h:mm", 27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m/d/yy", 31: 'yyyy"年"m"月"d"日"',
    37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"',
    53: 'm"月"d"日"', 54: 'm"月"d"日"', 55: 'yyyy"年"m"月"', 56: 'm"月"d"日"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
"""Formats that a workbook names by number alone (ECMA-376 18.8.30; 27 to 58 as Chinese Excel shows them)."""

_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]')
_DATE_PART = re.compile(r"y+|m+|d+|e+", re.IGNORECASE)
_NUMBER = re.compile(r"[#0?][#0?,]*(?:\.[0#?]+)?|\.[0#?]+")


@lru_cache(maxsize=1024)
def is_plain(code: str) -> bool:
    """Whether a format shows the value as it is: General, text, or one that is not understood here."""
    return (
        not code
        or code.lower() in ("general", "@", "g/通用格式")
        or bool(re.search(r"0E[+-]|/\?|\?/", code, re.IGNORECASE))
    )


@lru_cache(maxsize=1024)
def is_date(code: str) -> bool:
    """Whether a format shows days (not hours alone)."""
    bare = _LITERAL.sub("", code)
    return bool(re.search(r"[yd]|e", bare, re.IGNORECASE)) or bool(
        re.search(r"(?<![hH:])m+(?!:)", bare) and not re.search(r"[hs0#]", bare, re.IGNORECASE)
    )


def seen_as(value: Value, code: str) -> str:
    """What a cell shows, "" where that is its value as we write it anyway."""
    if is_plain(code) or isinstance(value, bool | str) or value is None:
        return ""
    if isinstance(value, dt.datetime | dt.date):
        return _date(value, code)
    if isinstance(value, int | float):
        return _number(value, code)
    return ""


def _date(value: dt.date, code: str) -> str:
    """A date whose format leaves out the day or the year, as it is shown; "" for any other."""
    parts = {part[0].lower() for part in _DATE_PART.findall(_LITERAL.sub("", code.split(";", maxsplit=1)[0]))}
    year, day = bool(parts & {"y", "e"}), "d" in parts
    if (year and day) or ("m" not in parts and not (year and not day)):
        return ""
    if "m" not in parts:
        return f"{value.year}年"
    if not year:
        return f"{value.month}月{value.day}日" if day else f"{value.month}月"
    return f"{value.year}年{value.month}月"


def _number(value: float, code: str) -> str:
    sections = code.split(";")
    negative = value < 0
    section = (
        sections[1]
        if negative and len(sections) > 1
        else sections[2]
        if value == 0 and len(sections) > 2
        else sections[0]
    )
    if is_date(section) or re.search(r"\[[<>=]", section):
        return ""
    pieces: list[str] = []
    plain = _LITERAL.sub(lambda match: _keep(pieces, match[1] or match[2] or ""), section)
    match = _NUMBER.search(plain)
    if not match:
        return ""
    digits = match[0]
    number = Decimal(repr(abs(value))) * (100 if "%" in plain else 1)
    scaled = len(digits) - len(digits.rstrip(","))
    number /= Decimal(1000) ** scaled
    _, _, fraction = digits.partition(".")
    number = number.quantize(Decimal(1).scaleb(-len(fraction)), ROUND_HALF_UP)
    text = f"{number:,f}" if "," in digits.rstrip(",") else f"{number:f}"
    optional = len(fraction) - len(fraction.rstrip("#"))
    for _ in range(optional):
        text = text[:-1] if text.endswith("0") and "." in text else text
    text = text.rstrip(".")
    whole = digits.partition(".")[0].replace(",", "")
    width = whole.count("0")
    if width > 1 and "," not in digits:
        head, dot, tail = text.partition(".")
        text = head.zfill(width) + dot + tail
    shown = plain[: match.start()] + text + plain[match.end() :]
    for place, piece in enumerate(pieces):
        shown = shown.replace(chr(0xE000 + place), piece)
    shown = shown.strip()
    return f"-{shown}" if negative and len(sections) == 1 else shown


def _keep(pieces: list[str], text: str) -> str:
    pieces.append(text)
    return chr(0xE000 + len(pieces) - 1)
