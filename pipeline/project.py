"""A project folder: every file name in one place. Whoever reads or writes a project asks here where a thing lies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SCHEME_FILE, LEDGER_FILE = "方案.xlsx", "台账.db"
WORKBOOKS, OUTPUTS = "workbooks", "outputs"
SUMMARY_FILE, CHECK_FILE, MANIFEST = "汇总台账.xlsx", "核对结果.xlsx", "运行记录.json"
NARRATIVE_FILE, REVIEW_FILE = "对照检查材料.docx", "对照检查材料（核稿）.docx"
PLAN_FILE, ANNEX_FILE = "整改方案.docx", "问题清单（附件）.docx"
CORRECTIONS, ISSUED, HISTORY, VOLUMES = "退回修改", "下发", "历史", "汇总台账分册"
ISSUED_PROGRESS, REMINDERS = "下发进展", "催办"
_LOCK_FILE = ".sandan.lock"


class ProjectBusyError(Exception):
    """Another command is at work in the project; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Project:
    """Where the things of one project lie, and the lock that commands which write there hold."""

    folder: Path

    @property
    def scheme_file(self) -> Path:
        """方案.xlsx."""
        return self.folder / SCHEME_FILE

    @property
    def ledger_file(self) -> Path:
        """台账.db, unless 方案.xlsx names another database."""
        return self.folder / LEDGER_FILE

    @property
    def workbooks(self) -> Path:
        """What the departments sent in."""
        return self.folder / WORKBOOKS

    @property
    def outputs(self) -> Path:
        """Everything that the program writes."""
        return self.folder / OUTPUTS

    @property
    def summary(self) -> Path:
        """汇总台账.xlsx as the last run left it and the office may have edited it."""
        return self.outputs / SUMMARY_FILE

    @property
    def history(self) -> Path:
        """Earlier summaries."""
        return self.outputs / HISTORY

    @property
    def issued(self) -> Path:
        """Blank forms for the departments."""
        return self.outputs / ISSUED

    @property
    def issued_progress(self) -> Path:
        """Progress workbooks for the departments."""
        return self.outputs / ISSUED_PROGRESS

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else merges or checks here meanwhile; the system gives the lock up when its holder dies.

        Raises ProjectBusyError if another command holds it. A folder that cannot be written has no lock: what follows says why.
        """
        from filelock import FileLock, Timeout  # noqa: PLC0415 - not needed to know where things lie

        lock = FileLock(self.folder / _LOCK_FILE)
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise ProjectBusyError("另一个 sandan 正在处理这个项目，请等它结束后再运行。") from error
        except OSError:
            yield
            return
        try:
            yield
        finally:
            lock.release()
