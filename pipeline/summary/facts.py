"""The single figures of 总览, each with a name and a place in 统计, so that a sentence can quote them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.consolidation import Result, is_done, light
from pipeline.findings import Finding
from pipeline.summary.block import BASE_DATE, DONE, LATE, Block, count_if, counted, quoted, table_range
from pipeline.summary.sheet import Live
from pipeline.tables import PENDING
from pipeline.vocabulary import ClosingState, FileState, JoinWay, Level, Light, TableKey

FACT_TITLES = ("要点", "数")
_FAMILY, _ID, _MARK = (PENDING.column(key).title for key in ("family", "id", "mark"))


class Facts:
    """Figures by name: what a formula calls each, and what it is now."""

    def __init__(self, block: Block):
        self._block = block
        self._rows = {row["要点"]: number for number, row in enumerate(block.rows)}

    def ref(self, name: str) -> str:
        """The cell."""
        return self._block.at(self._rows[name], "数")

    def value(self, name: str) -> Any:
        """The figure as it is now."""
        return self._block.value(self._rows[name], "数")

    def live(self, name: str) -> Live:
        """A formula that shows it."""
        return Live(f"={self.ref(name)}", self.value(name))


def _undecided() -> str:
    """How many families of 待确认 have a line without a mark."""
    group, mark = table_range("pending", _FAMILY), table_range("pending", _MARK)
    share = f'({mark}="")/(COUNTIFS({group},{group},{mark},"")+({mark}<>""))'
    return f"IF({counted('pending', _ID)}=0,0,SUMPRODUCT({share}))"


def fact_rows(
    merged: Result, findings: Sequence[Finding], units: Block, ranking: Block, attention: Block
) -> list[dict[str, Any]]:
    """The figures, each a formula over the lists or the blocks of 统计."""
    figures, measures = merged.figures, merged.items[TableKey.MEASURES]
    days, status = table_range("closing_list", "到期日"), table_range("closing_list", "完成情况")
    lights, closing = table_range("closing_list", "预警"), table_range("closing_list", "销号状态")
    lamps = [light(item, merged.base, merged.scheme.settings.warn_days) for item in measures]
    due = [item for item in measures if item.due and item.due < merged.base]
    today = [item for item in measures if item.due == merged.base and not is_done(item)]
    late_units = [value for value in units.values("逾期") if value > 0]
    most = ranking.value(0, "逾期")
    oldest, red = attention.at(0, "到期日"), f"COUNTIF({lights},{quoted(Light.RED)})"
    first_due = attention.value(0, "到期日")
    overdue_days = (merged.base - first_due).days if lamps.count(Light.RED) else 0
    levels = [finding.level for finding in findings]
    ended = [state for item in measures if (state := item.cells["closing"])]
    sent = units.cells("报送")
    lines = (
        ("措施", counted("task_list", "措施编号"), figures.items[TableKey.MEASURES]),
        ("已完成", f"COUNTIF({table_range('task_list', '完成情况')},{DONE})", figures.done),
        ("已销号", f"COUNTIF({closing},{quoted(ClosingState.CLOSED)})", figures.closed),
        ("待审核", f"COUNTIF({closing},{quoted(ClosingState.UNDER_REVIEW)})", ended.count(ClosingState.UNDER_REVIEW)),
        ("已到期", f"COUNTIF({days},{LATE})", len(due)),
        ("到期完成", count_if(days, LATE, status, DONE), sum(is_done(item) for item in due)),
        ("逾期", red, figures.overdue),
        ("将到期", f"COUNTIF({lights},{quoted(Light.AMBER)})", figures.due_soon),
        ("今日到期", count_if(days, BASE_DATE, lights, quoted(Light.AMBER)), len(today)),
        ("最久逾期天数", f"IF({red}=0,0,{BASE_DATE}-{oldest})", overdue_days),
        ("没有期限", f'{counted("closing_list", "措施编号")}-COUNTIF({lights},"?*")', lamps.count("")),
        ("逾期单位", f'COUNTIF({units.cells("逾期")},">0")', len(late_units)),
        ("逾期最多的单位", f"COUNTIF({units.cells('逾期')},{ranking.at(0, '逾期')})", units.values("逾期").count(most)),
        ("应报单位", f'COUNTIF({sent},"?*")-COUNTIF({sent},{quoted(FileState.NOT_ON_ROSTER)})', figures.units_due),
        ("已报单位", f"COUNTIF({sent},{quoted(FileState.TAKEN)})", figures.units_in),
        ("未报单位", f"COUNTIF({sent},{quoted(FileState.MISSING)})", figures.units_missing),
        (
            "核对错误",
            f"COUNTIF({table_range('findings', '级别')},{quoted(Level.ERROR)})",
            levels.count(Level.ERROR),
        ),
        ("核对结果", counted("findings", "代码"), len(findings)),
        ("待确认", _undecided(), figures.pending),
        ("问题", counted("problem_list", "问题编号"), figures.items[TableKey.PROBLEMS]),
        ("原因", counted("cause_list", "原因编号"), figures.items[TableKey.CAUSES]),
        (
            "归并前",
            count_if("trace[归并方式]", '"?*"', "trace[归并方式]", quoted(f"<>{JoinWay.REFUSED}")),
            sum(figures.rows.values()),
        ),
        ("拒收", f"COUNTIF(trace[归并方式],{quoted(JoinWay.REFUSED)})", figures.rows_refused),
    )
    return [{"要点": name, "数": Live(f"={formula}", value)} for name, formula, value in lines]
