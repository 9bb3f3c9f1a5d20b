"""The charts of 总览: native ones, one look. What each shows is asked and answered in the cells above it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from pipeline.summary.block import Block
from pipeline.summary.styles import (
    BODY,
    BODY_FONT,
    DONE_COLOUR,
    INK,
    LATE_COLOUR,
    LINE,
    MUTED,
    NAVY,
    OPEN_COLOUR,
    OPEN_FRAME,
    SKY,
    SOON_COLOUR,
    SOON_FRAME,
    WHITE,
)

_FONT = {"name": BODY_FONT, "size": BODY, "color": INK}
_AXIS = {
    "num_font": _FONT,
    "line": {"color": OPEN_FRAME},
    "major_tick_mark": "none",
    "minor_tick_mark": "none",
}
_STATES = (
    ("已完成", DONE_COLOUR, DONE_COLOUR, WHITE),
    ("逾期", LATE_COLOUR, LATE_COLOUR, WHITE),
    ("将到期", SOON_COLOUR, SOON_FRAME, INK),
    ("未到期", OPEN_COLOUR, OPEN_FRAME, INK),
)
"""Series, fill, frame, colour of the label."""
_READABLE = 0.09
"""A segment shorter than this share of the longest bar gets no label: it would not fit."""


def units(book: Any, ranking: Block, count: int) -> Any:
    """哪些单位逾期: what the first `count` units lead, by state, what hurts first."""
    chart = _chart(book, "bar", "stacked")
    order = (_STATES[1], _STATES[2], _STATES[3], _STATES[0])
    _stack(chart, ranking, "单位", order, count, 40)
    chart.set_y_axis({**_AXIS, "line": {"none": True}, "reverse": True, "interval_unit": 1, "crossing": "max"})
    chart.set_x_axis({**_AXIS, "visible": False, "major_gridlines": {"visible": False}, "min": 0})
    return chart


def months(book: Any, periods: Block) -> Any:
    """离截止还有多少: measures by the month in which they fall due, by state."""
    chart = _chart(book, "column", "stacked")
    _stack(chart, periods, "到期", _STATES, 0, 35)
    chart.set_y_axis({**_AXIS, "visible": False, "major_gridlines": {"visible": False}, "min": 0})
    chart.set_x_axis({**_AXIS, "text_axis": True})
    return chart


def aspects(book: Any, block: Block) -> Any:
    """哪些方面问题最多: the longest bar dark, the others light."""
    chart = _chart(book, "bar", "stacked")
    for name, colour, ink in (("最多", NAVY, WHITE), ("其余", SKY, INK)):
        _series(chart, block, "对照方面", name, {"fill": {"color": colour}, "gap": 35, "data_labels": _labels(ink, 1)})
    chart.set_y_axis({**_AXIS, "line": {"none": True}, "reverse": True, "interval_unit": 1, "crossing": "max"})
    chart.set_x_axis({**_AXIS, "visible": False, "major_gridlines": {"visible": False}, "min": 0})
    chart.set_legend({"none": True})
    return chart


def progress(book: Any, history: Block) -> Any:
    """是不是在往前走: what should be done against what is, period by period."""
    chart = _chart(book, "line")
    lines: tuple[tuple[str, dict[str, Any]], ...] = (
        ("应完成", {"line": {"color": OPEN_FRAME, "width": 1.75, "dash_type": "dash"}}),
        ("已完成", {"line": {"color": NAVY, "width": 2.5}, "marker": _marker("circle", NAVY)}),
        ("已销号", {"line": {"color": MUTED, "width": 1.5}, "marker": _marker("square", WHITE)}),
        ("逾期", {"line": {"color": LATE_COLOUR, "width": 2}, "marker": _marker("diamond", LATE_COLOUR)}),
    )
    for name, look in lines:
        last = {"value": True, "position": "right", "font": _FONT, "custom": _last_only(len(history.rows))}
        _series(chart, history, "期次", name, {**look, "data_labels": last})
    chart.set_y_axis(
        {**_AXIS, "min": 0, "line": {"none": True}, "major_gridlines": {"visible": True, "line": {"color": LINE}}}
    )
    chart.set_x_axis({**_AXIS, "text_axis": True})
    return chart


def _marker(kind: str, colour: str) -> dict[str, Any]:
    return {
        "type": kind,
        "size": 6,
        "fill": {"color": colour},
        "border": {"color": MUTED if colour == WHITE else colour},
    }


def _last_only(count: int) -> list[dict[str, Any] | None]:
    """A label at the last point alone."""
    return [*({"delete": True} for _ in range(count - 1)), None]


def _stack(
    chart: Any, block: Block, labels: str, states: Sequence[tuple[str, str, str, str]], count: int, gap: int
) -> None:
    totals = [sum(block.value(row, name) for name, *_ in states) for row in range(count or len(block.rows))]
    least = max(1, math.ceil(max(totals, default=0) * _READABLE))
    for name, colour, frame, ink in states:
        look = {"fill": {"color": colour}, "border": {"color": frame, "width": 0.75}, "gap": gap}
        chart.add_series(
            {
                "name": name,
                "categories": block.series(labels, count),
                "values": block.series(name, count),
                "data_labels": _labels(ink, least),
                **look,
            }
        )
    chart.set_legend({"position": "top", "font": _FONT})


def _labels(colour: str, least: int) -> dict[str, Any]:
    """Labels for figures from `least` up; none for 0."""
    shown = f"[>={least}]0;;" if least > 1 else "0;;"
    return {"value": True, "num_format": shown, "font": {**_FONT, "bold": True, "color": colour}}


def _series(chart: Any, block: Block, labels: str, values: str, look: dict[str, Any]) -> None:
    chart.add_series({"name": values, "categories": block.series(labels), "values": block.series(values), **look})


def _chart(book: Any, kind: str, subtype: str | None = None) -> Any:
    chart = book.add_chart({"type": kind, "subtype": subtype} if subtype else {"type": kind})
    chart.set_title({"none": True})
    chart.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    chart.set_plotarea({"fill": {"none": True}})
    chart.set_legend({"position": "top", "font": _FONT})
    return chart
