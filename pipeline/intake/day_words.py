"""Times written in words -> days: the tokens of a deadline, in the order in which they stand."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.text import fold, read_numeral

BAD = "！没有这一天"
"""Note of a token that names no day."""

_Y = r"(?:(?P<year>\d{4})年?度?|['’‘]?(?P<yy>\d{2})年度?|(?P<rel>今年|本年度?|当年|明年|来年|次年|翌年|后年|去年|上年)度?)"
_Y_ = rf"(?:(?<!\d){_Y}的?)?"
_TAIL = r"(?:以前|之前|前|止|为止|内|以内|之内|间|期间)?"
_PART = r"(?P<part>底|末|中下旬|上旬|中旬|下旬|初|中)?"
_PATTERNS = {
    "compact": r"(?<!\d)(?P<year>20\d{2})(?P<month>\d{2})(?P<day>\d{2})(?!\d)",
    "compact_month": r"(?<!\d)(?P<year>20\d{2})(?P<month>0[1-9]|1[0-2])(?!\d)",
    "full": r"(?<!\d)(?P<year>\d{4})[-./、](?P<month>\d{1,2})[-./、](?P<day>\d{1,2})(?!\d)日?(?:T?\d{1,2}:\d{2}(?::\d{2})?)?",
    "short_year": r"(?<![\d.])['’]?(?P<yy>\d{2})(?P<sep>[-./])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})(?![\d./])日?",
    "day_first": r"(?<!\d)(?P<a>\d{1,2})[-./](?P<b>\d{1,2})[-./](?P<year>\d{4})(?!\d)",
    "day": rf"{_Y_}(?<!\d)(?P<month>\d{{1,2}})月份?(?P<day>\d{{1,2}})(?:日|号)?(?!\d|月|季|[、,]\d{{1,2}}月)(?:\d{{1,2}}[时:点](?:\d{{2}}分?)?)?",
    "day_range": rf"{_Y_}(?<!\d)(?P<month>\d{{1,2}})月份?\d{{1,2}}[日号]?[-—~至到]+(?P<day>\d{{1,2}})[日号]",
    "year_day": r"(?<!\d)(?P<year>\d{4})年(?P<month>\d{1,2})[./](?P<day>\d{1,2})(?!\d)日?",
    "months": rf"{_Y_}(?<!\d)\d{{1,2}}月?份?(?:[-—~至到、,和及]+\d{{1,2}}月?份?)*[-—~至到、,和及]+(?P<month>\d{{1,2}})月份?(?!\d){_PART}",
    "month": rf"{_Y_}(?<!\d)(?P<month>\d{{1,2}})月份?{_PART}(?!\d)",
    "year_month": r"(?<!\d)(?P<year>\d{4})[-./](?P<month>\d{1,2})(?![-./]?\d)(?P<part>底|末)?",
    "point": r"(?<![\d.年])(?P<month>\d{1,2})[./](?P<day>\d{1,2})(?![\d.%/]|亿|万|元)日?",
    "english": r"(?<![A-Za-z])(?:(?P<day>\d{1,2})-)?(?P<name>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*[-. ]?(?P<yy>\d{2})(?!\d)",
    "quarter": rf"{_Y_}(?:第?(?P<quarter>[1-4])个?季度?|[Qq](?P<q>[1-4]))(?P<part>底|末|初)?(?P<before>前|以前|之前)?",
    "half": rf"{_Y_}(?P<half>上|下|前|后)半年(?:底|末|内)?",
    "middle": rf"{_Y_}年?(?P<middle>年中|中)(?=前|以前|之前|完成|$|[,。;、])",
    "end": rf"{_Y_}年?(?:年底|年末|年终|年内|(?:(?<=[年度的])|(?<=20\d\d))(?:底|末|内))",
    "whole": rf"(?:{_Y}(?:全年|一年)|(?P<whole>全年))",
    "plan": r"[“\"]?(?P<plan>十三五|十四五|十五五)[”\"]?(?:规划)?(?:期间|期末|末期|末|时期|收官|内)?",
    "feast": rf"{_Y_}[“\"]?(?P<feast>元旦|春节|清明节?|五一|劳动节|端午节?|七一|八一|中秋节?|国庆节?|十一)[”\"]?(?:假期)?(?P<before>前|以前|之前)",
    "year": r"(?<!\d)(?P<year>20\d{2})(?:年度?|(?=$))(?![\d底末])",
    "relative": r"(?:自.{0,8}?起)?(?<!\d)(?P<n>半|\d{1,3})(?P<unit>个半?月|个?周|个?星期|个工作日|个?日|天|年)(?P<over>以?内|之内)",
    "within": r"(?:^|[(（,，])(?:限期|期限)?(?:为)?(?P<n>\d{1,3})(?P<unit>个月|天|周|个工作日)(?=$|[)）])",
    "this_month": r"(?P<which>本|当|下个?|次)月(?:(?P<date>\d{1,2})[日号]|(?P<part>底|末|内|上旬|中旬|下旬))?",
}
_COMPILED = {
    kind: re.compile(pattern + (_TAIL if kind not in ("relative", "within") else ""))
    for kind, pattern in _PATTERNS.items()
}
_MONTHS = {name: number for number, name in enumerate(calendar.month_abbr) if name}
_FIXED = {
    "元旦": (1, 1),
    "五一": (5, 1),
    "劳动节": (5, 1),
    "七一": (7, 1),
    "八一": (8, 1),
    "国庆": (10, 1),
    "十一": (10, 1),
}
_MOON = {
    "春节": "0212 0201 0122 0210 0129 0217 0206 0126 0213 0203",
    "清明": "0404 0405 0405 0404 0404 0405 0405 0404 0404 0405",
    "端午": "0614 0603 0622 0610 0531 0619 0609 0528 0616 0605",
    "中秋": "0921 0910 0929 0917 1006 0925 0915 1003 0922 0912",
}
"""Month and day of the moon's feasts (and 清明), 2021 to 2030."""
_PLANS = {"十三五": 2020, "十四五": 2025, "十五五": 2030}


@dataclass(frozen=True, slots=True)
class Context:
    """From where times are counted: `year` of the scheme, `today` of the form (填报日期, or 基准日期), and what it is called."""

    year: int
    today: dt.date
    counted_from: str


@dataclass(frozen=True, slots=True)
class Token:
    """A time in a text: where it stands, the day that it ends on (None: none), what was added to read it, and its kind."""

    start: int
    end: int
    day: dt.date | None
    notes: tuple[str, ...]
    kind: str
    has_year: bool


def plain(text: str) -> str:
    """Folded, with Chinese numerals before 年 月 日 季度 … as digits, quotes and weekdays left out."""
    text = fold(text).replace("號", "号").replace("元月", "1月")
    text = re.sub(r"[〇○零一二三四五六七八九]{4}(?=年)", lambda match: str(read_numeral(match[0])), text)
    text = re.sub(
        r"(?<![上下])[〇零一二两三四五六七八九十]{1,3}(?=个?半?月|日|号|个?季度|天|个?周|个?星期|个?工作日|年内)",
        lambda match: str(read_numeral(match[0])) if _readable(match[0]) else match[0],
        text,
    )
    text = re.sub(r"第?[一二三四1-4][、,和及](?=第?[1-4]个?季度)", "", text)
    return re.sub(r"[(（](?:含|含当日|周[1-7一二三四五六日天]|星期[一二三四五六日天])[)）]", "", text)


def _readable(text: str) -> bool:
    try:
        read_numeral(text)
    except ValueError:
        return False
    return True


def tokens(text: str, context: Context) -> Iterator[Token]:
    """The times in a text made `plain`, from left to right; a year that is not written is the one written before."""
    position = 0
    written: int | None = None
    while True:
        found = [
            (match.start(), -match.end(), kind, match)
            for kind, pattern in _COMPILED.items()
            if (match := pattern.search(text, position)) and match.group()
        ]
        if not found:
            return
        _, _, kind, match = min(found, key=lambda entry: entry[:3])
        position = match.end()
        token, written = _token(kind, match, context, written)
        yield token


def _token(kind: str, match: re.Match[str], context: Context, written: int | None) -> tuple[Token, int | None]:
    fields = match.groupdict()
    notes: list[str] = []
    year, has_year = _year(fields, context, written, notes)
    readers: dict[str, Callable[[], dt.date]] = {
        "relative": lambda: _relative(fields, context, notes),
        "within": lambda: _relative(fields, context, notes),
        "this_month": lambda: _this_month(fields, context, notes),
        "feast": lambda: _feast(fields, year, has_year or written is not None, notes),
        "plan": lambda: _plan(fields, notes),
        "day_first": lambda: _day_first(fields, notes),
        "english": lambda: _english(fields, year, notes),
    }
    counted = kind in ("relative", "within", "this_month", "plan", "day_first")
    if not counted and not has_year and written is None:
        notes.append(f"没有写年份，按 {year} 年")
    day: dt.date | None = None
    try:
        day = readers[kind]() if kind in readers else _calendar(kind, fields, year, match.group(), notes)
    except (ValueError, calendar.IllegalMonthError, OverflowError) as error:
        notes.append(str(error) if str(error).startswith("！") else BAD)
    token = Token(match.start(), match.end(), day, tuple(notes), kind, has_year or counted)
    return token, year if has_year else written


def _year(fields: dict[str, str | None], context: Context, written: int | None, notes: list[str]) -> tuple[int, bool]:
    if fields.get("year"):
        return int(fields["year"] or 0), True
    if fields.get("yy"):
        year = 2000 + int(fields["yy"] or 0)
        notes.append(f"两位年份，按 {year} 年")
        return year, True
    word = fields.get("rel")
    if not word:
        return (written if written is not None else context.year), False
    if word.startswith(("次", "翌")):
        year = (written if written is not None else context.year) + 1
        if written is None:
            notes.append(f"“{word}”按 {year} 年")
        return year, True
    steps = {"明年": 1, "来年": 1, "后年": 2, "去年": -1, "上年": -1}
    if steps.get(word, 0) < 0:
        notes.append(f"！“{word}”已经过去")
    year = context.today.year + steps.get(word, 0)
    notes.append(f"“{word}”按{context.counted_from}算作 {year} 年")
    return year, True


def _calendar(kind: str, fields: dict[str, str | None], year: int, text: str, notes: list[str]) -> dt.date:
    if quarter := fields.get("quarter") or fields.get("q"):
        if fields.get("before") and not fields.get("part"):
            notes.append("“季度前”按季度末")
        return month_end(year, int(quarter) * 3)
    if half := fields.get("half"):
        return month_end(year, 6 if half in "上前" else 12)
    if fields.get("middle"):
        notes.append("“年中”按 6 月底")
        return month_end(year, 6)
    if fields.get("month") is None:
        if kind in ("whole", "year"):
            notes.append("只写到年，按年底")
        return dt.date(year, 12, 31)
    month = int(fields["month"] or 0)
    months = [int(number) for number in re.findall(r"(?<!\d)\d{1,2}(?![\d年])", text)] if kind == "months" else []
    if months and re.search(r"[-—~至到]", text) and months[0] > months[-1]:
        raise ValueError("！起止的月份颠倒，或者跨了年")
    if fields.get("day"):
        return dt.date(year, month, int(fields["day"] or 0))
    part = fields.get("part") or ""
    if part in ("初", "中"):
        notes.append(f"“{part}”按 {10 if part == '初' else 20} 日")
    if part == "中下旬":
        notes.append("“中下旬”按月底")
    if part in ("上旬", "中旬", "初", "中"):
        return dt.date(year, month, 10 if part in ("上旬", "初") else 20)
    if not part and re.search(r"月份?(?:前|以前|之前)$", text):
        notes.append("“月前”按当月底")
    return month_end(year, month)


def month_end(year: int, month: int) -> dt.date:
    """The last day of a month; ValueError where there is none."""
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _relative(fields: dict[str, str | None], context: Context, notes: list[str]) -> dt.date:
    notes.append(f"从{context.counted_from} {context.today.isoformat()} 起算")
    half = fields["n"] == "半"
    count = 1 if half else int(fields["n"] or 0)
    unit = fields["unit"] or ""
    if unit == "个工作日":
        notes.append("没有除去节假日")
        day = context.today
        while count:
            day += dt.timedelta(days=1)
            count -= day.weekday() < 5
        return day
    if unit.endswith(("日", "天")):
        return context.today + dt.timedelta(days=count)
    if unit.endswith(("周", "星期")):
        return context.today + dt.timedelta(weeks=count)
    if unit == "个半月":
        return add_months(context.today, count) + dt.timedelta(days=15)
    if unit == "年":
        return add_months(context.today, 6 if half else 12 * count)
    return context.today + dt.timedelta(days=15) if half else add_months(context.today, count)


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day some months later, or the month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _this_month(fields: dict[str, str | None], context: Context, notes: list[str]) -> dt.date:
    notes.append(f"按{context.counted_from} {context.today.isoformat()} 算")
    day = add_months(context.today.replace(day=1), 0 if fields["which"] in ("本", "当") else 1)
    if fields.get("date"):
        return day.replace(day=int(fields["date"] or 0))
    part = {"上旬": 10, "中旬": 20}.get(fields.get("part") or "")
    return day.replace(day=part) if part else month_end(day.year, day.month)


def _feast(fields: dict[str, str | None], year: int, has_year: bool, notes: list[str]) -> dt.date:
    name = (
        (fields["feast"] or "").removesuffix("节")
        if fields["feast"] not in ("春节", "劳动节")
        else fields["feast"] or ""
    )
    if not has_year and name not in ("五一", "七一", "八一", "国庆", "十一"):
        raise ValueError("！以节日为期限而没有写年份，须填写具体日期")
    if name in _FIXED:
        day = dt.date(year, *_FIXED[name])
    elif 2021 <= year <= 2030:
        text = _MOON[name].split()[year - 2021]
        day = dt.date(year, int(text[:2]), int(text[2:]))
    else:
        raise ValueError("！以节日为期限，须填写具体日期")
    notes.append(f"“{name}前”按前一天")
    return day - dt.timedelta(days=1)


def _plan(fields: dict[str, str | None], notes: list[str]) -> dt.date:
    name = fields["plan"] or ""
    notes.append(f"“{name}”按期末")
    return dt.date(_PLANS[name], 12, 31)


def _day_first(fields: dict[str, str | None], notes: list[str]) -> dt.date:
    first, second, year = (int(fields[key] or 0) for key in ("a", "b", "year"))
    if first <= 12 and second <= 12 and first != second:
        raise ValueError("！日、月的先后分不清")
    notes.append("年写在最后")
    return dt.date(year, second, first) if first > 12 else dt.date(year, first, second)


def _english(fields: dict[str, str | None], year: int, notes: list[str]) -> dt.date:
    notes.append("英文月份")
    month = _MONTHS[fields["name"] or ""]
    return dt.date(year, month, int(fields["day"] or 0)) if fields.get("day") else month_end(year, month)
