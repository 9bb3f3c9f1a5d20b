"""What a reading worker does with one file; imports no more than it needs, since every worker starts anew."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from pathlib import Path

from pipeline import findings
from pipeline.findings import Place
from pipeline.intake.package import MAX_FILE
from pipeline.intake.submission import Submission, read_submission
from pipeline.scheme import Scheme


def read_file(shared: tuple[Scheme, dt.date], item: tuple[str, str, bool]) -> Submission:
    """Read one file; `item` is its name, its path and whether a first try died of it. Runs in a worker."""
    scheme, base = shared
    name, path, careful = item
    try:
        before = os.stat(path)
        if before.st_size > MAX_FILE:
            why = f"文件有 {before.st_size // 2**20} MB，超过 {MAX_FILE // 2**20} MB，不像是填报表"
            return Submission(name, "", findings=[findings.UNREADABLE.at(Place(name), why=why)], opened=False)
        data = Path(path).read_bytes()
        after = os.stat(path)
    except OSError as error:
        why = f"没有读取权限或文件已被移走（{error.strerror}）"
        return Submission(name, "", findings=[findings.UNREADABLE.at(Place(name), why=why)], opened=False)
    submission = read_submission(data, name, scheme, base, careful)
    if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size) or after.st_size != len(data):
        submission.findings.append(findings.CHANGED_WHILE_READ.at(Place(name, unit=submission.unit)))
    return submission


def file_hash(path: Path) -> str:
    """SHA-256 of a file, "" if it cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""
