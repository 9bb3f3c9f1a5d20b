"""A file's bytes -> its sheets as grids. What a file is, is decided by its content, never by its name."""

from __future__ import annotations

import csv
import io
import os
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import python_calamine
from defusedxml import ElementTree

from pipeline.intake.grid import Grid, Value

SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".et", ".ods", ".csv", ".xltx", ".xlsb", ".ett"})
"""Names that departments' workbooks bear (contract, section 7, and their near kin)."""

_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
_ROW = re.compile(rb"<row\b[^>]*>")
_HIDDEN = re.compile(rb"\bhidden=\"(?:1|true)\"")
_ROW_NUMBER = re.compile(rb"\br=\"(\d+)\"")
_ERROR_CELL = re.compile(rb"<c\b(?=[^>]*\bt=\"e\")[^>]*\br=\"([A-Z]+\d+)\"[^>]*>.*?<v>([^<]*)</v>", re.DOTALL)
_BARE_FORMULA = re.compile(
    rb"<c\b[^>]*\br=\"([A-Z]+\d+)\"[^>]*>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>"
)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ODS_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_ODS_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"


class UnreadableError(Exception):
    """The file cannot be read; the message is the reason in the clerk's words."""


@dataclass(frozen=True)
class Workbook:
    """The sheets of a file; `mark` is the (scheme, unit) that `sandan issue` hid in it, if any."""

    grids: list[Grid]
    mark: tuple[str, str] | None = None
    date_1904: bool = False


MARK_SHEET = "_sandan"
"""The very hidden sheet in which a form carries its scheme and unit."""


def open_workbook(data: bytes) -> Workbook:
    """The sheets of a workbook or text table.

    Raises UnreadableError with the reason in the clerk's words; never any other exception for bad content.
    """
    if not data:
        raise UnreadableError("文件是空的（0 字节）")
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise UnreadableError("文件设置了打开密码，请去掉密码后重新报送")
        return _from_calamine(data, "xls")
    if data.startswith(_ZIP):
        return _from_calamine(data, "zip")
    return Workbook([_from_text(data)])


def _from_calamine(data: bytes, kind: str) -> Workbook:
    try:
        with _without_panic_messages():
            book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
            extras = _Extras(data, kind)
            grids = [grid for meta in book.sheets_metadata if (grid := _grid(book, meta, extras)) is not None]
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except UnreadableError:
        raise
    except BaseException as error:  # a Rust panic is a BaseException
        raise UnreadableError(_reason(error)) from None
    marks = [grid for grid in grids if grid.name == MARK_SHEET]
    mark = (marks[0].text(0, 1), marks[0].text(1, 1)) if marks else None
    return Workbook([grid for grid in grids if grid.name != MARK_SHEET], mark, extras.date_1904)


@contextmanager
def _without_panic_messages() -> Iterator[None]:
    """A panicking reader writes its own traceback to the process's standard error, past Python; a clerk must not see it."""
    kept = os.dup(2)
    try:
        with open(os.devnull, "w", encoding="utf-8") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _reason(error: BaseException) -> str:
    text = str(error).lower()
    if "password" in text or "encrypt" in text:
        return "文件设置了打开密码，请去掉密码后重新报送"
    return "不是完好的工作簿，或已损坏"


def _grid(book: Any, meta: Any, extras: _Extras) -> Grid | None:
    if "WorkSheet" not in str(meta.typ):
        return None
    sheet = book.get_sheet_by_name(meta.name)
    merges = tuple((*first, *last) for first, last in (sheet.merged_cell_ranges or ()))
    cells = [[_clean(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    while cells and not any(value is not None for value in cells[-1]):
        cells.pop()
    hidden, errors, more_merges = extras.of(meta.name)
    visible = "Visible" in str(meta.visible)
    return Grid(meta.name, cells, merges or more_merges, hidden, visible, errors)


def _clean(value: Any) -> Value:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        text = value
        if "_x" in text:
            text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
        return text.replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value  # type: ignore[no-any-return]


class _Extras:
    """What calamine does not tell: hidden rows, error cells, formulas never calculated, merges of .ods."""

    def __init__(self, data: bytes, kind: str):
        self.date_1904 = False
        self._sheets: dict[str, tuple[frozenset[int], dict[str, str], tuple[tuple[int, int, int, int], ...]]] = {}
        if kind == "xls":
            self._from_xls(data)
            return
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist())
            if "content.xml" in names:
                self._from_ods(package)
            elif "xl/workbook.xml" in names:
                self._from_xlsx(package, names)

    def of(self, sheet: str) -> tuple[frozenset[int], dict[str, str], tuple[tuple[int, int, int, int], ...]]:
        return self._sheets.get(sheet, (frozenset(), {}, ()))

    def _from_xls(self, data: bytes) -> None:
        import xlrd  # noqa: PLC0415 - only needed for .xls and .et

        try:
            book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
        except Exception:  # calamine has read the cells; without xlrd only hidden rows stay unknown
            return
        for sheet in book.sheets():
            hidden = frozenset(row for row, info in sheet.rowinfo_map.items() if info.hidden)
            self._sheets[sheet.name] = (hidden, {}, ())

    def _from_xlsx(self, package: zipfile.ZipFile, names: set[str]) -> None:
        main = ElementTree.fromstring(package.read("xl/workbook.xml"))
        space = main.tag.partition("}")[0] + "}"
        properties = main.find(f"{space}workbookPr")
        self.date_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        if "xl/_rels/workbook.xml.rels" not in names:
            return
        targets = {
            node.get("Id"): node.get("Target", "")
            for node in ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
        }
        for node in main.iter(f"{space}sheet"):
            link = next((value for key, value in node.attrib.items() if key.endswith("}id")), "")
            target = targets.get(link, "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if part in names:
                self._sheets[node.get("name", "")] = (*_scan_sheet(package.read(part)), ())

    def _from_ods(self, package: zipfile.ZipFile) -> None:
        root = ElementTree.fromstring(package.read("content.xml"))
        for table in root.iter(f"{_ODS_TABLE}table"):
            hidden: set[int] = set()
            merges: list[tuple[int, int, int, int]] = []
            number = 0
            for row in table.iter(f"{_ODS_TABLE}table-row"):
                repeat = int(row.get(f"{_ODS_TABLE}number-rows-repeated", "1"))
                if row.get(f"{_ODS_TABLE}visibility") in ("collapse", "filter") and repeat < 10_000:
                    hidden.update(range(number, number + repeat))
                column = 0
                for cell in row:
                    down = int(cell.get(f"{_ODS_TABLE}number-rows-spanned", "1"))
                    across = int(cell.get(f"{_ODS_TABLE}number-columns-spanned", "1"))
                    if down > 1 or across > 1:
                        merges.append((number, column, number + down - 1, column + across - 1))
                    column += int(cell.get(f"{_ODS_TABLE}number-columns-repeated", "1"))
                number += repeat
            self._sheets[table.get(f"{_ODS_TABLE}name", "")] = (frozenset(hidden), {}, tuple(merges))


def _scan_sheet(xml: bytes) -> tuple[frozenset[int], dict[str, str]]:
    hidden = set()
    for tag in _ROW.findall(xml):
        if _HIDDEN.search(tag) and (number := _ROW_NUMBER.search(tag)):
            hidden.add(int(number[1]) - 1)
    errors = (
        {cell.decode(): text.decode("utf-8", "replace") for cell, text in _ERROR_CELL.findall(xml)}
        if b't="e"' in xml
        else {}
    )
    if b"<f" in xml:
        errors.update((cell.decode(), "公式") for cell in _BARE_FORMULA.findall(xml))
    return frozenset(hidden), errors


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


def _from_text(data: bytes) -> Grid:
    text = decode(data)
    if text.lstrip()[:1] == "<" or not text.strip():
        raise UnreadableError("内容是网页或空白文本，不是表格")
    head = text.splitlines()[:20]
    delimiter = max(",\t;", key=lambda mark: sum(line.count(mark) for line in head))
    csv.field_size_limit(10_000_000)
    try:
        rows: list[list[Value]] = [
            [cell or None for cell in row] for row in csv.reader(io.StringIO(text), delimiter=delimiter)
        ]
    except csv.Error:
        raise UnreadableError("文本表格的格式有误") from None
    if sum(len(row) > 1 for row in rows) < 1:
        raise UnreadableError("是文本文件，不是表格")
    return Grid("（文本表格）", rows)


def is_candidate(path: Path) -> bool:
    """Whether a file's name says that it is meant as a table."""
    return path.suffix.lower() in SUFFIXES
