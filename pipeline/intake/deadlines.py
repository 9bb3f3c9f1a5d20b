"""整改时限 as clerks write it -> kind, due date, and whether it goes on for good.

What cannot be understood is said, never guessed. The 54 spellings that the tests hold come from published lists.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from pipeline.cells import Value, shown
from pipeline.text import fold, from_serial, read_numeral
from pipeline.vocabulary import RectificationType

IMMEDIATE, BY_DATE, FOR_GOOD = RectificationType
ODD, EMPTY = "异常", "空"

_PLACEHOLDERS = frozenset({"", "/", "\\", "-", "--", "—", "——", "无", "空", "、", "。"})
_STATUS = re.compile(r"已(?:经)?(?:完成|整改|办结|销号|落实|到位)")
_FOR_GOOD = re.compile(r"长期(?:坚持|推进|整改)?|持续(?:推进|整改|坚持)?|常态化?(?:推进|坚持|整改)?|长效")
_IMMEDIATE = re.compile(r"立行立改|即知即改|即查即改|边查边改|立即整改|立整立改|马上整改|立即")
_EVENT = re.compile(r"春节|元旦|国庆|中秋|节前|节后|汛期|召开|换届|开学|高考|会后|会前|任期")
_VAGUE = re.compile(r"明年|次年|来年|后年|去年|左右|[月季年]初|(?<![\d十个])[本当下次]?月[底末内]|适时|尽快")
_AFTER_MEETING = re.compile(r"会后\d+(?:个工作)?[日天]内|会后\d+个月内")
_RELATIVE = re.compile(r"(?:自.{0,6}起)?(?<!\d)(半|\d{1,3})(个?月|个?周|星期|日|天|年)(?:以?内|之内)")
_DATE = re.compile(
    r"(?<!\d)(?:(?P<year>\d{4})(?:年度?|[-./]))?(?P<month>\d{1,2})(?:月份?|[-./])(?P<day>\d{1,2})日?(?!\d|月|季)"
)
_RANGE = re.compile(
    r"(?<!\d)(?:(?P<year>\d{4})年度?)?(?P<first>\d{1,2})月?(?:[-—~至到、,])+(?P<month>\d{1,2})月(?!\d{1,2}日)(?P<part>底|末|上旬|中旬|下旬)?"
)
_MONTH = re.compile(
    r"(?<!\d)(?:(?P<year>\d{4})(?:年度?|[-./]))?(?P<month>\d{1,2})月份?(?P<part>底|末|上旬|中旬|下旬)?(?!\d)"
)
_BARE_MONTH = re.compile(r"(?<!\d)(?P<year>\d{4})[-./](?P<month>\d{1,2})(?!\d)")
_QUARTER = re.compile(r"(?:(?P<year>\d{4})年度?)?第?(?P<quarter>[1-4])季度(?:底|末)?")
_HALF = re.compile(r"(?:(?P<year>\d{4})年度?)?(?P<half>上|下)半年(?:底|末)?")
_YEAR_END = re.compile(r"(?P<year>\d{4})年度?(?:底|末|内)|(?:本|今|当)?年?(?:年底|年末|年内|底|末)")
_WHOLE_YEAR = re.compile(r"(?P<year>\d{4})年(?:内|度)?(?!\d)")
_COMPACT = re.compile(r"(?<!\d)(?P<year>20\d{2})(?P<month>\d{2})(?P<day>\d{2})(?!\d)")
_FILLER = re.compile(
    r"[\s,，。.;；:：、()（）【】\-—~至到于在前后止并且且]|之前|以前|以内|前|期间|第[一二三四五1-5]阶段|阶段性|全面|基本|完成|整改|到位|"
    r"力争|确保|坚持|按期|限期|截止|任务|落实|见效|取得|成效|逐步|首批|全部|开始|启动|底|分阶段|时间"
)
_TENDAYS = {"上旬": 10, "中旬": 20}


@dataclass(frozen=True, slots=True)
class Deadline:
    """What a deadline says: `kind`, `due` (None where no date is given), `for_good`; `note` says what was added or is odd."""

    kind: str
    due: dt.date | None = None
    for_good: bool = False
    note: str = ""


def parse_deadline(value: Value, year: int, base: dt.date) -> Deadline:
    """Understand a cell of 整改时限; `year` is meant where none is written, `base` where it counts from today.

    Never raises: what cannot be understood has the kind 异常 and says why.
    """
    if isinstance(value, dt.datetime):
        value = value.date()
    if isinstance(value, dt.date):
        return _checked(Deadline(BY_DATE, value), year)
    text = _fold(shown(value))
    if text in _PLACEHOLDERS:
        return Deadline(EMPTY)
    for_good = bool(_FOR_GOOD.search(text))
    if _STATUS.search(text):
        return Deadline(ODD, None, for_good, "写的是完成情况，不是时限")
    immediate = bool(_IMMEDIATE.search(text))
    rest = _IMMEDIATE.sub(" ", _FOR_GOOD.sub(" ", text))
    if _AFTER_MEETING.search(rest):
        return Deadline(BY_DATE, None, for_good, "从会议日期起算，须填写具体日期")
    if _EVENT.search(rest):
        return Deadline(ODD, None, for_good, "以事件为期限，须填写具体日期")
    if match := _VAGUE.search(rest):
        return Deadline(ODD, None, for_good, f"“{match[0]}”说得不具体")
    due, note = _due(rest, year, base)
    kind = IMMEDIATE if immediate else BY_DATE if due or "分阶段" in rest else FOR_GOOD if for_good else ODD
    if note.startswith("！"):
        return Deadline(ODD, None, for_good, note[1:])
    if due is None and "分阶段" in rest and kind == BY_DATE:
        note = "须补各阶段的日期"
    if kind == ODD and not note:
        note = "没有日期，也不是立行立改或长期坚持"
    return _checked(Deadline(kind, due, for_good, note), year)


def _checked(deadline: Deadline, year: int) -> Deadline:
    if deadline.due and not year - 6 <= deadline.due.year <= year + 15:
        return Deadline(ODD, None, deadline.for_good, f"年份 {deadline.due.year} 疑似写错")
    return deadline


def _fold(text: str) -> str:
    text = re.sub(r"[〇○零一二三四五六七八九]{4}(?=年)", lambda match: str(read_numeral(match[0])), fold(text))
    return re.sub(
        r"[〇零一二两三四五六七八九十]+(?=个?月|日|季度|天|个?周|年内)", lambda match: str(read_numeral(match[0])), text
    )


def _due(text: str, year: int, base: dt.date) -> tuple[dt.date | None, str]:
    """The last date that the text names, and a note; a note beginning with ！ says that there is no such date."""
    if day := from_serial(text):
        return day, "Excel 日期序列号"
    notes: list[str] = []
    dates: list[dt.date] = []
    if match := _RELATIVE.search(text):
        dates.append(_from_base(base, match[1], match[2]))
        notes.append(f"从基准日期 {base.isoformat()} 起算")
        text = text.replace(match[0], " ", 1)
    last_year: list[int] = []

    def take(pattern: re.Pattern[str], text: str) -> str:
        def one(match: re.Match[str]) -> str:
            fields = match.groupdict()
            if fields.get("year"):
                last_year[:] = [int(fields["year"])]
            elif not last_year:
                notes.append(f"没有写年份，按 {year} 年")
            date = _date(fields, last_year[0] if last_year else year)
            if date is None:
                notes.append("！没有这一天")
            else:
                dates.append(date)
            return " "

        return pattern.sub(one, text)

    for pattern in (_COMPACT, _RANGE, _DATE, _MONTH, _BARE_MONTH, _QUARTER, _HALF):
        text = take(pattern, text)
    if not dates:
        text = take(_YEAR_END, text)
    if not dates:
        text = take(_WHOLE_YEAR, text)
    wrong = [note for note in notes if note.startswith("！")]
    if wrong:
        return None, wrong[0]
    left = _FILLER.sub("", text)
    if left and dates:
        notes.append(f"“{left}”没有看懂")
    if len(dates) > 1:
        notes.append("写了几个时间，取最后一个")
    return max(dates, default=None), "；".join(dict.fromkeys(notes))


def _date(fields: dict[str, str | None], year: int) -> dt.date | None:
    try:
        if fields.get("quarter"):
            return _month_end(year, int(fields["quarter"] or 0) * 3)
        if fields.get("half"):
            return _month_end(year, 6 if fields["half"] == "上" else 12)
        if fields.get("month") is None:
            return dt.date(year, 12, 31)
        month = int(fields["month"] or 0)
        if fields.get("day"):
            return dt.date(year, month, int(fields["day"] or 0))
        if part := _TENDAYS.get(fields.get("part") or ""):
            return dt.date(year, month, part)
        return _month_end(year, month)
    except (ValueError, calendar.IllegalMonthError):
        return None


def _month_end(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _from_base(base: dt.date, amount: str, unit: str) -> dt.date:
    half = amount == "半"
    count = 1 if half else int(amount)
    if unit.endswith(("日", "天")):
        return base + dt.timedelta(days=count)
    if unit.endswith(("周", "星期")):
        return base + dt.timedelta(weeks=count)
    if unit.endswith("年"):
        months = 6 if half else 12 * count
    elif half:
        return base + dt.timedelta(days=15)
    else:
        months = count
    total = base.year * 12 + base.month - 1 + months
    year, month = divmod(total, 12)
    return dt.date(year, month + 1, min(base.day, calendar.monthrange(year, month + 1)[1]))
