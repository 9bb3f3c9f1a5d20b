"""What a unit is asked in a period: its own open measures, as lead first, then as support, with what it said last."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.progress.adoption import Adoption
from pipeline.progress.commitments import Commitment
from pipeline.records import Item
from pipeline.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Asked:
    """A commitment on which a value is asked for, with the last one reported."""

    number: str
    commitment: Commitment
    before: float | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """A line that a unit has to fill in: a measure, the unit's part in it, and its last 完成情况."""

    item: Item
    role: Role
    before: str = ""


@dataclass(frozen=True, slots=True)
class Assignment:
    """A unit's progress workbook."""

    unit: str
    tasks: tuple[Task, ...]
    asked: tuple[Asked, ...] = ()


def assignments(
    measures: Sequence[Item],
    closed: Collection[str],
    units: Iterable[str],
    commitments: Mapping[str, Sequence[Commitment]],
    adoption: Adoption | None = None,
) -> tuple[list[Assignment], list[str]]:
    """(what each unit is asked, the units that have no open measure), both in the order of `units`.

    Units that measures name and `units` lacks follow behind. `closed` are the numbers that are done with.
    """
    open_ones = [item for item in measures if item.id not in closed]
    named = dict.fromkeys(unit for item in open_ones for unit in (*item.leads, *item.supports))
    last = _last_statuses(adoption)
    values = _last_values(adoption)
    given: list[Assignment] = []
    without: list[str] = []
    for unit in dict.fromkeys((*units, *named)):
        tasks = [
            Task(item, role, last.get((item.id, unit), ""))
            for role in Role
            for item in open_ones
            if unit in (item.leads if role is Role.LEAD else item.supports)
        ]
        if not tasks:
            without.append(unit)
            continue
        asked = tuple(
            Asked(task.item.id, commitment, values.get((task.item.id, unit, commitment.quote)))
            for task in tasks
            if task.role is Role.LEAD
            for commitment in commitments.get(task.item.id, ())
        )
        given.append(Assignment(unit, tuple(tasks), asked))
    return given, without


def _last_statuses(adoption: Adoption | None) -> dict[tuple[str, str], str]:
    """A supporting unit's own last word is shown to it as well."""
    if adoption is None:
        return {}
    newest = {report: file.file for report, file in adoption.reports.items()}
    return {
        (row.item, row.entry.unit): row.entry.status
        for row in adoption.rows
        if row.role and row.entry.status and newest.get((row.entry.period, row.entry.unit)) == row.source.file
    }


def _last_values(adoption: Adoption | None) -> dict[tuple[str, str, str], float]:
    reports = sorted(adoption.reports.items()) if adoption else []
    return {
        (entry.number, entry.unit, entry.quote): entry.value
        for _, file in reports
        for entry in file.metrics
        if entry.value is not None
    }
