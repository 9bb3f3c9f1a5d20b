"""A bulletin or a reminder as a Word document: the official layout, and tables as offices set them."""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from pipeline.bulletin.wording import Grid, Written
from pipeline.narrative import layout
from pipeline.xlsx import packaging

_TEXT_WIDTH = 156.0
"""Millimetres between the margins (GB/T 9704-2012, 5.2.1)."""
_HEAD_SIZE, _CELL_SIZE, _NOTE_SIZE = 12.0, 10.5, 10.5
"""表头 黑体小四, 表内 仿宋五号: what offices print, the standard gives no size."""

_LEADING, _PADDING = 5.5, 3.9
"""Points that a table's line is higher than its letters; millimetres that a cell keeps free at its sides."""


def write_paper(
    path: Path,
    title: str,
    sections: Sequence[Written],
    signature: str,
    day: dt.date,
    addressee: str = "",
    short: bool = False,
) -> None:
    """Write the document; the same sections give the same bytes. OSError as the file system raises it.

    A `short` one has no empty line above its signature.
    """
    document = docx.Document()
    for blank in list(document.paragraphs):
        blank._p.getparent().remove(blank._p)
    layout.set_page(document)
    layout.set_styles(document)
    document.add_paragraph(title, style=layout.TITLE_STYLE)
    if addressee:
        paragraph = document.add_paragraph(f"{addressee}：", style=layout.BODY_STYLE)
        paragraph.paragraph_format.first_line_indent = Pt(0)
        paragraph._p.get_or_add_pPr().find(qn("w:ind")).set(qn("w:firstLineChars"), "0")
    for section in sections:
        if section.heading:
            document.add_paragraph(section.heading, style=layout.HEADING1)
        for text in section.paragraphs:
            document.add_paragraph(text, style=layout.BODY_STYLE)
        if section.table:
            _table(document, section.table)
    if signature:
        if not short:
            document.add_paragraph(style=layout.BODY_STYLE).paragraph_format.keep_with_next = True
        document.add_paragraph(signature, style=layout.SIGNATURE_STYLE).paragraph_format.keep_with_next = True
        document.add_paragraph(f"{day.year}年{day.month}月{day.day}日", style=layout.DATE_STYLE)
    properties = document.core_properties
    properties.author, properties.last_modified_by = "sandan", ""
    properties.title, properties.comments = title.replace("\n", ""), ""
    buffer = io.BytesIO()
    document.save(buffer)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(packaging.repack(buffer.getvalue(), day))


def _table(document: Any, grid: Grid) -> None:
    table = document.add_table(rows=1, cols=len(grid.header))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    widths = column_widths(grid.widths)
    for column, width in zip(table.columns, widths, strict=True):  # not every office program looks at the cells'
        column.width = Mm(width)
    _fill(table.rows[0], grid.header, widths, layout.BLACK, _HEAD_SIZE)
    properties = table.rows[0]._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))  # repeated on every page
    for values in grid.rows:
        _fill(table.add_row(), values, widths, layout.BODY, _CELL_SIZE)
    for row in table.rows:
        row._tr.get_or_add_trPr().insert(0, OxmlElement("w:cantSplit"))
    if grid.note:
        note = document.add_paragraph(style=layout.BODY_STYLE)
        _set(note, grid.note, layout.BODY, _NOTE_SIZE)
        note.alignment = WD_ALIGN_PARAGRAPH.LEFT


def column_widths(shares: Sequence[int]) -> list[float]:
    """The widths of a table's columns in millimetres."""
    return [_TEXT_WIDTH * share / sum(shares) for share in shares]


def row_height(values: Sequence[str], widths: Sequence[float]) -> float:
    """The height of a table's row in points, as its longest cell is broken into lines."""
    lines = 1
    for text, width in zip(values, widths, strict=True):
        room = (width - _PADDING) * 72 / 25.4
        taken = sum(_CELL_SIZE * (0.55 if char.isascii() else 1) for char in text)
        lines = max(lines, math.ceil(taken / room))
    return lines * (_CELL_SIZE + _LEADING) + 2


def _fill(row: Any, values: Sequence[str], widths: Sequence[float], font: str, size: float) -> None:
    for cell, text, width in zip(row.cells, values, widths, strict=True):
        cell.width = Mm(width)
        paragraph = cell.paragraphs[0]
        _set(paragraph, text, font, size)
        centred = font == layout.BLACK or len(text) <= 8
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.LEFT
        vertical = OxmlElement("w:vAlign")
        vertical.set(qn("w:val"), "center")
        cell._tc.get_or_add_tcPr().append(vertical)


def _set(paragraph: Any, text: str, font: str, size: float) -> None:
    """The text in a size of its own; the exact pitch of the body would cut it loose from its line."""
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), font)
    form = paragraph.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(size + _LEADING)
    form.first_line_indent = Pt(0)
    form.space_before = form.space_after = Pt(1)


def read_paper(path: Path) -> tuple[list[str], list[list[list[str]]]]:
    """(the text of every paragraph outside tables, the cells of every table) of a written document."""
    document = docx.Document(str(path))
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    return [paragraph.text for paragraph in document.paragraphs], tables
