"""What a measure shows after its leading units have reported: the least advanced status, who said what, and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.progress.adoption import Adoption, Judged
from pipeline.records import Item
from pipeline.vocabulary import Status

_RANK: Mapping[str, int] = {status: rank for rank, status in enumerate(Status)}


@dataclass(frozen=True, slots=True)
class Said:
    """A leading unit's word on a measure: its latest status, text and evidence, and the rows in which it was said."""

    unit: str
    status: str
    text: str
    evidence: str
    finished: dt.date | None
    row: Judged | None


@dataclass(frozen=True)
class Standing:
    """What a measure shows. `said` has each leading unit in the measure's order; `differs` is the leads' statuses if they differ."""

    item: str
    status: str
    said: tuple[Said, ...]

    @property
    def progress(self) -> str:
        """进展说明: 单位：文字, one line a unit."""
        return "\n".join(f"{one.unit}：{one.text}" for one in self.said if one.text)

    @property
    def evidence(self) -> str:
        """佐证材料: as one unit gave it, or 单位：材料, one line a unit."""
        given = [one for one in self.said if one.evidence]
        if len(self.said) == 1:
            return given[0].evidence if given else ""
        return "\n".join(f"{one.unit}：{one.evidence}" for one in given)

    @property
    def finished(self) -> dt.date | None:
        """完成日期: the last of the leads', None before all of them have finished."""
        days = [one.finished for one in self.said if one.finished]
        return max(days) if self.status == Status.DONE and days else None

    @property
    def differs(self) -> bool:
        """Whether the leading units say different things."""
        return len({one.status for one in self.said}) > 1

    @property
    def reported(self) -> bool:
        """Whether any progress row counts for the measure."""
        return any(one.row for one in self.said)


def standings(adoption: Adoption, measures: Sequence[Item], until: str = "9999-12") -> dict[str, Standing]:
    """Number -> what the measure shows at the end of period `until`; only measures on which a row counts."""
    rows: dict[tuple[str, str], list[Judged]] = {}
    for row in adoption.taken():
        if row.entry.period <= until:
            rows.setdefault((row.item, row.entry.unit), []).append(row)
    found = {}
    for item in measures:
        said = tuple(_said(item, unit, rows.get((item.id, unit), [])) for unit in item.leads)
        standing = Standing(item.id, least_advanced(one.status for one in said), said)
        if standing.reported:
            found[item.id] = standing
    return found


def least_advanced(statuses: Iterable[str]) -> str:
    """The least advanced; who says nothing has not started."""
    return min((status or Status.NOT_STARTED for status in statuses), key=_RANK.__getitem__, default="")


def _said(item: Item, unit: str, rows: Sequence[Judged]) -> Said:
    """The unit's latest word: a cell that it left blank keeps what it said before. Before its first report: its form's."""
    if not rows:
        own = [row for row in item.rows if row.unit == unit]
        forms = [row.cells["status"] for row in own if row.cells["status"]]
        status = least_advanced(forms) if forms else item.status if not own else ""
        texts = dict.fromkeys(row.cells["progress"].strip() for row in own if row.cells["progress"].strip())
        papers = dict.fromkeys(row.cells["evidence"].strip() for row in own if row.cells["evidence"].strip())
        return Said(unit, status or Status.NOT_STARTED, "；".join(texts), "；".join(papers), None, None)
    latest = rows[-1].entry.period
    now = [row for row in rows if row.entry.period == latest]
    with_status = [row for row in rows if row.entry.status]
    current = [row.entry.status for row in with_status if row.entry.period == with_status[-1].entry.period]
    status = least_advanced(current) if current else item.status or Status.NOT_STARTED
    text = "；".join(dict.fromkeys(row.entry.text.strip() for row in now if row.entry.text.strip()))
    evidence = "；".join(dict.fromkeys(row.entry.evidence.strip() for row in rows if row.entry.evidence.strip()))
    days = [row.entry.finished for row in rows if row.entry.finished]
    return Said(unit, status, text, evidence, days[-1] if days else None, now[-1])
