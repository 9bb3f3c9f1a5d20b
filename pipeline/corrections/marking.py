"""Marks put into a workbook's package itself: cells coloured, comments added, a list in front. All else stays byte for byte.

Loading a workbook into a model and saving it again lost something in a quarter of the public files tried (drawings, text
boxes, newer validations); changing only the parts that carry the marks keeps what a department put in.
"""

from __future__ import annotations

import datetime as dt
import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from pipeline.corrections.xlsx_parts import MAIN, RELATIONS, Cells, Line, Styles, list_sheet, place, tag
from pipeline.tables import MARKS_SHEET
from pipeline.xlsx import packaging

_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_AUTHOR = "sandan"
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


class _Package:
    def __init__(self, data: bytes):
        with zipfile.ZipFile(io.BytesIO(data)) as source:
            self.parts = {name: source.read(name) for name in source.namelist() if not name.endswith("/")}
        self.trees: dict[str, Any] = {}
        self.workbook = self.tree("xl/workbook.xml")
        if self.workbook.tag != tag("workbook"):
            raise NotKeepableError("no transitional workbook")
        self.links = self.tree("xl/_rels/workbook.xml.rels")
        self.types = self.tree("[Content_Types].xml")
        self.sheets = {
            sheet.get("name"): self.target("xl/workbook.xml", self.links, sheet.get(f"{{{RELATIONS}}}id"))
            for sheet in self.workbook.find(tag("sheets"))
        }
        self.styles = Styles(self.tree("xl/styles.xml"))

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
        etree.SubElement(links, f"{{{_RELS}}}Relationship", Id=link, Type=f"{RELATIONS}/{kind}", Target=f"/{target}")
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
            if sheet.tag != tag("worksheet"):
                continue
            cells = Cells(sheet)
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
            root = etree.Element(tag("comments"), nsmap={None: MAIN})
            etree.SubElement(root, tag("authors"))
            etree.SubElement(root, tag("commentList"))
            self.add(name, root)
            self.declare(name, _COMMENTS_TYPE)
            self.relate(part, "comments", name)
        root = self.tree(name)
        authors, notes = root.find(tag("authors")), root.find(tag("commentList"))
        known = [author.text for author in authors]
        if _AUTHOR not in known:
            etree.SubElement(authors, tag("author")).text = _AUTHOR
            known.append(_AUTHOR)
        own = str(known.index(_AUTHOR))
        there = {note.get("ref"): note for note in notes}
        shapes = []
        for address, text in comments.items():
            note = there.get(address)
            if note is None:
                note = etree.SubElement(notes, tag("comment"), ref=address, authorId=own)
                etree.SubElement(note, tag("text"))
                shapes.append((address, text))
            body = note.find(tag("text"))
            if note.get("authorId") == own:  # of an earlier copy: it is said anew
                for old in list(body):
                    body.remove(old)
            run = etree.SubElement(body, tag("r"))
            words = etree.SubElement(run, tag("t"))
            words.text = text if note.get("authorId") == own else f"\n{text}"
            words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        notes[:] = sorted(notes, key=lambda note: place(note.get("ref")))
        if shapes:
            self.draw(part, sheet, shapes)

    def draw(self, part: str, sheet: Any, shapes: list[tuple[str, str]]) -> None:
        """The boxes in which comments are shown."""
        drawing = sheet.find(tag("legacyDrawing"))
        if drawing is not None:
            folder, file = posixpath.split(part)
            links = self.tree(f"{folder}/_rels/{file}.rels")
            name = self.target(part, links, drawing.get(f"{{{RELATIONS}}}id"))
            root = self.tree(name)
        else:
            name = self.free("xl/drawings/vmlDrawing{}.vml")
            root = etree.fromstring(_VML)
            self.add(name, root)
            self.declare(name, _VML_TYPE)
            drawing = etree.Element(tag("legacyDrawing"), nsmap={"r": RELATIONS})
            drawing.set(f"{{{RELATIONS}}}id", self.relate(part, "vmlDrawing", name))
            _insert_before(sheet, drawing, _AFTER_VML)
        for number, (address, text) in enumerate(shapes, start=len(root)):
            row, column = place(address)
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
        root = list_sheet(self.styles, title, header, widths, lines)
        if MARKS_SHEET in self.sheets:  # of an earlier copy
            self.add(self.sheets[MARKS_SHEET], root)
            return
        name = self.free("xl/worksheets/sheet{}.xml")
        self.add(name, root)
        self.declare(name, _SHEET_TYPE)
        sheets = self.workbook.find(tag("sheets"))
        sheet = etree.Element(
            tag("sheet"), name=MARKS_SHEET, sheetId=str(max(int(node.get("sheetId")) for node in sheets) + 1)
        )
        sheet.set(f"{{{RELATIONS}}}id", self.relate("xl/workbook.xml", "worksheet", name))
        sheets.insert(0, sheet)
        for defined in self.workbook.iter(tag("definedName")):
            if defined.get("localSheetId") is not None:
                defined.set("localSheetId", str(int(defined.get("localSheetId")) + 1))
        for view in self.workbook.iter(tag("workbookView")):
            view.set("activeTab", "0")
            view.set("firstSheet", "0")
        for part in list(self.sheets.values()):
            for view in self.tree(part).iter(tag("sheetView")):
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
                    zipfile.ZipInfo(name, packaging.ZIP_TIME), self.content(name, stamp), zipfile.ZIP_DEFLATED
                )
        return out.getvalue()

    def content(self, name: str, stamp: dt.date) -> bytes:
        if name in self.trees:
            return bytes(etree.tostring(self.trees[name], xml_declaration=True, encoding="UTF-8", standalone=True))
        return packaging.without_people(self.parts[name], stamp) if name == "docProps/core.xml" else self.parts[name]


def _insert_before(sheet: Any, element: Any, names: Sequence[str]) -> None:
    behind = {tag(name) for name in names}
    follower = next((child for child in sheet if child.tag in behind), None)
    if follower is None:
        sheet.append(element)
    else:
        follower.addprevious(element)


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
