"""One restrained palette and type scale for the whole workbook; fonts that Windows and WPS have."""

from __future__ import annotations

from typing import Any

import xlsxwriter

INK, MUTED, LINE = "#1F2937", "#6B7280", "#D1D5DB"
NAVY, BLUE, SKY, PALE = "#1F3864", "#2F5597", "#8FAADC", "#EEF2F8"
GREEN, AMBER, RED = "#4E9A5B", "#E0A030", "#C0392B"
GREEN_FILL, AMBER_FILL, RED_FILL = "#DDF0E0", "#FFF0CC", "#F9D9D5"
SERIES = (NAVY, SKY, "#7F9F7F", AMBER, "#A6A6A6")
"""Colours of chart series, in order."""

BODY_FONT, TITLE_FONT = "微软雅黑", "微软雅黑"


class Styles:
    """The workbook's named formats, made once each."""

    def __init__(self, book: xlsxwriter.Workbook):
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}
        self.title = self.make(font_size=18, bold=True, font_color=NAVY, valign="vcenter")
        self.subtitle = self.make(font_size=10, font_color=MUTED, valign="vcenter")
        self.section = self.make(
            font_size=12, bold=True, font_color=NAVY, bottom=2, bottom_color=NAVY, valign="vcenter"
        )
        self.link = self.make(font_size=10, font_color=BLUE, underline=1, valign="vcenter")
        self.header = self.make(
            bold=True,
            font_color="#FFFFFF",
            bg_color=NAVY,
            align="center",
            valign="vcenter",
            text_wrap=True,
            border=1,
            border_color=LINE,
        )
        self.text = self.make(text_wrap=True, valign="top", border=1, border_color=LINE)
        self.centre = self.make(text_wrap=True, valign="top", align="center", border=1, border_color=LINE)
        self.number = self.make(valign="top", align="center", num_format="0", border=1, border_color=LINE)
        self.score = self.make(valign="top", align="center", num_format="0", border=1, border_color=LINE)
        self.date = self.make(valign="top", align="center", num_format="yyyy-mm-dd", border=1, border_color=LINE)
        self.input = self.make(
            text_wrap=True, valign="top", align="center", border=1, border_color=LINE, bg_color="#FFFBE6", locked=False
        )
        self.input_text = self.make(
            text_wrap=True, valign="top", border=1, border_color=LINE, bg_color="#FFFBE6", locked=False
        )
        self.linked = self.make(valign="top", align="center", font_color=BLUE, underline=1, border=1, border_color=LINE)
        self.card_label = self.make(font_size=10, font_color=MUTED, align="center", valign="vcenter", bg_color=PALE)
        self.card_value = self.make(
            font_size=22, bold=True, font_color=NAVY, align="center", valign="vcenter", bg_color=PALE
        )
        self.card_rate = self.make(
            font_size=22, bold=True, font_color=NAVY, align="center", valign="vcenter", bg_color=PALE, num_format="0.0%"
        )
        self.card_alert = self.make(
            font_size=22, bold=True, font_color=RED, align="center", valign="vcenter", bg_color=PALE
        )
        self.card_note = self.make(font_size=9, font_color=MUTED, align="center", valign="vcenter", bg_color=PALE)
        self.differs = self.make(font_color=RED, bold=True)
        self.agrees = self.make(font_color=INK)

    def make(self, **properties: Any) -> Any:
        """A format with the house font; the same properties give the same format."""
        full = {"font_name": BODY_FONT, "font_size": 10, "font_color": INK, **properties}
        key = tuple(sorted(full.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(full)
        return self._made[key]
