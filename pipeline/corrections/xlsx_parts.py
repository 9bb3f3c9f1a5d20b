"""The parts of a workbook's package that marks touch, as XML: cell formats, cells, and the sheet of the list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from lxml import etree

from pipeline.cells import column_letter
from pipeline.xlsx import style
from pipeline.xlsx.wrapping import height_of

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_REF = re.compile(r"([A-Z]{1,3})(\d+)")


@dataclass(frozen=True)
class Line:
    """A line of the list in front: its texts, its fill, and where its third text leads ("" nowhere)."""

    texts: tuple[str, ...]
    colour: str
    target: str = ""


def tag(name: str) -> str:
    """A name of the main namespace."""
    return f"{{{MAIN}}}{name}"


def place(address: str) -> tuple[int, int]:
    """ "C5" -> (5, 3)."""
    match = _REF.fullmatch(address)
    if match is None:
        raise ValueError(f"no cell: {address}")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def _span(ref: str) -> tuple[int, int, int, int]:
    first, _, last = ref.partition(":")
    return (*place(first), *place(last or first))


class Styles:
    """The workbook's cell formats, with ours added behind them."""

    def __init__(self, root: Any):
        self.root = root
        self.formats = root.find(tag("cellXfs"))
        self.fills, self.fonts, self.borders = (root.find(tag(name)) for name in ("fills", "fonts", "borders"))
        self.made: dict[tuple[Any, ...], int] = {}

    def filled(self, old: int, colour: str) -> int:
        """The format `old` with another fill."""
        if (old, colour) not in self.made:
            form = deepcopy(self.formats[old if old < len(self.formats) else 0])
            form.set("fillId", str(self.fill(colour)))
            form.set("applyFill", "1")
            self.made[old, colour] = self._append(self.formats, form)
        return self.made[old, colour]

    def fill(self, colour: str) -> int:
        """A solid fill, by its number."""
        if ("fill", colour) not in self.made:
            fill = etree.Element(tag("fill"))
            pattern = etree.SubElement(fill, tag("patternFill"), patternType="solid")
            etree.SubElement(pattern, tag("fgColor"), rgb=colour)
            self.made["fill", colour] = self._append(self.fills, fill)
        return self.made["fill", colour]

    def of_list(self, font: dict[str, str], colour: str = "", centred: bool = False, framed: bool = True) -> int:
        """A format of the list in front."""
        key = (*font.items(), colour, centred, framed)
        if key not in self.made:
            face = etree.Element(tag("font"))
            if "u" in font:
                etree.SubElement(face, tag("u"))
            etree.SubElement(face, tag("sz"), val=font.get("size", "11"))
            etree.SubElement(face, tag("color"), rgb=font.get("color", "FF000000"))
            etree.SubElement(face, tag("name"), val=font.get("name", style.FONT))
            form = etree.Element(tag("xf"), numFmtId="0", fontId=str(self._append(self.fonts, face)), applyFont="1")
            form.set("fillId", str(self.fill(colour)) if colour else "0")
            form.set("borderId", str(self._border()) if framed else "0")
            for name in ("applyFill", "applyBorder", "applyAlignment"):
                form.set(name, "1")
            where = {"horizontal": "center", "vertical": "center"} if centred else {"vertical": "top"}
            etree.SubElement(form, tag("alignment"), wrapText="1" if framed else "0", **where)
            self.made[key] = self._append(self.formats, form)
        return self.made[key]

    def _border(self) -> int:
        if ("border", "") not in self.made:
            border = etree.Element(tag("border"))
            for side in ("left", "right", "top", "bottom"):
                line = etree.SubElement(border, tag(side), style="thin")
                etree.SubElement(line, tag("color"), rgb="FFBFBFBF")
            etree.SubElement(border, tag("diagonal"))
            self.made["border", ""] = self._append(self.borders, border)
        return self.made["border", ""]

    @staticmethod
    def _append(group: Any, element: Any) -> int:
        group.append(element)
        return len(group) - 1

    def finish(self) -> None:
        """Say how many there are of each kind now."""
        for group in (self.formats, self.fills, self.fonts, self.borders):
            group.set("count", str(len(group)))


class Cells:
    """The cells of a sheet by address; one that is not there is made where it belongs."""

    def __init__(self, sheet: Any):
        self.data = sheet.find(tag("sheetData"))
        self.rows = {int(row.get("r", "0")): row for row in self.data}
        self.merges = [_span(node.get("ref", "")) for node in sheet.iter(tag("mergeCell"))]

    def anchor(self, address: str) -> str:
        """The cell that shows what a merged cell holds."""
        row, column = place(address)
        for top, left, bottom, right in self.merges:
            if top <= row <= bottom and left <= column <= right:
                return f"{column_letter(left - 1)}{top}"
        return address

    def at(self, address: str) -> Any:
        """The element of a cell."""
        number, column = place(address)
        if number not in self.rows:
            row = etree.Element(tag("row"), r=str(number))
            behind = next(
                (at for at, other in enumerate(self.data) if int(other.get("r", "0")) > number), len(self.data)
            )
            self.data.insert(behind, row)
            self.rows[number] = row
        row = self.rows[number]
        for at, cell in enumerate(row):
            there = place(cell.get("r", "A1"))[1]
            if there == column:
                return cell
            if there > column:
                made = etree.Element(tag("c"), r=address)
                row.insert(at, made)
                return made
        return etree.SubElement(row, tag("c"), r=address)


def list_sheet(
    styles: Styles, title: str, header: Sequence[str], widths: Sequence[float], lines: Sequence[Line]
) -> Any:
    """The sheet 修改清单: a title, a header, a line a finding; each line leads to its cell."""
    plain = {"name": style.FONT}
    heading = {"name": style.HEADING_FONT, "size": "12"}
    white = {"name": style.HEADING_FONT, "color": "FFFFFFFF"}
    link = {"name": style.FONT, "color": "FF2F5597", "u": ""}
    root = etree.Element(tag("worksheet"), nsmap={None: MAIN, "r": RELATIONS})
    properties = etree.SubElement(root, tag("sheetPr"))
    etree.SubElement(properties, tag("pageSetUpPr"), fitToPage="1")
    views = etree.SubElement(root, tag("sheetViews"))
    view = etree.SubElement(views, tag("sheetView"), tabSelected="1", workbookViewId="0")
    etree.SubElement(view, tag("pane"), ySplit="2", topLeftCell="A3", activePane="bottomLeft", state="frozen")
    columns = etree.SubElement(root, tag("cols"))
    for number, width in enumerate(widths, start=1):
        etree.SubElement(columns, tag("col"), min=str(number), max=str(number), width=str(width), customWidth="1")
    data = etree.SubElement(root, tag("sheetData"))
    _text_row(data, 1, [(title, styles.of_list(heading, framed=False))], height="24")
    blue = style.HEADER_FILL.fgColor.rgb
    _text_row(data, 2, [(text, styles.of_list(white, blue, centred=True)) for text in header], height="30")
    links = etree.Element(tag("hyperlinks"))
    for number, line in enumerate(lines, start=3):
        cells = [
            (text, styles.of_list(link if at == 2 and line.target else plain, line.colour if at == 0 else ""))
            for at, text in enumerate(line.texts)
        ]
        _text_row(data, number, cells, height=str(height_of(zip(line.texts, widths, strict=False))))
        if line.target:
            etree.SubElement(links, tag("hyperlink"), ref=f"C{number}", location=line.target, display=line.texts[2])
    if len(links):
        root.append(links)
    etree.SubElement(root, tag("pageSetup"), paperSize="9", orientation="landscape", fitToHeight="0")
    return root


def _text_row(data: Any, number: int, cells: Sequence[tuple[str, int]], height: str = "") -> None:
    row = etree.SubElement(data, tag("row"), r=str(number))
    if height:
        row.set("ht", height)
        row.set("customHeight", "1")
    for address, (text, form) in zip(_addresses(number), cells, strict=False):
        cell = etree.SubElement(row, tag("c"), r=address, s=str(form))
        if text:
            cell.set("t", "inlineStr")
            words = etree.SubElement(etree.SubElement(cell, tag("is")), tag("t"))
            words.text = text
            words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _addresses(row: int) -> Iterator[str]:
    return (f"{column_letter(column)}{row}" for column in range(100))
