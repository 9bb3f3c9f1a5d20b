"""What is to be said of progress: findings at the cells of the workbooks in which it was reported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipeline import findings
from pipeline.closing import ClosingRecord
from pipeline.findings import Finding, Place, Rule
from pipeline.progress.adoption import Adoption, Judged
from pipeline.progress.entries import Use
from pipeline.progress.lines import Snapshot
from pipeline.progress.matters import Matter
from pipeline.progress.padding import Mark, Padding, paddings
from pipeline.progress.standing import Standing
from pipeline.progress.targets import Target
from pipeline.records import Item
from pipeline.scheme import Scheme
from pipeline.vocabulary import ClosingState, Status


def row_findings(adoption: Adoption, measures: Sequence[Item]) -> Iterator[Finding]:
    """Rows that did not count, and files that gave way to newer ones; of what the ledger kept all was said when it came."""
    names = {item.id: item.name for item in measures}
    newest = {report: file.file for report, file in adoption.reports.items()}
    superseded: dict[str, str] = {}
    for row in adoption.rows:
        if row.source.kept:
            continue
        place = row.source.place(row.entry.id, "number", "措施编号")
        if row.use is Use.REFUSED and not row.entry.refused:
            yield findings.PROGRESS_UNKNOWN.at(place, row.entry.written or row.entry.number)
        elif row.use is Use.TAKEN and row.entry.number != row.item:
            yield findings.PROGRESS_RETIRED.at(place, row.note)
        elif row.use is Use.NOT_TAKEN and newest.get((row.entry.period, row.entry.unit)) != row.source.file:
            superseded.setdefault(row.source.file, row.note)
        elif row.use is Use.NOT_TAKEN and not row.role:
            unit = row.entry.unit or "本单位"
            yield findings.PROGRESS_NOT_OWN.at(place, names.get(row.item, ""), unit=unit, item=row.item)
        elif row.use is Use.NOT_TAKEN and "不止一行" in row.note:
            yield findings.PROGRESS_TWICE.at(place, row.entry.number, why=row.note)
    units = {row.source.file: row.source.unit for row in adoption.rows}
    for file, why in superseded.items():
        yield findings.PROGRESS_SUPERSEDED.at(Place(file, unit=units[file]), why=why)


def joined_findings(joined: Iterable[tuple[str, str]], closings: Mapping[str, ClosingRecord]) -> Iterator[Finding]:
    """Closed measures into which another went that was not closed: what was closed is less than what stands there now."""
    closed = {number for number, record in closings.items() if record.state is ClosingState.CLOSED}
    for number, to in joined:
        if to in closed and number not in closed:
            yield findings.CLOSED_AND_JOINED.at(Place(), number, item=to)


def difference_findings(standings: Iterable[Standing]) -> Iterator[Finding]:
    """Leading units that say different things."""
    for standing in standings:
        if standing.differs:
            listed = "；".join(f"{one.unit}“{one.status}”" for one in standing.said)
            yield findings.LEADS_DIFFER.at(Place(), standing.status, item=standing.item, values=listed)


_RULES: Mapping[Mark, tuple[Rule, str]] = {
    Mark.SAME_AS_BEFORE: (findings.PADDED_BEFORE, "progress"),
    Mark.SAME_AS_OTHER: (findings.PADDED_OTHER, "progress"),
    Mark.NO_PROOF: (findings.DONE_UNPROVED, "evidence"),
    Mark.IN_FUTURE: (findings.DATE_IN_FUTURE, "finished"),
    Mark.BEFORE_ROUND: (findings.DATE_BEFORE_ROUND, "finished"),
    Mark.BACKWARDS: (findings.WENT_BACKWARDS, "status"),
    Mark.ALL_DONE_AT_ONCE: (findings.ALL_DONE_AT_ONCE, "status"),
}


def padding_findings(adoption: Adoption, today: dt.date, scheme: Scheme) -> Iterator[Finding]:
    """水分 in the reports of the last period; of earlier ones it was said then."""
    if not adoption.periods:
        return
    begin = dt.date(scheme.settings.year, 1, 1)
    for one in paddings(adoption, today, begin):
        if one.row.entry.period == adoption.periods[-1] and not one.row.source.kept:
            yield _padding(one)


def _padding(one: Padding) -> Finding:
    rule, key = _RULES[one.mark]
    entry = one.row.entry
    value = {
        Mark.SAME_AS_BEFORE: entry.text[:80],
        Mark.SAME_AS_OTHER: entry.text[:80],
        Mark.NO_PROOF: "",
        Mark.BACKWARDS: one.detail,
        Mark.ALL_DONE_AT_ONCE: entry.status,
    }.get(one.mark, entry.finished.isoformat() if entry.finished else "")
    other = f"{one.other.entry.unit} {one.other.item}" if one.other else ""
    return rule.at(_place(one.row, key), value, item=one.row.item, other=other)


def _place(row: Judged, key: str) -> Place:
    titles = {"progress": "本期进展", "evidence": "佐证材料", "finished": "完成日期", "status": "完成情况"}
    return row.source.place(row.entry.id, key, titles[key])


def figure_findings(targets: Sequence[Target]) -> Iterator[Finding]:
    """Figures without a cycle are sums and cannot fall."""
    last: dict[tuple[str, str, str], Target] = {}
    for one in targets:
        if one.value is None or one.commitment.period:
            continue
        key = one.item, one.unit, one.commitment.quote
        before = last.get(key)
        if (
            before is not None
            and before.value is not None
            and one.value < before.value
            and one.commitment.compare != "≤"
        ):
            value = f"{before.period} 填 {before.value:g}，{one.period} 填 {one.value:g}"
            yield findings.FIGURE_BACKWARDS.at(
                Place(unit=one.unit), value, item=one.item, indicator=one.commitment.indicator
            )
        last[key] = one


def missing_findings(now: Snapshot) -> Iterator[Finding]:
    """Units that were to report and did not."""
    for unit in now.units_missing:
        yield findings.NO_REPORT.at(Place(unit=unit), unit, period=now.period)


def matter(item: Item, record: ClosingRecord) -> Matter:
    """A measure as bulletins speak of it."""
    return Matter(
        item.id,
        item.name,
        item.leads,
        item.status or Status.NOT_STARTED,
        record.state,
        item.due,
        item.cells["direction"],
        record.opinion,
        record.closed_on.isoformat() if record.closed_on else "",
        record.review_on,
        people(item),
    )


def people(item: Item) -> Mapping[str, str]:
    """责任领导、责任人 by leading unit: those of its own rows, or the office's where it wrote others."""
    found = {}
    for unit in item.leads:
        own = [row for row in item.rows if unit in row.leads]
        names = [
            item.cells[key]
            if key in item.edited
            else "、".join(dict.fromkeys(row.cells[key] for row in own if row.cells[key]))
            for key in ("leader", "person")
        ]
        found[unit] = "、".join(dict.fromkeys(name for name in names if name))
    return found
