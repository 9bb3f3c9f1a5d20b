"""整改时限 as clerks write it -> kind, due date, and whether it goes on for good.

What cannot be understood is said, never guessed. The spellings that the tests hold come from published lists and from a
clerk's labels.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from dataclasses import dataclass, replace

from pipeline.cells import Value, shown
from pipeline.intake.day_words import Context, Token, plain, tokens
from pipeline.text import fold, from_serial
from pipeline.vocabulary import RectificationType

IMMEDIATE, BY_DATE, FOR_GOOD = RectificationType
ODD, EMPTY = "异常", "空"

_PLACEHOLDERS = frozenset(
    {"", "/", "\\", "-", "--", "—", "——", "无", "空", "、", "。", "N/A", "n/a", "暂无", "...", "……"}
)
_LABEL = re.compile(r"^(?:整改|完成|计划|预计)*(?:时限|期限|时间|日期)[:：]")
_TEMPLATE = re.compile(r"年[Xx×*＊_?？]*月|(?<!\d)[Xx×*＊_]+[月日]|^月日")
_STATUS = re.compile(
    r"已(?:经)?(?:于.{2,14})?(?:全部|基本)?(?:完成|整改|办结|销号|落实|到位)|正在(?:推进|整改|办理)|推进中|整改中|未(?:启动|完成|开始)"
)
_FOR_GOOD = re.compile(
    r"(?<![不非])长期(?:坚持|推进|整改|抓)?|持续(?:推进|整改|坚持|用力|抓)?|常态化?(?:长效)?(?:推进|坚持|整改|开展)?|长效|常抓不懈|久久为功|坚持不懈|[常长]年坚持|一以贯之|抓常抓长"
)
_IMMEDIATE = re.compile(
    r"立行立改|即知即改|即查即改|边查边改|边整边改|立查立改|立整立改|[马立][上即刻](?:就)?(?:整改|改正|改)|立即|马上|即时|即刻"
)
_EVENT = re.compile(
    r"节前|节后|春节后|汛期|召开|换届|开学|高考|两会|会后|会前|任期|验收前|检查前|巡察前|放假前|入冬|秋收|春耕|暑期|暑假|寒假"
)
_VAGUE = re.compile(
    r"左右|前后|上下|适时|尽快|尽早|近期|择机|待定|另行|序时进度|视情|(?<![\d十个本当下次])月[初底末内]"
)
_AFTER_MEETING = re.compile(r"会后\d+(?:个工作)?[日天]内|会后\d+个月内")
_NOT_SURE = (
    (re.compile(r"[?？]"), "填报的人自己打了问号"),
    (re.compile(r"(?<!\d)(?:\d{3}|\d{5,})年"), "年份的位数不对"),
    (re.compile(r"^年年底"), "是哪一年的年底，分不清"),
    (re.compile(r"中考(?![核评察])"), "以“中考”为期限，须填写具体日期"),
    (
        re.compile(
            r"^(?!.*(?:\d月|\d{4}年|年[底末]|季度)).*(?:印发|下发|发布|公布|接到|收到|到位|批复|批准|通知|反馈|移交|立项|开工|签订)[^,，。;；\d]{0,6}[后起][^,，。;；]{0,8}内"
        ),
        "从一件没有写日期的事起算，须填写具体日期",
    ),
)
"""What the writer left open: no day is taken from it."""
_WEEKDAY = re.compile(r"[(（](?:周|星期|礼拜)([1-6一二三四五六日天])[)）]")
_WEEKDAYS = {mark: day for days in ("123456", "一二三四五六日") for day, mark in enumerate(days, 1)} | {"天": 7}
_ACCEPTANCE = re.compile(r"[底末]?(?:之?前)?(?:组织|开展|进行|迎接|申请)?验收")
_CHINESE_MONTHS_IN = re.compile(r"^[一二两三四五六七八九十]{1,3}月(?:之|以)?内")
_PERIODIC = re.compile(
    r"每(?:个?季度|[1-4]季度|半年|个?月|年|周|旬|学期)[末底初]?(?:\d{1,2}月[底末]?|\d{1,2}[日号])?(?:之?前)?"
)
_START = re.compile(r"启动|开始|起步|动员|部署")
_DONE = re.compile(r"完成|到位|见效|办结|销号|整改|建成|实现|达到|验收")
_INTERIM = re.compile(r"\d+(?:\.\d+)?%|过半|一半|小结|其中|初步|阶段性|中期评估|进度|分之")
_OLD = re.compile(r"[(（]?原(?:定|计划|为|时限|期限|于)?[:：]?$|由$|从$")
_MOVED = re.compile(r"延期|延长|推迟|顺延至|调整[到为至]|改[到为至]|变更|展期")
_CONDITION = re.compile(
    r"如遇|如有|若|视.{0,6}(?:情况|资金|进度)|暂定|原则上|力争|争取|条件|待.{1,10}后|届时|预留|除外"
)
_FINAL = re.compile(r"确保|最迟|最晚|不超过|务必")
_TIME_OF_DAY = re.compile(r"(?<=\d)[ 　T]+\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?\s*$")
_SEVERAL = re.compile(r"各\d*[一两]?次|分别|^[(（]1[)）].*[(（]2[)）]|^1[.、].*[;；。]2[.、]")
_RANGE = re.compile(r"^[-—–~～至到]+$")
_PAREN = re.compile(r"[(（][^()（）]*(?:牵头|配合|责任|负责)[^()（）]*[)）]")
_SUSPECT = re.compile(r"[\d年月日季旬周?？或]|左右|可能|大概|估计")
_EARLIEST = 6
"""So many years before the scheme's a deadline may lie (an old round's), and fifteen after."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """What a deadline says: `kind`, `due` (None where no date is given), `for_good`; `note` says what was added or is odd."""

    kind: str
    due: dt.date | None = None
    for_good: bool = False
    note: str = ""


def looks_like_deadline(text: str) -> bool:
    """Whether a cell could stand under 整改时限: for telling columns apart."""
    return len(text) <= 40 and parse_deadline(text, 2022, dt.date(2022, 1, 1)).kind not in (ODD, EMPTY)


def parse_deadline(value: Value, year: int, base: dt.date, filled: dt.date | None = None, seen: str = "") -> Deadline:
    """Understand a cell of 整改时限.

    `year` is meant where none is written; 3个月内 counts from `filled` (填报日期), without it from `base`. `seen` is the
    cell as its format shows it, where that says more or less than the value.

    Never raises: what cannot be understood has the kind 异常 and says why.
    """
    context = Context(year, filled or base, "填报日期" if filled else "基准日期")
    if isinstance(value, dt.datetime):
        value = value.date()
    if isinstance(value, dt.date):
        return _of_date(value, context, seen)
    if isinstance(value, bool | dt.time | dt.timedelta):
        return Deadline(ODD, note="不是日期")
    text = seen or shown(value)
    if isinstance(value, float) and re.fullmatch(r"\d{4}\.1|\d{1,2}\.[1-3]", text):
        return Deadline(ODD, note=f"数字 {text} 可能少了末尾的 0，分不清是哪一天（月）")
    return _checked(_of_text(text, context), year)


def _of_date(value: dt.date, context: Context, seen: str) -> Deadline:
    """A date cell, read as it is shown: without a day it means the month's end, without a year the scheme's."""
    if not seen:
        return _checked(Deadline(BY_DATE, value), context.year)
    found = _of_text(seen, replace(context, year=value.year))
    if found.due is None or not context.year - _EARLIEST <= value.year <= context.year + 15:
        return _checked(Deadline(BY_DATE, value), context.year)
    if str(value.year) in plain(seen) or re.search(rf"(?<!\d){value.year % 100:02d}(?=[-/.年])", plain(seen)):
        note = "只显示到年，按年底" if "只写到年" in found.note else ""
        return _checked(Deadline(BY_DATE, found.due, note=note), context.year)
    if value.year == context.year:
        return Deadline(BY_DATE, found.due)
    moved = _of_text(seen, context)
    return replace(moved, note=f"显示为“{seen}”，没有年份（格里是 {value.isoformat()}），按 {context.year} 年")


def _checked(deadline: Deadline, year: int) -> Deadline:
    if deadline.due and not year - _EARLIEST <= deadline.due.year <= year + 15:
        return Deadline(ODD, None, deadline.for_good, f"年份 {deadline.due.year} 疑似写错")
    return deadline


def _of_text(written: str, context: Context) -> Deadline:
    folded = _LABEL.sub("", fold(_TIME_OF_DAY.sub("", written)))
    if folded in _PLACEHOLDERS:
        return Deadline(EMPTY)
    if _TEMPLATE.search(folded):
        return Deadline(ODD, note="样式里的年月日没有填全")
    if _CHINESE_MONTHS_IN.search(folded):
        return Deadline(ODD, note="是几个月之内还是几月之内，分不清")
    text = _PAREN.sub("", plain(folded))
    for_good = bool(_FOR_GOOD.search(text))
    if _STATUS.search(text):
        return Deadline(ODD, None, for_good, "写的是完成情况，不是时限")
    for pattern, why in _NOT_SURE:
        if pattern.search(text):
            return Deadline(ODD, None, for_good, why)
    found = _of_words(text, context, for_good)
    weekday = _WEEKDAY.search(folded)
    if weekday and found.due and found.due.isoweekday() != _WEEKDAYS[weekday[1]]:
        return replace(found, note="；".join(filter(None, (found.note, f"这一天不是星期{weekday[1]}"))))
    return found


def _of_words(text: str, context: Context, for_good: bool) -> Deadline:
    """A text made plain that is neither blank nor a status."""
    immediate = bool(_IMMEDIATE.search(text))
    rest = _IMMEDIATE.sub(" ", _FOR_GOOD.sub(" ", text))
    if _AFTER_MEETING.search(rest):
        return Deadline(BY_DATE, None, for_good, "从会议日期起算，须填写具体日期")
    periodic = bool(_PERIODIC.search(rest))
    rest = _PERIODIC.sub(" ", rest)
    if day := from_serial(rest.strip()):
        return Deadline(BY_DATE, day, for_good, "Excel 日期序列号")
    due, notes = _due(rest, context)
    if wrong := next((note for note in notes if note.startswith("！")), ""):
        return Deadline(ODD, None, for_good, wrong[1:])
    match = _EVENT.search(rest)
    if match and (due is None or notes == ["只写到年，按年底"]):
        return Deadline(ODD, None, for_good, f"以“{match[0]}”为期限，须填写具体日期")
    if match := _VAGUE.search(rest):
        return Deadline(ODD, None, for_good, f"“{match[0]}”说得不具体")
    if periodic and due is None and not immediate:
        return Deadline(FOR_GOOD, None, True, "" if for_good else "周期性的安排，没有止期，按长期坚持")
    kind = IMMEDIATE if immediate else BY_DATE if due or "分阶段" in rest else FOR_GOOD if for_good else ODD
    if due is None and "分阶段" in rest and kind == BY_DATE:
        notes.append("须补各阶段的日期")
    if kind == ODD and not notes:
        notes.append("没有日期，也不是立行立改或长期坚持")
    if due is None and kind != ODD:
        notes = [note for note in notes if not note.startswith("只写了")]
    return Deadline(kind, due, for_good, "；".join(dict.fromkeys(notes)))


def _due(text: str, context: Context) -> tuple[dt.date | None, list[str]]:
    """The day on which it must be done, and notes; a note beginning with ！ says that there is no such day."""
    found = list(tokens(text, context))
    notes = [note for token in found for note in token.notes]
    if any(note.startswith("！") for note in notes):
        return None, notes
    for first, second in itertools.pairwise(found):
        ranged = _RANGE.match(text[first.end : second.start])
        if ranged and first.day and second.day and second.day < first.day:
            return None, ["！止期在起期之前"]
    before, after = _surroundings(text, found)
    ends, final = _ends(text, found, before, after, notes)
    if not ends and not final:
        return None, ["只写了启动或中间的时间"] if found else notes
    chosen = _choose(text, final or ends, notes)
    if chosen is None:
        return None, notes
    if len(ends) + len(final) > 1 or len(found) > len(ends) + len(final) + _ranges(text, found):
        notes.append("写了几个时间，取最后一个")
    elif _SEVERAL.search(text):
        notes.append("写了几件事或几个时间，取最后一个")
    if _MOVED.search(text):
        notes.append("改了期限，须经批准")
    if match := _CONDITION.search(text):
        notes.append(f"附有条件“{match[0]}”")
    left = _without(text, found)
    if _SUSPECT.search(left) and not notes:
        notes.append(f"“{left.strip(' ,，。;；')[:20]}”没有看懂")
    return chosen, notes


def _ends(
    text: str, found: list[Token], before: list[str], after: list[str], notes: list[str]
) -> tuple[list[Token], list[Token]]:
    """Of the times in a text those by which something must be done, and those that 确保 or 最迟 make the last."""
    ends: list[Token] = []
    final: list[Token] = []
    for index, token in enumerate(found):
        if index + 1 < len(found) and _RANGE.match(text[token.end : found[index + 1].start]):
            continue  # the beginning of a range
        if _OLD.search(before[index]) and len(found) > 1:
            notes.append("改了期限，须经批准")
            continue
        clause = after[index]
        if re.match(r"[底末]?(?:起|以来|始)", clause) or (_START.search(clause) and not _DONE.search(clause)):
            continue
        if len(found) > 1 and _ACCEPTANCE.match(clause):
            continue
        if _INTERIM.search(before[index][-4:] + clause) and len(found) > 1:
            continue
        (final if _FINAL.search(before[index]) else ends).append(token)
    return ends, final


def _ranges(text: str, found: list[Token]) -> int:
    return sum(bool(_RANGE.match(text[a.end : b.start])) for a, b in itertools.pairwise(found))


def _choose(text: str, ends: list[Token], notes: list[str]) -> dt.date | None:
    """The last of several days; none where two stand side by side without a word, or with 或 between them."""
    for first, second in itertools.pairwise(ends):
        between = text[first.end : second.start]
        if "或" in between:
            notes.append("！写了两个时间二选一，分不清")
            return None
        if not between.strip() and first.kind not in ("whole", "year"):
            notes.append("！写了两个时间，没有说明各指什么")
            return None
        if between in ("(", "（") and first.day and second.day and _inside(first, second):
            notes.append("括号里写得更具体，按括号里的")
            return second.day
    return max((token.day for token in ends if token.day), default=None)


def _inside(wide: Token, narrow: Token) -> bool:
    """Whether the second day makes the first more exact: 2022年底前（12月20日前）."""
    return (
        narrow.kind in ("day", "full", "point")
        and wide.kind not in ("day", "full")
        and bool(wide.day and narrow.day and narrow.day <= wide.day)
    )


def _surroundings(text: str, found: list[Token]) -> tuple[list[str], list[str]]:
    """What stands before each time back to the one before, and behind it up to the next clause or time."""
    before, after = [], []
    for index, token in enumerate(found):
        start = found[index - 1].end if index else 0
        end = found[index + 1].start if index + 1 < len(found) else len(text)
        head = re.split(r"[,，。;；、]", text[start : token.start])[-1]
        before.append(head)
        after.append(re.split(r"[,，。;；)）]", text[token.end : end])[0])
    return before, after


def _without(text: str, found: list[Token]) -> str:
    left, position = "", 0
    for token in found:
        left += text[position : token.start] + " "
        position = token.end
    return re.sub(r"^[(（]?\d[)）.、]|[;；,，][(（]\d[)）]", " ", left + text[position:])
