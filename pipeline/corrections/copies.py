"""One marked-up copy per workbook with findings: coloured cells, a comment in each, and a list of what to mend."""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Font

from pipeline import findings as rules
from pipeline.corrections.marking import Mark, NotKeepableError, mark_package
from pipeline.corrections.xlsx_parts import Line
from pipeline.findings import Finding
from pipeline.intake import opening
from pipeline.intake.grid import Grid
from pipeline.sandbox import Failure, Limits, sandboxed
from pipeline.tables import MARKS_SHEET
from pipeline.vocabulary import Level
from pipeline.xlsx import packaging, style
from pipeline.xlsx.wrapping import height_of

_CELL = re.compile(r"[A-Z]{1,3}[1-9]\d*")
_TITLE = "请按下表修改后重新报送；改好后本表不用删除。"
_COLUMNS = ("级别", "工作表", "单元格", "列名", "原值", "问题说明", "修改建议")
_WIDTHS = (7, 14, 9, 14, 28, 50, 50)
_SENT_BACK = frozenset({Level.ERROR, Level.WARNING})
log = logging.getLogger(__name__)
_NAME_BYTES = 255
_KEPT = frozenset({".xlsx", ".xlsm"})
"""Names under which a package goes back as it is called."""

Task = tuple[str, str, str, list[Finding], bool]
"""Source path, target path, name of the file, its findings, whether a first try died of it."""


def write_copies(
    sources: Mapping[str, Path],
    target: Path,
    findings: Sequence[Finding],
    stamp: dt.date,
    limits: Limits | None = None,
    workers: int = 0,
) -> dict[str, str]:
    """Write a copy for every file of `sources` with an error or warning; returns file -> its copy's name below `target`.

    A file whose package cannot be kept (.xls, .et, .ods, .csv …) comes back as a fresh .xlsx with its values. A file that
    cannot be opened at all has no copy: 核对结果 says so. Each is made in a process that may die of it. OSError as the
    file system raises it.
    """
    by_file: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.place.file in sources and finding.for_department:
            by_file[finding.place.file].append(finding)
    names = _copy_names(by_file)
    tasks: list[Task] = [
        (str(sources[file]), str(target / names[file]), file, own, False)
        for file, own in sorted(by_file.items())
        if any(finding.level in _SENT_BACK for finding in own) and not _unreadable(own)
    ]
    made = sandboxed(write_copy, stamp, tasks, limits, workers)
    again = [position for position, result in enumerate(made) if isinstance(result, Failure)]
    careful = [(*tasks[position][:4], True) for position in again]
    for position, result in zip(again, sandboxed(write_copy, stamp, careful, limits, workers), strict=True):
        made[position] = result
    copies: dict[str, str] = {}
    for task, result in zip(tasks, made, strict=True):
        if isinstance(result, OSError):
            raise result
        if isinstance(result, Failure):
            log.warning("%s: no copy (%s %s)", task[2], result.kind, result.detail)
        elif result.made:
            copies[task[2]] = names[task[2]]
            if result.why:
                log.warning("%s: its package is not kept (%s)", task[2], result.why)
    return copies


def _copy_names(files: Iterable[str]) -> dict[str, str]:
    """Each file's copy below the folder: 财政局.xls and 财政局.xls.xlsx get copies of their own."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for file in sorted(files, key=lambda name: (Path(name).suffix.lower() not in _KEPT, name)):
        name = file if Path(file).suffix.lower() in _KEPT else f"{_shortened(file)}.xlsx"
        number = 2
        while name in taken:
            name, number = f"{_shortened(file)}({number}).xlsx", number + 1
        taken.add(name)
        names[file] = name
    return names


def _shortened(file: str) -> str:
    """The name with room for an ending: file systems hold 255 bytes of a name."""
    path = Path(file)
    stem = path.name
    while len(f"{stem}(99).xlsx".encode()) > _NAME_BYTES:
        stem = stem[:-1]
    return (path.parent / stem).as_posix()


def _unreadable(own: Sequence[Finding]) -> bool:
    return any(finding.code == rules.UNREADABLE.code for finding in own)


@dataclass(frozen=True)
class Copied:
    """Whether a copy was made, and `why` it is a fresh workbook and not the department's own, "" if it is."""

    made: bool
    why: str = ""


def write_copy(stamp: dt.date, task: Task) -> Copied | OSError:
    """Write one copy; not made if the file cannot be opened any more, an OSError if the copy cannot be written."""
    source, target, _, own, careful = task
    try:
        data = Path(source).read_bytes()
    except OSError:
        return Copied(False)
    ordered = sorted(own, key=lambda finding: finding.level.rank)
    why = "a first try died"
    copy = b""
    if not careful:
        try:
            copy, why = _kept(data, ordered, stamp), ""
        except NotKeepableError as error:
            why = str(error)
    if not copy:
        try:
            grids = opening.open_workbook(data, careful).grids
        except opening.UnreadableError:
            return Copied(False)
        copy = _fresh(grids, ordered, stamp)
    try:
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        Path(target).write_bytes(copy)
    except OSError as error:
        return error
    return Copied(True, why)


def _kept(data: bytes, own: Sequence[Finding], stamp: dt.date) -> bytes:
    """The original with its marks; NotKeepableError where its package cannot be kept."""
    if not data.startswith(b"PK"):
        raise NotKeepableError("no package")

    def marks(sheets: frozenset[str]) -> tuple[list[Mark], list[Line]]:
        cells = _by_cell(own, sheets)
        marked = [Mark(sheet, cell, _colour(found), _said(found)) for (sheet, cell), found in cells.items()]
        return marked, [Line(_texts(finding), _argb(finding.level), _target(finding, sheets)) for finding in own]

    return mark_package(data, marks, _TITLE, _COLUMNS, _WIDTHS, stamp)


def _by_cell(own: Sequence[Finding], sheets: Set[str]) -> dict[tuple[str, str], list[Finding]]:
    by_cell: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in own:
        if finding.place.sheet in sheets and _CELL.fullmatch(finding.place.cell):
            by_cell[finding.place.sheet, finding.place.cell].append(finding)
    return by_cell


def _argb(level: Level) -> str:
    return str(style.MARK_FILLS[level].fgColor.rgb)


def _colour(found: Sequence[Finding]) -> str:
    return _argb(min((finding.level for finding in found), key=lambda level: level.rank))


def _said(found: Sequence[Finding]) -> str:
    return "\n".join(f"【{finding.level}】{finding.message}\n→ {finding.remedy}" for finding in found)


def _texts(finding: Finding) -> tuple[str, ...]:
    place = finding.place
    texts = (finding.level, place.sheet, place.cell, place.column, finding.value, finding.message, finding.remedy)
    return tuple(text[:32_000] for text in texts)


def _target(finding: Finding, sheets: Set[str]) -> str:
    """Where a line of the list leads."""
    if finding.place.sheet not in sheets or not _CELL.fullmatch(finding.place.cell):
        return ""
    quoted = finding.place.sheet.replace("'", "''")
    return f"'{quoted}'!{finding.place.cell}"


# ---- a fresh workbook with the values ----


def _fresh(grids: Sequence[Grid], own: Sequence[Finding], stamp: dt.date) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    titles: dict[str, str] = {}
    for number, grid in enumerate(grids, start=1):
        title = re.sub(r"[\\/*?:\[\]]", "_", grid.name)[:31] or f"表{number}"
        if title in titles.values():
            title = f"{title[:27]}({number})"
        titles[grid.name] = title
        _copy_values(book.create_sheet(title), grid)
    for (sheet, address), found in _by_cell(own, titles.keys()).items():
        page = book[titles[sheet]]
        cell = _anchor(page, address)
        cell.fill = style.MARK_FILLS[min((finding.level for finding in found), key=lambda level: level.rank)]
        cell.comment = Comment(_said(found), "sandan", height=60 + 60 * len(found), width=360)
    _list(book, own, titles)
    return packaging.workbook_bytes(book, stamp)


def _copy_values(sheet: Any, grid: Grid) -> None:
    for row, cells in enumerate(grid.cells, start=1):
        for column, value in enumerate(cells, start=1):
            if value is not None:
                cell = sheet.cell(row, column)
                style.put_text(cell, value)
                cell.alignment, cell.border = style.WRAP, style.BORDER
    for top, left, bottom, right in grid.merges:
        if bottom > top or right > left:
            sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
    for index in range(1, max((len(row) for row in grid.cells), default=0) + 1):
        sheet.column_dimensions[openpyxl.utils.get_column_letter(index)].width = 20


def _anchor(sheet: Any, address: str) -> Any:
    for merged in sheet.merged_cells.ranges:
        if address in merged:
            return sheet.cell(merged.min_row, merged.min_col)
    return sheet[address]


def _list(book: Any, own: Sequence[Finding], titles: Mapping[str, str]) -> None:
    if MARKS_SHEET in book.sheetnames:
        del book[MARKS_SHEET]
    sheet = book.create_sheet(MARKS_SHEET, 0)
    sheet.cell(1, 1, _TITLE).font = Font(name=style.HEADING_FONT, size=12)
    style.write_header(sheet, 2, _COLUMNS)
    style.set_widths(sheet, _WIDTHS)
    style.print_landscape(sheet, 2)
    for row, finding in enumerate(own, start=3):
        sheet.row_dimensions[row].height = height_of(zip(_texts(finding), _WIDTHS, strict=True))
        for column, value in enumerate(_texts(finding), start=1):
            cell = sheet.cell(row, column)
            style.put_text(cell, value or None)
            cell.alignment, cell.border = style.WRAP, style.BORDER
        title = titles.get(finding.place.sheet)
        if title and _CELL.fullmatch(finding.place.cell):
            quoted = title.replace("'", "''")
            sheet.cell(row, 3).hyperlink = f"#'{quoted}'!{finding.place.cell}"
            sheet.cell(row, 3).font = Font(name=style.FONT, color="FF2F5597", underline="single")
        sheet.cell(row, 1).fill = style.MARK_FILLS[finding.level]
    sheet.freeze_panes = "A3"
    book.active = 0
