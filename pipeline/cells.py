"""Cells, once each: their addresses, and their values as the text that a person sees."""

from __future__ import annotations

import datetime as dt
import re
from typing import TypeAlias

Value: TypeAlias = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None

_LIMIT = 32_767  # characters of a cell (Excel)
_CUT = "……（超过单元格上限，全文见来源文件）"
_ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d*)")


def column_letter(index: int) -> str:
    """0 -> A, 26 -> AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """A -> 0, AA -> 26."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def address(row: int, column: int) -> str:
    """Zero-based row and column -> "C5"."""
    return f"{column_letter(column)}{row + 1}"


def parse_address(text: str) -> tuple[int, int] | None:
    """ "C5" -> (4, 2), zero-based; None where it is no address of one cell."""
    match = _ADDRESS.fullmatch(text)
    return (int(match[2]) - 1, column_index(match[1])) if match else None


def shown(value: Value) -> str:
    """A cell's value as the text a person sees; "" for an empty cell. Text is returned exactly as it stands."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)


def fitted(text: str) -> str:
    """The text as a cell can hold it: one that is too long is cut, and says so."""
    return text if len(text) <= _LIMIT else text[: _LIMIT - len(_CUT)] + _CUT


def trimmed(value: Value) -> str:
    """The same for comparing what was written with what is found: without white space around it, line ends alike."""
    return shown(value).replace("\r\n", "\n").strip()
