"""One restrained palette and type scale for the whole workbook; fonts that Windows and WPS have.

Colour is never alone: every segment carries its number and every state its word. The four state colours stay apart for
readers who confuse red and green, or blue and yellow, and in grey print (tests/runs/test_print.py simulates each).
"""

from __future__ import annotations

from typing import Any

import xlsxwriter

WHITE, INK, MUTED, LINE, GRID = "#FFFFFF", "#1F2937", "#5B6472", "#D1D5DB", "#AEB6C2"
NAVY, BLUE, SKY, PALE = "#1F3864", "#2F5597", "#9DB2DA", "#F1F4F9"
AMBER_FILL, RED_FILL, INPUT_FILL, HEAT = "#FFF0CC", "#F9D9D5", "#FFFBE6", "#A9BBDD"
LATE_TEXT, SOON_TEXT = "#B42318", "#7A4F00"

DONE_COLOUR, LATE_COLOUR, SOON_COLOUR, OPEN_COLOUR = NAVY, "#D55E00", "#F6C65B", WHITE
"""A measure's state in every chart: 已完成, 逾期, 将到期, 未到期."""
OPEN_FRAME, SOON_FRAME = "#7A8699", SOON_TEXT
"""Light fills get a frame, so that they show on white paper."""

BODY_FONT = "微软雅黑"
BODY, SECTION, ANSWER, TITLE, FIGURE = 10, 12, 14, 18, 24
"""The type scale, in points; nothing is set smaller than the body."""

DEFAULT_FONT = {"font_name": "Arial", "font_size": BODY}
"""What column widths are counted in: of its stand-ins the widest is 1.21 times as wide, of Calibri's 1.33 times."""


class Styles:
    """The workbook's named formats, made once each; whether its figures are `live`, that is formulas over the lists."""

    def __init__(self, book: xlsxwriter.Workbook, live: bool = True):
        self._book = book
        self.live = live
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}
        frame = {"border": 1, "border_color": LINE}
        middle = {"align": "center", "valign": "vcenter"}
        under = {"bottom": 1, "bottom_color": LINE, "valign": "vcenter"}
        self.title = self.make(font_size=TITLE, bold=True, font_color=NAVY, valign="vcenter")
        self.subtitle = self.make(font_color=MUTED, valign="vcenter")
        self.link = self.make(font_color=BLUE, underline=1, valign="vcenter")
        self.tab = self.make(font_color=BLUE, bg_color=PALE, right=5, right_color=WHITE, **middle)
        self.header = self.make(bold=True, font_color=WHITE, bg_color=NAVY, text_wrap=True, **middle, **frame)
        self.number = self.make(align="center", num_format="0", **frame)
        self.rate = self.make(align="center", num_format="0%", **frame)
        self.day = self.make(align="center", num_format="yyyy-mm-dd", **frame)
        self.plain = self.make(**frame)
        self.group_line = self._book.add_format({"top": 1, "top_color": NAVY, "bottom": 1, "bottom_color": GRID})
        self.differs = self.make(font_color=LATE_TEXT, bold=True)
        self.agrees = self.make(font_color=INK)
        # 总览
        self.page_title = self.make(
            font_size=TITLE, bold=True, font_color=NAVY, valign="vcenter", bottom=2, bottom_color=NAVY
        )
        self.answer = self.make(font_size=ANSWER, bold=True, valign="vcenter")
        self.input_label = self.make(font_color=MUTED, align="right", valign="vcenter", bottom=2, bottom_color=NAVY)
        asked = {"bold": True, "bg_color": INPUT_FILL, "bottom": 2, "bottom_color": NAVY, **middle}
        self.input_date = self.make(num_format="yyyy-mm-dd", **asked)
        self.input_number = self.make(num_format='0" 天"', **asked)
        self.question = self.make(font_size=SECTION, bold=True, font_color=NAVY, valign="vcenter")
        self.reply = self.make(font_color=INK, valign="vcenter", bottom=2, bottom_color=NAVY)
        self.small_header = self.make(bold=True, font_color=NAVY, bg_color=PALE, text_wrap=True, **middle)
        self.small_header_left = self.make(bold=True, font_color=NAVY, bg_color=PALE, valign="vcenter")
        self.cell_text = self.make(**under)
        self.cell_link = self.make(font_color=BLUE, underline=1, **under)
        self.cell_strong = self.make(bold=True, **under)
        self.cell_number = self.make(num_format="0;-0;–", align="center", **under)
        self.cell_total = self.make(num_format="0;-0;–", align="center", bold=True, **under)
        self.cell_rate = self.make(num_format="0%", align="center", **under)
        self.cell_day = self.make(num_format="yyyy-mm-dd", align="center", **under)
        self.cell_centre = self.make(align="center", **under)
        self.late = self._book.add_format({"font_color": LATE_TEXT, "bold": True})
        self.soon = self._book.add_format({"font_color": SOON_TEXT, "bold": True})
        # the lists for the wall
        self.wall_group = self.make(bold=True, bg_color=PALE, valign="vcenter", border=1, border_color=GRID)
        self.wall_header = self.make(
            bold=True, text_wrap=True, bg_color="#E3E8F1", border=1, border_color=GRID, **middle
        )

    def card(self, rim: str) -> tuple[Any, Any, Any]:
        """Label, figure and note of a card; `rim` is the line above it."""
        box = {"bg_color": PALE, "valign": "vcenter", "right": 5, "right_color": WHITE, "indent": 1}
        return (
            self.make(font_color=MUTED, top=5, top_color=rim, **box),
            self.make(font_size=FIGURE, bold=True, font_color=NAVY, num_format="0", align="left", **box),
            self.make(font_color=MUTED, **box),
        )

    def cell(self, **properties: Any) -> Any:
        """A list's cell."""
        return self.make(text_wrap=True, valign="vcenter", border=1, border_color=GRID, **properties)

    def fill(self, colour: str) -> Any:
        """A fill for a conditional format."""
        return self._book.add_format({"bg_color": colour})

    def make(self, **properties: Any) -> Any:
        """A format with the house font; the same properties give the same format."""
        full = {"font_name": BODY_FONT, "font_size": BODY, "font_color": INK, **properties}
        key = tuple(sorted(full.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(full)
        return self._made[key]
