"""What calamine does not tell of a workbook: hidden rows, error cells, formulas never calculated, formats, merges of .ods."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from defusedxml import ElementTree

from pipeline.cells import parse_address
from pipeline.intake.formats import BUILT_IN, is_plain
from pipeline.intake.package import bad_string_indexes

_ROW = re.compile(rb"<row\b[^>]*>")
_HIDDEN = re.compile(rb"\bhidden=\"(?:1|true)\"")
_ROW_NUMBER = re.compile(rb"\br=\"(\d+)\"")
_ERROR_CELL = re.compile(rb"<c\b(?=[^>]*\bt=\"e\")[^>]*\br=\"([A-Z]+\d+)\"[^>]*>.*?<v>([^<]*)</v>", re.DOTALL)
_BARE_FORMULA = re.compile(
    rb"<c\b[^>]*\br=\"([A-Z]+\d+)\"[^>]*>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>"
)
_STYLED = re.compile(
    rb"<c\b(?=[^>]*\bs=\"(\d+)\")(?=[^>]*\br=\"([A-Z]+\d+)\")(?![^>]*\bt=\"(?:s|str|inlineStr|b|e)\")[^>]*>"
)
_MOVING = re.compile(rb"<c\b[^>]*\br=\"([A-Z]+\d+)\"[^>]*>\s*<f\b[^>]*>([^<]*(?:TODAY|NOW)\(\)[^<]*)</f>")
_ODS_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_ODS_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_ODS_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_REPEATS = 1000
"""Cells or rows repeated more often than this are the empty rest of a sheet."""


@dataclass
class Hidden:
    """Of one sheet: hidden rows (zero-based), address -> error ("公式" for a formula never calculated), merges, formats.

    `formats`: (row, column) -> number format of a numeric cell; `seen`: (row, column) -> the text that .ods keeps of it.
    """

    rows: frozenset[int] = frozenset()
    errors: dict[str, str] = field(default_factory=dict)
    merges: tuple[tuple[int, int, int, int], ...] = ()
    moving: dict[str, str] = field(default_factory=dict)
    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    seen: dict[tuple[int, int], str] = field(default_factory=dict)


class Extras:
    """What calamine does not tell of a workbook, sheet by sheet."""

    def __init__(self, data: bytes, kind: str):
        self.date_1904 = False
        self._sheets: dict[str, Hidden] = {}
        if kind == "xls":
            self._from_xls(data)
            return
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            names = set(parts.namelist())
            if "content.xml" in names:
                self._from_ods(parts)
            elif "xl/workbook.xml" in names:
                self._from_xlsx(parts, names)

    def of(self, sheet: str) -> Hidden:
        """What is known of one sheet."""
        return self._sheets.get(sheet, Hidden())

    def _from_xls(self, data: bytes) -> None:
        import xlrd  # noqa: PLC0415 - only needed for .xls and .et

        try:
            book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
        except Exception:  # calamine has read the cells; without xlrd only hidden rows and formats stay unknown
            return
        for sheet in book.sheets():
            hidden = frozenset(row for row, info in sheet.rowinfo_map.items() if info.hidden)
            self._sheets[sheet.name] = Hidden(hidden, formats=dict(_xls_formats(book, sheet)))

    def _from_xlsx(self, parts: zipfile.ZipFile, names: set[str]) -> None:
        main = ElementTree.fromstring(parts.read("xl/workbook.xml"))
        space = main.tag.partition("}")[0] + "}"
        properties = main.find(f"{space}workbookPr")
        self.date_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        if "xl/_rels/workbook.xml.rels" not in names:
            return
        targets = {
            node.get("Id"): node.get("Target", "")
            for node in ElementTree.fromstring(parts.read("xl/_rels/workbook.xml.rels"))
        }
        codes = _format_codes(parts.read("xl/styles.xml")) if "xl/styles.xml" in names else {}
        for node in main.iter(f"{space}sheet"):
            link = next((value for key, value in node.attrib.items() if key.endswith("}id")), "")
            target = targets.get(link, "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if part in names:
                self._sheets[node.get("name", "")] = _scan_sheet(parts.read(part), codes)

    def _from_ods(self, parts: zipfile.ZipFile) -> None:
        root = ElementTree.fromstring(parts.read("content.xml"))
        for table in root.iter(f"{_ODS_TABLE}table"):
            hidden: set[int] = set()
            merges: list[tuple[int, int, int, int]] = []
            seen: dict[tuple[int, int], str] = {}
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
                    times = int(cell.get(f"{_ODS_TABLE}number-columns-repeated", "1"))
                    if (text := _ods_text(cell)) and times < _REPEATS and repeat < _REPEATS:
                        seen |= {(number + r, column + c): text for r in range(repeat) for c in range(times)}
                    column += times
                number += repeat
            self._sheets[table.get(f"{_ODS_TABLE}name", "")] = Hidden(frozenset(hidden), {}, tuple(merges), seen=seen)


def _xls_formats(book: Any, sheet: Any) -> Iterator[tuple[tuple[int, int], str]]:
    for row in range(sheet.nrows):
        for column, kind in enumerate(sheet.row_types(row)):
            if kind in (2, 3):  # number, date
                style = book.format_map.get(book.xf_list[sheet.cell_xf_index(row, column)].format_key)
                if style is not None and not is_plain(style.format_str):
                    yield (row, column), style.format_str


def _ods_text(cell: Any) -> str:
    """What .ods shows of a number or a date."""
    if cell.get(f"{_ODS_OFFICE}value-type") not in ("float", "percentage", "currency", "date"):
        return ""
    return "\n".join("".join(line.itertext()) for line in cell.findall(f"{_ODS_TEXT}p"))


def _format_codes(xml: bytes) -> dict[int, str]:
    """Style number of a cell -> its number format, of those that show something of their own."""
    root = ElementTree.fromstring(xml)
    space = root.tag.partition("}")[0] + "}"
    own = {int(node.get("numFmtId", "0")): node.get("formatCode", "") for node in root.iter(f"{space}numFmt")}
    styles = root.find(f"{space}cellXfs")
    codes = {}
    for number, style in enumerate(styles if styles is not None else ()):
        name = int(style.get("numFmtId", "0"))
        code = own.get(name, BUILT_IN.get(name, ""))
        if not is_plain(code):
            codes[number] = code
    return codes


def _scan_sheet(xml: bytes, codes: dict[int, str]) -> Hidden:
    if xml.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ValueError("UTF-16 is read as an empty sheet")
    hidden = set()
    for tag in _ROW.findall(xml) if b"hidden=" in xml else ():
        if _HIDDEN.search(tag) and (number := _ROW_NUMBER.search(tag)):
            hidden.add(int(number[1]) - 1)
    errors = (
        {cell.decode(): text.decode("utf-8", "replace") for cell, text in _ERROR_CELL.findall(xml)}
        if b't="e"' in xml
        else {}
    )
    errors.update((cell, "损坏的文字") for cell in bad_string_indexes(xml))
    moving: dict[str, str] = {}
    if b"<f>" in xml or b"<f " in xml or b"<f/" in xml:
        errors.update((cell.decode(), "公式") for cell in _BARE_FORMULA.findall(xml))
        moving = {cell.decode(): "=" + text.decode("utf-8", "replace") for cell, text in _MOVING.findall(xml)}
    formats = {}
    for style, cell in _STYLED.findall(xml) if codes else ():
        if (code := codes.get(int(style))) and (place := parse_address(cell.decode())):
            formats[place] = code
    return Hidden(frozenset(hidden), errors, (), moving, formats)
