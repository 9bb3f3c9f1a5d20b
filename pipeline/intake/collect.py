"""All files of workbooks/ -> one table of rows each for problems, causes and measures, with links and findings."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from pipeline import findings
from pipeline.fence import CRASH, ERROR, MEMORY, TIMEOUT, Failure, Limits, fenced
from pipeline.findings import Finding, Place
from pipeline.intake import opening, values
from pipeline.intake.frames import row_frame
from pipeline.intake.numbering import read_number
from pipeline.intake.reading import Row
from pipeline.intake.submission import Submission
from pipeline.intake.worker import file_hash, read_file
from pipeline.scheme import Scheme, fold_name
from pipeline.tables import INPUTS

NO_UNIT = "（未注明单位）"
"""What stands for the unit of a file that names none."""


@dataclass(frozen=True)
class FileState:
    """A line of 填报情况."""

    unit: str
    file: str
    state: str
    n_problems: int = 0
    n_causes: int = 0
    n_measures: int = 0
    n_refused: int = 0
    note: str = ""


@dataclass(frozen=True)
class Intake:
    """Everything that came in.

    `frames` by table key: one row per row read (refused ones too), index 0..n-1 in the order of roster, file and row;
    columns as `pipeline.intake.frames.row_schema` declares them. `layout` (file, sheet) -> column key -> letter.
    """

    frames: dict[str, pd.DataFrame]
    findings: list[Finding]
    states: list[FileState]
    facts: dict[str, dict[str, int | None]]  # unit -> 基本信息 counts, for units whose submission counts
    hashes: dict[str, str]  # file -> SHA-256
    layout: dict[tuple[str, str], dict[str, str]]
    paths: dict[str, Path] = field(default_factory=dict)  # file -> where it is, of the files that were opened

    @property
    def rows_read(self) -> int:
        """Rows of all three tables, refused ones included."""
        return sum(len(frame) for frame in self.frames.values())

    def place(self, file: str, sheet: str, row: int, key: str, title: str, unit: str) -> Place:
        """Where the cell of column `key` stands in a department's file."""
        letter = self.layout.get((file, sheet), {}).get(key, "A")
        return Place(file, sheet, f"{letter}{row}", title, unit)


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

    Content never raises; OSError only if the folder itself cannot be listed, FenceError if no process can be started.
    """
    paths, notes = find_files(folder)
    items = [(name, str(path), False) for name, path in paths.items()]
    found = fenced(read_file, (scheme, base), items, limits, workers, progress)
    # what died is tried once more with care: mended first, and with the second reader
    again = [position for position, result in enumerate(found) if isinstance(result, Failure)]
    careful = [(name, path, True) for name, path, _ in (items[position] for position in again)]
    for position, result in zip(again, fenced(read_file, (scheme, base), careful, limits, workers), strict=True):
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
    for submission in ordered:
        by_unit[_unit_of(submission, scheme)].append(submission)
    rows: list[tuple[str, Row, tuple[int, ...]]] = []
    links: list[Finding] = []
    states: list[FileState] = []
    superseded: list[Finding] = []
    facts: dict[str, dict[str, int | None]] = {}
    problem_count = 0
    for unit in sorted({*by_unit, *scheme.unit_order}, key=scheme.rank):
        kept, why = _choose(by_unit.get(unit, [])) if unit != NO_UNIT else (by_unit[unit], "")
        # files without a unit have nothing to do with each other: their numbers are their own
        for group in [kept] if unit != NO_UNIT else [[submission] for submission in kept]:
            current = [row for submission in group for row in submission.rows]
            own_problems = (row for row in current if row.table == "problems")
            places = {id(row): problem_count + position for position, row in enumerate(own_problems)}
            problem_count += len(places)
            group_rows, group_notes = _link(unit, current, places, group)
            rows += group_rows
            links += group_notes
            for submission in group:
                if submission.tables:
                    facts.setdefault(unit, {}).update(submission.facts)
        for submission in by_unit.get(unit, []):
            taken = submission in kept
            if not taken:
                reason = f"同一单位重复报送，以“{kept[0].file}”为准（{why}）" if kept else "文件打不开"
                refused = [replace(row, refused=reason) for row in submission.rows]
                problem_count += sum(row.table == "problems" for row in refused)
                rows += [(unit, row, ()) for row in refused]
                if kept and submission.opened:
                    superseded.append(
                        findings.SUPERSEDED.at(Place(submission.file, unit=unit), kept=kept[0].file, why=why)
                    )
            states.append(_state(unit, submission, taken, reason if not taken else "", scheme))
        if unit not in by_unit:
            states.append(FileState(unit, "", "未报", note="没有收到报送表"))
    missing = [
        findings.MISSING_UNIT.at(Place("方案.xlsx", "填报单位", unit=state.unit), state.unit)
        for state in states
        if state.state == "未报"
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
    frames = {table.key: row_frame(table, [entry for entry in rows if entry[1].table == table.key]) for table in INPUTS}
    layout = {
        (submission.file, sheet): columns for submission in ordered for sheet, columns in submission.layout.items()
    }
    return Intake(frames, found, states, facts, {submission.file: submission.sha256 for submission in ordered}, layout)


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


def _state(unit: str, submission: Submission, taken: bool, reason: str, scheme: Scheme) -> FileState:
    counts = {table.key: sum(row.table == table.key for row in submission.rows) for table in INPUTS}
    refused = sum(bool(row.refused) for row in submission.rows) if taken else len(submission.rows)
    if not submission.opened:
        state, note = "打不开", next((finding.message for finding in submission.findings), "")
    elif not taken:
        state, note = "重复报送", reason
    elif unit not in scheme.unit_order:
        state, note = "不在名册", "填报单位不在名册中，内容已照常汇总" if submission.rows else "填报单位不在名册中"
    elif not submission.rows:
        state, note = "空表", "没有读到任何数据行"
    else:
        state, note = "已报", ""
    return FileState(
        unit, submission.file, state, counts["problems"], counts["causes"], counts["measures"], refused, note
    )


# ---- links inside a submission ----


def _link(
    unit: str, rows: list[Row], places: dict[int, int], kept: list[Submission]
) -> tuple[list[tuple[str, Row, tuple[int, ...]]], list[Finding]]:
    """Resolve 对应问题 to positions in the problems frame."""
    problems = [row for row in rows if row.table == "problems"]
    usable = [row for row in problems if not row.refused]
    by_number: dict[int, list[Row]] = defaultdict(list)
    for row in usable:
        for number in {row.seq, read_number(row.written) or row.seq}:
            by_number[number].append(row)
    by_title: dict[str, list[Row]] = defaultdict(list)
    for row in usable:
        for text in (row.values["title"], row.values["detail"]):
            if text.strip():
                by_title[values.fold(text).rstrip("。")].append(row)
    layout = {(submission.file, sheet): columns for submission in kept for sheet, columns in submission.layout.items()}
    linked: list[tuple[str, Row, tuple[int, ...]]] = []
    notes: list[Finding] = []
    for row in rows:
        text = row.values.get("refs", "")
        if not text or row.refused:
            linked.append((unit, row, ()))
            continue
        letter = layout.get((row.file, row.sheet), {}).get("refs", "A")
        place = Place(row.file, row.sheet, f"{letter}{row.row}", "对应问题", unit)
        targets: list[Row] = []
        for shown, found in _targets(text, by_number, by_title):
            if len(found) == 1:
                targets += found
            elif found and row.part <= 1:
                lines = "、".join(f"第 {other.row} 行" for other in found)
                notes.append(findings.REF_AMBIGUOUS.at(place, shown, rows=lines))
            elif row.part <= 1:
                have = f"现有序号：{min(by_number)}—{max(by_number)}。" if by_number else "本单位没有报送问题清单。"
                notes.append(findings.REF_UNKNOWN.at(place, shown, hint=have))
        linked.append((unit, row, tuple(dict.fromkeys(places[id(target)] for target in targets))))
    return linked, notes


def _targets(text: str, by_number: dict[int, list[Row]], by_title: dict[str, list[Row]]) -> list[tuple[str, list[Row]]]:
    numbers = values.references(text)
    if numbers is not None:
        return [(str(number), by_number.get(number, [])) for number in numbers]
    return [(text[:60], by_title.get(values.fold(text).rstrip("。"), []))]
