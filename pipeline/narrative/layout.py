"""The official layout (GB/T 9704-2012) as Word's XML: page, grid, styles, page numbers. Lengths in twentieths of a point.

Numbers: A4; 天头 37 mm, 订口 28 mm, 版心 156 × 225 mm; 22 lines of 28 characters. 28 characters of 16 pt are 448 pt, the
text area 442.2 pt wide, so each character is set 0.25 pt closer; 225 mm / 22 lines leaves 28.95 pt a line.
"""

from __future__ import annotations

from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

BODY, TITLE_FONT, BLACK, KAI = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312"
_ALTERNATIVES = {BODY: "仿宋", TITLE_FONT: "小标宋", KAI: "楷体"}
STANDS_IN = {TITLE_FONT: "小标宋、宋体", BLACK: "微软雅黑", KAI: "楷体、华文楷体", BODY: "仿宋、华文仿宋"}
"""Fonts of the standard that the document asks for -> what a word processor shows where one is not installed."""
_LATIN = "Times New Roman"
LINE_PITCH = 579
_LINE = Pt(28.95)
_CLOSER = -5

TITLE_STYLE, HEADING1, HEADING2, BODY_STYLE = "公文标题", "Heading 1", "Heading 2", "公文正文"
SECRECY_STYLE, ATTACHMENT_STYLE, SIGNATURE_STYLE, DATE_STYLE = "公文密级", "公文附件", "公文署名", "公文日期"
CONTENTS_TITLE, CONTENTS1, CONTENTS2 = "公文目录标题", "toc 1", "toc 2"
OWN_STYLES = (
    TITLE_STYLE,
    HEADING1,
    HEADING2,
    BODY_STYLE,
    SECRECY_STYLE,
    ATTACHMENT_STYLE,
    SIGNATURE_STYLE,
    DATE_STYLE,
    CONTENTS_TITLE,
    CONTENTS1,
    CONTENTS2,
)
TABLE_HEADER, TABLE_CELL = "公文表头", "公文表格"
CHARACTERS, LINES = 28, 22
TITLE_CHARACTERS, TITLE_LINES = 20, 33 / 28.95
"""Characters of a line and lines of a page (GB/T 9704-2012, 5.2.3)."""
_AFTER_SWITCHES = ("w:bidi", "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing",
                   "w:mirrorIndents", "w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment",
                   "w:textboxTightWrap", "w:outlineLvl", "w:divId", "w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange")  # fmt: skip
"""What follows the switches among a paragraph's properties (the order of the elements is fixed)."""


def set_page(document: Document) -> None:
    """Page size, margins, grid, odd and even page numbers."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(24.7)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    for name in list(grid.attrib):
        del grid.attrib[name]
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(LINE_PITCH))
    document.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _page_number(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)


def _page_number(footer: Any, alignment: WD_ALIGN_PARAGRAPH) -> None:
    """“— 1 —” in 四号 宋体, one character in from the outer edge."""
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.alignment = alignment
    indent = OxmlElement("w:ind")
    for name in ("firstLine", "firstLineChars"):
        indent.set(qn(f"w:{name}"), "0")
    side = "right" if alignment == WD_ALIGN_PARAGRAPH.RIGHT else "left"
    indent.set(qn(f"w:{side}"), "280")
    indent.set(qn(f"w:{side}Chars"), "100")
    paragraph.paragraph_format.first_line_indent = 0
    properties = paragraph._p.get_or_add_pPr()
    old = properties.find(qn("w:ind"))
    properties.replace(old, indent)
    for text in ("— ", None, " —"):
        run = paragraph.add_run(text or "")
        run.font.size = Pt(14)
        _fonts(run._r.get_or_add_rPr(), "宋体", "宋体")
        if text is None:
            for kind in ("begin", None, "end"):
                if kind:
                    mark = OxmlElement("w:fldChar")
                    mark.set(qn("w:fldCharType"), kind)
                else:
                    mark = OxmlElement("w:instrText")
                    mark.set(qn("xml:space"), "preserve")
                    mark.text = " PAGE "
                run._r.append(mark)


def set_styles(document: Document, kept: frozenset[str] = frozenset()) -> None:
    """Title, headings with outline levels, body and the rest; eastAsia fonts on every one, theme fonts on none.

    Styles named in `kept` are the template's and stay as they are; without any the document's defaults are ours too.
    """
    if not kept:
        defaults = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
        _fonts(defaults, BODY, _LATIN)
        defaults.find(qn("w:lang")).set(qn("w:eastAsia"), "zh-CN")
        for style in document.styles:
            if style.type in (WD_STYLE_TYPE.PARAGRAPH, WD_STYLE_TYPE.CHARACTER) and style.element.rPr is not None:
                _strip_theme(style.element.rPr)
        _shape(document.styles["Normal"], BODY, 16, indent=False)
    for name in OWN_STYLES:
        if name in kept:
            continue
        style = _style(document, name)
        if name == TITLE_STYLE:
            _shape(style, TITLE_FONT, 22, indent=False, closer=0)
            style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
            style.paragraph_format.line_spacing = Pt(33)
            style.paragraph_format.space_after = _LINE
        elif name in (HEADING1, HEADING2):
            _shape(style, BLACK if name == HEADING1 else KAI, 16)
            style.paragraph_format.keep_with_next = True
        elif name == SECRECY_STYLE:
            _shape(style, BLACK, 16, indent=False)
        elif name == CONTENTS_TITLE:
            _shape(style, BLACK, 22, indent=False, closer=0)
            style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
            style.paragraph_format.line_spacing = Pt(33)
        elif name in (CONTENTS1, CONTENTS2):
            _shape(style, BODY, 16, indent=False)
            style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
            style.paragraph_format.left_indent = Pt(0 if name == CONTENTS1 else 32)
            style.paragraph_format.tab_stops.add_tab_stop(Mm(156), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
        else:
            _shape(style, BODY, 16, indent=name in (BODY_STYLE, ATTACHMENT_STYLE))
        if name in (SIGNATURE_STYLE, DATE_STYLE):
            style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            style.paragraph_format.right_indent = Pt(16 * (4 if name == DATE_STYLE else 2))
    _font_table(document)


def table_styles(document: Document) -> None:
    """Styles of a table's header (黑体 小四) and cells (仿宋 五号), lines at their natural height."""
    for name, font, size in ((TABLE_HEADER, BLACK, 12.0), (TABLE_CELL, BODY, 10.5)):
        style = _style(document, name)
        _shape(style, font, size, indent=False, closer=0)
        style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        style.paragraph_format.alignment = (
            WD_ALIGN_PARAGRAPH.CENTER if name == TABLE_HEADER else WD_ALIGN_PARAGRAPH.LEFT
        )


def _style(document: Document, name: str) -> Any:
    if name in document.styles:
        return document.styles[name]
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=name.startswith("toc"))
    style.base_style = document.styles["Normal"]
    return style


def _shape(style: Any, font: str, size: float, indent: bool = True, closer: int = _CLOSER) -> None:
    style.font.size = Pt(size)
    style.font.bold = style.font.italic = False
    style.font.color.rgb = None
    properties = style.element.get_or_add_rPr()
    for name in ("w:color", "w:spacing"):
        for old in properties.findall(qn(name)):
            properties.remove(old)
    _fonts(properties, font, _LATIN)
    if closer:
        spacing = OxmlElement("w:spacing")
        spacing.set(qn("w:val"), str(closer))
        properties.insert_element_before(spacing, "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:highlight", "w:u")
    form = style.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, _LINE
    form.widow_control = True
    form.keep_with_next = form.keep_together = False
    form.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    form.first_line_indent = Pt(2 * size) if indent else Pt(0)
    ind = style.element.pPr.find(qn("w:ind"))
    ind.set(qn("w:firstLineChars"), "200" if indent else "0")
    # 避头尾 on, and no stretch where Chinese meets Latin letters or figures: 28 characters a line are 28
    for name, on in (("kinsoku", "1"), ("overflowPunct", "1"), ("autoSpaceDE", "0"), ("autoSpaceDN", "0")):
        for old in style.element.pPr.findall(qn(f"w:{name}")):
            style.element.pPr.remove(old)
        switch = OxmlElement(f"w:{name}")
        switch.set(qn("w:val"), on)
        style.element.pPr.insert_element_before(switch, *_AFTER_SWITCHES)
    # the pitch is exact already; snapped to the grid a title's line would take two
    for old in style.element.pPr.findall(qn("w:snapToGrid")):
        style.element.pPr.remove(old)
    snap = OxmlElement("w:snapToGrid")
    snap.set(qn("w:val"), "0")
    style.element.pPr.insert_element_before(snap, *_AFTER_SWITCHES[3:])


def _strip_theme(properties: Any) -> None:
    fonts = properties.find(qn("w:rFonts"))
    if fonts is not None:
        for name in list(fonts.attrib):
            if "heme" in name:
                del fonts.attrib[name]


def _fonts(properties: Any, east_asian: str, latin: str) -> None:
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name, value in (("ascii", latin), ("hAnsi", latin), ("eastAsia", east_asian), ("cs", latin)):
        fonts.set(qn(f"w:{name}"), value)


def _font_table(document: Document) -> None:
    """Name what to take where a font is not installed."""
    part = next((rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/fontTable")), None)
    if part is None:
        return
    entries = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for name, other in _ALTERNATIVES.items()
    )
    part._blob = part.blob.replace(b"</w:fonts>", entries.encode() + b"</w:fonts>")
