"""The tables of 总览: what needs someone today, how far each direction is, where the problems came from."""

from __future__ import annotations

from pipeline.summary.block import BASE_DATE
from pipeline.summary.facts import Facts
from pipeline.summary.heading_figures import TOTAL, UNSTATED
from pipeline.summary.page import MIDDLE, RIGHT, WIDE, Page, Span
from pipeline.summary.replies import either, joined, percent
from pipeline.summary.sheet import Live
from pipeline.summary.statistics import Statistics
from pipeline.summary.styles import HEAT, WHITE
from pipeline.tables import FINDINGS, PENDING, RETURNS_STATE, closing_list, task_list
from pipeline.vocabulary import Channel, FileState

_ATTENTION = (
    ("措施编号", 3),
    ("措施", 8),
    ("牵头单位", 8),
    ("责任领导", 5),
    ("到期日", 4),
    ("期限", 4),
    ("完成情况", 3),
)
_DIRECTION = (("努力方向", 8), ("措施", 2), ("到期", 2), ("完成", 2), ("逾期", 2), ("完成率", 2))
_TASK = (("事项", 7), ("数", 2), ("怎么办", 9))
TASK_LINES = 5


def attention(page: Page, row: int, lines: int, statistics: Statistics) -> int:
    """督办, one line a measure: header and `lines` lines from `row`; returns the row below."""
    styles, block = page.styles, statistics.attention
    widths = [width for _, width in _ATTENTION]
    heads = ["编号", *(title for title, _ in _ATTENTION[1:])]
    left, centre = styles.small_header_left, styles.small_header
    page.cells(row, WIDE.left, widths, heads, [centre, left, left, left, centre, centre, centre])
    day, text, middle = styles.cell_day, styles.cell_text, styles.cell_centre
    for number in range(lines):
        values = [block.copy(number, title) for title, _ in _ATTENTION]
        if number == 0:  # an empty table would look like a fault
            none = f'=IF({block.at(0, "行")}=0,"没有逾期和将到期的措施",{block.at(0, "措施")})'
            values[1] = Live(none, block.value(0, "措施") or "没有逾期和将到期的措施")
        page.cells(row + 1 + number, WIDE.left, widths, values, [middle, text, text, text, day, middle, middle])
    term = sum(widths[:5])
    for words, form in (("逾期", styles.late), ("今日", styles.late), ("还有", styles.soon)):
        rule = {"type": "text", "criteria": "begins with", "value": words, "format": form}
        page.sheet.conditional_format(row + 1, term, row + lines, term + widths[5] - 1, rule)
    return row + 1 + lines


def attention_reply(facts: Facts, lines: int) -> Live:
    """The answer above it."""
    late, soon = facts.value("逾期"), facts.value("将到期")
    more = late + soon - lines
    ref = f"({facts.ref('逾期')}+{facts.ref('将到期')}-{lines})"
    formula = (
        f'={facts.ref("逾期")}&" 项逾期，"&{facts.ref("将到期")}&" 项将到期"'
        f'&IF({ref}>0,"；列前 {lines} 项，另有 "&{ref}&" 项见对账销号","")'
    )
    tail = f"；列前 {lines} 项，另有 {more} 项见对账销号" if more > 0 else ""
    return Live(formula, f"{late} 项逾期，{soon} 项将到期{tail}")


def directions(page: Page, row: int, statistics: Statistics) -> int:
    """努力方向: measures, due, done of those, overdue; returns the row below."""
    styles, block = page.styles, statistics.directions
    widths = [width for _, width in _DIRECTION]
    forms = [styles.small_header_left, *([styles.small_header] * 5)]
    page.cells(row, RIGHT.left, widths, [title for title, _ in _DIRECTION], forms)
    for number, line in enumerate(block.rows, start=1):
        total = line["努力方向"] == TOTAL
        name, count = (styles.cell_strong, styles.cell_total) if total else (styles.cell_text, styles.cell_number)
        values = [line["努力方向"], *(block.copy(number - 1, title) for title, _ in _DIRECTION[1:])]
        page.cells(row + number, RIGHT.left, widths, values, [name, count, count, count, count, styles.cell_rate])
    late = RIGHT.left + sum(widths[:4])
    positive = {"type": "cell", "criteria": ">", "value": 0, "format": styles.late}
    page.sheet.conditional_format(row + 1, late, row + len(block.rows), late + 1, positive)
    return row + 1 + len(block.rows)


def directions_reply(statistics: Statistics) -> Live:
    """Which direction has most overdue."""
    block = statistics.directions
    count = len(block.rows) - 1
    if not count:
        return Live('="方案里没有努力方向"', "方案里没有努力方向")
    names, late = (block.cells(title, count) for title in ("努力方向", "逾期"))
    values = block.values("逾期")[:count]
    most = max(values)
    said = f"逾期最多的：{block.value(values.index(most), '努力方向')}（{most} 项）" if most else "各方向都没有逾期"
    formula = (
        f'=IF(MAX({late})=0,"各方向都没有逾期","逾期最多的："&INDEX({names},MATCH(MAX({late}),{late},0))'
        f'&"（"&MAX({late})&" 项）")'
    )
    return Live(formula, said)


def office(page: Page, row: int, statistics: Statistics) -> None:
    """今天办公室要办什么: what waits for the office itself, each line leading to its sheet."""
    styles, facts, units = page.styles, statistics.facts, statistics.units
    widths = [width for _, width in _TASK]
    left, centre = styles.small_header_left, styles.small_header
    page.cells(row, RIGHT.left, widths, [title for title, _ in _TASK], [left, centre, left])
    missing, sent, names = facts.ref("未报单位"), units.cells("报送"), units.cells("单位")
    first = next((line["单位"] for line in units.rows if line["报送"] is FileState.MISSING), "")
    count = facts.value("未报单位")
    whom = Live(
        f'=IF({missing}=0,"已报齐","催："&INDEX({names},MATCH("{FileState.MISSING}",{sent},0))'
        f'&IF({missing}>1," 等",""))',
        ("催：" + first + (" 等" if count > 1 else "")) if count else "已报齐",
    )
    lines: tuple[tuple[str, str, object, str], ...] = (
        ("未报单位", "未报单位", whom, RETURNS_STATE.title),
        ("核对错误", "核对错误", "退回单位改，或在核对结果中看改法", FINDINGS.title),
        ("待确认（归并）", "待确认", "填好意见再运行一次", PENDING.title),
        ("待审核销号", "待审核", "在对账销号中审核", closing_list().title),
        ("没有期限的措施", "没有期限", "补整改时限", task_list().title),
    )
    for number, (label, fact, what, target) in enumerate(lines, start=1):
        at = row + number
        page.link(at, Span(RIGHT.left, widths[0]), label, f"internal:'{target}'!A1", styles.cell_link)
        rest = RIGHT.left + widths[0]
        page.cells(at, rest, widths[1:], [facts.live(fact), what], [styles.cell_total, styles.cell_text])
    column = RIGHT.left + widths[0]
    positive = {"type": "cell", "criteria": ">", "value": 0, "format": styles.late}
    page.sheet.conditional_format(row + 1, column, row + TASK_LINES, column + widths[1] - 1, positive)


def channels(page: Page, row: int, statistics: Statistics) -> int:
    """对照方面 × 查摆途径, the darker the more; returns the row below."""
    styles, block = page.styles, statistics.aspects
    titles: tuple[str, ...] = tuple(Channel)
    if any(block.values(UNSTATED)):
        titles = (*titles, UNSTATED)
    widths = [MIDDLE.width - 2 * len(titles), *([2] * len(titles))]
    forms = [styles.small_header_left, *([styles.small_header] * len(titles))]
    page.cells(row, MIDDLE.left, widths, ["从哪里查出来的", *titles], forms)
    for number, line in enumerate(block.rows, start=1):
        values = [line["对照方面"], *(block.copy(number - 1, title) for title in titles)]
        counts = [styles.cell_number] * len(titles)
        page.cells(row + number, MIDDLE.left, widths, values, [styles.cell_text, *counts])
    first = MIDDLE.left + widths[0]
    scale = {"type": "2_color_scale", "min_color": WHITE, "max_color": HEAT}
    page.sheet.conditional_format(row + 1, first, row + max(len(block.rows), 1), MIDDLE.left + MIDDLE.width - 1, scale)
    return row + 1 + len(block.rows)


def answer(facts: Facts) -> Live:
    """The state of things in one sentence."""

    def fact(name: str) -> tuple[str, int]:
        return facts.ref(name), facts.value(name)

    late = either(f"{fact('逾期')[0]}=0", not fact("逾期")[1], joined("无逾期"), joined("逾期 ", fact("逾期"), " 项"))
    return joined(
        "到期 ",
        fact("已到期"),
        " 项，完成 ",
        fact("到期完成"),
        " 项，",
        (late.formula[1:], str(late.value)),
        "；将到期 ",
        fact("将到期"),
        " 项。全部 ",
        fact("措施"),
        " 项措施已完成 ",
        fact("已完成"),
        " 项（",
        percent(fact("已完成"), fact("措施")),
        "）。",
    )


def note() -> str:
    """What the words mean, at the foot of the page."""
    return (
        f"逾期：到期日早于{BASE_DATE}而没有完成；将到期：离到期日不超过预警天数。完成率只数“已完成”。一项措施有几个牵头单位的，每个单位各算一项。"
        "数字都是公式，改清单即变。"
    )
