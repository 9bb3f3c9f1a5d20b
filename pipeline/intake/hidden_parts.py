"""What calamine does not tell of a workbook: hidden rows, error cells, formulas never calculated, merges of .ods."""

from __future__ import annotations

import io
import re
import zipfile

from defusedxml import ElementTree

from pipeline.intake.package import bad_string_indexes

_ROW = re.compile(rb"<row\b[^>]*>")
_HIDDEN = re.compile(rb"\bhidden=\"(?:1|true)\"")
_ROW_NUMBER = re.compile(rb"\br=\"(\d+)\"")
_ERROR_CELL = re.compile(rb"<c\b(?=[^>]*\bt=\"e\")[^>]*\br=\"([A-Z]+\d+)\"[^>]*>.*?<v>([^<]*)</v>", re.DOTALL)
_BARE_FORMULA = re.compile(
    rb"<c\b[^>]*\br=\"([A-Z]+\d+)\"[^>]*>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>"
)
_ODS_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


class Extras:
    """What calamine does not tell: hidden rows, error cells, formulas never calculated, merges of .ods."""

    def __init__(self, data: bytes, kind: str):
        self.date_1904 = False
        self._sheets: dict[str, tuple[frozenset[int], dict[str, str], tuple[tuple[int, int, int, int], ...]]] = {}
        if kind == "xls":
            self._from_xls(data)
            return
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            names = set(parts.namelist())
            if "content.xml" in names:
                self._from_ods(parts)
            elif "xl/workbook.xml" in names:
                self._from_xlsx(parts, names)

    def of(self, sheet: str) -> tuple[frozenset[int], dict[str, str], tuple[tuple[int, int, int, int], ...]]:
        """Hidden rows (zero-based), address -> error ("公式" for a formula never calculated), merges; of one sheet."""
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
        for node in main.iter(f"{space}sheet"):
            link = next((value for key, value in node.attrib.items() if key.endswith("}id")), "")
            target = targets.get(link, "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if part in names:
                self._sheets[node.get("name", "")] = (*_scan_sheet(parts.read(part)), ())

    def _from_ods(self, parts: zipfile.ZipFile) -> None:
        root = ElementTree.fromstring(parts.read("content.xml"))
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
    if b"<f>" in xml or b"<f " in xml or b"<f/" in xml:
        errors.update((cell.decode(), "公式") for cell in _BARE_FORMULA.findall(xml))
    return frozenset(hidden), errors
