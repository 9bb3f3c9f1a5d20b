"""Figures by unit, and the units that a chief asks about first: overdue, then due soon, then most left to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.consolidation import Result, is_done, light
from pipeline.findings import Finding
from pipeline.intake.collect import NO_UNIT
from pipeline.summary.block import BASE_DATE, DONE, LATE, WARN_DAYS, Block, among, cell, count_if, quoted, ratio
from pipeline.summary.format import FIRST_ROW, rows_from
from pipeline.summary.sheet import Live
from pipeline.vocabulary import FileState, Level, Light, Role, Status, TableKey

UNIT_TITLES = (
    "单位",
    "报送",
    "问题",
    "措施",
    "牵头",
    "配合",
    "已完成",
    "将到期",
    "逾期",
    "未到期",
    "完成率",
    "错误",
    "核对",
    "次序值",
)
RANKING_TITLES = ("名次", "单位", "逾期", "将到期", "未到期", "已完成")
RANKED = 12
"""Units that the chart shows."""


def unit_rows(merged: Result, findings: Sequence[Finding], left: int) -> list[dict[str, Any]]:
    """One line per unit: most problems first, then in the roster's order."""
    problems = Counter(unit for item in merged.items[TableKey.PROBLEMS] for unit in item.units)
    measures = Counter(unit for item in merged.items[TableKey.MEASURES] for unit in item.units)
    duties: dict[str, Counter[str]] = {}
    for duty in merged.duties:
        own = duties.setdefault(duty.unit, Counter())
        own[duty.role] += 1
        if duty.role is Role.LEAD:
            own["已完成"] += is_done(duty.item)
            own[light(duty.item, merged.base, merged.scheme.settings.warn_days)] += 1
    missing = merged.scheme.unit_order.keys() - {s.unit for s in merged.intake.states if s.state is FileState.TAKEN}
    errors = Counter(finding.place.unit for finding in findings if finding.level is Level.ERROR)
    warnings = Counter(finding.place.unit for finding in findings if finding.level is not Level.NOTE)
    known = {*merged.scheme.unit_order, *problems, *measures, *duties} - {NO_UNIT, ""}
    # bodies that support and do not report are no lines of their own
    known = {unit for unit in known if not merged.scheme.is_external(unit)}
    ordered = sorted(known, key=lambda unit: (-problems[unit], merged.scheme.rank(unit)))
    unfinished = ["duty_list[完成情况]", f'"<>{Status.DONE}"', "duty_list[到期日]"]
    rows = []
    for unit, number in rows_from(ordered).items():
        own = duties.get(unit, Counter())
        at = {title: cell(left + index, number) for index, title in enumerate(UNIT_TITLES)}
        name = at["单位"]
        in_role = ("duty_list[责任单位]", name, "duty_list[角色]")
        led = (*in_role, quoted(Role.LEAD))
        soon = count_if(*led, *unfinished, f'">="&{BASE_DATE}', unfinished[-1], f'"<="&{BASE_DATE}+{WARN_DAYS}')
        leads, done, late, near = own[Role.LEAD], own["已完成"], own[Light.RED], own[Light.AMBER]
        cells: tuple[object, ...] = (
            unit,
            _sent(unit, unit in missing, merged),
            Live(f"={_holds('problem_list[提出单位]', name)}", problems[unit]),
            Live(f"={_holds('task_list[提出单位]', name)}", measures[unit]),
            Live(f"={count_if(*led)}", leads),
            Live(f"={count_if(*in_role, quoted(Role.SUPPORT))}", own[Role.SUPPORT]),
            Live(f"={count_if(*led, unfinished[0], DONE)}", done),
            Live(f"={soon}", near),
            Live(f"={count_if(*led, *unfinished, LATE)}", late),
            Live(f"={at['牵头']}-{at['已完成']}-{at['将到期']}-{at['逾期']}", leads - done - near - late),
            Live(ratio(at["已完成"], at["牵头"]), done / leads if leads else 0),
            Live(f"={count_if('findings[单位]', name, 'findings[级别]', quoted(Level.ERROR))}", errors[unit]),
            Live(f"={count_if('findings[单位]', name, 'findings[级别]', quoted(f'<>{Level.NOTE}'))}", warnings[unit]),
            # late before near before what is left; the row breaks ties, so that no two are equal
            Live(
                f"=IF({at['牵头']}=0,-1,1)+{at['逾期']}*1000000+{at['将到期']}*10000"
                f"+({at['牵头']}-{at['已完成']})*100-ROW()/100000",
                (1 if leads else -1) + late * 1_000_000 + near * 10_000 + (leads - done) * 100 - number / 100_000,
            ),
        )
        rows.append(dict(zip(UNIT_TITLES, cells, strict=True)))
    return rows


def _sent(unit: str, missing: bool, merged: Result) -> FileState:
    if missing:
        return FileState.MISSING
    return FileState.TAKEN if unit in merged.scheme.unit_order else FileState.NOT_ON_ROSTER


def _holds(column: str, name: str) -> str:
    """In how many cells of names joined by 、 a name stands."""
    return f"SUMPRODUCT(COUNTIF({column},{among(name)}))"


def ranking_rows(units: Block, left: int) -> list[dict[str, Any]]:
    """The first units by 次序值 that lead a measure, as they stand now; lines that are not needed are empty."""
    order = sorted((row for row in units.rows), key=lambda row: -row["次序值"].value)
    leading = [row for row in order if row["次序值"].value > 0]
    keys = units.cells("次序值")
    rows = []
    for number in range(RANKED):
        own: Mapping[str, Any] | None = leading[number] if number < len(leading) else None
        rank = cell(left, FIRST_ROW + number)
        key = f"LARGE({keys},{rank})"
        line: dict[str, Any] = {"名次": number + 1}
        for title in RANKING_TITLES[1:]:
            empty: str | int = '""' if title == "单位" else 0
            formula = f"=IFERROR(IF({key}>0,INDEX({units.cells(title)},MATCH({key},{keys},0)),{empty}),{empty})"
            nothing: str | int = "" if title == "单位" else 0
            shown = nothing if own is None else own[title] if title == "单位" else own[title].value
            line[title] = Live(formula, shown)
        rows.append(line)
    return rows
