"""A file's bytes -> its sheets as grids. What a file is, is decided by its content, never by its name."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import python_calamine
from defusedxml import DefusedXmlException

from pipeline import findings
from pipeline.cells import Value, address, shown
from pipeline.intake import package
from pipeline.intake.formats import seen_as
from pipeline.intake.grid import Grid
from pipeline.intake.hidden_parts import Extras, Hidden
from pipeline.intake.markup import is_markup, read_markup

SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".et", ".ods", ".csv", ".xltx", ".xlsb", ".ett"})
"""Names that departments' workbooks bear (contract, section 7, and their near kin)."""

_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""Characters that no cell may hold, and that no reader of ours would let be written again."""
_PASSWORD = "文件设置了打开密码，请去掉密码后重新报送"
_DAMAGED = "不是完好的工作簿，或已损坏"
_ENTITIES = "文件里有实体声明，正常的工作簿没有，为安全起见没有打开"
_FOREIGN = {
    b"\x89PNG": "图片",
    b"\xff\xd8\xff": "图片",
    b"GIF8": "图片",
    b"BM": "图片",
    b"%PDF": "PDF 文档",
    b"Rar!": "压缩包",
    b"7z\xbc\xaf": "压缩包",
    b"\x1f\x8b": "压缩包",
    b"MZ": "程序",
    b"\x7fELF": "程序",
}
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class UnreadableError(Exception):
    """The file cannot be read; the message is the reason in the clerk's words."""


@dataclass(frozen=True)
class Workbook:
    """The sheets of a file; `mark` is the (scheme, unit) that `sandan issue` hid in it, if any; `notes` what to say."""

    grids: list[Grid]
    mark: tuple[str, str] | None = None
    date_1904: bool = False
    notes: tuple[tuple[findings.Rule, str], ...] = ()


MARK_SHEET = "_sandan"
"""The very hidden sheet in which a form carries its scheme and unit."""


def open_workbook(data: bytes, careful: bool = False) -> Workbook:
    """The sheets of a workbook or text table.

    `careful` is for a file at which the first try died: it is mended first, and a second reader follows the first.
    Raises UnreadableError with the reason in the clerk's words; for bad content no other exception.
    """
    if not data:
        raise UnreadableError("文件是空的（0 字节）")
    for magic, what in _FOREIGN.items():
        if data.startswith(magic):
            raise UnreadableError(f"内容是{what}，不是表格")
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise UnreadableError(_PASSWORD)
        return _try((lambda: _from_xlrd(data)) if careful else (lambda: _from_calamine(data, "xls")))
    if data.startswith(_ZIP):
        return _try(lambda: _from_package(data, careful))
    return _try(lambda: Workbook(_from_text(data)))


def _try(read: Callable[[], Workbook]) -> Workbook:
    try:
        return read()
    except (KeyboardInterrupt, SystemExit, MemoryError, UnreadableError):
        raise
    except (package.TooMuchError, DefusedXmlException) as error:
        raise UnreadableError(str(error) if isinstance(error, package.TooMuchError) else _ENTITIES) from None
    except BaseException as error:  # a Rust panic is a BaseException
        raise UnreadableError(_reason(error)) from None


def _from_package(data: bytes, careful: bool) -> Workbook:
    with package.measure(data) as parts:
        names = {name.replace("\\", "/") for name in parts.namelist()}
        if any(part.flag_bits & 1 for part in parts.infolist()):
            raise UnreadableError(_PASSWORD)
    if not names & {"content.xml", "xl/workbook.xml", "xl/workbook.bin"}:
        kinds = {"word/document.xml": "Word 文档", "ppt/presentation.xml": "演示文稿"}
        raise UnreadableError(
            next((f"内容是{kind}，不是表格" for part, kind in kinds.items() if part in names), _DAMAGED)
        )
    notes = []
    if "xl/vbaProject.bin" in names:
        notes.append((findings.MACROS, ""))
    if any(name.startswith("xl/externalLinks/") for name in names):
        notes.append((findings.EXTERNAL_LINKS, ""))
    if not careful:
        try:
            book = _from_calamine(data, "zip")
            return replace(book, notes=tuple(notes))
        except UnreadableError:
            raise
        except BaseException as error:
            if not isinstance(error, Exception) and not _is_panic(error):
                raise
    mended, lost = package.mended(data)
    notes += [(findings.FAR_CELL, cell) for cell in lost]
    try:
        book = _from_calamine(mended, "zip")
    except BaseException as error:
        if isinstance(error, MemoryError) or not (isinstance(error, Exception) or _is_panic(error)):
            raise
        if "password" in str(error).lower() or "xl/workbook.xml" not in names:
            raise
        book = _from_openpyxl(mended)
    return replace(book, notes=tuple(notes))


def _is_panic(error: BaseException) -> bool:
    return "Panic" in type(error).__name__


def _from_calamine(data: bytes, kind: str) -> Workbook:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    extras = Extras(data, kind)
    grids = [grid for meta in book.sheets_metadata if (grid := _grid(book, meta, extras)) is not None]
    return _workbook(grids, extras.date_1904)


def _from_openpyxl(data: bytes) -> Workbook:
    """The second reader for .xlsx: slower, less particular about strings and compressions."""
    import openpyxl  # noqa: PLC0415 - only for what the first reader refuses

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    extras = Extras(data, "zip")
    grids = []
    for sheet in book.worksheets:
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_row=100_000, max_col=500, values_only=True)
        visible = sheet.sheet_state == "visible"
        grids.append(_made_grid(sheet.title, [list(row) for row in rows], (), visible, extras.of(sheet.title)))
    if not grids:
        raise UnreadableError(_DAMAGED)
    return _workbook(grids, extras.date_1904)


def _from_xlrd(data: bytes) -> Workbook:
    """The second reader for .xls."""
    import xlrd  # noqa: PLC0415 - only for what the first reader refuses

    book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
    extras = Extras(data, "xls")
    grids = []
    for sheet in book.sheets():
        rows = [
            [_xlrd_value(cell, book.datemode) for cell in sheet.row(number)]
            for number in range(min(sheet.nrows, 65_536))
        ]
        merges = tuple((top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells)
        grids.append(_made_grid(sheet.name, rows, merges, sheet.visibility == 0, extras.of(sheet.name)))
    return _workbook(grids, book.datemode == 1)


def _xlrd_value(cell: Any, datemode: int) -> Any:
    import xlrd  # noqa: PLC0415

    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return xlrd.xldate_as_datetime(cell.value, datemode)
        except (ValueError, OverflowError):
            return cell.value
    return (
        None
        if cell.ctype == xlrd.XL_CELL_ERROR
        else bool(cell.value)
        if cell.ctype == xlrd.XL_CELL_BOOLEAN
        else cell.value
    )


def _workbook(grids: list[Grid], date_1904: bool) -> Workbook:
    marks = [grid for grid in grids if grid.name == MARK_SHEET]
    mark = (marks[0].text(0, 1), marks[0].text(1, 1)) if marks else None
    return Workbook([grid for grid in grids if grid.name != MARK_SHEET], mark, date_1904)


def _reason(error: BaseException) -> str:
    text = str(error).lower()
    return _PASSWORD if "password" in text or "encrypt" in text else _DAMAGED


def _grid(book: Any, meta: Any, extras: Extras) -> Grid | None:
    if "WorkSheet" not in str(meta.typ):
        return None
    sheet = book.get_sheet_by_name(meta.name)
    merges = tuple((*first, *last) for first, last in (sheet.merged_cell_ranges or ()))
    hidden = extras.of(meta.name)
    visible = str(meta.visible).endswith(".Visible")
    return _made_grid(meta.name, sheet.to_python(skip_empty_area=False), merges or hidden.merges, visible, hidden)


def _made_grid(
    name: str,
    rows: list[list[Any]],
    merges: tuple[tuple[int, int, int, int], ...],
    visible: bool,
    hidden: Hidden,
) -> Grid:
    cells = [[_clean(value) for value in row] for row in rows]
    while cells and not any(value is not None for value in cells[-1]):
        cells.pop()
    controls = [
        address(row, column)
        for row, line in enumerate(rows)
        for column, value in enumerate(line)
        if isinstance(value, str) and _CONTROL.search(_unescaped(value))
    ]
    # a merge over the whole sheet covers what is there
    last_row, last_column = len(cells) - 1, max((len(line) for line in cells), default=1) - 1
    inside = tuple(
        (top, left, min(bottom, last_row), min(right, last_column))
        for top, left, bottom, right in merges
        if top <= last_row and left <= last_column
    )
    formatted = {
        (row, column): text
        for (row, column), code in hidden.formats.items()
        if row < len(cells) and column < len(cells[row]) and (text := seen_as(cells[row][column], code))
    }
    for (row, column), text in hidden.seen.items():
        if row < len(cells) and column < len(cells[row]) and _says_otherwise(cells[row][column], text):
            formatted[row, column] = text
    return Grid(name, cells, inside, hidden.rows, visible, hidden.errors, tuple(controls), hidden.moving, formatted)


def _says_otherwise(value: Value, text: str) -> bool:
    """Whether the text that .ods keeps of a number or date says something else than the value; full dates do not."""
    if isinstance(value, dt.date):
        return len(re.findall(r"\d+", text)) < 3
    return isinstance(value, int | float) and text != shown(value)


def _unescaped(text: str) -> str:
    """_x0001_ is how a workbook writes a character that XML cannot hold."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _clean(value: Any) -> Value:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        text = _unescaped(value).replace("\r\n", "\n").replace("\r", "\n")
        return _CONTROL.sub("", text) or None
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value  # type: ignore[no-any-return]


def decode(data: bytes) -> str:
    """Text of a .csv: byte order mark, then strict UTF-8, then GB18030 (right 20 of 20 times where guessers failed).

    Raises UnreadableError for anything else.
    """
    encodings = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise UnreadableError("不是工作簿，也不是文本表格")


def _from_text(data: bytes) -> list[Grid]:
    text = decode(data)
    if not text.strip():
        raise UnreadableError("内容是空白文本，不是表格")
    if is_markup(text):
        grids = read_markup(text)
        if not grids:
            raise UnreadableError("内容是网页，里面没有表格")
        return grids
    head = text.splitlines()[:20]
    delimiter = max(",\t;", key=lambda mark: sum(line.count(mark) for line in head))
    csv.field_size_limit(10_000_000)
    try:
        rows: list[list[Value]] = [
            [_clean(cell) for cell in row] for row in csv.reader(io.StringIO(text), delimiter=delimiter)
        ]
    except csv.Error:
        raise UnreadableError("文本表格的格式有误") from None
    if sum(len(row) > 1 for row in rows) < 1:
        raise UnreadableError("是文本文件，不是表格")
    return [Grid("（文本表格）", rows)]


def is_candidate(path: Path) -> bool:
    """Whether a file's name says that it is meant as a table."""
    return path.suffix.lower() in SUFFIXES
