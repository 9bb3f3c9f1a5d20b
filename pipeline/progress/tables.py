"""The sheets of a progress workbook (进展填报表), and those of 汇总台账.xlsx that show what came of them."""

from __future__ import annotations

from pipeline.progress.entries import Application, Use
from pipeline.tables import Column, Kind, Table
from pipeline.vocabulary import Role, Status

# fmt: off
PERIOD = Column("period", "期次", 30, "例：2022-07。", True, aliases=("填报期次", "报告期", "填报月份", "月份", "期数", "进展期次", "所属期"))

PROGRESS = Table("progress", "进展填报", (
    Column("number", "措施编号", 10, "已给定，不要改。", True, aliases=("编号", "措施序号", "台账编号", "任务编号", "销号编号")),
    Column("role", "角色", 6, "已给定。", choices=tuple(Role), aliases=("单位角色", "牵头配合", "牵头/配合", "责任角色")),
    Column("title", "措施", 16, "已给定。", repeats=True, aliases=("整改措施", "整改任务", "任务", "措施名称")),
    Column("detail", "具体举措", 28, "已给定。", repeats=True, aliases=("具体措施", "具体整改措施", "举措", "措施内容")),
    Column("goal", "目标要求", 14, "已给定。", aliases=("整改目标", "目标", "工作目标")),
    Column("deadline", "整改时限", 11, "已给定。", aliases=("完成时限", "时限", "整改期限")),
    Column("due", "到期日", 11, "已给定。", kind=Kind.DATE, aliases=("到期时间", "截止日期")),
    Column("before", "上期完成情况", 9, "已给定。", aliases=("上期情况", "上月完成情况", "上期状态")),
    Column("status", "完成情况", 9, "从下拉列表中选。", True, Kind.CHOICE, tuple(Status),
           aliases=("本期完成情况", "整改状态", "状态", "完成状态", "是否完成", "进度")),
    Column("progress", "本期进展", 30, "本期做了什么，写事实，不照抄上期。", True,
           aliases=("进展说明", "进展情况", "本期进展情况", "整改进展", "工作进展", "本月进展", "进展", "整改情况")),
    Column("evidence", "佐证材料", 14, "文件、照片、台账等的名称；申请销号必填。", aliases=("印证材料", "证明材料", "支撑材料", "附件")),
    Column("finished", "完成日期", 11, "填“已完成”的写明日期，例：2022-07-20。", kind=Kind.DATE,
           aliases=("完成时间", "实际完成时间", "实际完成日期", "办结时间")),
    Column("application", "申请事项", 10, "要申请才填：销号、延期或转长期坚持。", kind=Kind.CHOICE, choices=tuple(Application),
           aliases=("申请", "申请类型", "申请销号", "申请内容")),
    Column("extend_to", "申请延期至", 11, "申请延期必填。", kind=Kind.DATE, aliases=("延期至", "拟延期至", "申请延期时间", "延期时间")),
    Column("review_on", "下次复核日期", 11, "申请转长期坚持必填。", kind=Kind.DATE, aliases=("复核日期", "下次复核时间", "复核时间")),
    Column("reason", "申请理由", 16, "申请延期、转长期坚持必填。", aliases=("理由", "延期理由", "申请原因", "延期原因")),
    Column("remark", "备注", 10, "没有可不填。", aliases=("说明", "其他")),
), aliases=("进展", "进展情况", "整改进展", "调度", "进展表"))

GIVEN = ("number", "role", "title", "detail", "goal", "deadline", "due", "before")
"""Columns of 进展填报 that the office fills in and units leave alone."""

METRICS = Table("metrics", "量化指标", (
    Column("number", "措施编号", 10, "已给定，不要改。", True, aliases=("编号", "措施序号", "台账编号")),
    Column("indicator", "指标", 18, "已给定。", aliases=("指标名称", "量化内容")),
    Column("quote", "原文", 34, "已给定。", aliases=("措施原文", "承诺原文")),
    Column("target", "目标值", 9, "已给定。", aliases=("目标", "承诺值")),
    Column("measure", "量词", 8, "已给定。", aliases=("单位（量词）", "计量单位")),
    Column("cycle", "周期", 9, "已给定。", aliases=("频次",)),
    Column("before", "上期完成值", 10, "已给定。", aliases=("上期值", "上月完成值")),
    Column("value", "本期完成值", 10, "填数字。有周期的填本周期的数，没有周期的填累计数。", True,
           aliases=("完成值", "本月完成值", "实际完成值", "完成数")),
    Column("note", "说明", 20, "没有可不填。", aliases=("备注",)),
), aliases=("指标", "量化"))
METRICS_GIVEN = ("number", "indicator", "quote", "target", "measure", "cycle", "before")

DETAIL = Table("progress_detail", "进展明细", (
    Column("period", "期次", 9), Column("unit", "单位", 16), Column("role", "角色", 7), Column("number", "措施编号", 10),
    Column("title", "措施", 18), Column("status", "完成情况", 9), Column("text", "本期进展", 36), Column("evidence", "佐证材料", 16),
    Column("finished", "完成日期", 11, kind=Kind.DATE), Column("application", "申请事项", 10),
    Column("extend_to", "申请延期至", 11, kind=Kind.DATE),
    Column("reason", "申请理由", 18), Column("use", "采用", 8, choices=tuple(Use)), Column("note", "说明", 30),
    Column("file", "文件", 24), Column("sheet", "工作表", 10), Column("row", "行号", 7)))

LINES = Table("dispatch", "调度", (
    Column("period", "期次", 9), Column("units_due", "应报单位", 8), Column("units_in", "已报单位", 8), Column("units_missing", "未报单位", 8),
    Column("measures", "措施数", 8), Column("not_started", "未启动", 8), Column("in_progress", "正在推进", 8),
    Column("nearly_done", "基本完成", 8), Column("done", "已完成", 8), Column("done_rate", "完成率", 8, kind=Kind.RATE), Column("closed", "已销号", 8),
    Column("closed_rate", "销号率", 8, kind=Kind.RATE), Column("overdue", "逾期", 7), Column("extended", "延期", 7), Column("newly_done", "本期新完成", 9),
    Column("newly_closed", "本期新销号", 9), Column("newly_overdue", "本期新逾期", 9), Column("reopened", "重启", 7)))

CHANGES = Table("changes", "本期变化", (
    Column("number", "编号", 10), Column("title", "事项", 22), Column("column", "列名", 10), Column("old", "原来", 26),
    Column("new", "现在", 26), Column("by", "由谁", 16), Column("basis", "依据", 30), Column("day", "日期", 11)))

TARGETS = Table("targets", "量化指标", (
    Column("number", "措施编号", 10), Column("quote", "原文", 36), Column("indicator", "指标", 20), Column("compare", "比较", 6),
    Column("target", "目标值", 9), Column("measure", "量词", 8), Column("cycle", "周期", 9), Column("unit", "责任单位", 16),
    Column("period", "期次", 9), Column("value", "完成值", 9), Column("reached", "达成", 8, choices=("是", "否", "未报"))))

RECURRING = Table("recurring", "年年提", (
    Column("number", "问题编号", 10), Column("title", "问题", 34), Column("old_number", "上年编号", 10), Column("old_title", "上年问题", 34),
    Column("basis", "依据", 30), Column("old_state", "上年销号状态", 11), Column("years", "连续年数", 8)))
# fmt: on
