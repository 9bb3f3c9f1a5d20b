"""Marks put into a workbook's package itself: cells coloured, comments added, a list in front. All else stays byte for byte.

Loading a workbook into a model and saving it again lost something in a quarter of the public files tried (drawings, text
boxes, newer validations); changing only the parts that carry the marks keeps what a department put in.
"""

from __future__ import annotations

import datetime as dt
import io
import math
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from lxml import etree

from pipeline import stationery
from pipeline.intake.grid import column_letter
from pipeline.tables import MARKS_SHEET

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_AUTHOR = "sandan"
_REF = re.compile(r"([A-Z]{1,3})(\d+)")
_AFTER_VML = (
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
)
"""What follows legacyDrawing in a sheet (the order of the elements is fixed)."""
_AFTER_FORMATS = ("cellStyles", "dxfs", "tableStyles", "colors", "extLst")


_WRONG = (
    KeyError,
    ValueError,
    IndexError,
    TypeError,
    AttributeError,
    StopIteration,
    etree.XMLSyntaxError,
    zipfile.BadZipFile,
)
"""What a package raises that is not as it should be."""


class NotKeepableError(Exception):
    """The package is not of the kind whose parts can be changed here; its values go into a fresh workbook instead."""


@dataclass(frozen=True)
class Mark:
    """What is said at a cell: its sheet, its address, the fill (ARGB) and the comment."""

    sheet: str
    cell: str
    colour: str
    comment: str


@dataclass(frozen=True)
class Line:
    """A line of the list in front: its texts, its fill, and where its third text leads ("" nowhere)."""

    texts: tuple[str, ...]
    colour: str
    target: str = ""


Marks = Callable[[frozenset[str]], tuple[list[Mark], list[Line]]]
"""Given the names of a workbook's sheets: what is marked in them, and what the list says."""


def mark_package(
    data: bytes, marks: Marks, title: str, header: Sequence[str], widths: Sequence[float], stamp: dt.date
) -> bytes:
    """The workbook with its marks; the same input gives the same bytes. NotKeepableError if it cannot be done here."""
    try:
        package = _Package(data)
        cells, lines = marks(frozenset(package.sheets))
        package.mark(cells)
        package.put_list(title, header, widths, lines)
        return package.save(stamp)
    except _WRONG as error:
        raise NotKeepableError(f"{type(error).__name__}: {error}") from error


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)


def _tag(name: str) -> str:
    return f"{{{_MAIN}}}{name}"


class _Package:
    def __init__(self, data: bytes):
        with zipfile.ZipFile(io.BytesIO(data)) as source:
            self.parts = {name: source.read(name) for name in source.namelist() if not name.endswith("/")}
        self.trees: dict[str, Any] = {}
        self.workbook = self.tree("xl/workbook.xml")
        if self.workbook.tag != _tag("workbook"):
            raise NotKeepableError("no transitional workbook")
        self.links = self.tree("xl/_rels/workbook.xml.rels")
        self.types = self.tree("[Content_Types].xml")
        self.sheets = {
            sheet.get("name"): self.target("xl/workbook.xml", self.links, sheet.get(f"{{{_R}}}id"))
            for sheet in self.workbook.find(_tag("sheets"))
        }
        self.styles = _Styles(self.tree("xl/styles.xml"))

    def tree(self, name: str) -> Any:
        """A part as XML; changes to it are saved."""
        if name not in self.trees:
            self.trees[name] = etree.fromstring(self.parts[name], _parser())
        return self.trees[name]

    def target(self, source: str, links: Any, link: str) -> str:
        relation = next(node for node in links if node.get("Id") == link)
        return posixpath.normpath(posixpath.join("/", posixpath.dirname(source), relation.get("Target"))).lstrip("/")

    def add(self, name: str, root: Any) -> None:
        self.parts[name], self.trees[name] = b"", root

    def free(self, pattern: str) -> str:
        """The first name of a pattern with a number that no part bears."""
        taken = {name.lower() for name in self.parts}
        return next(name for number in range(1, 100_000) if (name := pattern.format(number)).lower() not in taken)

    def declare(self, name: str, kind: str) -> None:
        etree.SubElement(self.types, f"{{{_TYPES}}}Override", PartName=f"/{name}", ContentType=kind)

    def relate(self, source: str, kind: str, target: str) -> str:
        """A relationship from a part; returns its id."""
        folder, file = posixpath.split(source)
        name = f"{folder}/_rels/{file}.rels"
        if name not in self.parts:
            self.add(name, etree.Element(f"{{{_RELS}}}Relationships", nsmap={None: _RELS}))
        links = self.tree(name)
        taken = {node.get("Id") for node in links}
        link = next(f"rId{number}" for number in range(1, 100_000) if f"rId{number}" not in taken)
        etree.SubElement(links, f"{{{_RELS}}}Relationship", Id=link, Type=f"{_R}/{kind}", Target=f"/{target}")
        return link

    def related(self, source: str, kind: str) -> str:
        """The part that a part has of a kind, "" for none."""
        folder, file = posixpath.split(source)
        name = f"{folder}/_rels/{file}.rels"
        if name not in self.parts:
            return ""
        links = self.tree(name)
        found = next((node for node in links if node.get("Type", "").endswith(f"/{kind}")), None)
        return self.target(source, links, found.get("Id")) if found is not None else ""

    # ---- cells and comments ----
    def mark(self, marks: Sequence[Mark]) -> None:
        by_sheet: dict[str, list[Mark]] = {}
        for mark in marks:
            by_sheet.setdefault(mark.sheet, []).append(mark)
        for name, own in by_sheet.items():
            part = self.sheets[name]
            sheet = self.tree(part)
            if sheet.tag != _tag("worksheet"):
                continue
            cells = _Cells(sheet)
            comments: dict[str, str] = {}
            for mark in own:
                address = cells.anchor(mark.cell)
                cell = cells.at(address)
                cell.set("s", str(self.styles.filled(int(cell.get("s", "0")), mark.colour)))
                comments[address] = f"{comments[address]}\n{mark.comment}" if address in comments else mark.comment
            self.comment(part, sheet, comments)

    def comment(self, part: str, sheet: Any, comments: dict[str, str]) -> None:
        name = self.related(part, "comments")
        if not name:
            name = self.free("xl/comments{}.xml")
            root = etree.Element(_tag("comments"), nsmap={None: _MAIN})
            etree.SubElement(root, _tag("authors"))
            etree.SubElement(root, _tag("commentList"))
            self.add(name, root)
            self.declare(name, _COMMENTS_TYPE)
            self.relate(part, "comments", name)
        root = self.tree(name)
        authors, notes = root.find(_tag("authors")), root.find(_tag("commentList"))
        known = [author.text for author in authors]
        if _AUTHOR not in known:
            etree.SubElement(authors, _tag("author")).text = _AUTHOR
            known.append(_AUTHOR)
        own = str(known.index(_AUTHOR))
        there = {note.get("ref"): note for note in notes}
        shapes = []
        for address, text in comments.items():
            note = there.get(address)
            if note is None:
                note = etree.SubElement(notes, _tag("comment"), ref=address, authorId=own)
                etree.SubElement(note, _tag("text"))
                shapes.append((address, text))
            body = note.find(_tag("text"))
            if note.get("authorId") == own:  # of an earlier copy: it is said anew
                for old in list(body):
                    body.remove(old)
            run = etree.SubElement(body, _tag("r"))
            words = etree.SubElement(run, _tag("t"))
            words.text = text if note.get("authorId") == own else f"\n{text}"
            words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        notes[:] = sorted(notes, key=lambda note: _place(note.get("ref")))
        if shapes:
            self.draw(part, sheet, shapes)

    def draw(self, part: str, sheet: Any, shapes: list[tuple[str, str]]) -> None:
        """The boxes in which comments are shown."""
        drawing = sheet.find(_tag("legacyDrawing"))
        if drawing is not None:
            folder, file = posixpath.split(part)
            links = self.tree(f"{folder}/_rels/{file}.rels")
            name = self.target(part, links, drawing.get(f"{{{_R}}}id"))
            root = self.tree(name)
        else:
            name = self.free("xl/drawings/vmlDrawing{}.vml")
            root = etree.fromstring(_VML)
            self.add(name, root)
            self.declare(name, _VML_TYPE)
            drawing = etree.Element(_tag("legacyDrawing"), nsmap={"r": _R})
            drawing.set(f"{{{_R}}}id", self.relate(part, "vmlDrawing", name))
            _insert_before(sheet, drawing, _AFTER_VML)
        for number, (address, text) in enumerate(shapes, start=len(root)):
            row, column = _place(address)
            root.append(
                etree.fromstring(
                    _SHAPE.format(
                        id=90_000 + number,
                        row=row - 1,
                        column=column - 1,
                        right=column + 4,
                        bottom=row + 2 + len(text) // 22,
                    )
                )
            )

    # ---- the list ----
    def put_list(self, title: str, header: Sequence[str], widths: Sequence[float], lines: Sequence[Line]) -> None:
        root = _list_sheet(self.styles, title, header, widths, lines)
        if MARKS_SHEET in self.sheets:  # of an earlier copy
            self.add(self.sheets[MARKS_SHEET], root)
            return
        name = self.free("xl/worksheets/sheet{}.xml")
        self.add(name, root)
        self.declare(name, _SHEET_TYPE)
        sheets = self.workbook.find(_tag("sheets"))
        sheet = etree.Element(
            _tag("sheet"), name=MARKS_SHEET, sheetId=str(max(int(node.get("sheetId")) for node in sheets) + 1)
        )
        sheet.set(f"{{{_R}}}id", self.relate("xl/workbook.xml", "worksheet", name))
        sheets.insert(0, sheet)
        for defined in self.workbook.iter(_tag("definedName")):
            if defined.get("localSheetId") is not None:
                defined.set("localSheetId", str(int(defined.get("localSheetId")) + 1))
        for view in self.workbook.iter(_tag("workbookView")):
            view.set("activeTab", "0")
            view.set("firstSheet", "0")
        for part in list(self.sheets.values()):
            for view in self.tree(part).iter(_tag("sheetView")):
                view.attrib.pop("tabSelected", None)
        extended = self.parts.get("docProps/app.xml")
        if extended:  # the names of sheets there would be one short
            self.parts["docProps/app.xml"] = re.sub(
                rb"<(HeadingPairs|TitlesOfParts)>.*?</\1>", b"", extended, flags=re.DOTALL
            )

    def save(self, stamp: dt.date) -> bytes:
        out = io.BytesIO()
        self.styles.finish()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as target:
            for name in self.parts:
                target.writestr(
                    zipfile.ZipInfo(name, stationery.ZIP_TIME), self.content(name, stamp), zipfile.ZIP_DEFLATED
                )
        return out.getvalue()

    def content(self, name: str, stamp: dt.date) -> bytes:
        if name in self.trees:
            return bytes(etree.tostring(self.trees[name], xml_declaration=True, encoding="UTF-8", standalone=True))
        return stationery.without_people(self.parts[name], stamp) if name == "docProps/core.xml" else self.parts[name]


class _Styles:
    """The workbook's cell formats, with ours added behind them."""

    def __init__(self, root: Any):
        self.root = root
        self.formats = root.find(_tag("cellXfs"))
        self.fills, self.fonts, self.borders = (root.find(_tag(name)) for name in ("fills", "fonts", "borders"))
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
        if ("fill", colour) not in self.made:
            fill = etree.Element(_tag("fill"))
            pattern = etree.SubElement(fill, _tag("patternFill"), patternType="solid")
            etree.SubElement(pattern, _tag("fgColor"), rgb=colour)
            self.made["fill", colour] = self._append(self.fills, fill)
        return self.made["fill", colour]

    def of_list(self, font: dict[str, str], colour: str = "", centred: bool = False, framed: bool = True) -> int:
        """A format of the list in front."""
        key = (*font.items(), colour, centred, framed)
        if key not in self.made:
            face = etree.Element(_tag("font"))
            if "u" in font:
                etree.SubElement(face, _tag("u"))
            etree.SubElement(face, _tag("sz"), val=font.get("size", "11"))
            etree.SubElement(face, _tag("color"), rgb=font.get("color", "FF000000"))
            etree.SubElement(face, _tag("name"), val=font.get("name", stationery.FONT))
            form = etree.Element(_tag("xf"), numFmtId="0", fontId=str(self._append(self.fonts, face)), applyFont="1")
            form.set("fillId", str(self.fill(colour)) if colour else "0")
            form.set("borderId", str(self._border()) if framed else "0")
            for name in ("applyFill", "applyBorder", "applyAlignment"):
                form.set(name, "1")
            place = {"horizontal": "center", "vertical": "center"} if centred else {"vertical": "top"}
            etree.SubElement(form, _tag("alignment"), wrapText="1" if framed else "0", **place)
            self.made[key] = self._append(self.formats, form)
        return self.made[key]

    def _border(self) -> int:
        if ("border", "") not in self.made:
            border = etree.Element(_tag("border"))
            for side in ("left", "right", "top", "bottom"):
                line = etree.SubElement(border, _tag(side), style="thin")
                etree.SubElement(line, _tag("color"), rgb="FFBFBFBF")
            etree.SubElement(border, _tag("diagonal"))
            self.made["border", ""] = self._append(self.borders, border)
        return self.made["border", ""]

    @staticmethod
    def _append(group: Any, element: Any) -> int:
        group.append(element)
        return len(group) - 1

    def finish(self) -> None:
        for group in (self.formats, self.fills, self.fonts, self.borders):
            group.set("count", str(len(group)))


class _Cells:
    """The cells of a sheet by address; one that is not there is made where it belongs."""

    def __init__(self, sheet: Any):
        self.data = sheet.find(_tag("sheetData"))
        self.rows = {int(row.get("r", "0")): row for row in self.data}
        self.merges = [_span(node.get("ref", "")) for node in sheet.iter(_tag("mergeCell"))]

    def anchor(self, address: str) -> str:
        """The cell that shows what a merged cell holds."""
        row, column = _place(address)
        for top, left, bottom, right in self.merges:
            if top <= row <= bottom and left <= column <= right:
                return f"{column_letter(left - 1)}{top}"
        return address

    def at(self, address: str) -> Any:
        number, column = _place(address)
        if number not in self.rows:
            row = etree.Element(_tag("row"), r=str(number))
            behind = next(
                (at for at, other in enumerate(self.data) if int(other.get("r", "0")) > number), len(self.data)
            )
            self.data.insert(behind, row)
            self.rows[number] = row
        row = self.rows[number]
        for at, cell in enumerate(row):
            there = _place(cell.get("r", "A1"))[1]
            if there == column:
                return cell
            if there > column:
                made = etree.Element(_tag("c"), r=address)
                row.insert(at, made)
                return made
        return etree.SubElement(row, _tag("c"), r=address)


def _place(address: str) -> tuple[int, int]:
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
    return (*_place(first), *_place(last or first))


def _insert_before(sheet: Any, element: Any, names: Sequence[str]) -> None:
    behind = {_tag(name) for name in names}
    follower = next((child for child in sheet if child.tag in behind), None)
    if follower is None:
        sheet.append(element)
    else:
        follower.addprevious(element)


def _list_sheet(
    styles: _Styles, title: str, header: Sequence[str], widths: Sequence[float], lines: Sequence[Line]
) -> Any:
    plain = {"name": stationery.FONT}
    heading = {"name": stationery.HEADING_FONT, "size": "12"}
    white = {"name": stationery.HEADING_FONT, "color": "FFFFFFFF"}
    link = {"name": stationery.FONT, "color": "FF2F5597", "u": ""}
    root = etree.Element(_tag("worksheet"), nsmap={None: _MAIN, "r": _R})
    properties = etree.SubElement(root, _tag("sheetPr"))
    etree.SubElement(properties, _tag("pageSetUpPr"), fitToPage="1")
    views = etree.SubElement(root, _tag("sheetViews"))
    view = etree.SubElement(views, _tag("sheetView"), tabSelected="1", workbookViewId="0")
    etree.SubElement(view, _tag("pane"), ySplit="2", topLeftCell="A3", activePane="bottomLeft", state="frozen")
    columns = etree.SubElement(root, _tag("cols"))
    for number, width in enumerate(widths, start=1):
        etree.SubElement(columns, _tag("col"), min=str(number), max=str(number), width=str(width), customWidth="1")
    data = etree.SubElement(root, _tag("sheetData"))
    _text_row(data, 1, [(title, styles.of_list(heading, framed=False))], height="24")
    blue = stationery.HEADER_FILL.fgColor.rgb
    _text_row(data, 2, [(text, styles.of_list(white, blue, centred=True)) for text in header], height="30")
    links = etree.Element(_tag("hyperlinks"))
    for number, line in enumerate(lines, start=3):
        cells = [
            (text, styles.of_list(link if at == 2 and line.target else plain, line.colour if at == 0 else ""))
            for at, text in enumerate(line.texts)
        ]
        lines_of = (
            len(text.encode("gb18030", "replace")) / width for text, width in zip(line.texts, widths, strict=False)
        )
        _text_row(data, number, cells, height=str(4 + 15 * min(math.ceil(max(1.0, *lines_of)), 27)))
        if line.target:
            etree.SubElement(links, _tag("hyperlink"), ref=f"C{number}", location=line.target, display=line.texts[2])
    if len(links):
        root.append(links)
    etree.SubElement(root, _tag("pageSetup"), paperSize="9", orientation="landscape", fitToHeight="0")
    return root


def _text_row(data: Any, number: int, cells: Sequence[tuple[str, int]], height: str = "") -> None:
    row = etree.SubElement(data, _tag("row"), r=str(number))
    if height:
        row.set("ht", height)
        row.set("customHeight", "1")
    for address, (text, style) in zip(_addresses(number), cells, strict=False):
        cell = etree.SubElement(row, _tag("c"), r=address, s=str(style))
        if text:
            cell.set("t", "inlineStr")
            words = etree.SubElement(etree.SubElement(cell, _tag("is")), _tag("t"))
            words.text = text
            words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _addresses(row: int) -> Iterator[str]:
    return (f"{column_letter(column)}{row}" for column in range(100))


_VML = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="88"/>'
    '</o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>'
)
_SHAPE = (
    '<v:shape xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel" id="_x0000_s{id}" type="#_x0000_t202" '
    'style="position:absolute;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
    '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
    "<x:Anchor>{column}, 15, {row}, 2, {right}, 31, {bottom}, 1</x:Anchor><x:AutoFill>False</x:AutoFill>"
    "<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
