"""One restrained palette and type scale for the whole workbook; fonts that Windows and WPS have."""

from __future__ import annotations

from typing import Any

import xlsxwriter

WHITE, INK, MUTED, LINE = "#FFFFFF", "#1F2937", "#6B7280", "#D1D5DB"
NAVY, BLUE, SKY, PALE, BAND = "#1F3864", "#2F5597", "#8FAADC", "#EEF2F8", "#F7F9FC"
GREEN, AMBER, RED, GREY = "#4E9A5B", "#E0A030", "#C0392B", "#A6A6A6"
GREEN_FILL, AMBER_FILL, RED_FILL, INPUT_FILL = "#DDF0E0", "#FFF0CC", "#F9D9D5", "#FFFBE6"
BAR, GREEN_BAR = "#BFCFEA", "#B5DCBC"
SERIES = (NAVY, SKY, "#7F9F7F", AMBER, GREY, LINE)
"""Colours of chart series, in order."""
STATUS_COLOURS = (GREY, SKY, "#9CC5A1", GREEN, LINE)
"""未启动, 正在推进, 基本完成, 已完成, 未填."""

BODY_FONT = "微软雅黑"
SMALL, BODY, SECTION, FIGURE, TITLE = 9, 10, 12, 22, 18
"""The type scale, in points."""


class Styles:
    """The workbook's named formats, made once each; whether its figures are `live`, that is formulas over the lists."""

    def __init__(self, book: xlsxwriter.Workbook, live: bool = True):
        self._book = book
        self.live = live
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}
        frame = {"border": 1, "border_color": LINE}
        middle = {"align": "center", "valign": "vcenter"}
        self.title = self.make(font_size=TITLE, bold=True, font_color=NAVY, valign="vcenter")
        self.banner = self.make(font_size=TITLE, bold=True, font_color=WHITE, bg_color=NAVY, valign="vcenter", indent=1)
        self.banner_note = self.make(font_color=WHITE, bg_color=NAVY, valign="vcenter", indent=1)
        self.banner_label = self.make(font_color=WHITE, bg_color=NAVY, align="right", valign="vcenter")
        self.banner_date = self.make(
            bold=True, font_color=WHITE, bg_color=NAVY, num_format="yyyy-mm-dd", align="left", valign="vcenter"
        )
        self.banner_number = self.make(
            bold=True, font_color=WHITE, bg_color=NAVY, num_format='0" 天"', align="left", valign="vcenter"
        )
        self.subtitle = self.make(font_color=MUTED, valign="vcenter")
        self.section = self.make(
            font_size=SECTION, bold=True, font_color=NAVY, bottom=2, bottom_color=NAVY, valign="vcenter"
        )
        self.link = self.make(font_color=BLUE, underline=1, valign="vcenter")
        self.tab = self.make(font_color=BLUE, bg_color=PALE, right=5, right_color=WHITE, **middle)
        self.header = self.make(bold=True, font_color=WHITE, bg_color=NAVY, text_wrap=True, **middle, **frame)
        self.small_header = self.make(
            font_size=SMALL, bold=True, font_color=NAVY, bg_color=PALE, text_wrap=True, **middle, **frame
        )
        self.cell_text = self.make(font_size=SMALL, valign="vcenter", bottom=1, bottom_color=LINE)
        self.cell_number = self.make(font_size=SMALL, num_format="0", bottom=1, bottom_color=LINE, **middle)
        self.cell_rate = self.make(font_size=SMALL, num_format="0%", bottom=1, bottom_color=LINE, **middle)
        self.number = self.make(align="center", num_format="0", **frame)
        self.rate = self.make(align="center", num_format="0%", **frame)
        self.day = self.make(align="center", num_format="yyyy-mm-dd", **frame)
        self.plain = self.make(**frame)
        card = {"bg_color": PALE, "align": "center", "valign": "vcenter", "right": 5, "right_color": WHITE}
        self.card_label = self.make(font_color=MUTED, top=5, top_color=SKY, **card)
        self.card_alert_label = self.make(font_color=MUTED, top=5, top_color=RED, **card)
        self.card_value = self.make(font_size=FIGURE, bold=True, font_color=NAVY, num_format="0", **card)
        self.card_rate = self.make(font_size=FIGURE, bold=True, font_color=NAVY, num_format="0.0%", **card)
        self.card_note = self.make(font_size=SMALL, font_color=MUTED, **card)
        self.alert = self._book.add_format({"font_color": RED, "bold": True})
        self.group_line = self._book.add_format({"top": 1, "top_color": NAVY})
        self.differs = self.make(font_color=RED, bold=True)
        self.agrees = self.make(font_color=INK)

    def cell(self, *, band: bool, **properties: Any) -> Any:
        """A list's cell; every other row is banded."""
        shade = {"bg_color": BAND} if band else {}
        return self.make(text_wrap=True, valign="top", border=1, border_color=LINE, **shade, **properties)

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
