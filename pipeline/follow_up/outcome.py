"""What a run found after the meeting: what sheets, bulletin and reminders are written from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.closing import ClosingRecord
from pipeline.findings import Finding
from pipeline.progress.adoption import Adoption
from pipeline.progress.changes import Change
from pipeline.progress.commitments import Commitment
from pipeline.progress.lines import Line, Snapshot, lines_of
from pipeline.progress.matters import Matter
from pipeline.progress.standing import Standing
from pipeline.progress.targets import Target


@dataclass(frozen=True)
class FollowedUp:
    """All of it. `snapshots` are the periods', the earliest first; none before the first progress report.

    `standings` are what leading units said of the measures that were reported on, `closings` where each measure stands in closing.
    """

    adoption: Adoption
    standings: Mapping[str, Standing]
    closings: Mapping[str, ClosingRecord]
    snapshots: tuple[Snapshot, ...] = ()
    matters: tuple[Matter, ...] = ()
    changes: tuple[Change, ...] = ()
    targets: tuple[Target, ...] = ()
    commitments: Mapping[str, Sequence[Commitment]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    day: dt.date = dt.date.min

    @property
    def reported(self) -> bool:
        """Whether any progress was ever reported; without it a run is what it was before there were progress workbooks."""
        return bool(self.snapshots)

    @property
    def lines(self) -> tuple[Line, ...]:
        """调度."""
        return lines_of(self.snapshots)
