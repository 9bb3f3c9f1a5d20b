"""The charts of 总览: native ones, one look, a title each and nothing that says nothing."""

from __future__ import annotations

from typing import Any

from pipeline.summary.statistics import Block, Statistics
from pipeline.summary.styles import AMBER, BODY_FONT, GREEN, INK, LINE, NAVY, RED, SERIES, SKY, SMALL, STATUS_COLOURS
from pipeline.vocabulary import Channel

_FONT = {"name": BODY_FONT, "size": SMALL, "color": INK}
_QUIET = {"num_font": _FONT, "line": {"none": True}, "major_tick_mark": "none", "minor_tick_mark": "none"}
_LABELS = {"value": True, "font": _FONT}


def channels(book: Any, sheet: str, rows: tuple[int, int], first_column: int) -> Any:
    """各方面问题, stacked by 查摆途径 (a problem may have come through several)."""
    chart = _chart(book, "bar", "各方面问题的查摆途径（一个问题可有几个途径）", "stacked")
    for index, name in enumerate((*Channel, "未注明")):
        chart.add_series(
            {
                "name": name,
                "categories": [sheet, rows[0], 0, rows[1], 0],
                "values": [sheet, rows[0], first_column + index, rows[1], first_column + index],
                "fill": {"color": SERIES[index]},
                "gap": 50,
            }
        )
    _lying(chart, labelled=False)
    chart.set_legend({"position": "bottom", "font": _FONT})
    return chart


def units(book: Any, sheet: str, rows: tuple[int, int], column: int, title: str) -> Any:
    """各单位问题数."""
    chart = _chart(book, "bar", title)
    chart.add_series(
        {
            "name": "问题",
            "categories": [sheet, rows[0], 0, rows[1], 0],
            "values": [sheet, rows[0], column, rows[1], column],
            "fill": {"color": NAVY},
            "gap": 45,
            "data_labels": _LABELS,
        }
    )
    _lying(chart)
    return chart


def shared(book: Any, statistics: Statistics) -> Any:
    """The problems that most units raised."""
    chart = _chart(book, "bar", "提出单位最多的问题（单位数）")
    _series(chart, statistics.shared, "问题", "提出单位数", BLUE_BAR)
    _lying(chart)
    return chart


def types(book: Any, statistics: Statistics) -> Any:
    """措施 by 整改类型."""
    return _ring(book, "措施按整改类型", statistics.types, "整改类型", ("#9CC5A1", SKY, AMBER, LINE))


def statuses(book: Any, statistics: Statistics) -> Any:
    """措施 by 完成情况."""
    return _ring(book, "措施按完成情况", statistics.statuses, "完成情况", STATUS_COLOURS)


def periods(book: Any, statistics: Statistics) -> Any:
    """到期 by month: done, open, overdue."""
    chart = _chart(book, "column", "到期措施（按月）", "stacked")
    for name, colour in (("已完成", GREEN), ("未到期", SKY), ("逾期", RED)):
        _series(chart, statistics.periods, "到期", name, {"fill": {"color": colour}, "gap": 50})
    chart.set_legend({"position": "bottom", "font": _FONT})
    chart.set_y_axis({**_QUIET, "major_gridlines": {"visible": True, "line": {"color": "#EEEEEE"}}})
    chart.set_x_axis({**_QUIET, "text_axis": True})
    return chart


BLUE_BAR = {"fill": {"color": SKY}, "gap": 45, "data_labels": _LABELS}


def _series(chart: Any, block: Block, labels: str, values: str, look: dict[str, Any]) -> None:
    chart.add_series({"name": values, "categories": block.series(labels), "values": block.series(values), **look})


def _ring(book: Any, title: str, block: Block, labels: str, colours: tuple[str, ...]) -> Any:
    chart = _chart(book, "doughnut", title)
    points = [{"fill": {"color": colour}, "border": {"color": "#FFFFFF"}} for colour in colours[: len(block.rows)]]
    shown = {"value": True, "num_format": "0;;", "font": {**_FONT, "bold": True}}
    _series(chart, block, labels, "措施数", {"points": points, "data_labels": shown})
    chart.set_hole_size(60)
    chart.set_legend({"position": "right", "font": _FONT})
    return chart


def _lying(chart: Any, labelled: bool = True) -> None:
    """Bars in the order of the table; no value axis where the bars are labelled."""
    chart.set_y_axis({**_QUIET, "reverse": True, "interval_unit": 1, "crossing": "max"})
    lines = {"visible": not labelled, "line": {"color": "#EEEEEE"}}
    chart.set_x_axis({**_QUIET, "major_gridlines": lines, "min": 0, "visible": not labelled})


def _chart(book: Any, kind: str, title: str, subtype: str | None = None) -> Any:
    chart = book.add_chart({"type": kind, "subtype": subtype} if subtype else {"type": kind})
    chart.set_title({"name": title, "name_font": {"name": BODY_FONT, "size": 11, "color": NAVY}})
    chart.set_chartarea({"border": {"color": LINE}})
    chart.set_legend({"none": True})
    return chart
