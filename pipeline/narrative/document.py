"""The outline as a Word document."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import docx
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml.ns import qn

from pipeline import stationery
from pipeline.narrative import layout
from pipeline.narrative.outline import Level, Paragraph

_STYLES = {
    Level.TITLE: layout.TITLE_STYLE,
    Level.HEADING1: layout.HEADING1,
    Level.HEADING2: layout.HEADING2,
    Level.BODY: layout.BODY_STYLE,
}


def write_narrative(path: Path, paragraphs: list[Paragraph], title: str, day: dt.date) -> None:
    """Write the paragraphs in the official layout; the same paragraphs give the same bytes. OSError as it comes."""
    document = docx.Document()
    for blank in list(document.paragraphs):
        blank._p.getparent().remove(blank._p)
    layout.set_page(document)
    layout.set_styles(document)
    for paragraph in paragraphs:
        written = document.add_paragraph(style=_STYLES[paragraph.level])
        for run in paragraph.runs:
            if not run.text:
                continue
            piece = written.add_run(run.text)
            if run.lead:
                piece.bold = True
            if run.gap:
                piece.font.highlight_color = WD_COLOR_INDEX.YELLOW
            if any(char in "“”‘’—…·" for char in run.text):
                # without the hint Word sets these in the Latin font
                piece._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:hint"), "eastAsia")
    properties = document.core_properties
    properties.author, properties.last_modified_by, properties.title, properties.comments = "sandan", "", title, ""
    buffer = io.BytesIO()
    document.save(buffer)
    path.write_bytes(stationery.repack(buffer.getvalue(), day))
