"""All files of workbooks/ -> one table of rows each for problems, causes and measures, with links and findings."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline import findings
from pipeline.findings import Finding, Place
from pipeline.intake import opening, values
from pipeline.intake.numbering import read_number
from pipeline.intake.submission import Submission
from pipeline.intake.worker import file_hash, read_file
from pipeline.progress.entries import ProgressFile
from pipeline.project import SCHEME_FILE
from pipeline.records import RowId, SourceRow
from pipeline.sandbox import CRASH, ERROR, MEMORY, TIMEOUT, Failure, Limits, sandboxed
from pipeline.scheme import Scheme, fold_name
from pipeline.tables import INPUTS
from pipeline.text import fold
from pipeline.vocabulary import FileState, TableKey

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
    progress: tuple[ProgressFile, ...] = ()

    @property
    def rows_read(self) -> int:
        """Rows of all three tables, refused ones included."""
        return sum(len(rows) for rows in self.rows.values())

    def place(self, row: SourceRow, key: str, title: str) -> Place:
        """The cell of column `key` of a row; the row as a whole ("5:5") where its sheet has no such column."""
        letter = self.layout.get((row.id.file, row.id.sheet), {}).get(key)
        cell = f"{letter}{row.id.row}" if letter else f"{row.id.row}:{row.id.row}"
        return Place(row.id.file, row.id.sheet, cell, title, row.unit)


def find_files(folder: Path) -> tuple[dict[str, Path], list[Finding]]:
    """Name (path below `folder`, with /) -> path of the files meant as workbooks, by name; findings on the others.

    Links are not followed: they may lead anywhere. A name in another encoding is shown as GB18030 reads it.
    """
    names: dict[str, Path] = {}
    notes = []
    paths = {_shown_name(path.relative_to(folder)): path for path in sorted(folder.rglob("*"), key=os.fsencode)}
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
    """Decide which submission of each unit counts, link rows, and lay everything into frames.

    The order in which submissions are given does not matter.
    """
    ordered = sorted(submissions, key=lambda submission: submission.file)
    by_unit: dict[str, list[Submission]] = defaultdict(list)
    reports = [submission.progress for submission in ordered if submission.progress]
    for submission in ordered:
        if not submission.progress:
            by_unit[_unit_of(submission, scheme)].append(submission)
    rows: list[SourceRow] = []
    links: list[Finding] = []
    states: list[FileReport] = []
    superseded: list[Finding] = []
    facts: dict[str, dict[str, int | None]] = {}
    for unit in sorted(
        {*by_unit, *scheme.unit_order, *(report.unit or NO_UNIT for report in reports)}, key=scheme.rank
    ):
        kept, why = _choose(by_unit.get(unit, [])) if unit != NO_UNIT else (by_unit.get(unit, []), "")
        # files without a unit have nothing to do with each other: their numbers are their own
        for group in [kept] if unit != NO_UNIT else [[submission] for submission in kept]:
            linked, notes_on_links = _link(
                [replace(row, unit=unit) for submission in group for row in submission.rows], group
            )
            rows += linked
            links += notes_on_links
            for submission in group:
                if submission.tables:
                    facts.setdefault(unit, {}).update(submission.facts)
        for submission in by_unit.get(unit, []):
            taken = submission in kept
            reason = ""
            if not taken:
                reason = f"同一单位重复报送，以“{kept[0].file}”为准（{why}）" if kept else "文件打不开"
                rows += [replace(row, unit=unit, refused=reason) for row in submission.rows]
                if kept and submission.opened:
                    superseded.append(
                        findings.SUPERSEDED.at(Place(submission.file, unit=unit), kept=kept[0].file, why=why)
                    )
            states.append(_state(unit, submission, taken, reason, scheme))
        if unit not in by_unit and unit in scheme.unit_order:
            states.append(FileReport(unit, "", FileState.MISSING, note="没有收到报送表"))
        states += [_report_state(report) for report in reports if (report.unit or NO_UNIT) == unit]
    missing = [
        findings.MISSING_UNIT.at(Place(SCHEME_FILE, "填报单位", unit=state.unit), state.unit)
        for state in states
        if state.state is FileState.MISSING
    ]
    found = [
        *notes,
        *(finding for submission in ordered for finding in submission.findings),
        *superseded,
        *links,
        *missing,
    ]
    read = sum(len(submission.rows) for submission in ordered)
    if len(rows) != read:
        raise AssertionError(f"读入 {read} 行，入表 {len(rows)} 行")
    if len({row.id for row in rows}) != read:
        raise AssertionError("有的行读了两次")
    by_table = {table.key: tuple(row for row in rows if row.table == table.key) for table in INPUTS}
    layout = {
        (submission.file, sheet): columns for submission in ordered for sheet, columns in submission.layout.items()
    }
    hashes = {submission.file: submission.sha256 for submission in ordered}
    return Intake(by_table, found, states, facts, hashes, layout, progress=tuple(reports))


def _report_state(report: ProgressFile) -> FileReport:
    period = f"{report.period} 的" if report.period else ""
    refused = sum(bool(entry.refused) for entry in report.entries)
    note = f"{period}进展填报，{len(report.entries)} 行，见“进展明细”"
    return FileReport(report.unit or NO_UNIT, report.file, FileState.PROGRESS, n_refused=refused, note=note)


def _unit_of(submission: Submission, scheme: Scheme) -> str:
    if submission.unit:
        return submission.unit
    if not submission.opened:
        folded = fold_name(submission.file)
        inside = {name for spelling, name in scheme.unit_names.items() if len(spelling) >= 3 and spelling in folded}
        if len(inside) == 1:
            return inside.pop()
    return NO_UNIT


def _choose(submissions: list[Submission]) -> tuple[list[Submission], str]:
    """The submission of a unit that counts (several text files with different tables are one), and why it does.

    The newest by 填报日期 that has rows; of equal dates the last by file name.
    """
    bundles = [bundle for bundle in _bundles(submissions) if any(submission.opened for submission in bundle)]
    if not bundles:
        return [], ""

    def rank(bundle: list[Submission]) -> tuple[bool, dt.date, list[int | str]]:
        dates = [submission.date for submission in bundle if submission.date]
        return any(submission.rows for submission in bundle), max(dates, default=dt.date.min), _natural(bundle[-1].file)

    best = max(bundles, key=rank)
    others = [bundle for bundle in bundles if bundle is not best]
    if others and all(rank(bundle)[0] == rank(best)[0] and rank(bundle)[1] == rank(best)[1] for bundle in others):
        why = "填报日期相同或都没有填写，取文件名排在后面的"
        if all(bundle[0].sha256 == best[0].sha256 for bundle in others):
            why = "两份内容完全相同"
    else:
        why = f"填报日期 {rank(best)[1].isoformat()} 最新" if rank(best)[1] != dt.date.min else "只有它填了内容"
    return best, why


def _bundles(submissions: list[Submission]) -> list[list[Submission]]:
    bundles: list[list[Submission]] = []
    for submission in submissions:
        if submission.file.lower().endswith(".csv") and submission.tables:
            for bundle in bundles:
                if all(
                    other.file.lower().endswith(".csv") and not other.tables & submission.tables for other in bundle
                ):
                    bundle.append(submission)
                    break
            else:
                bundles.append([submission])
        else:
            bundles.append([submission])
    return bundles


def _natural(name: str) -> list[int | str]:
    parts: list[int | str] = []
    for text in re.split(r"(\d+)", name):
        parts += [0, text] if not text.isdigit() else [1, int(text)]
    return parts


def _state(unit: str, submission: Submission, taken: bool, reason: str, scheme: Scheme) -> FileReport:
    counts = {table.key: sum(row.table == table.key for row in submission.rows) for table in INPUTS}
    refused = sum(bool(row.refused) for row in submission.rows) if taken else len(submission.rows)
    if not submission.opened:
        state, note = FileState.UNREADABLE, next((finding.message for finding in submission.findings), "")
    elif not taken:
        state, note = FileState.SUPERSEDED, reason
    elif unit not in scheme.unit_order:
        note = "填报单位不在名册中，内容已照常汇总" if submission.rows else "填报单位不在名册中"
        state = FileState.NOT_ON_ROSTER
    elif not submission.rows:
        state, note = FileState.EMPTY, "没有读到任何数据行"
    else:
        state, note = FileState.TAKEN, ""
    return FileReport(
        unit, submission.file, state, counts["problems"], counts["causes"], counts["measures"], refused, note
    )


# ---- links inside a submission ----


def _link(rows: list[SourceRow], kept: list[Submission]) -> tuple[list[SourceRow], list[Finding]]:
    """The rows of one unit with 对应问题 resolved to problems among them, and findings on what could not be."""
    usable = [row for row in rows if row.table == TableKey.PROBLEMS and not row.refused]
    by_number: dict[int, list[SourceRow]] = defaultdict(list)
    for row in usable:
        for number in {row.seq, read_number(row.written) or row.seq}:
            by_number[number].append(row)
    by_title: dict[str, list[SourceRow]] = defaultdict(list)
    for row in usable:
        for text in (row.title, row.detail):
            if text.strip():
                by_title[fold(text).rstrip("。")].append(row)
    layout = {(submission.file, sheet): columns for submission in kept for sheet, columns in submission.layout.items()}
    linked: list[SourceRow] = []
    notes: list[Finding] = []
    for row in rows:
        text = "" if row.table == TableKey.PROBLEMS else row.cells["refs"]
        if not text or row.refused:
            linked.append(row)
            continue
        letter = layout.get((row.id.file, row.id.sheet), {}).get("refs")
        cell = f"{letter}{row.id.row}" if letter else f"{row.id.row}:{row.id.row}"
        place = Place(row.id.file, row.id.sheet, cell, "对应问题", row.unit)
        targets: dict[RowId, None] = {}
        for shown, found in _targets(text, by_number, by_title):
            if len(found) == 1:
                targets[found[0].id] = None
            elif found and row.id.part <= 1:
                lines = "、".join(f"第 {other.id.row} 行" for other in found)
                notes.append(findings.REF_AMBIGUOUS.at(place, shown, rows=lines))
            elif row.id.part <= 1:
                have = f"现有序号：{min(by_number)}—{max(by_number)}。" if by_number else "本单位没有报送问题清单。"
                notes.append(findings.REF_UNKNOWN.at(place, shown, hint=have))
        linked.append(replace(row, refs=tuple(targets)))
    return linked, notes


def _targets(
    text: str, by_number: dict[int, list[SourceRow]], by_title: dict[str, list[SourceRow]]
) -> list[tuple[str, list[SourceRow]]]:
    numbers = values.references(text)
    if numbers is not None:
        return [(str(number), by_number.get(number, [])) for number in numbers]
    return [(text[:60], by_title.get(fold(text).rstrip("。"), []))]
