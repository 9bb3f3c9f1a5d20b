"""The official layout (GB/T 9704-2012) as Word's XML: page, grid, styles, page numbers. Lengths in twentieths of a point.

Numbers: A4; 天头 37 mm, 订口 28 mm, 版心 156 × 225 mm; 22 lines of 28 characters. 28 characters of 16 pt are 448 pt, the
text area 442.2 pt wide, so each character is set 0.25 pt closer; 225 mm / 22 lines leaves 28.95 pt a line.
"""

from __future__ import annotations

from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

BODY, TITLE_FONT, BLACK, KAI = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312"
_ALTERNATIVES = {BODY: "仿宋", TITLE_FONT: "小标宋", KAI: "楷体"}
_LATIN = "Times New Roman"
LINE_PITCH = 579
_LINE = Pt(28.95)
_CLOSER = -5

TITLE_STYLE, HEADING1, HEADING2, BODY_STYLE = "公文标题", "Heading 1", "Heading 2", "公文正文"


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


def set_styles(document: Document) -> None:
    """Title, headings with outline levels, and body; eastAsia fonts on every one, theme fonts on none."""
    defaults = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    _fonts(defaults, BODY, _LATIN)
    for style in document.styles:
        if style.type in (WD_STYLE_TYPE.PARAGRAPH, WD_STYLE_TYPE.CHARACTER) and style.element.rPr is not None:
            _strip_theme(style.element.rPr)
    _shape(document.styles["Normal"], BODY, 16, indent=False)
    body = document.styles.add_style(BODY_STYLE, WD_STYLE_TYPE.PARAGRAPH)
    body.base_style = document.styles["Normal"]
    _shape(body, BODY, 16)
    title = document.styles.add_style(TITLE_STYLE, WD_STYLE_TYPE.PARAGRAPH)
    title.base_style = document.styles["Normal"]
    _shape(title, TITLE_FONT, 22, indent=False, closer=0)
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.line_spacing = Pt(33)
    _shape(document.styles[HEADING1], BLACK, 16)
    _shape(document.styles[HEADING2], KAI, 16)
    _font_table(document)


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
