"""运行记录.json: what came in, what was counted, what came out. No text of any row."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from pipeline.findings import Finding
from pipeline.version import __version__
from pipeline.vocabulary import Level

_PARTS = ("openpyxl", "pandas", "python-calamine", "python-docx", "rapidfuzz", "scipy", "sparse-dot-topn", "xlsxwriter")


@dataclass(frozen=True)
class RunRecord:
    """What a run did. `counts` by their Chinese names; `inputs` and `outputs` file -> SHA-256; `waiting` beyond the findings: what else needs a person."""

    command: str
    unit: str
    base: dt.date
    counts: Mapping[str, int]
    findings: Mapping[Level, int]
    inputs: Mapping[str, str]
    outputs: Mapping[str, str]
    versions: Mapping[str, str]
    waiting: int = 0

    @property
    def errors(self) -> int:
        """Findings of the gravest level."""
        return self.findings[Level.ERROR]

    @property
    def needs_person(self) -> int:
        """How many things wait for a person: errors, undecided rows, missing units."""
        return self.errors + self.waiting

    def to_json(self) -> str:
        """The manifest as the contract has it."""
        content = {
            "命令": self.command,
            "单位": self.unit,
            "基准日期": self.base.isoformat(),
            "计数": dict(self.counts),
            "核对结果": {str(level): count for level, count in self.findings.items()},
            "输入": dict(self.inputs),
            "输出": dict(self.outputs),
            "版本": dict(self.versions),
        }
        return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def levels(findings: Sequence[Finding]) -> dict[Level, int]:
    """How many findings of each level."""
    return {level: sum(finding.level is level for finding in findings) for level in Level}


def hashes_below(folder: Path) -> dict[str, str]:
    """File below `folder` -> SHA-256, by name."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def versions() -> dict[str, str]:
    """The program's version and those of the parts that outputs depend on."""
    return {"sandan": __version__, **{part: metadata.version(part) for part in _PARTS}}
