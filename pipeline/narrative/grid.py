"""A table in a document: its header repeated on every page and named for those who listen to it, rows kept whole."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm

from pipeline.narrative import layout
from pipeline.xlsx import packaging


@dataclass(frozen=True, slots=True)
class Grid:
    """What a table says: a name for readers who cannot see it, header, rows, and the columns' shares of the width.

    Rows that agree in the first `joined` columns show these once, as one cell down the rows.
    """

    name: str
    header: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    shares: tuple[int, ...]
    joined: int = 0


_WIDTH = 225
"""Millimetres of the text area of a landscape page: the 版心 of GB/T 9704 lying on its side."""


def new_document() -> Document:
    """An empty document in the official layout."""
    document = docx.Document()
    for blank in list(document.paragraphs):
        blank._p.getparent().remove(blank._p)
    layout.set_page(document)
    layout.set_styles(document)
    layout.table_styles(document)
    return document


def lie_down(document: Document, first: bool) -> None:
    """From here on pages are landscape (GB/T 9704-2012, 8: wide tables lie on their side)."""
    section = document.sections[0] if first else document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin, section.bottom_margin = Mm(28), Mm(26)
    section.left_margin, section.right_margin = Mm(37), Mm(35)


def add_grid(document: Document, grid: Grid) -> None:
    """The table at the end of the document."""
    table = document.add_table(rows=1, cols=len(grid.header), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    properties = table._tbl.tblPr
    for tag in ("w:tblCaption", "w:tblDescription"):
        mark = OxmlElement(tag)
        mark.set(qn("w:val"), grid.name)
        properties.append(mark)
    _fill(table.rows[0], grid.header, layout.TABLE_HEADER)
    _switch(table.rows[0], "w:tblHeader")
    above: tuple[str, ...] = ()
    joined: list[bool] = []
    for texts in grid.rows:
        row = table.add_row()
        again = bool(grid.joined) and texts[: grid.joined] == above
        _fill(row, (*("" for _ in above), *texts[grid.joined :]) if again else texts, layout.TABLE_CELL)
        _switch(row, "w:cantSplit")
        above = texts[: grid.joined]
        joined.append(again)
    for column, share in enumerate(grid.shares):
        width = Mm(_WIDTH * share / sum(grid.shares))
        table.columns[column].width = width
        for cell in table.columns[column].cells:
            cell.width = width
    for number, again in enumerate(joined, start=1):
        for cell in list(table.rows[number].cells)[: grid.joined]:
            _down(cell, again)


def _fill(row: Any, texts: Sequence[str], style: str) -> None:
    for cell, text in zip(row.cells, texts, strict=True):
        first, *more = text.split("\n")
        cell.paragraphs[0].text, cell.paragraphs[0].style = first, style
        for line in more:
            cell.add_paragraph(line, style=style)


def _down(cell: Any, again: bool) -> None:
    """Make the cell the first of those joined down the rows, or a further one."""
    mark = OxmlElement("w:vMerge")
    mark.set(qn("w:val"), "continue" if again else "restart")
    cell._tc.get_or_add_tcPr().append(mark)


def _switch(row: Any, tag: str) -> None:
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement(tag))


def save(document: Document, path: Path, title: str, day: dt.date) -> None:
    """Write it so that the same content gives the same bytes; OSError as the file system raises it."""
    properties = document.core_properties
    properties.author, properties.last_modified_by, properties.title, properties.comments = "sandan", "", title, ""
    properties.language = "zh-CN"
    buffer = io.BytesIO()
    document.save(buffer)
    path.write_bytes(packaging.repack(buffer.getvalue(), day))


def cells_of(path: Path) -> list[tuple[str, ...]]:
    """The rows of every table of a written document, headers left out."""
    return [
        tuple(cell.text for cell in row.cells) for table in docx.Document(str(path)).tables for row in table.rows[1:]
    ]
