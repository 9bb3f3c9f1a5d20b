"""The rows of every list sheet, from the merged items. One function a sheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from pipeline.findings import Finding
from pipeline.intake import Intake
from pipeline.ledger import Decision
from pipeline.merging import Item, Merged
from pipeline.merging.figures import light
from pipeline.summary.differences import marked
from pipeline.tables import (
    INPUTS,
    LEVELS,
    OPINIONS,
    Table,
    cause_list,
    closing_list,
    duty_list,
    problem_list,
    task_list,
)

ListRow = dict[str, Any]


def problems(merged: Merged) -> list[ListRow]:
    """问题清单."""
    return [
        {
            **_values(problem_list(), item),
            "causes": _ids(item, "causes"),
            "measures": _ids(item, "measures"),
            "n_units": len(item.units),
        }
        for item in merged.items["problems"]
    ]


def causes(merged: Merged) -> list[ListRow]:
    """原因剖析."""
    return [{**_values(cause_list(), item), "problems": _ids(item, "problems")} for item in merged.items["causes"]]


def tasks(merged: Merged) -> list[ListRow]:
    """任务清单."""
    return [
        {**_values(task_list(), item), "problems": _ids(item, "problems"), "due": item.due, "long_term": item.for_good}
        for item in merged.items["measures"]
    ]


def duties(merged: Merged) -> list[ListRow]:
    """责任清单."""
    return [
        {
            **_values(duty_list(), duty.item),
            "unit": duty.unit,
            "role": duty.role,
            "leader": duty.leader,
            "person": duty.person,
            "due": duty.item.due,
        }
        for duty in merged.duties
    ]


def closing(merged: Merged) -> list[ListRow]:
    """对账销号."""
    return [
        {
            **_values(closing_list(), item),
            "due": item.due,
            "light": light(item, merged.base, merged.scheme.settings.warn_days),
        }
        for item in merged.items["measures"]
    ]


def _values(table: Table, item: Item) -> ListRow:
    row: ListRow = {column.key: item.values.get(column.key, "") for column in table}
    row |= {"id": item.id, "units": "、".join(item.units), "included": item.included}
    return row


def _ids(item: Item, table: str) -> str:
    return "、".join(item.links.get(table, []))


def pending(merged: Merged) -> list[ListRow]:
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
                    "a_id": owner[doubt.a].id,
                    "a_unit": units[doubt.a],
                    "a_text": a,
                    "b_id": owner[doubt.b].id,
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


def trace(merged: Merged) -> list[ListRow]:
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
                row |= {"item": owner[position].id, "way": join.way, "score": score, "basis": join.basis}
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


def finding_rows(findings: list[Finding]) -> list[ListRow]:
    """核对结果, errors first, then by file and cell as they were found."""
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
        }
        for finding in ordered
    ]
