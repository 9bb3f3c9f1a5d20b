"""The rows of every list sheet, from the merged items. One function a sheet."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.cells import column_letter
from pipeline.consolidation import Duty, Result, cell_text, light
from pipeline.findings import Finding, Place
from pipeline.intake.collect import Intake
from pipeline.ledger import Judgement
from pipeline.project import CORRECTIONS
from pipeline.records import Item
from pipeline.summary.block import BASE_DATE, WARN_DAYS
from pipeline.summary.differences import marked
from pipeline.summary.format import ITEM_LISTS, rows_from
from pipeline.summary.sheet import Linked, Live
from pipeline.tables import (
    INPUTS,
    MARKS_SHEET,
    Table,
    cause_list,
    closing_list,
    duty_list,
    problem_list,
    task_list,
)
from pipeline.vocabulary import ClosingState, JoinWay, Light, Status, TableKey

ListRow = dict[str, Any]


class Places:
    """Where each item stands in its list, so that its number leads there."""

    def __init__(self, merged: Result):
        self.rows = {
            item: (ITEM_LISTS[key].title, row)
            for key, items in merged.items.items()
            for item, row in rows_from(item.id for item in items).items()
        }
        self.closing = rows_from(item.id for item in merged.items[TableKey.MEASURES])
        self.lines = rows_from((duty.unit, duty.role, duty.item.id) for duty in merged.duties)
        self.duties: dict[str, int] = {}
        for (_, _, item), row in self.lines.items():
            self.duties.setdefault(item, row)

    def line(self, duty: Duty) -> int:
        """The row of a duty in 责任清单."""
        return self.lines[duty.unit, duty.role, duty.item.id]

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


def problems(merged: Result, places: Places) -> list[ListRow]:
    """问题清单."""
    return [
        {
            **_values(problem_list(), item),
            "causes": places.link(item.links.causes),
            "measures": places.link(item.links.measures),
            "n_units": len(item.units),
        }
        for item in merged.items[TableKey.PROBLEMS]
    ]


def causes(merged: Result, places: Places) -> list[ListRow]:
    """原因剖析."""
    return [
        {**_values(cause_list(), item), "problems": places.link(item.links.problems)}
        for item in merged.items[TableKey.CAUSES]
    ]


def tasks(merged: Result, places: Places) -> list[ListRow]:
    """任务清单."""
    return [
        {
            **_values(task_list(), item),
            "id": places.to_duties(item.id),
            "problems": places.link(item.links.problems),
            "due": item.due,
            "long_term": item.for_good,
        }
        for item in merged.items[TableKey.MEASURES]
    ]


def duties(merged: Result, places: Places) -> list[ListRow]:
    """责任清单: by unit, 牵头 before 配合, how many of each said on the unit's first line."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for duty in merged.duties:
        counts[duty.unit][duty.role] += 1
    rows, last = [], None
    for duty in merged.duties:
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
                "status": _own_status(merged, duty) or _status(places, duty_list(), duty.item, places.line(duty)),
                "total": total,
            }
        )
    return rows


def _own_status(merged: Result, duty: Duty) -> str:
    """What the unit itself reported of a measure that it leads with others; "" where the measure's own status is meant."""
    standing = merged.followed.standings.get(duty.item.id) if merged.followed else None
    if standing is None or "status" in duty.item.edited:
        return ""
    return next((one.status for one in standing.said if one.unit == duty.unit and one.row), "")


def closing(merged: Result, places: Places) -> list[ListRow]:
    """对账销号: 完成情况 follows 任务清单, and 预警 follows it and the date."""
    return [
        {
            **_values(closing_list(), item),
            "id": places.link([item.id]),
            "due": item.due,
            "status": _status(places, closing_list(), item, places.closing[item.id]),
            "light": _light(merged, item, places.closing[item.id]),
            **{key: _date(item.cells[key]) for key in ("closed_on", "asked_until", "original_due", "review_on")},
            **{key: int(item.cells[key]) if item.cells[key] else "" for key in ("round", "extensions")},
        }
        for item in merged.items[TableKey.MEASURES]
    ]


def _date(text: str) -> dt.date | str:
    return dt.date.fromisoformat(text) if text else ""


def _status(places: Places, table: Table, item: Item, row: int) -> Live:
    """完成情况 as 任务清单 has it: looked for where it was written, and by its number should rows have been moved."""
    sheet, there = places.rows[item.id]
    own = f"${_letter(table, 'id')}{row}"
    at = f"'{sheet}'!${_letter(task_list(), 'id')}${there}"
    value = f"'{sheet}'!${_letter(task_list(), 'status')}${there}"
    wanted = f'IFERROR(INDEX(task_list[完成情况],MATCH({own},task_list[措施编号],0)),"")'
    return Live(f'=IF({at}={own},{value},{wanted})&""', item.status)


def _light(merged: Result, item: Item, row: int) -> Live:
    due, status = (f"${_letter(closing_list(), key)}{row}" for key in ("due", "status"))
    closing, review = (f"${_letter(closing_list(), key)}{row}" for key in ("closing", "review_on"))
    undated = Light.GREEN if item.for_good else ""
    settled = f'OR({status}="{Status.DONE}",{closing}="{ClosingState.CLOSED}")'
    if item.cells["closing"] == ClosingState.LONG_TERM:
        due, settled = review, "FALSE"
    formula = (
        f'=IF({settled},"{Light.GREEN}",IF({due}="","{undated}",'
        f'IF({due}<{BASE_DATE},"{Light.RED}",IF({due}-{BASE_DATE}<={WARN_DAYS},"{Light.AMBER}","{Light.GREEN}"))))'
    )
    return Live(formula, light(item, merged.base, merged.scheme.settings.warn_days))


def _letter(table: Table, key: str) -> str:
    return column_letter(table.keys().index(key))


def _values(table: Table, item: Item) -> ListRow:
    row: ListRow = {
        column.key: cell_text(item, column.key) if column.editable else item.cells.get(column.key, "")
        for column in table
    }
    row |= {"lead": "、".join(item.leads), "support": "、".join(item.supports)}
    if len(item.units) > 1 and "text_from" in row:
        row["choices"] = {"text_from": item.units}
    return row | {
        "id": item.id,
        "units": "、".join(item.units),
        "included": cell_text(item, "included"),
        "reason": item.reason,
    }


def pending(merged: Result, places: Places) -> list[ListRow]:
    """待确认: one line per item, the items of a family one below another."""
    rows: list[ListRow] = []
    for family in merged.families:
        first = family.lines[0].row.text
        for line in family.lines:
            text = line.row.text
            rows.append(
                {
                    "family": family.group,
                    "short": family.short,
                    "id": places.link([line.item.id]),
                    "unit": _several(line.item.units, line.row.unit),
                    "text": text if line is family.lines[0] else marked(first, text)[1],
                    "likelihood": line.likelihood,
                    "suggestion": line.suggestion,
                    "reason": line.reason,
                }
            )
    return rows


def _several(units: Sequence[str], shown: str) -> str:
    """The unit whose text is shown, and how many more say it."""
    return shown if len(units) < 2 else f"{shown} 等 {len(units)} 个"


def decided(judgements: Sequence[Judgement]) -> list[ListRow]:
    """已定事项: every judgement in force, a line per row that it speaks of."""
    shorts = {table.key: table.short for table in INPUTS}
    return [
        {
            "decision": judgement.number,
            "short": shorts[judgement.table],
            "unit": line.unit,
            "text": line.text,
            "mark": line.mark,
            "day": judgement.at[:10],
            "by": judgement.by,
        }
        for judgement in judgements
        for line in judgement.lines
    ]


def trace(merged: Result, places: Places) -> list[ListRow]:
    """合并明细: every row that came in."""
    rows = []
    for table in INPUTS:
        joins = merged.matchings[table.key].joins
        for source in merged.intake.rows[table.key]:
            row: ListRow = {
                "short": table.short,
                "unit": source.unit,
                "file": source.id.file,
                "sheet": source.id.sheet,
                "row": source.id.row,
                "seq": f"{source.written}-{source.id.part}" if source.id.part else source.written,
                "text": source.text,
                "extras": source.extras,
            }
            if source.refused:
                row |= {"way": JoinWay.REFUSED, "basis": source.refused}
            else:
                join = joins[source.id]
                score = None if join.score is None else round(join.score)
                item = places.link([merged.owner[source.id].id])
                row |= {"item": item, "way": join.way, "score": score, "basis": join.basis}
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


def dropped(intake: Intake) -> list[ListRow]:
    """未作数据的行: every line that was taken for a title, an example, a sum or a signature, with its whole text."""
    units = {state.file: state.unit for state in intake.states}
    return [
        {
            "unit": units.get(line.file, ""),
            "file": line.file,
            "sheet": line.sheet,
            "row": line.row,
            "why": line.why,
            "text": line.text,
        }
        for line in intake.dropped
    ]


def finding_rows(findings: list[Finding], copies: Mapping[str, str]) -> list[ListRow]:
    """核对结果, errors first, then by file and cell as they were found; `copies` says which copy in 退回修改 shows it."""
    ordered = sorted(findings, key=lambda finding: finding.level.rank)
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
            "remedy": finding.remedy + finding.office,
            **_in_copy(finding.place, copies),
        }
        for finding in ordered
    ]


def _in_copy(place: Place, copies: Mapping[str, str]) -> dict[str, Linked]:
    """文件 and 单元格, leading to the marked-up copy that shows the finding."""
    copy = copies.get(place.file, "")
    if not copy or "#" in copy:
        return {}
    link = {"file": Linked(place.file, f"external:{CORRECTIONS}/{copy}#'{MARKS_SHEET}'!A1", "打开退回修改的一份")}
    if place.sheet and place.cell:
        quoted = place.sheet.replace("'", "''")
        link["cell"] = Linked(
            place.cell, f"external:{CORRECTIONS}/{copy}#'{quoted}'!{place.cell}", "打开退回修改中的这一格"
        )
    return link
