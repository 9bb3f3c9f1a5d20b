"""Tables that are no workbooks: HTML and Excel 2003 XML, as old systems export them under the name .xls."""

from __future__ import annotations

import re

from lxml import etree, html

from pipeline.cells import Value
from pipeline.intake.grid import Grid

_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
_MAX_SPAN = 200


def is_markup(text: str) -> bool:
    """Whether text is HTML or XML rather than a table of separated values."""
    return text.lstrip("\ufeff \t\r\n").startswith("<")


def read_markup(text: str) -> list[Grid]:
    """The tables of a page or of a SpreadsheetML 2003 workbook; none if there are none. Entities are not resolved."""
    if _SS.strip("{}") in text[:4000]:
        return _spreadsheet(text)
    parser = html.HTMLParser(no_network=True, recover=True, huge_tree=False)
    try:
        page = html.document_fromstring(text, parser=parser)
    except (etree.ParserError, ValueError):
        return []
    grids = []
    for number, table in enumerate((table for table in page.iter("table") if table.find(".//table") is None), start=1):
        grid = _table(table, f"表格{number}")
        if grid.cells:
            grids.append(grid)
    return grids


def _table(table: html.HtmlElement, name: str) -> Grid:
    cells: list[list[Value]] = []
    merges: list[tuple[int, int, int, int]] = []
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(table.iter("tr")):
        line: list[Value] = []
        column = 0
        for cell in row.iterchildren("td", "th"):
            while (number, column) in taken:
                line.append(None)
                column += 1
            down, across = _span(cell, "rowspan"), _span(cell, "colspan")
            line += [_text(cell), *[None] * (across - 1)]
            if down > 1 or across > 1:
                merges.append((number, column, number + down - 1, column + across - 1))
                taken |= {(number + r, column + c) for r in range(down) for c in range(across)}
            column += across
        cells.append(line)
    return Grid(name, cells, tuple(merges))


def _span(cell: html.HtmlElement, name: str) -> int:
    text = str(cell.get(name, "1")).strip()
    return min(int(text), _MAX_SPAN) if text.isascii() and text.isdigit() and int(text) else 1


def _text(cell: html.HtmlElement) -> str | None:
    for line_break in cell.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "")
    text = re.sub(r"[ \t\r\f\v\xa0]*\n[ \t\r\f\v\xa0]*", "\n", str(cell.text_content())).strip()
    return text or None


def _spreadsheet(text: str) -> list[Grid]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    root = etree.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text).encode(), parser)
    grids = []
    for sheet in root.iter(f"{_SS}Worksheet") if root is not None else ():
        cells: list[list[Value]] = []
        for row in sheet.iter(f"{_SS}Row"):
            index = int(row.get(f"{_SS}Index", len(cells) + 1))
            cells += [[] for _ in range(min(index, 100_000) - 1 - len(cells))]
            line: list[Value] = []
            for cell in row.iterchildren(f"{_SS}Cell"):
                place = int(cell.get(f"{_SS}Index", len(line) + 1))
                line += [None] * (min(place, 500) - 1 - len(line))
                data = cell.find(f"{_SS}Data")
                line.append("".join(data.itertext()) or None if data is not None else None)
                line += [None] * min(int(cell.get(f"{_SS}MergeAcross", 0)), _MAX_SPAN)
            cells.append(line)
        if cells:
            grids.append(Grid(str(sheet.get(f"{_SS}Name", "Sheet")), cells))
    return grids
