"""问题清单 and 任务清单 as offices hang them on the wall: A4, by heading, nothing but what a reader there needs.

The cells are formulas over the lists, so that what is edited there is printed here; filters and editing stay with the lists.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pipeline.consolidation import Result, cell_text, is_done, is_overdue
from pipeline.records import Item
from pipeline.summary.block import DONE, among, count_if, quoted
from pipeline.summary.format import HEADER_ROW
from pipeline.summary.paper import A4, print_set_up, row_height
from pipeline.summary.sheet import Live, put, shown_texts
from pipeline.summary.styles import Styles
from pipeline.tables import MEASURES, PROBLEMS, Column, Table, problem_list, task_list
from pipeline.vocabulary import Light, TableKey

MOST = 3_000
"""Items that a wall can hold; a longer list is filtered and printed from its own sheet."""

_OTHER = "未归类"
_FORMS: Mapping[str, dict[str, Any]] = {
    "title": {"bold": True},
    **{key: {} for key in ("problems", "detail", "lead", "units")},
}
"""Looks of the columns that hold text; the others are centred."""

# fmt: off
WALL_PROBLEMS = Table("wall_problems", "问题清单（打印）", (
    Column("id", "编号", 8), Column("title", "问题", 18), Column("detail", "具体表现", 50), Column("channels", "查摆途径", 8),
    Column("units", "提出单位", 18), Column("leader", "责任领导", 10), Column("measures", "对应措施", 8), Column("state", "整改进度", 8)))

WALL_TASKS = Table("wall_tasks", "任务清单（打印）", (
    Column("id", "编号", 8), Column("problems", "解决的问题", 18), Column("title", "措施", 13), Column("detail", "具体举措", 33),
    Column("lead", "责任单位", 17), Column("leader", "责任领导", 9), Column("person", "责任人", 9), Column("deadline", "整改时限", 13),
    Column("status", "完成情况", 8)))
# fmt: on

Line = Mapping[str, Live | str]


def write_walls(book: Any, styles: Styles, merged: Result, subtitle: str) -> None:
    """Add both sheets."""
    scheme = merged.scheme
    for table, key, heading, names, line in (
        (WALL_PROBLEMS, TableKey.PROBLEMS, "aspect", scheme.allowed(PROBLEMS.column("aspect")), _problem),
        (WALL_TASKS, TableKey.MEASURES, "direction", scheme.allowed(MEASURES.column("direction")), _task),
    ):
        items = merged.items[key]
        groups = [(name, [item for item in items if item.cells[heading] == name]) for name in names]
        groups.append((_OTHER, [item for item in items if item.cells[heading] not in names]))
        _write(book, styles, table, [group for group in groups if group[1]], _lines(merged, line), subtitle)


def _lines(merged: Result, line: Callable[[Result, Item], Line]) -> Callable[[Item], Line]:
    return lambda item: line(merged, item)


def _write(
    book: Any,
    styles: Styles,
    table: Table,
    groups: Sequence[tuple[str, Sequence[Item]]],
    line: Callable[[Item], Line],
    subtitle: str,
) -> None:
    sheet = book.add_worksheet(table.title)
    count = sum(len(items) for _, items in groups)
    last = len(table.columns) - 1
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, table.title, styles.title)
    sheet.write_url(1, 0, "internal:'总览'!A1", styles.link, "← 总览")
    full = f"共 {count} 项，超过 {MOST} 项，请在清单中筛选后打印。"
    told = f"{subtitle}　供打印；内容随清单变化，请在清单中修改。" if count <= MOST else full
    sheet.write_string(1, 1, told, styles.subtitle)
    widths = {column.key: column.width for column in table}
    for index, column in enumerate(table):
        sheet.set_column(index, index, column.width + 2)
        sheet.write_string(HEADER_ROW, index, column.title, styles.wall_header)
    sheet.set_row(HEADER_ROW, 30)
    row = HEADER_ROW
    forms = [styles.cell(**_FORMS.get(column.key, {"align": "center"})) for column in table]
    for name, items in groups if count <= MOST else ():
        row += 1
        sheet.set_row(row, 24)
        sheet.merge_range(row, 0, row, last, f"{name}（{len(items)} 项）", styles.wall_group)
        for item in items:
            row += 1
            cells = line(item)
            sheet.set_row(row, row_height(shown_texts(cells), widths))
            for index, column in enumerate(table):
                put(sheet, row, index, cells[column.key], forms[index], styles)
    late = {"type": "text", "criteria": "containing", "value": "逾期", "format": styles.late}
    sheet.conditional_format(HEADER_ROW + 1, last, max(row, HEADER_ROW + 1), last, late)
    sheet.freeze_panes(HEADER_ROW + 1, 2)
    print_set_up(sheet, table.title.partition("（")[0], f"{subtitle}　共 {count} 项", A4, signed=True)
    sheet.repeat_rows(HEADER_ROW)
    sheet.print_area(HEADER_ROW, 0, row, last)


def _from(table: Table, item: Item) -> Callable[[str], str]:
    """A formula for the item's value in a column of its list."""
    number = table.columns[0].title

    def look_up(key: str) -> str:
        title = table.column(key).title
        return f'IFERROR(INDEX({table.key}[{title}],MATCH("{item.id}",{table.key}[{number}],0))&"","")'

    return look_up


def _problem(merged: Result, item: Item) -> Line:
    listed = _from(problem_list(), item)
    measures = [measure for measure in merged.items[TableKey.MEASURES] if measure.id in item.links.measures]
    answering = f"task_list[对应问题],{among(quoted(item.id))}"
    whole = f"SUMPRODUCT({count_if(answering)})"
    done = f"SUMPRODUCT({count_if(answering, 'task_list[完成情况]', DONE)})"
    finished = sum(is_done(measure) for measure in measures)
    state = f"{finished} / {len(measures)}" if measures else "没有措施"
    return {
        "id": item.id,
        "title": Live(f"={listed('title')}", cell_text(item, "title")),
        "detail": Live(f"={listed('detail')}", cell_text(item, "detail")),
        "channels": Live(
            f'=SUBSTITUTE({listed("channels")},"、",CHAR(10))', item.cells["channels"].replace("、", "\n")
        ),
        "units": Live(f"={listed('units')}", "、".join(item.units)),
        "leader": Live(f"={listed('leader')}", item.cells["leader"]),
        "measures": "\n".join(item.links.measures),
        "state": Live(f'=IF({whole}=0,"没有措施",{done}&" / "&{whole})', state),
    }


def _task(merged: Result, item: Item) -> Line:
    listed = _from(task_list(), item)
    problems = {problem.id: problem for problem in merged.items[TableKey.PROBLEMS] if problem.id in item.links.problems}
    known = [number for number in item.links.problems if number in problems]
    names = [f"{quoted(number + ' ')}&{_from(problem_list(), problems[number])('title')}" for number in known]
    said = "\n".join(f"{number} {cell_text(problems[number], 'title')}" for number in known)
    supports = "、".join(item.supports)
    lead = Live(
        f'={listed("lead")}&IF({listed("support")}="","",CHAR(10)&"配合："&{listed("support")})',
        "、".join(item.leads) + (f"\n配合：{supports}" if supports else ""),
    )
    # 对账销号 knows whether it is late: 预警 follows the status and the date
    lamp = f'IFERROR(INDEX(closing_list[预警],MATCH("{item.id}",closing_list[措施编号],0)),"")'
    late = is_overdue(item, merged.base)
    return {
        "id": item.id,
        "problems": Live(f"={'&CHAR(10)&'.join(names)}", said) if known else "",
        "title": Live(f"={listed('title')}", cell_text(item, "title")),
        "detail": Live(f"={listed('detail')}", cell_text(item, "detail")),
        "lead": lead,
        "leader": Live(f"={listed('leader')}", cell_text(item, "leader")),
        "person": Live(f"={listed('person')}", cell_text(item, "person")),
        "deadline": Live(f"={listed('deadline')}", cell_text(item, "deadline")),
        "status": Live(
            f'={listed("status")}&IF({lamp}="{Light.RED}",CHAR(10)&"逾期","")', item.status + ("\n逾期" if late else "")
        ),
    }
