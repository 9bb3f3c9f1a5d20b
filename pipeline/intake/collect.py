"""All files of workbooks/ -> one table of rows each for problems, causes and measures, with links and findings."""

from __future__ import annotations

import datetime as dt
import os
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline import findings
from pipeline.findings import Finding, Place
from pipeline.intake import opening
from pipeline.intake.choosing import Choice, Share, choose
from pipeline.intake.links import link
from pipeline.intake.submission import Submission
from pipeline.intake.suspects import unit_in
from pipeline.intake.worker import file_hash, read_file
from pipeline.progress.entries import ProgressFile
from pipeline.project import SCHEME_FILE
from pipeline.records import DroppedLine, SourceRow
from pipeline.sandbox import CRASH, ERROR, MEMORY, TIMEOUT, Failure, Limits, sandboxed
from pipeline.scheme import Scheme
from pipeline.tables import INPUTS
from pipeline.vocabulary import FileState

_TITLES = {table.key: table.title for table in INPUTS}
NO_UNIT = "（未注明单位）"
"""What stands for the unit of a file that names none."""


@dataclass(frozen=True)
class FileReport:
    """A line of 填报情况."""

    unit: str
    file: str
    state: FileState
    n_problems: int = 0
    n_causes: int = 0
    n_measures: int = 0
    n_refused: int = 0
    note: str = ""


@dataclass(frozen=True)
class Intake:
    """Everything that came in.

    `rows` by table key: every row read (refused ones too) in the order of roster, file and row. `layout` (file, sheet) ->
    column key -> letter.
    """

    rows: dict[str, tuple[SourceRow, ...]]
    findings: list[Finding]
    states: list[FileReport]
    facts: dict[str, dict[str, int | None]]  # unit -> 基本信息 counts, for units whose submission counts
    hashes: dict[str, str]  # file -> SHA-256
    layout: dict[tuple[str, str], dict[str, str]]
    paths: dict[str, Path] = field(default_factory=dict)  # file -> where it is, of the files that were opened
    dropped: tuple[DroppedLine, ...] = ()
    progress: tuple[ProgressFile, ...] = ()

    @property
    def rows_read(self) -> int:
        """Rows of all three tables, refused ones included."""
        return sum(len(rows) for rows in self.rows.values())

    def place(self, row: SourceRow, key: str, title: str) -> Place:
        """The cell of column `key` of a row; the row as a whole ("5:5") where its sheet has no such column."""
        return Place(row.id.file, row.id.sheet, row.cell(key), title, row.unit)


def find_files(folder: Path) -> tuple[dict[str, Path], list[Finding]]:
    """Name (path below `folder`, with /) -> path of the files meant as workbooks, by name; findings on the others.

    Links are not followed: they may lead anywhere. A name in another encoding is shown as GB18030 reads it.
    """
    names: dict[str, Path] = {}
    notes: list[Finding] = []
    paths: dict[str, Path] = {}
    for path in sorted(folder.rglob("*"), key=os.fsencode):
        name = shown = _shown_name(path.relative_to(folder))
        while name in paths:  # the bytes differ, what is shown does not
            name = f"{name}（同名）"
        paths[name] = path
        if name != shown:
            notes.append(findings.SAME_NAME.at(Place(name), name))
    for name, path in sorted(paths.items()):
        if any(part.startswith(".") for part in name.split("/")):
            continue
        if path.name.startswith("~$"):
            notes.append(findings.LOCK_FILE.at(Place(name)))
        elif path.is_symlink():
            notes.append(findings.NOT_A_FILE.at(Place(name), what="这是一个链接，不是文件"))
        elif path.is_dir():
            if opening.is_candidate(path):
                notes.append(
                    findings.NOT_A_FILE.at(Place(name), what="这是一个文件夹，名字却像表格；其中的文件照常读取")
                )
        elif not path.is_file():
            notes.append(findings.NOT_A_FILE.at(Place(name), what="这不是普通文件"))
        elif opening.is_candidate(path):
            names[name] = path
        else:
            notes.append(findings.NOT_A_WORKBOOK.at(Place(name)))
    return names, notes


def _shown_name(path: Path) -> str:
    name = path.as_posix()
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name).decode("gb18030", "replace")
    return name


def collect(
    folder: Path,
    scheme: Scheme,
    base: dt.date,
    progress: Callable[[int, int], None] | None = None,
    limits: Limits | None = None,
    workers: int = 0,
) -> Intake:
    """Read every workbook below `folder`, each in a process that may die of it.

    Content never raises; OSError only if the folder itself cannot be listed, SandboxError if no process can be started.
    """
    paths, notes = find_files(folder)
    items = [(name, str(path), False) for name, path in paths.items()]
    found = sandboxed(read_file, (scheme, base), items, limits, workers, progress)
    # what died is tried once more with care: mended first, and with the second reader
    again = [position for position, result in enumerate(found) if isinstance(result, Failure)]
    careful = [(name, path, True) for name, path, _ in (items[position] for position in again)]
    for position, result in zip(again, sandboxed(read_file, (scheme, base), careful, limits, workers), strict=True):
        found[position] = result
    submissions = [
        _died(name, path, result) if isinstance(result, Failure) else result
        for (name, path, _), result in zip(items, found, strict=True)
    ]
    return replace(assemble(submissions, notes, scheme), paths=paths)


def _died(name: str, path: str, failure: Failure) -> Submission:
    finding = findings.UNREADABLE.at(Place(name), why=_WHY[failure.kind])
    return Submission(name, file_hash(Path(path)), findings=[finding], opened=False)


_WHY = {
    TIMEOUT: "打开它用的时间太长，已停止；可能结构异常或有意做大",
    MEMORY: "打开它需要的内存太多，已停止；可能在很远的单元格里有内容或格式",
    CRASH: "打开它时读取程序崩溃了，结构异常",
    ERROR: "不是完好的工作簿，或已损坏",
}


def assemble(submissions: Iterable[Submission], notes: list[Finding], scheme: Scheme) -> Intake:
    """Decide what counts of each unit's files, link rows, and lay everything together.

    The order in which submissions are given does not matter.
    """
    ordered = sorted(submissions, key=lambda submission: submission.file)
    reports = [submission.progress for submission in ordered if submission.progress]
    by_unit: dict[str, list[Share]] = defaultdict(list)
    for submission in ordered:
        if not submission.progress:
            for share in _shares(submission, scheme):
                by_unit[share.unit].append(share)
    rows: list[SourceRow] = []
    found: list[Finding] = []
    states: list[FileReport] = []
    facts: dict[str, dict[str, int | None]] = {}
    reporting = {report.unit or NO_UNIT for report in reports}
    for unit in sorted({*by_unit, *scheme.unit_order, *reporting}, key=scheme.rank):
        own = [_report_state(report) for report in reports if (report.unit or NO_UNIT) == unit]
        if unit not in by_unit:
            if unit in scheme.unit_order:
                states.append(FileReport(unit, "", FileState.MISSING, note="没有收到报送表"))
            states += own
            continue
        # files without a unit have nothing to do with each other: their numbers are their own
        groups = [[share] for share in by_unit[unit]] if unit == NO_UNIT else [by_unit[unit]]
        for group in groups:
            choice = choose(group)
            found += choice.findings
            linked, unlinked = link(
                [row for share in group for row in share.rows if choice.counts(share, row.table)],
                tuple(aspect.short for aspect in scheme.aspects),
            )
            found += unlinked
            rows += linked
            for share in group:
                rows += [
                    replace(row, refused=_superseded(choice, row.table))
                    for row in share.rows
                    if not choice.counts(share, row.table)
                ]
                states.append(_state(share, choice, scheme))
            for share in reversed(choice.kept):
                if share.submission.tables:
                    facts.setdefault(unit, {}).update(share.submission.facts)
        states += own
    missing = [
        findings.MISSING_UNIT.at(Place(SCHEME_FILE, "填报单位", unit=state.unit), state.unit)
        for state in states
        if state.state is FileState.MISSING
    ]
    read = sum(len(submission.rows) for submission in ordered)
    if len(rows) != read:
        raise AssertionError(f"读入 {read} 行，入表 {len(rows)} 行")
    if len({row.id for row in rows}) != read:
        raise AssertionError("有的行读了两次")
    return Intake(
        {table.key: tuple(row for row in rows if row.table == table.key) for table in INPUTS},
        [*notes, *(finding for submission in ordered for finding in submission.findings), *found, *missing],
        states,
        facts,
        {submission.file: submission.sha256 for submission in ordered},
        {(submission.file, sheet): columns for submission in ordered for sheet, columns in submission.layout.items()},
        progress=tuple(reports),
        dropped=tuple(line for submission in ordered for line in submission.dropped),
    )


def _report_state(report: ProgressFile) -> FileReport:
    period = f"{report.period} 的" if report.period else ""
    refused = sum(bool(entry.refused) for entry in report.entries)
    note = f"{period}进展填报，{len(report.entries)} 行，见“进展明细”"
    return FileReport(report.unit or NO_UNIT, report.file, FileState.PROGRESS, n_refused=refused, note=note)


def _shares(submission: Submission, scheme: Scheme) -> list[Share]:
    """What a file holds of each unit: rows that name a unit themselves are that unit's."""
    own = _unit_of(submission, scheme)
    by_unit: dict[str, list[SourceRow]] = {}
    for row in submission.rows:
        by_unit.setdefault(row.unit or own, []).append(replace(row, unit=row.unit or own))
    return [Share(unit, submission, tuple(rows)) for unit, rows in by_unit.items()] or [Share(own, submission, ())]


def _superseded(choice: Choice, table: str) -> str:
    kept = choice.of_table.get(table) or choice.kept[0]
    return f"同一单位重复报送，以“{kept.file}”为准（{choice.why}）"


def _unit_of(submission: Submission, scheme: Scheme) -> str:
    if submission.unit:
        return submission.unit
    if not submission.opened:
        return unit_in(submission.file, scheme) or NO_UNIT
    return NO_UNIT


def _state(share: Share, choice: Choice, scheme: Scheme) -> FileReport:
    counts = {table.key: sum(row.table == table.key for row in share.rows) for table in INPUTS}
    unread = sum(not choice.counts(share, row.table) or bool(row.refused) for row in share.rows)
    submission = share.submission
    if not submission.opened:
        state, note = FileState.UNREADABLE, next((finding.message for finding in submission.findings), "文件打不开")
    elif share not in choice.kept:
        state, note = FileState.SUPERSEDED, f"同一单位重复报送，以“{choice.kept[0].file}”为准（{choice.why}）"
    elif scheme.roster and share.unit not in scheme.unit_order:
        note = "填报单位不在名册中，内容已照常汇总" if share.rows else "填报单位不在名册中"
        state = FileState.NOT_ON_ROSTER
    elif not share.rows:
        state, note = FileState.EMPTY, "没有读到任何数据行"
    else:
        others = [table for table in share.filled if not choice.counts(share, table)]
        note = "；".join(
            f"{_TITLES[table]}以“{choice.of_table[table].file}”为准" for table in _TITLES if table in others
        )
        state = FileState.TAKEN
    return FileReport(
        share.unit, share.file, state, counts["problems"], counts["causes"], counts["measures"], unread, note
    )
