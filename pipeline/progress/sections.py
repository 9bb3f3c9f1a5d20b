"""The parts of the bulletin as the sheet 通报 of 方案.xlsx has them, and what `sandan init` writes there."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """A line of the sheet 通报: 标题 (numbered 一、 where there is one), 内容 (a paragraph a line), and 附表, a table's name."""

    title: str = ""
    content: str = ""
    table: str = ""
    cell: str = ""


PLACEHOLDER = re.compile(r"\{([^{}]*)\}")

DEFAULT_SECTIONS = (
    Section("", "现将{期次}整改进展情况通报如下。"),
    Section(
        "总体情况",
        "截至{截至日期}，列入台账的整改措施共{措施数}条，已完成{已完成}条，完成率{完成率}{完成率较上期}；基本完成{基本完成}条，"
        "正在推进{正在推进}条，未启动{未启动}条。已销号{已销号}条，销号率{销号率}。\n"
        "本期新完成{本期新完成}条，新销号{本期新销号}条。\n"
        "应报送进展的单位{应报单位}个，已报送{已报单位}个。",
        "完成情况",
    ),
    Section("各方面进展", "各努力方向的进展见下表。", "按努力方向"),
    Section("各单位进展", "各牵头单位的进展见下表，几个单位共同牵头的措施分别计入。", "按单位"),
    Section("本期新销号", "本期新销号{新销号条数}条。", "新销号"),
    Section("逾期未完成", "截至{截至日期}，逾期未完成的措施{逾期条数}条，请牵头单位抓紧办理。", "逾期"),
    Section("退回补充", "审核后退回的销号申请{退回条数}条，请补齐材料后重新申请。", "退回"),
    Section("未报送进展的单位", "未报送{期次}进展的单位有{未报单位}个：{未报单位名单}。请尽快补报。"),
    Section("工作要求", "请各牵头单位对照台账逐条推进，如实填报进展，按时限要求完成整改并申请销号。"),
)
"""What `sandan init` writes into the sheet 通报."""

PLACEHOLDERS = (
    "期次", "截至日期", "单位名称", "年度", "措施数", "未启动", "正在推进", "基本完成", "已完成", "已销号", "应报单位", "已报单位",
    "未报单位", "逾期", "延期", "本期新完成", "本期新销号", "本期新逾期", "重启", "完成率", "销号率", "完成率较上期", "销号率较上期",
    "未报单位名单", "逾期条数", "退回条数", "新销号条数",
)  # fmt: skip
"""What a paragraph of the sheet 通报 may have filled in between braces; the counts are columns of 调度."""

TABLES = ("完成情况", "按努力方向", "按单位", "新销号", "逾期", "退回")
"""What 附表 may name."""
