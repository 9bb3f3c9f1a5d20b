"""Which of a unit's files count: the newest, table by table, so that a part sent later takes away no more than it holds."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field

from pipeline import findings
from pipeline.findings import Finding, Place
from pipeline.intake.submission import Submission
from pipeline.records import SourceRow
from pipeline.tables import INPUTS

_TITLES = {table.key: table.title for table in INPUTS}


@dataclass(frozen=True)
class Share:
    """What one file holds of one unit; a file with a column 报送单位 has a share for each."""

    unit: str
    submission: Submission
    rows: tuple[SourceRow, ...]

    @property
    def file(self) -> str:
        """The file's name."""
        return self.submission.file

    @property
    def filled(self) -> set[str]:
        """The tables of which it has rows."""
        return {row.table for row in self.rows}

    @property
    def rank(self) -> tuple[dt.date, list[int | str]]:
        """What the newest is found by: 填报日期, then the file's name."""
        return self.submission.date or dt.date.min, _natural(self.file)


@dataclass
class Choice:
    """`of_table`: table -> the share that counts; `kept`: the shares that count for something, newest first."""

    of_table: dict[str, Share] = field(default_factory=dict)
    kept: list[Share] = field(default_factory=list)
    why: str = ""
    findings: list[Finding] = field(default_factory=list)

    def counts(self, share: Share, table: str) -> bool:
        """Whether a share's rows of a table count."""
        return self.of_table.get(table) is share


def choose(shares: list[Share]) -> Choice:
    """The newest share of each table; with findings where files count together or do not count at all."""
    opened = sorted((share for share in shares if share.submission.opened), key=lambda share: share.rank, reverse=True)
    choice = Choice()
    if not opened:
        return choice
    for share in opened:
        for table in share.filled:
            choice.of_table.setdefault(table, share)
    choice.kept = [share for share in opened if share in choice.of_table.values()] or opened[:1]
    choice.why = _why(choice.kept[0], [share for share in opened if share not in choice.kept])
    unit = opened[0].unit
    for share in opened:
        if share not in choice.kept:
            place = Place(share.file, unit=unit)
            choice.findings.append(findings.SUPERSEDED.at(place, kept=choice.kept[0].file, why=choice.why))
    if len(choice.kept) > 1:
        together = "；".join(
            f"{'、'.join(_TITLES[table] for table in _TITLES if choice.counts(share, table))}以“{share.file}”为准"
            for share in choice.kept
        )
        overlap = any(not choice.counts(share, table) for share in opened for table in share.filled)
        dates = {share.submission.date for share in choice.kept}
        rule = findings.PARTLY_NEWER if overlap or len(dates) > 1 else findings.COUNT_TOGETHER
        choice.findings.append(rule.at(Place(choice.kept[0].file, unit=unit), together))
    return choice


def _why(best: Share, others: list[Share]) -> str:
    if others and all(bool(share.rows) == bool(best.rows) and share.rank[0] == best.rank[0] for share in others):
        if all(share.submission.sha256 == best.submission.sha256 for share in others):
            return "两份内容完全相同"
        return "填报日期相同或都没有填写，取文件名排在后面的"
    return f"填报日期 {best.rank[0].isoformat()} 最新" if best.rank[0] != dt.date.min else "只有它填了内容"


def _natural(name: str) -> list[int | str]:
    parts: list[int | str] = []
    for text in re.split(r"(\d+)", name):
        parts += [0, text] if not text.isdigit() else [1, int(text)]
    return parts
