"""The rows of every list sheet, from the merged items. One function a sheet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from pipeline.findings import Finding, Place
from pipeline.intake.collect import Intake
from pipeline.ledger import Decision
from pipeline.consolidation import Item, Merged
from pipeline.consolidation.figures import light
from pipeline.summary.differences import marked
from pipeline.summary.sheet import FIRST_ROW, Linked, Live
from pipeline.tables import (
    INPUTS,
    LEVELS,
    MARKS_SHEET,
    OPINIONS,
    RETURNS,
    Table,
    cause_list,
    closing_list,
    duty_list,
    problem_list,
    task_list,
)

ListRow = dict[str, Any]


BASE_DATE, WARN_DAYS = "基准日期", "预警天数"
"""Names that 总览 gives to the cells that the formulas of 预警 look at."""


class Places:
    """Where each item stands in its list, so that its number leads there."""

    def __init__(self, merged: Merged):
        sheets = {"problems": problem_list(), "causes": cause_list(), "measures": task_list()}
        self.rows = {
            item.id: (sheets[key].title, row)
            for key, items in merged.items.items()
            for row, item in enumerate(items, start=FIRST_ROW)
        }
        self.duties: dict[str, int] = {}
        for row, duty in enumerate(merged.duties, start=FIRST_ROW):
            self.duties.setdefault(duty.item.id, row)

    def link(self, ids: Sequence[str]) -> Linked | str:
        """The numbers, leading to the first of them."""
        known = next((item for item in ids if item in self.rows), None)
        text = "、".join(ids)
        if known is None:
            return text
        sheet, row = self.rows[known]
        return Linked(text, f"internal:'{sheet}'!A{row}", f"转到{sheet} {known}")

    def to_duties(self, item: str) -> Linked | str:
        """A measure's number, leading to its first line in 责任清单."""
        if item not in self.duties:
            return item
        return Linked(item, f"internal:'{duty_list().title}'!A{self.duties[item]}", "转到责任清单")


def problems(merged: Merged, places: Places) -> list[ListRow]:
    """问题清单."""
    return [
        {
            **_values(problem_list(), item),
            "causes": places.link(item.links.get("causes", [])),
            "measures": places.link(item.links.get("measures", [])),
            "n_units": len(item.units),
        }
        for item in merged.items["problems"]
    ]


def causes(merged: Merged, places: Places) -> list[ListRow]:
    """原因剖析."""
    return [
        {**_values(cause_list(), item), "problems": places.link(item.links.get("problems", []))}
        for item in merged.items["causes"]
    ]


def tasks(merged: Merged, places: Places) -> list[ListRow]:
    """任务清单."""
    return [
        {
            **_values(task_list(), item),
            "id": places.to_duties(item.id),
            "problems": places.link(item.links.get("problems", [])),
            "due": item.due,
            "long_term": item.for_good,
        }
        for item in merged.items["measures"]
    ]


def duties(merged: Merged, places: Places) -> list[ListRow]:
    """责任清单: by unit, 牵头 before 配合, how many of each said on the unit's first line."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for duty in merged.duties:
        counts[duty.unit][duty.role] += 1
    rows, last = [], None
    for number, duty in enumerate(merged.duties, start=FIRST_ROW):
        total = "、".join(f"{role} {n} 项" for role, n in counts[duty.unit].items()) if duty.unit != last else ""
        last = duty.unit
        rows.append(
            {
                **_values(duty_list(), duty.item),
                "id": places.link([duty.item.id]),
                "unit": duty.unit,
                "role": duty.role,
                "leader": duty.leader,
                "person": duty.person,
                "due": duty.item.due,
                "status": _status(places, duty_list(), duty.item, number),
                "total": total,
            }
        )
    return rows


def closing(merged: Merged, places: Places) -> list[ListRow]:
    """对账销号: 完成情况 follows 任务清单, and 预警 follows it and the date."""
    return [
        {
            **_values(closing_list(), item),
            "id": places.link([item.id]),
            "due": item.due,
            "status": _status(places, closing_list(), item, row),
            "light": _light(merged, item, row),
        }
        for row, item in enumerate(merged.items["measures"], start=FIRST_ROW)
    ]


def _status(places: Places, table: Table, item: Item, row: int) -> Live:
    """完成情况 as 任务清单 has it: looked for where it was written, and by its number should rows have been moved."""
    sheet, there = places.rows[item.id]
    own = f"${_letter(table, 'id')}{row}"
    at = f"'{sheet}'!${_letter(task_list(), 'id')}${there}"
    value = f"'{sheet}'!${_letter(task_list(), 'status')}${there}"
    wanted = f'IFERROR(INDEX(task_list[完成情况],MATCH({own},task_list[措施编号],0)),"")'
    return Live(f'=IF({at}={own},{value},{wanted})&""', item.values["status"])


def _light(merged: Merged, item: Item, row: int) -> Live:
    due, status = (f"${_letter(closing_list(), key)}{row}" for key in ("due", "status"))
    undated = "绿" if item.for_good else ""
    formula = (
        f'=IF({status}="已完成","绿",IF({due}="","{undated}",'
        f'IF({due}<{BASE_DATE},"红",IF({due}-{BASE_DATE}<={WARN_DAYS},"黄","绿"))))'
    )
    return Live(formula, light(item, merged.base, merged.scheme.settings.warn_days))


def _letter(table: Table, key: str) -> str:
    return str(xl_col_to_name(table.keys().index(key)))


def _values(table: Table, item: Item) -> ListRow:
    row: ListRow = {column.key: item.values.get(column.key, "") for column in table}
    row |= {"id": item.id, "units": "、".join(item.units), "included": item.included, "reason": item.reason}
    return row


def pending(merged: Merged, places: Places) -> list[ListRow]:
    """待确认, the likeliest first, one family together."""
    rows = []
    for table in INPUTS:
        frame = merged.intake.frames[table.key]
        owner = merged.owner(table.key)
        units, texts = frame["unit"].tolist(), frame["text"].tolist()
        for doubt in merged.matchings[table.key].doubts:
            a, b = marked(texts[doubt.a], texts[doubt.b])
            rows.append(
                {
                    "short": table.short,
                    "a_id": places.link([owner[doubt.a].id]),
                    "a_unit": units[doubt.a],
                    "a_text": a,
                    "b_id": places.link([owner[doubt.b].id]),
                    "b_unit": units[doubt.b],
                    "b_text": b,
                    "score": round(doubt.score),
                    "doubt": doubt.reason,
                }
            )
    return [{"no": number, **row} for number, row in enumerate(rows, start=1)]


def decided(decisions: Sequence[Decision]) -> list[ListRow]:
    """已定事项: every decision in force."""
    shorts = {table.key: table.short for table in INPUTS}
    return [
        {
            "no": number,
            "short": shorts[decision.table],
            "a_unit": decision.unit_a,
            "a_text": decision.text_a,
            "b_unit": decision.unit_b,
            "b_text": decision.text_b,
            "verdict": OPINIONS[0] if decision.same else OPINIONS[1],
            "day": decision.day,
        }
        for number, decision in enumerate(decisions, start=1)
    ]


def trace(merged: Merged, places: Places) -> list[ListRow]:
    """合并明细: every row that came in."""
    rows = []
    for table in INPUTS:
        owner = merged.owner(table.key)
        joins = merged.matchings[table.key].joins
        for position, record in enumerate(merged.intake.frames[table.key].to_dict("records")):
            row = {
                "short": table.short,
                **{key: record[key] for key in ("unit", "file", "sheet", "row", "text", "extras")},
            }
            row["seq"] = f"{record['written']}-{record['part']}" if record["part"] else record["written"]
            if record["refused"]:
                row |= {"way": "拒收", "basis": record["refused"]}
            else:
                join = joins[position]
                score = None if join.score is None else round(join.score)
                row |= {"item": places.link([owner[position].id]), "way": join.way, "score": score, "basis": join.basis}
            rows.append(row)
    return rows


def states(intake: Intake, findings: list[Finding]) -> list[ListRow]:
    """填报情况: per unit and file."""
    per_file = Counter(finding.place.file for finding in findings)
    return [
        {
            "unit": state.unit,
            "file": state.file,
            "state": state.state,
            "n_problems": state.n_problems,
            "n_causes": state.n_causes,
            "n_measures": state.n_measures,
            "n_refused": state.n_refused,
            "n_findings": per_file[state.file] if state.file else 0,
            "note": state.note,
        }
        for state in intake.states
    ]


def finding_rows(findings: list[Finding], copies: Mapping[str, str]) -> list[ListRow]:
    """核对结果, errors first, then by file and cell as they were found; `copies` says which copy in 退回修改 shows it."""
    ordered = sorted(findings, key=lambda finding: LEVELS.index(finding.level))
    return [
        {
            "level": finding.level,
            "code": finding.code,
            "unit": finding.place.unit,
            "file": finding.place.file,
            "sheet": finding.place.sheet,
            "cell": finding.place.cell,
            "column": finding.place.column,
            "value": finding.value,
            "message": finding.message,
            "remedy": finding.remedy,
            **_in_copy(finding.place, copies),
        }
        for finding in ordered
    ]


def _in_copy(place: Place, copies: Mapping[str, str]) -> dict[str, Linked]:
    """文件 and 单元格, leading to the marked-up copy that shows the finding."""
    copy = copies.get(place.file, "")
    if not copy or "#" in copy:
        return {}
    link = {"file": Linked(place.file, f"external:{RETURNS}/{copy}#'{MARKS_SHEET}'!A1", "打开退回修改的一份")}
    if place.sheet and place.cell:
        quoted = place.sheet.replace("'", "''")
        link["cell"] = Linked(
            place.cell, f"external:{RETURNS}/{copy}#'{quoted}'!{place.cell}", "打开退回修改中的这一格"
        )
    return link
