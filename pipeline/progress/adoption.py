"""Which progress rows count: the newest file of a unit and period, rows on measures that the unit leads."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.progress.entries import ProgressEntry, ProgressFile, Use
from pipeline.records import Item
from pipeline.vocabulary import Role, Status

_RANK: Mapping[str, int] = {status: rank for rank, status in enumerate(Status)}


@dataclass(frozen=True)
class Judged:
    """A row of 进展明细: the row, the measure that it counts for, the unit's part in it, what became of the row and why."""

    entry: ProgressEntry
    source: ProgressFile
    use: Use
    note: str = ""
    item: str = ""
    role: str = ""

    @property
    def counts(self) -> bool:
        """Whether the row sets what its measure shows."""
        return self.use is Use.TAKEN


@dataclass(frozen=True)
class Adoption:
    """Every row that came in, once each, in the order of period, file and row; `reports` the files that count."""

    rows: tuple[Judged, ...]
    reports: Mapping[tuple[str, str], ProgressFile]  # (period, unit) -> file

    @property
    def periods(self) -> tuple[str, ...]:
        """The periods in which anybody reported, the earliest first."""
        return tuple(sorted({period for period, _ in self.reports}))

    def taken(self) -> Iterator[Judged]:
        """The rows that count, in the order of periods."""
        return (row for row in self.rows if row.counts)


def adopt(files: Sequence[ProgressFile], measures: Sequence[Item], went_to: Mapping[str, str]) -> Adoption:
    """Decide on every row. `went_to`: retired number -> the number that it went to ("" where it went nowhere)."""
    items = {item.id: item for item in measures}
    reports: dict[tuple[str, str], ProgressFile] = {}
    others: dict[str, str] = {}
    for key, group in _by_unit_and_period(files).items():
        best = max(group, key=_newness)
        reports[key] = best
        for file in group:
            if file is not best:
                others[file.file] = _superseded(file, best)
    rows: list[Judged] = []
    for file in sorted(files, key=lambda one: (one.period, _natural(one.file))):
        judged = [_judge(entry, file, others.get(file.file, ""), items, went_to) for entry in file.entries]
        rows += _once_each(judged)
    return Adoption(tuple(rows), reports)


def _by_unit_and_period(files: Iterable[ProgressFile]) -> dict[tuple[str, str], list[ProgressFile]]:
    """A file that is only in the ledger gives way to any that is there."""
    groups: dict[tuple[str, str], list[ProgressFile]] = defaultdict(list)
    for file in files:
        if file.unit and file.period:
            groups[file.period, file.unit].append(file)
    return groups


def _newness(file: ProgressFile) -> tuple[bool, bool, dt.date, list[tuple[int, int | str]]]:
    return not file.kept, bool(file.entries), file.date or dt.date.min, _natural(file.file)


def _natural(name: str) -> list[tuple[int, int | str]]:
    return [(1, int(part)) if part.isdecimal() else (0, part) for part in re.split(r"(\d+)", name)]


def _superseded(file: ProgressFile, best: ProgressFile) -> str:
    if best.date and file.date != best.date:
        return f"同一单位同一期次以“{best.file}”为准（填报日期 {best.date.isoformat()} 最新）"
    return f"同一单位同一期次以“{best.file}”为准（填报日期相同或没有填写，取文件名排在后面的）"


def _judge(
    entry: ProgressEntry, file: ProgressFile, superseded: str, items: Mapping[str, Item], went_to: Mapping[str, str]
) -> Judged:
    if entry.refused:
        return Judged(entry, file, Use.REFUSED, entry.refused)
    number, note = _number(entry, items, went_to)
    if not number:
        return Judged(entry, file, Use.REFUSED, note)
    item = items[number]
    role = Role.LEAD if entry.unit in item.leads else Role.SUPPORT if entry.unit in item.supports else ""
    if superseded:
        return Judged(entry, file, Use.NOT_TAKEN, superseded, number, role)
    if not role:
        why = f"{entry.unit or '本单位'}不是 {number} 的牵头或配合单位"
        return Judged(entry, file, Use.NOT_TAKEN, _joined(note, why), number)
    if role == Role.SUPPORT:
        return Judged(entry, file, Use.NOT_TAKEN, _joined(note, "配合单位填报，留存备查，不改变完成情况"), number, role)
    if not entry.status:
        note = _joined(note, "完成情况没有可用的内容，沿用上期")
    return Judged(entry, file, Use.TAKEN, note, number, role)


def _number(entry: ProgressEntry, items: Mapping[str, Item], went_to: Mapping[str, str]) -> tuple[str, str]:
    """(the number of the measure that the row means, what is to be said of it); ("", why) where there is none."""
    number = entry.number
    passed = [number]
    while number not in items and went_to.get(number):
        number = went_to[number]
        if number in passed:
            break
        passed.append(number)
    if number in items:
        return number, f"{entry.number} 已并入 {number}，按 {number} 计" if number != entry.number else ""
    if entry.number in went_to:
        return "", f"措施编号 {entry.number} 已停用"
    return "", f"措施编号“{entry.written or entry.number}”不在任务清单中"


def _once_each(rows: Sequence[Judged]) -> Iterator[Judged]:
    """A measure that stands twice in one file under one number counts once, as the least advanced says."""
    best: dict[tuple[str, str], Judged] = {}
    for row in rows:
        key = row.item, row.entry.number
        if row.counts and (key not in best or _rank(row) < _rank(best[key])):
            best[key] = row
    for row in rows:
        first = best.get((row.item, row.entry.number))
        if row.counts and first is not None and first is not row:
            why = f"同一份表中 {row.entry.number} 填了不止一行，以第 {first.entry.id.row} 行为准"
            yield replace(row, use=Use.NOT_TAKEN, note=_joined(row.note, why))
        else:
            yield row


def _rank(row: Judged) -> int:
    return _RANK.get(row.entry.status, len(_RANK))


def _joined(*notes: str) -> str:
    return "；".join(filter(None, notes))
