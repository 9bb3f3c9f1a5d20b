"""退回修改/ as an output: made beside the others, since it takes as long as they do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.corrections.copies import write_copies
from pipeline.findings import Finding
from pipeline.project import CORRECTIONS
from pipeline.publishing import VerificationError
from pipeline.sandbox import Beside


@dataclass
class Corrections:
    """The marked-up copies of `sources` (file -> where it is). `write` begins; `copies` waits for them."""

    sources: Mapping[str, Path]
    findings: Sequence[Finding]
    stamp: dt.date
    _work: Beside[dict[str, str]] | None = field(default=None, init=False)

    @property
    def name(self) -> str:
        """退回修改."""
        return CORRECTIONS

    def write(self, folder: Path) -> None:
        """Begin to write; what goes wrong is raised by `copies`."""
        target = folder / self.name
        target.mkdir()
        self._work = Beside(lambda: write_copies(self.sources, target, self.findings, self.stamp))

    def copies(self) -> dict[str, str]:
        """File -> the name of its copy; waits until all are there."""
        return self._work.result() if self._work else {}

    def verify(self, folder: Path) -> None:
        """Every copy that findings lead to is there."""
        for copy in self.copies().values():
            if not (folder / self.name / copy).is_file():
                raise VerificationError(f"退回修改中缺少 {copy}。")
