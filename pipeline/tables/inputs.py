"""What departments fill in: 基本信息, 问题清单, 原因剖析, 整改措施.

The blank form, the reader, the checks and the summary workbook are all derived from here: a column added to an
input table appears in the form, is read and checked, and comes out in a list of the summary workbook.
Header aliases come from office practice (30 fields with 198 spellings seen in published forms).
"""

from __future__ import annotations

from dataclasses import replace

from pipeline.tables.column import Column, Kind, Merge, Table
from pipeline.vocabulary import Channel, RectificationType, Status, TableKey

# One column a line reads like the table that it declares; the formatter would make it ten.
# fmt: off
_SEQ = Column("seq", "序号", 6, "填阿拉伯数字，从 1 起连续编号，不重复。", True, Kind.SEQ,
              aliases=("编号", "项次", "No.", "No", "号", "序"), merge=Merge.NONE)
_REMARK = Column("remark", "备注", 16, "没有可不填。", aliases=("说明", "其他", "注"), merge=Merge.UNION, list_width=10)

BASIC = Table("basic", "基本信息", (
    Column("unit", "填报单位", 30, "填单位规范全称，与名册一致。", True,
           aliases=("报送单位", "上报单位", "单位名称", "单位", "填表单位")),
    Column("reporter", "填报人", 30, "填写本表的同志姓名。", aliases=("填表人", "经办人", "联系人")),
    Column("phone", "联系电话", 30, "办公电话。", aliases=("电话", "联系方式", "办公电话")),
    Column("reviewer", "审核人", 30, "审核本表的负责同志姓名。", aliases=("审签人", "单位负责人", "负责人")),
    Column("date", "填报日期", 30, "例：2022-01-10。同一单位多次报送时，以日期最新的一份为准。", kind=Kind.DATE,
           aliases=("报送日期", "填表日期", "上报日期", "填报时间", "日期")),
    Column("studies", "集中学习研讨次数", 30, "填数字，没有填 0。", kind=Kind.COUNT,
           aliases=("学习研讨次数", "集中学习次数", "学习次数")),
    Column("opinions", "征求意见条数", 30, "填数字，没有填 0。", kind=Kind.COUNT, aliases=("征求意见数", "意见条数")),
    Column("talks", "谈心谈话人次", 30, "填数字，没有填 0。", kind=Kind.COUNT, aliases=("谈心谈话次数", "谈话人次")),
), aliases=("基本情况", "单位信息", "封面"))

PROBLEMS = Table(TableKey.PROBLEMS, "问题清单", (
    replace(_SEQ, aliases=(*_SEQ.aliases, "问题序号", "问题编号", "台账编号")),
    Column("aspect", "对照方面", 16, "从下拉列表中选。", True, Kind.ASPECT, repeats=True,
           aliases=("方面", "查摆方面", "问题方面", "五个带头", "六个方面", "所属方面", "对照检查方面", "对照检查方面（简称）"), list_width=10),
    Column("title", "问题", 24, "一句话概括，15 字左右，例：对……抓得不紧。", True, repeats=True, merge=Merge.CHOSEN,
           aliases=("问题标题", "问题名称", "问题概述", "突出问题", "查摆问题", "存在问题", "存在的问题", "存在的主要问题",
                    "主要问题", "查摆出的问题", "反馈问题"), list_width=18),
    Column("detail", "具体表现", 50, "写清楚对象、情形、数字，80—130 字为宜，用句号结尾。", True, merge=Merge.CHOSEN,
           aliases=("具体问题", "问题表现", "问题表述", "具体问题表述", "问题描述", "表现形式", "具体情形", "问题详情",
                    "主要表现", "表现"), list_width=40),
    Column("example", "典型事例", 30, "有则填，例：比如……。紧接在具体表现后面入文。", merge=Merge.CHOSEN,
           aliases=("事例", "典型案例", "案例", "举例"), list_width=20),
    Column("channels", "查摆途径", 14, "从群众提、自己找、互相帮、上级点、集体议中选，可填几个，用顿号隔开。", kind=Kind.CHOICES,
           choices=tuple(Channel), repeats=True, merge=Merge.UNION,
           aliases=("问题来源", "来源", "查摆方式", "查找方式", "征求渠道", "意见来源", "提出方式", "查摆渠道"), list_width=10),
    Column("leader", "责任领导", 12, "本单位认领该问题的班子成员。", repeats=True, merge=Merge.UNION,
           aliases=("牵头领导", "分管领导", "包抓领导", "包案领导", "责任县领导", "第一责任人", "认领领导", "认领人", "认领班子成员"), list_width=8),
    _REMARK,
), aliases=("问题", "问题台账", "查摆问题", "问题汇总", "问题表"), prefix="WT", short="问题")

CAUSES = Table(TableKey.CAUSES, "原因剖析", (
    _SEQ,
    Column("title", "原因", 24, "一句话概括，例：……意识不强。", True, repeats=True, merge=Merge.CHOSEN,
           aliases=("产生原因", "问题根源", "思想根源", "主要原因", "原因标题", "根源"), list_width=18),
    Column("detail", "剖析", 60, "写清楚为什么，80—150 字为宜，用句号结尾。", True, merge=Merge.CHOSEN,
           aliases=("原因剖析", "原因分析", "根源剖析", "具体剖析", "深层次原因", "剖析分析"), list_width=40),
    Column("refs", "对应问题", 12, "填本表问题清单的序号，例：1、3。", kind=Kind.REFS, repeats=True, merge=Merge.NONE,
           aliases=("对应问题序号", "问题编号", "对应的问题", "关联问题", "所属问题")),
    _REMARK,
), aliases=("原因", "原因分析", "原因清单", "产生原因"), prefix="YY", short="原因")

MEASURES = Table(TableKey.MEASURES, "整改措施", (
    _SEQ,
    Column("refs", "对应问题", 10, "填本表问题清单的序号，例：1、3。", True, Kind.REFS, repeats=True, merge=Merge.NONE,
           aliases=("对应问题序号", "问题编号", "对应的问题", "关联问题", "问题序号", "存在问题", "问题", "反馈问题", "哪个问题", "针对问题")),
    Column("direction", "努力方向", 18, "从下拉列表中选。", True, Kind.DIRECTION, repeats=True,
           aliases=("方向", "整改方向", "所属方向"), list_width=12),
    Column("title", "措施", 22, "四到八个字概括，例：坚持理论学习。", True, repeats=True, merge=Merge.CHOSEN,
           aliases=("整改措施", "整改举措", "改进措施", "任务内容", "工作任务", "整改任务", "措施名称", "措施标题", "任务",
                    "努力方向和整改措施", "采取的整改措施"), list_width=18),
    Column("detail", "具体举措", 50, "写清楚做什么、做到什么程度，用句号结尾。", True, merge=Merge.CHOSEN,
           aliases=("具体措施", "具体整改措施", "细化的整改措施", "具体的措施（目标）", "措施内容", "举措", "具体做法",
                    "细化措施"), list_width=40),
    Column("goal", "目标要求", 18, "整改要达到的标准。", merge=Merge.CHOSEN,
           aliases=("整改目标", "预期目标", "整改成效目标", "工作目标", "完成标准", "整改完成标准", "销号标准", "整改标准",
                    "目标"), list_width=14),
    Column("lead", "牵头单位", 16, "单位规范名称，几个单位用顿号隔开。", True, Kind.UNITS, repeats=True, merge=Merge.UNION,
           aliases=("牵头部门", "责任牵头单位", "整改牵头单位", "主办单位", "承办单位", "责任单位", "责任部门", "整改责任单位",
                    "具体责任单位"), list_width=12),
    Column("support", "配合单位", 16, "几个单位用顿号隔开。", kind=Kind.UNITS, repeats=True, merge=Merge.UNION,
           aliases=("协办单位", "配合部门", "参与单位", "协同单位", "责任配合单位"), list_width=12),
    Column("leader", "责任领导", 10, "填职务或姓名。", repeats=True,
           aliases=("牵头领导", "分管领导", "包抓领导", "包案领导", "责任县领导", "整改第一责任人", "第一责任人"), list_width=8),
    Column("person", "责任人", 10, "填具体经办负责的同志。", repeats=True,
           aliases=("整改责任人", "具体责任人", "经办人", "措施整改责任人", "联系人", "负责人", "谁负责", "承办人"), list_width=8),
    Column("type", "整改类型", 10, "从下拉列表中选。", True, Kind.CHOICE, tuple(RectificationType), repeats=True,
           aliases=("整改方式", "整改类别", "整改性质", "时限类型", "类型"), list_width=9),
    Column("deadline", "整改时限", 14, "填日期，例：2022-06-30；也可填“立行立改”“长期坚持”。", True, Kind.DEADLINE,
           repeats=True,
           aliases=("完成时限", "整改期限", "时限", "完成时间", "计划完成时间", "计划完成日期", "预计完成时间", "整改完成时限",
                    "时间节点", "目标节点或完成时限", "时间要求", "期限", "完成期限", "何时完成", "计划完成时限", "完成节点"), list_width=11),
    Column("status", "完成情况", 10, "从下拉列表中选。", kind=Kind.CHOICE, choices=tuple(Status), repeats=True,
           aliases=("整改状态", "状态", "整改结果", "办理状态", "是否完成", "完成与否", "整改结论", "完成状态"), list_width=9),
    Column("progress", "进展说明", 24, "已经做了什么，写事实。", merge=Merge.UNION,
           aliases=("整改进展", "整改情况", "进展情况", "整改落实情况", "当前进展", "工作进展", "整改成效", "已采取的整改措施",
                    "取得成效", "进展")),
    Column("evidence", "佐证材料", 18, "文件、照片、台账等的名称。", merge=Merge.UNION,
           aliases=("印证材料", "支撑材料", "证明材料", "附件", "台账资料")),
    Column("finished", "完成日期", 12, "实际完成的日期，例：2022-05-20。", kind=Kind.DATE,
           aliases=("实际完成时间", "措施完成时间", "整改完成时间", "办结时间", "实际完成日期")),
    _REMARK,
), aliases=("措施", "措施清单", "任务清单", "整改清单", "整改台账", "努力方向和整改措施", "整改措施清单", "责任清单"),
    prefix="CS", short="措施")

# fmt: on
INPUTS: tuple[Table, ...] = (PROBLEMS, CAUSES, MEASURES)
"""The tables whose rows are merged into items, in the order in which they are handled."""


def row_text(title: str, detail: str) -> str:
    """原文 of 合并明细: the title, “。” and the text, exactly as the department wrote them."""
    return f"{title}。{detail}" if title and detail else title or detail
