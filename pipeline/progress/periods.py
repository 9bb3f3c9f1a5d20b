"""期次: a month of reporting. Kept as 2022-07, which sorts as time does; written as clerks write it."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from pipeline.cells import Value, shown
from pipeline.text import fold, from_serial, read_numeral

_FULL = re.compile(
    r"(20\d{2})[-./年]?(\d{1,2}|[一二三四五六七八九十]{1,2})(?:月份?)?(?:[-./]?\d{1,2}日?)?(?:\d{2}:\d{2}(?::\d{2})?)?"
)
_MONTH = re.compile(r"(\d{1,2}|[一二三四五六七八九十]{1,2})月份?")
_NUMBER = re.compile(r"第?(\d{1,2}|[一二三四五六七八九十]{1,2})期")
_AROUND = re.compile(r"^(?:截至|截止)?|(?:进展|调度|报表|情况|底|末)+$")


@dataclass(frozen=True, slots=True)
class Spelled:
    """A period as it was understood, and whether its year (or that 第7期 is July) was added."""

    period: str
    added: str = ""


def read_period(value: Value, year: int) -> Spelled | None:
    """2022-07, 2022年7月, 202207, 7月份, 第7期 or a date cell -> the period; None where it is none.

    A month without a year takes `year`; 第7期 is the seventh month of it, since offices count by months.
    """
    if isinstance(value, dt.date):
        return Spelled(f"{value.year}-{value.month:02d}")
    text = _AROUND.sub("", fold(shown(value)))
    if day := from_serial(text):
        return Spelled(f"{day.year}-{day.month:02d}")
    if match := _FULL.fullmatch(text):
        return _of(int(match[1]), match[2], "")
    if match := _MONTH.fullmatch(text):
        return _of(year, match[1], f"年份按 {year} 年")
    if match := _NUMBER.fullmatch(text):
        return _of(year, match[1], f"第几期按 {year} 年的月份")
    return None


def _of(year: int, month: str, added: str) -> Spelled | None:
    number = read_numeral(month)
    return Spelled(f"{year}-{number:02d}", added) if 1 <= number <= 12 else None


def period_of(day: dt.date) -> str:
    """The period in which a day lies."""
    return f"{day.year}-{day.month:02d}"


def period_text(period: str) -> str:
    """2022-07 -> 2022年7月."""
    year, month = period.split("-")
    return f"{year}年{int(month)}月"


def last_day(period: str) -> dt.date:
    """The last day of a period."""
    year, month = (int(part) for part in period.split("-"))
    return dt.date(year, month, calendar.monthrange(year, month)[1])
