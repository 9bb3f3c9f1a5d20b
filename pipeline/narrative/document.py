"""The outline as a Word document: clean, and a second time with a comment at each text that says where it comes from."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import docx
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph as WordParagraph

from pipeline import findings
from pipeline.findings import Finding, Place
from pipeline.narrative import layout
from pipeline.narrative.outline import Level, Paragraph, Run
from pipeline.xlsx import packaging

_STYLES = {
    Level.SECRECY: layout.SECRECY_STYLE,
    Level.TITLE: layout.TITLE_STYLE,
    Level.HEADING1: layout.HEADING1,
    Level.HEADING2: layout.HEADING2,
    Level.BODY: layout.BODY_STYLE,
    Level.ATTACHMENT: layout.ATTACHMENT_STYLE,
    Level.SIGNATURE: layout.SIGNATURE_STYLE,
    Level.DATE: layout.DATE_STYLE,
}
_MAIN_STYLES = (layout.TITLE_STYLE, layout.HEADING1, layout.HEADING2, layout.BODY_STYLE)
BODY_MARK = "{正文}"
"""Stands in a template where the text goes; without it the text goes to the end."""


class TemplateError(Exception):
    """The office's template cannot be used; the message says why."""


@dataclass(frozen=True)
class Template:
    """The office's own .docx, the texts that it brings, and what it lacks."""

    data: bytes
    texts: list[str]
    styles: frozenset[str]
    findings: list[Finding]


def read_template(path: Path) -> Template:
    """The template at `path`; TemplateError if it is not a Word document."""
    try:
        data = path.read_bytes()
        document = docx.Document(io.BytesIO(data))
        there = frozenset(name for name in layout.OWN_STYLES if name in document.styles)
    except Exception as error:
        raise TemplateError(
            f"文稿模板 {path.name} 打不开（{type(error).__name__}），请用 Word 另存为 .docx。"
        ) from error
    place = Place(path.name)
    texts = [paragraph.text for paragraph in document.paragraphs]
    return Template(
        data, texts, there, [findings.TEMPLATE_STYLE.at(place, name) for name in _MAIN_STYLES if name not in there]
    )


def write_narrative(
    path: Path,
    paragraphs: Sequence[Paragraph],
    title: str,
    day: dt.date,
    template: Template | None = None,
    contents: bool = False,
    notes: Mapping[str, str] | None = None,
    marks: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Write the paragraphs in the official layout or the template's; the same paragraphs give the same bytes.

    With `notes` (item number or `Paragraph.cell` -> what to say) it is the copy for review: each text carries its note as
    a comment, and the words that `marks` names of an item stand out. OSError as the file system raises it.
    """
    document = docx.Document(io.BytesIO(template.data)) if template else docx.Document()
    mark = _body_mark(document) if template else None
    if template is None:
        for blank in list(document.paragraphs):
            blank._p.getparent().remove(blank._p)
        layout.set_page(document)
    layout.set_styles(document, template.styles if template else frozenset())
    end = mark if mark is not None else document.element.body.sectPr
    secret = bool(paragraphs) and paragraphs[0].level is Level.SECRECY
    if secret:  # the first line is the copy number's, which nobody has given
        _place(document.add_paragraph(style=layout.SECRECY_STYLE), end)
    bookmark = 0
    for paragraph in paragraphs:
        if paragraph.level in (Level.ATTACHMENT, Level.SIGNATURE) and _first_of_its_level(paragraph, paragraphs):
            _place(document.add_paragraph(style=layout.BODY_STYLE), end)
        if contents and paragraph.level is Level.TITLE:
            _contents(document, paragraphs, end)
        written = document.add_paragraph(style=_STYLES[paragraph.level])
        _place(written, end)
        if contents and paragraph.level is Level.TITLE:
            written.paragraph_format.page_break_before = True
        for item, group in groupby(paragraph.runs, key=lambda run: run.item):
            pieces = [
                _run(written, part, marked)
                for run in group
                for part, marked in _stretches(run, (marks or {}).get(item, ()))
            ]
            note = (notes or {}).get(item or paragraph.cell)
            if note and pieces:
                document.add_comment(pieces, note, author="sandan", initials="核")
        if contents and paragraph.level in (Level.HEADING1, Level.HEADING2):
            bookmark += 1
            _bookmark(written, bookmark)
    _keep_ending(document, paragraphs)
    if mark is not None:
        mark.getparent().remove(mark)
    for comment in document.comments if notes else ():  # the base date, not the clock: bytes repeat
        comment._comment_elm.set(qn("w:date"), f"{day:%Y-%m-%d}T00:00:00Z")
    properties = document.core_properties
    properties.author, properties.last_modified_by, properties.title, properties.comments = "sandan", "", title, ""
    properties.language = "zh-CN"
    buffer = io.BytesIO()
    document.save(buffer)
    path.write_bytes(packaging.repack(buffer.getvalue(), day))


def _keep_ending(document: Any, paragraphs: Sequence[Paragraph]) -> None:
    """附件, 署名 and 成文日期 never stand alone on a page: the end of the text goes with them."""
    ending = {_STYLES[level] for level in (Level.ATTACHMENT, Level.SIGNATURE, Level.DATE)}
    if not any(_STYLES[paragraph.level] in ending for paragraph in paragraphs):
        return
    written = [paragraph for paragraph in document.paragraphs if paragraph.style.name in {*ending, layout.BODY_STYLE}]
    first = next(at for at, paragraph in enumerate(written) if paragraph.style.name in ending)
    for paragraph in written[max(first - 2, 0) : -1]:
        paragraph.paragraph_format.keep_with_next = True


def _place(paragraph: WordParagraph, before: Any) -> None:
    before.addprevious(paragraph._p)


def _body_mark(document: Any) -> Any:
    """The template's paragraph that stands for the text, None if it has none."""
    return next((paragraph._p for paragraph in document.paragraphs if paragraph.text.strip() == BODY_MARK), None)


def _first_of_its_level(paragraph: Paragraph, paragraphs: Sequence[Paragraph]) -> bool:
    return next(other for other in paragraphs if other.level is paragraph.level) is paragraph


def _stretches(run: Run, words: Sequence[str]) -> Iterator[tuple[Run, bool]]:
    """The run cut at the words that are to stand out: (stretch, whether it is such a word)."""
    if not run.text:
        return
    if not words:
        yield run, False
        return
    ordered = sorted(words, key=len, reverse=True)
    for part in re.split(f"({'|'.join(map(re.escape, ordered))})", run.text):
        if part:
            yield replace(run, text=part), part in words


def _run(written: WordParagraph, run: Run, marked: bool = False) -> Any:
    piece = written.add_run(run.text)
    if run.lead:
        piece.bold = True
    if marked:
        piece.font.highlight_color = WD_COLOR_INDEX.TURQUOISE
    if run.gap:
        piece.font.highlight_color = WD_COLOR_INDEX.YELLOW
    if any(char in "“”‘’—…·" for char in run.text):
        # without the hint Word sets these in the Latin font
        piece._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:hint"), "eastAsia")
    return piece


# ---- 目录 ----


def _bookmark(written: WordParagraph, number: int) -> None:
    for tag, place in (("w:bookmarkStart", 0), ("w:bookmarkEnd", None)):
        mark = OxmlElement(tag)
        mark.set(qn("w:id"), str(number))
        if tag.endswith("Start"):
            mark.set(qn("w:name"), f"_Toc{number:06}")
        first = written._p.find(qn("w:r"))
        first.addprevious(mark) if place == 0 else written._p.append(mark)


def _contents(document: Any, paragraphs: Sequence[Paragraph], end: Any) -> None:
    """A table of contents as Word keeps one: a TOC field with its entries, each leading to its heading."""
    headings = [paragraph for paragraph in paragraphs if paragraph.level in (Level.HEADING1, Level.HEADING2)]
    pages = _pages(paragraphs)
    title = document.add_paragraph("目　录", style=layout.CONTENTS_TITLE)
    _place(title, end)
    for number, heading in enumerate(headings, start=1):
        style = layout.CONTENTS1 if heading.level is Level.HEADING1 else layout.CONTENTS2
        entry = document.add_paragraph(style=style)
        _place(entry, end)
        if number == 1:
            _field_start(entry, r'TOC \o "1-2" \h \z \u')
        link = OxmlElement("w:hyperlink")
        link.set(qn("w:anchor"), f"_Toc{number:06}")
        entry._p.append(link)
        first = len(entry.runs)
        entry.add_run(heading.text)
        entry.add_run("\t")
        _field_start(entry, f"PAGEREF _Toc{number:06} \\h")
        entry.add_run(str(pages[number - 1]))
        _field_end(entry)
        for run in entry.runs[first:]:
            link.append(run._r)
        if number == len(headings):
            _field_end(entry)


def _contents_lines(paragraphs: Sequence[Paragraph]) -> float:
    """Lines of the table of contents; an entry of the second level is two characters in, a page number takes two."""
    lines = layout.TITLE_LINES + (2 if paragraphs[0].level is Level.SECRECY else 0)
    for paragraph in paragraphs:
        if paragraph.level in (Level.HEADING1, Level.HEADING2):
            width = layout.CHARACTERS - (0 if paragraph.level is Level.HEADING1 else 2)
            lines += math.ceil((_width(paragraph.text) + 2) / width)
    return lines


def _width(text: str) -> float:
    """Characters of a line that a text takes; two ASCII ones take one."""
    return sum(0.5 if char.isascii() else 1 for char in text)


def _pages(paragraphs: Sequence[Paragraph]) -> list[int]:
    """The page of each heading, counted in lines of the standard's page; Word counts again when it opens the file."""
    pages: list[int] = []
    page, used = 1 + math.ceil(_contents_lines(paragraphs) / layout.LINES), 0.0
    for at, paragraph in enumerate(paragraphs):
        if paragraph.level is Level.TITLE:
            lines = sum(math.ceil(len(line) / layout.TITLE_CHARACTERS) for line in paragraph.text.split("\n"))
            used += layout.TITLE_LINES * lines + 1
            continue
        lines = _lines(paragraph)
        room = int(layout.LINES - used)
        if paragraph.level in (Level.HEADING1, Level.HEADING2):
            if _kept_together(paragraphs[at:]) > room:
                page, used, room = page + 1, 0.0, layout.LINES
            pages.append(page)
        here = min(lines, room)
        if 0 < here < lines:  # neither the first nor the last line of a paragraph stands alone
            here -= lines - here == 1
            here = 0 if here == 1 else here
        if here == lines:
            used += lines
        else:
            rest = lines - here
            page, used = page + 1 + (rest - 1) // layout.LINES, float((rest - 1) % layout.LINES + 1)
    return pages


def _lines(paragraph: Paragraph) -> int:
    return math.ceil((_width(paragraph.text) + 2) / layout.CHARACTERS)


def _kept_together(paragraphs: Sequence[Paragraph]) -> int:
    """Lines of a heading, of those right below it, and of the beginning of the text below them."""
    total = 0
    for paragraph in paragraphs:
        if paragraph.level not in (Level.HEADING1, Level.HEADING2):
            lines = _lines(paragraph)
            return total + (lines if lines <= 3 else 2)
        total += _lines(paragraph)
    return total


def _field_start(paragraph: WordParagraph, code: str) -> None:
    for kind in ("begin", "", "separate"):
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            if kind == "begin":
                mark.set(qn("w:dirty"), "true")
        else:
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = f" {code} "
        run._r.append(mark)


def _field_end(paragraph: WordParagraph) -> None:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), "end")
    paragraph.add_run()._r.append(mark)


# ---- reading back ----


def read_narrative(path: Path) -> list[str]:
    """The text of every paragraph of a written document, tables and headers aside."""
    return [paragraph.text for paragraph in docx.Document(str(path)).paragraphs]
